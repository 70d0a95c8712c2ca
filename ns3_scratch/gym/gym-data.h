// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_DATA_H
#define GYM_DATA_H

#include "gym-space.h"

#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ns3
{

/**
 * @brief One value of a space: an observation, an action, or a part of one.
 *
 * An observation is held against its space when it is sent (kinds, keys, sizes, number types), an
 * action when it arrives (besides these the range of every number), so an action that reaches the
 * scenario is one that its space allows.
 */
class GymData : public SimpleRefCount<GymData>
{
  public:
    virtual ~GymData() = default;

    /** @return which of the derived classes this is */
    GymKind GetKind() const;

  protected:
    /** @param kind which of the derived classes this is */
    explicit GymData(GymKind kind);

  private:
    GymKind m_kind; //!< which of the derived classes this is
};

/** @brief A value of a GymDiscreteSpace. */
class GymDiscreteData : public GymData
{
  public:
    /** @param value the value */
    explicit GymDiscreteData(int32_t value);

    /** @return the value */
    int32_t GetValue() const;

  private:
    int32_t m_value; //!< the value
};

/** @brief A value of a GymBoxSpace: numbers, row-major; their shape is their space's. */
class GymBoxData : public GymData
{
  public:
    /** The elements; the alternatives are in the order of GymDtype. */
    using Values = std::variant<std::vector<int32_t>,
                                std::vector<uint32_t>,
                                std::vector<float>,
                                std::vector<double>>;

    /** @param values the elements, a vector of one of the four number types; moved in, not copied
     */
    explicit GymBoxData(Values values);

    /** @return number type of the elements */
    GymDtype GetDtype() const;

    /** @return number of elements */
    std::size_t GetSize() const;

    /** @return the elements, whatever their type */
    const Values& GetValues() const;

    /**
     * @brief The elements, in the type of the space.
     * @tparam T int32_t, uint32_t, float or double, as the space says
     * @return the elements, row-major
     * @throws GymError if the elements are of another type
     */
    template <typename T>
    const std::vector<T>& Get() const;

  private:
    /**
     * @brief Refuse to be read as another type.
     * @param asked the type that was asked for
     * @throws GymError always
     */
    [[noreturn]] void ThrowWrongType(GymDtype asked) const;

    Values m_values; //!< the elements
};

/**
 * @brief Number type of a Box.
 * @tparam T int32_t, uint32_t, float or double
 * @return T as a space has it
 */
template <typename T>
GymDtype
GymDtypeOf()
{
    return static_cast<GymDtype>(GymBoxData::Values{std::vector<T>{}}.index());
}

/** @brief A value of a GymTupleSpace. */
class GymTupleData : public GymData
{
  public:
    GymTupleData();

    /**
     * @brief Append an element.
     * @param data the element
     */
    void Add(Ptr<const GymData> data);

    /** @return the elements */
    const std::vector<Ptr<const GymData>>& GetElements() const;

  private:
    std::vector<Ptr<const GymData>> m_elements; //!< the elements
};

/**
 * @brief A value of a GymDictSpace.
 *
 * An action may leave entries out, which means: leave that as it is. An observation may not.
 */
class GymDictData : public GymData
{
  public:
    /** A key and its value. */
    using Entry = std::pair<std::string, Ptr<const GymData>>;

    GymDictData();

    /**
     * @brief Append an entry.
     * @param key its key
     * @param data its value
     * @throws GymError if the key is taken
     */
    void Add(std::string key, Ptr<const GymData> data);

    /**
     * @brief Append a Box.
     * @param key its key
     * @param values the elements; moved in, not copied
     * @throws GymError if the key is taken
     */
    void AddBox(std::string key, GymBoxData::Values values);

    /**
     * @brief Look a key up.
     * @param key the key
     * @return its value, null if there is none
     */
    Ptr<const GymData> Find(const std::string& key) const;

    /**
     * @brief Look the numbers of a Box up.
     * @tparam T number type of the Box
     * @param key the key
     * @return the elements, row-major; null if there is no such entry
     * @throws GymError if the entry is not a Box or its numbers are of another type
     */
    template <typename T>
    const std::vector<T>* FindBox(const std::string& key) const;

    /** @return the entries */
    const std::vector<Entry>& GetEntries() const;

  private:
    /**
     * @brief Look a Box up.
     * @param key the key
     * @return the Box, null if there is no such entry
     * @throws GymError if the entry is not a Box
     */
    const GymBoxData* FindBoxData(const std::string& key) const;

    std::vector<Entry> m_entries; //!< the entries
};

template <typename T>
const std::vector<T>&
GymBoxData::Get() const
{
    if (const auto* values = std::get_if<std::vector<T>>(&m_values))
    {
        return *values;
    }
    ThrowWrongType(GymDtypeOf<T>());
}

template <typename T>
const std::vector<T>*
GymDictData::FindBox(const std::string& key) const
{
    const GymBoxData* box = FindBoxData(key);
    return box ? &box->Get<T>() : nullptr;
}

} // namespace ns3

#endif // GYM_DATA_H
