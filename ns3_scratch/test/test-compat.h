// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_TEST_COMPAT_H
#define NRU_TEST_COMPAT_H

#include "ns3/test.h"

#include <type_traits>

/**
 * @file
 * @brief One spelling of ns-3's test enumerations for every ns-3 that the project supports.
 *
 * ns-3.42 renamed `TestCase::TestDuration` to the scoped `TestCase::Duration`; the old names still
 * compile there, with a warning.
 */

namespace ns3
{

/**
 * @brief Type of a test case's duration, up to ns-3.41.
 * @tparam T TestCase
 */
template <typename T, typename = void>
struct NruTestDuration
{
    using Type = typename T::TestDuration; //!< the enumeration
};

/**
 * @brief Type of a test case's duration, from ns-3.42 on.
 * @tparam T TestCase
 */
template <typename T>
struct NruTestDuration<T, std::void_t<typename T::Duration>>
{
    using Type = typename T::Duration; //!< the enumeration
};

/// A test case of at most a few seconds: the duration given to AddTestCase.
inline constexpr auto NRU_TEST_QUICK = NruTestDuration<TestCase>::Type::QUICK;

/// A suite of unit tests: the type given to the TestSuite's constructor.
inline constexpr auto NRU_TEST_UNIT = TestSuite::Type::UNIT;

} // namespace ns3

#endif // NRU_TEST_COMPAT_H
