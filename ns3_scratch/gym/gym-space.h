// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_SPACE_H
#define GYM_SPACE_H

#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/** @brief The four kinds of space, and of the data that belongs to each. */
enum class GymKind : uint8_t
{
    DISCRETE, //!< one of the integers 0 .. n-1
    BOX,      //!< an array of numbers
    TUPLE,    //!< a sequence of spaces
    DICT      //!< spaces by key
};

/** @brief Number types of a Box, in the order of GymBoxData's variant. */
enum class GymDtype : uint8_t
{
    INT32,  //!< int32_t
    UINT32, //!< uint32_t
    FLOAT,  //!< float
    DOUBLE  //!< double
};

/**
 * @brief Number type as it is called in messages.
 * @param dtype the number type
 * @return "int32", "uint32", "float" or "double"
 */
const char* GymDtypeName(GymDtype dtype);

/**
 * @brief What values an observation or an action may take.
 */
class GymSpace : public SimpleRefCount<GymSpace>
{
  public:
    virtual ~GymSpace() = default;

    /** @return which of the derived classes this is */
    GymKind GetKind() const;

  protected:
    /** @param kind which of the derived classes this is */
    explicit GymSpace(GymKind kind);

  private:
    GymKind m_kind; //!< which of the derived classes this is
};

/** @brief The integers 0 .. n-1. */
class GymDiscreteSpace : public GymSpace
{
  public:
    /**
     * @param n number of values, at least 1
     * @throws GymError if n is less than 1
     */
    explicit GymDiscreteSpace(int32_t n);

    /** @return number of values */
    int32_t GetN() const;

  private:
    int32_t m_n; //!< number of values
};

/** @brief An array of numbers, row-major, with one lower and one upper bound for all of them. */
class GymBoxSpace : public GymSpace
{
  public:
    /**
     * @param low smallest value allowed, may be -infinity
     * @param high largest value allowed, may be +infinity
     * @param shape length of each dimension; empty for a single number
     * @param dtype number type
     * @throws GymError if low <= high does not hold, or if the shape has more than 2^31 - 1
     * elements
     */
    GymBoxSpace(double low, double high, std::vector<uint32_t> shape, GymDtype dtype);

    /** @return smallest value allowed */
    double GetLow() const;

    /** @return largest value allowed */
    double GetHigh() const;

    /** @return length of each dimension */
    const std::vector<uint32_t>& GetShape() const;

    /** @return number of elements, the product of the shape */
    std::size_t GetSize() const;

    /** @return number type */
    GymDtype GetDtype() const;

    /**
     * @brief Whether a value lies within the bounds, NaN never.
     *
     * Bounds and values of a floating type are compared as they are on the wire, as floats: the
     * double 0.7 is within a bound of 0.7 although that bound, rounded to a float, is a little
     * less.
     *
     * @param value the value
     * @return true if low <= value <= high
     */
    bool Contains(double value) const;

  private:
    double m_low;                  //!< smallest value allowed
    double m_high;                 //!< largest value allowed
    std::vector<uint32_t> m_shape; //!< length of each dimension
    std::size_t m_size;            //!< product of the shape
    GymDtype m_dtype;              //!< number type
};

/** @brief A sequence of spaces. */
class GymTupleSpace : public GymSpace
{
  public:
    GymTupleSpace();

    /**
     * @brief Append an element.
     * @param space the element's space
     */
    void Add(Ptr<const GymSpace> space);

    /** @return the elements' spaces */
    const std::vector<Ptr<const GymSpace>>& GetElements() const;

  private:
    std::vector<Ptr<const GymSpace>> m_elements; //!< the elements' spaces
};

/** @brief Spaces by key, in the order in which they were added. */
class GymDictSpace : public GymSpace
{
  public:
    /** A key and its space. */
    using Entry = std::pair<std::string, Ptr<const GymSpace>>;

    GymDictSpace();

    /**
     * @brief Append an entry.
     * @param key its key, UTF-8
     * @param space its space
     * @throws GymError if the key is empty or taken
     */
    void Add(std::string key, Ptr<const GymSpace> space);

    /**
     * @brief Append a Box.
     * @param key its key, UTF-8
     * @param low smallest value allowed
     * @param high largest value allowed
     * @param shape length of each dimension
     * @param dtype number type
     * @throws GymError as Add and GymBoxSpace do
     */
    void
    AddBox(std::string key, double low, double high, std::vector<uint32_t> shape, GymDtype dtype);

    /**
     * @brief Look a key up.
     * @param key the key
     * @return its space, null if there is none
     */
    Ptr<const GymSpace> Find(const std::string& key) const;

    /** @return the entries */
    const std::vector<Entry>& GetEntries() const;

  private:
    std::vector<Entry> m_entries; //!< the entries
};

} // namespace ns3

#endif // GYM_SPACE_H
