// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_RECORD_H
#define GYM_RECORD_H

#include "gym-data.h"
#include "gym-space.h"

#include "ns3/ptr.h"

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @brief An observation by key, of which each entry is declared once: a row gives space and data.
 *
 * @code
 *   GymRecord record;
 *   record.Add<double>("load", {nCells}, 0, 1, [&](uint32_t i) { return cells[i].GetLoad(); });
 *   record.Add<double>("gain_db", {nUes, nCells}, -INFINITY, INFINITY, [&](uint32_t i, uint32_t j)
 * { return GetGainDb(ues[i], cells[j]);
 *   });
 *   gym->SetObservationCallbacks(MakeCallback(&GymRecord::GetSpace, &record),
 *                                MakeCallback(&GymRecord::GetData, &record));
 * @endcode
 */
class GymRecord
{
  public:
    /**
     * @brief Declare an entry.
     * @tparam T number type of the Box: int32_t, uint32_t, float or double
     * @param key its key, UTF-8
     * @param shape length of each dimension
     * @param low smallest value allowed
     * @param high largest value allowed
     * @param getter gives the element of no index, of one or of two; or gets a std::vector<T>& to
     * append all elements to, row-major
     * @throws GymError as GymDictSpace::AddBox does
     */
    template <typename T, typename Getter>
    void Add(std::string key, std::vector<uint32_t> shape, double low, double high, Getter getter);

    /** @return the space, of all entries in the order in which they were added */
    Ptr<GymSpace> GetSpace() const;

    /** @return the data, as the getters give them now */
    Ptr<GymData> GetData() const;

  private:
    /** @brief An entry's key and what reads its elements. */
    using Row = std::pair<std::string, std::function<GymBoxData::Values()>>;

    Ptr<GymDictSpace> m_space{Create<GymDictSpace>()}; //!< of all entries
    std::vector<Row> m_rows;                           //!< by entry
};

template <typename T, typename Getter>
void
GymRecord::Add(std::string key, std::vector<uint32_t> shape, double low, double high, Getter getter)
{
    const GymBoxSpace space(low, high, shape, GymDtypeOf<T>());
    m_space->AddBox(key, low, high, shape, GymDtypeOf<T>());
    auto read = [shape = std::move(shape), size = space.GetSize(), getter]() mutable {
        std::vector<T> values;
        values.reserve(size);
        if constexpr (std::is_invocable_v<Getter&, std::vector<T>&>)
        {
            getter(values);
        }
        else if constexpr (std::is_invocable_v<Getter&, uint32_t, uint32_t>)
        {
            for (uint32_t i = 0; i < shape.at(0); ++i)
            {
                for (uint32_t j = 0; j < shape.at(1); ++j)
                {
                    values.push_back(getter(i, j));
                }
            }
        }
        else if constexpr (std::is_invocable_v<Getter&, uint32_t>)
        {
            for (uint32_t i = 0; i < shape.at(0); ++i)
            {
                values.push_back(getter(i));
            }
        }
        else
        {
            values.push_back(getter());
        }
        return GymBoxData::Values(std::move(values));
    };
    m_rows.emplace_back(std::move(key), std::move(read));
}

} // namespace ns3

#endif // GYM_RECORD_H
