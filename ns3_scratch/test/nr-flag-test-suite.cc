// SPDX-License-Identifier: GPL-2.0-only

#include "nr-flag.h"
#include "nru-network.h"
#include "test-compat.h"

#include "ns3/config.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <string>

using namespace ns3;

namespace
{

/**
 * @ingroup nr-tests
 * @brief A flag has default, kind and range from its attribute, and sets it when it is given.
 */
class FlagTestCase : public TestCase
{
  public:
    FlagTestCase()
        : TestCase("A flag is what its attribute is")
    {
    }

  private:
    /**
     * @param flag any
     * @param text given
     * @param expected what is wrong with it, or where that begins
     */
    void ExpectWrong(NrFlag flag, const std::string& text, const std::string& expected)
    {
        flag.Set(text);
        const auto error = flag.Apply();
        NS_TEST_EXPECT_MSG_EQ(error.substr(0, expected.size()), expected, "of " << text);
    }

    /**
     * @param attribute of the network
     * @return what a new network has
     */
    template <typename Value>
    Value Get(const std::string& attribute)
    {
        Value value;
        CreateObject<NruNetwork>()->GetAttribute(attribute, value);
        return value;
    }

    void DoRun() override
    {
        NrFlag number("nGnbs", "NruNetwork::NGnbs", "");
        NrFlag period("sibPeriodMs", "NruNetwork::SibxPeriod", "", 1.0, {"80", "160"});
        NrFlag frequency("carrierFrequencyGhz", "NruNetwork::CarrierFrequency", "", 1e9);
        NrFlag layout("gnbLayout", "NruNetwork::GnbLayout", "");
        NS_TEST_EXPECT_MSG_EQ(number.GetText(), "10", "a whole number");
        NS_TEST_EXPECT_MSG_EQ(period.GetText(), "160", "a time, in the unit of the flag's name");
        NS_TEST_EXPECT_MSG_EQ(frequency.GetText(), "5.2", "a number, in the flag's unit");
        NS_TEST_EXPECT_MSG_EQ(layout.GetText(), "grid", "a name");

        ExpectWrong(number, "2.5", "--nGnbs=2.5: not a whole number");
        ExpectWrong(number, "0", "--nGnbs=0: not allowed by ns3::NruNetwork::NGnbs");
        ExpectWrong(period, "100", "--sibPeriodMs=100: not one of 80, 160");
        ExpectWrong(frequency, "nan", "--carrierFrequencyGhz=nan: not a number");
        ExpectWrong(layout, "ring", "--gnbLayout=ring: not one of grid, random");

        Config::SetDefault("ns3::NruNetwork::NGnbs", UintegerValue(4));
        NS_TEST_EXPECT_MSG_EQ(number.Apply(), "", "nothing to object to");
        NS_TEST_EXPECT_MSG_EQ(Get<UintegerValue>("NGnbs").Get(), 4, "set by another than the flag");
        number.Set("7");
        period.Set("80");
        NS_TEST_EXPECT_MSG_EQ(number.Apply() + period.Apply(), "", "nothing to object to");
        NS_TEST_EXPECT_MSG_EQ(Get<UintegerValue>("NGnbs").Get(), 7, "set by the flag");
        NS_TEST_EXPECT_MSG_EQ(Get<TimeValue>("SibxPeriod").Get(), MilliSeconds(80), "in its unit");
        Config::Reset();
        const auto isSet =
            CreateObject<NruNetwork>()->SetAttributeFailSafe("GnbLayout", StringValue("ring"));
        NS_TEST_EXPECT_MSG_EQ(isSet, false, "another name is refused when it is set");
    }
};

/// Tests of flags.
class NrFlagTestSuite : public TestSuite
{
  public:
    NrFlagTestSuite()
        : TestSuite("nr-flag", NRU_TEST_UNIT)
    {
        AddTestCase(new FlagTestCase, NRU_TEST_QUICK);
    }
};

const NrFlagTestSuite g_nrFlagTestSuite; //!< registers itself

} // namespace
