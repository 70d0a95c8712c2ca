// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_KNOBS_H
#define GYM_KNOBS_H

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
 * @brief An action by key, of which each entry is declared once: a row gives its space and acts.
 *
 * @code
 *   GymKnobs knobs;
 *   knobs.Add<int32_t>("channel", {nCells}, 0, 3, [&](uint32_t i, int32_t channel) {
 *       cells[i].SetChannel(channel);
 *   });
 *   gym->SetActionCallbacks(MakeCallback(&GymKnobs::GetSpace, &knobs),
 *                           MakeCallback(&GymKnobs::Execute, &knobs));
 * @endcode
 */
class GymKnobs
{
  public:
    /**
     * @brief Declare an entry.
     * @tparam T number type of the Box: int32_t, uint32_t, float or double
     * @param key its key, UTF-8
     * @param shape length of each dimension, one or more
     * @param low smallest value allowed
     * @param high largest value allowed
     * @param setter gets each element, row-major: its index, or that of its row, over all
     * dimensions but the last, and that in it; and the value
     * @throws GymError as GymDictSpace::AddBox does
     */
    template <typename T, typename Setter>
    void Add(const std::string& key,
             std::vector<uint32_t> shape,
             double low,
             double high,
             Setter setter);

    /** @return the space, of all entries in the order in which they were added */
    Ptr<GymSpace> GetSpace() const;

    /**
     * @brief Act on all entries that are there, those added last first: a row may rely on what
     * later ones set.
     * @param action of the space; what it leaves out stays as it is
     */
    void Execute(Ptr<const GymData> action) const;

  private:
    Ptr<GymDictSpace> m_space{Create<GymDictSpace>()};              //!< of all entries
    std::vector<std::function<void(const GymDictData&)>> m_setters; //!< by entry
};

template <typename T, typename Setter>
void
GymKnobs::Add(const std::string& key,
              std::vector<uint32_t> shape,
              double low,
              double high,
              Setter setter)
{
    const auto length = shape.at(shape.size() - 1);
    m_space->AddBox(key, low, high, std::move(shape), GymDtypeOf<T>());
    m_setters.push_back([key, length, setter](const GymDictData& action) {
        const auto* values = action.FindBox<T>(key);
        for (uint32_t i = 0; values && i < values->size(); ++i)
        {
            if constexpr (std::is_invocable_v<const Setter&, uint32_t, uint32_t, T>)
            {
                setter(i / length, i % length, (*values)[i]);
            }
            else
            {
                setter(i, (*values)[i]);
            }
        }
    });
}

} // namespace ns3

#endif // GYM_KNOBS_H
