// SPDX-License-Identifier: GPL-2.0-only

#include "gym-codec.h"
#include "gym-error.h"
#include "gym-message.h"
#include "gym-strict-messages.h"
#include "gym-test-bytes.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <limits>

using namespace ns3;
using namespace std::string_literals;

namespace
{

const auto INF = std::numeric_limits<double>::infinity();

/** @brief Spaces and data become these bytes, and these bytes become messages: ns3-gym's. */
class GymGoldenBytesTestCase : public TestCase
{
  public:
    GymGoldenBytesTestCase()
        : TestCase("Golden wire bytes")
    {
    }

  private:
    /** @brief Hold a space's description against its bytes. */
    void ExpectSpace(const Ptr<const GymSpace>& space, const std::string& bytes, bool flat = false)
    {
        ns3opengym::SpaceDescription description;
        DescribeGymSpace(space, description, "space", flat);
        NS_TEST_EXPECT_MSG_EQ((description.SerializeAsString() == bytes), true, bytes);
    }

    /** @brief Hold packed data against its bytes, and the data those bytes unpack to. */
    void ExpectData(const Ptr<const GymData>& data,
                    const Ptr<const GymSpace>& space,
                    const std::string& bytes)
    {
        GymWriter writer;
        EncodeGymData(data, *space, writer, "data");
        NS_TEST_EXPECT_MSG_EQ((writer.GetMessage() == bytes), true, bytes);

        ns3opengym::DataContainer parsed;
        ParseGymMessage(bytes.data(), bytes.size(), parsed, "data");
        writer.Clear();
        EncodeGymData(DecodeGymData(parsed, *space, "data"), *space, writer, "data");
        NS_TEST_EXPECT_MSG_EQ((writer.GetMessage() == bytes), true, "round trip: " << bytes);
    }

    void DoRun() override
    {
        const auto discrete = Create<GymDiscreteSpace>(4);
        const auto tuple = Create<GymTupleSpace>();
        tuple->Add(discrete);
        const auto dict = Create<GymDictSpace>();
        dict->Add("d", discrete);

        const auto discreteSpace = WireContainer(1, "DiscreteSpace", "\x08\x04"s);
        ExpectSpace(discrete, discreteSpace);
        ExpectSpace(
            Create<GymBoxSpace>(-24, 24, std::vector<uint32_t>{2, 3}, GymDtype::DOUBLE),
            WireContainer(2,
                          "BoxSpace",
                          "\x0d\x00\x00\xc0\xc1\x15\x00\x00\xc0\x41\x18\x04\x22\x02\x02\x03"s));
        const auto matrix = Create<GymDictSpace>();
        matrix->AddBox("m", -24, 24, {2, 3}, GymDtype::DOUBLE);
        const auto flat =
            WireContainer(2,
                          "BoxSpace",
                          "\x0d\x00\x00\xc0\xc1\x15\x00\x00\xc0\x41\x18\x04\x22\x01\x06"s);
        ExpectSpace(matrix,
                    WireContainer(4, "DictSpace", WireField(1, flat + WireField(3, "m"))),
                    true);
        ExpectSpace(tuple, WireContainer(3, "TupleSpace", WireField(1, discreteSpace)));
        ExpectSpace(dict,
                    WireContainer(4, "DictSpace", WireField(1, discreteSpace + WireField(3, "d"))));

        const auto three = Create<GymDiscreteData>(3);
        const auto tupleData = Create<GymTupleData>();
        tupleData->Add(three);
        const auto dictData = Create<GymDictData>();
        dictData->Add("d", three);

        const auto discreteData = WireContainer(1, "DiscreteDataContainer", "\x08\x03"s);
        ExpectData(three, discrete, discreteData);
        ExpectData(tupleData,
                   tuple,
                   WireContainer(3, "TupleDataContainer", WireField(1, discreteData)));
        ExpectData(
            dictData,
            dict,
            WireContainer(4, "DictDataContainer", WireField(1, discreteData + WireField(3, "d"))));

        ExpectBox(std::vector<int32_t>{-1, 300},
                  "\x08\x01\x12\x01\x02\x1a\x0c\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xac\x02"s);
        ExpectBox(std::vector<uint32_t>{1, 4294967295U},
                  "\x08\x02\x12\x01\x02\x22\x06\x01\xff\xff\xff\xff\x0f"s);
        ExpectBox(std::vector<float>{0.5F}, "\x08\x03\x12\x01\x01\x2a\x04\x00\x00\x00\x3f"s);
        ExpectBox(std::vector<double>{0.5, -INF},
                  "\x08\x04\x12\x01\x02\x32\x10\x00\x00\x00\x00\x00\x00\xe0\x3f"
                  "\x00\x00\x00\x00\x00\x00\xf0\xff"s);

        ExpectMessages(discreteSpace, discreteData);
    }

    /** @brief Hold a Box in a space of its own against its bytes. */
    void ExpectBox(GymBoxData::Values values, const std::string& bytes)
    {
        const auto data = Create<GymBoxData>(std::move(values));
        const std::vector<uint32_t> shape{static_cast<uint32_t>(data->GetSize())};
        ExpectData(data,
                   Create<GymBoxSpace>(-INF, INF, shape, data->GetDtype()),
                   WireContainer(2, "BoxDataContainer", bytes));
    }

    /** @brief The fields of the session's messages have ns3-gym's numbers. */
    void ExpectMessages(const std::string& space, const std::string& data)
    {
        ns3opengym::SimInitMsg init;
        init.set_simprocessid(7);
        init.set_wafshellprocessid(8);
        DescribeGymSpace(Create<GymDiscreteSpace>(4), *init.mutable_obsspace(), "space");
        DescribeGymSpace(Create<GymDiscreteSpace>(4), *init.mutable_actspace(), "space");
        NS_TEST_EXPECT_MSG_EQ((init.SerializeAsString() ==
                               "\x08\x07\x10\x08"s + WireField(3, space) + WireField(4, space)),
                              true,
                              "SimInitMsg");

        ns3opengym::EnvStateMsg state;
        ParseGymMessage(data.data(), data.size(), *state.mutable_obsdata(), "data");
        state.set_reward(1.5F);
        state.set_isgameover(true);
        state.set_reason(ns3opengym::EnvStateMsg::GameOver);
        state.set_info("{}");
        NS_TEST_EXPECT_MSG_EQ(
            (state.SerializeAsString() ==
             WireField(1, data) + "\x15\x00\x00\xc0\x3f\x18\x01\x20\x01\x2a\x02{}"s),
            true,
            "EnvStateMsg");

        ns3opengym::SimInitAck ack;
        ParseGymMessage("\x08\x01\x10\x01", 4, ack, "ack");
        NS_TEST_EXPECT_MSG_EQ((ack.done() && ack.stopsimreq()), true, "SimInitAck");

        ns3opengym::EnvActMsg act;
        const auto bytes = WireField(1, data) + "\x10\x01";
        ParseGymMessage(bytes.data(), bytes.size(), act, "act");
        NS_TEST_EXPECT_MSG_EQ((act.actdata().SerializeAsString() == data), true, "actData");
        NS_TEST_EXPECT_MSG_EQ(act.stopsimreq(), true, "stopSimReq");
    }
};

/** @brief A message cut anywhere, or another message, is refused. */
class GymStrictParseTestCase : public TestCase
{
  public:
    GymStrictParseTestCase()
        : TestCase("Malformed, truncated and other messages are refused")
    {
    }

  private:
    /** @return what parsing the bytes complains about, empty if nothing */
    static std::string ErrorOf(const std::string& bytes, google::protobuf::Message&& message)
    {
        try
        {
            ParseGymMessage(bytes.data(), bytes.size(), message, "the answer");
            return "";
        }
        catch (const GymError& error)
        {
            return error.what();
        }
    }

    void DoRun() override
    {
        const auto good =
            WireField(1, WireContainer(1, "DiscreteDataContainer", "\x08\x03"s)) + "\x10\x01"s;
        NS_TEST_EXPECT_MSG_EQ(ErrorOf(good, ns3opengym::EnvActMsg{}), "", "whole");
        const std::size_t boundary = good.size() - 2; // between the two fields
        for (std::size_t size = 1; size < good.size(); ++size)
        {
            const auto error = ErrorOf(good.substr(0, size), ns3opengym::EnvActMsg{});
            NS_TEST_EXPECT_MSG_EQ(error.empty(), (size == boundary), "cut at " << size);
        }
        NS_TEST_EXPECT_MSG_EQ(ErrorOf("\xff\xff\xff", ns3opengym::EnvActMsg{}),
                              "the answer, 3 bytes, is not a valid EnvActMsg: malformed or "
                              "truncated",
                              "garbage");
        NS_TEST_EXPECT_MSG_EQ(ErrorOf("\x08\x01", ns3opengym::EnvActMsg{}),
                              "the answer is not a valid EnvActMsg: field 1 does not belong there, "
                              "or not with that type",
                              "a SimInitAck");
        NS_TEST_EXPECT_MSG_EQ(ErrorOf("\x0a\x02\x18\x01", ns3opengym::EnvActMsg{}),
                              "the answer is not a valid DataContainer: field 3 does not belong "
                              "there, or not with that type",
                              "an inner field");
        NS_TEST_EXPECT_MSG_EQ(ErrorOf("\x0a\x02\x28\x01", ns3opengym::EnvActMsg{}),
                              "",
                              "an inner field of a later version");
    }
};

/** @brief Answers are taken or refused as by the Python half. */
class GymOneRuleTestCase : public TestCase
{
  public:
    GymOneRuleTestCase()
        : TestCase("Answers are taken or refused as by the other half")
    {
    }

  private:
    /** @return the bytes that hexadecimal digits stand for */
    static std::string ReadHex(const std::string& digits)
    {
        std::string bytes;
        for (std::size_t i = 0; i < digits.size(); i += 2)
        {
            bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
        }
        return bytes;
    }

    void DoRun() override
    {
        const auto space = Create<GymDictSpace>();
        space->AddBox("i", -INF, INF, {2}, GymDtype::INT32);
        space->AddBox("u", -INF, INF, {2}, GymDtype::UINT32);
        space->AddBox("d", -INF, INF, {2}, GymDtype::DOUBLE);
        space->Add("n", Create<GymDiscreteSpace>(4));
        for (const auto& message : GYM_STRICT_MESSAGES)
        {
            const auto bytes = ReadHex(message.bytes);
            std::string error;
            try
            {
                ns3opengym::EnvActMsg answer;
                ParseGymMessage(bytes.data(), bytes.size(), answer, "the answer");
                if (answer.actdata().has_data())
                {
                    DecodeGymData(answer.actdata(), *space, "action");
                }
            }
            catch (const GymError& caught)
            {
                error = caught.what();
            }
            NS_TEST_EXPECT_MSG_EQ(error.empty(), message.isTaken, message.what << ": " << error);
        }
        NS_TEST_EXPECT_MSG_EQ(std::string(GymError(std::string(5000, 'x')).what()).size(),
                              1004,
                              "errors are cut");
        NS_TEST_EXPECT_MSG_EQ(std::string(GymError("a\nb\x1b[2J").what()),
                              "a?b?[2J",
                              "errors are of one line, and control no terminal");
    }
};

/** @brief The suite. */
class GymWireTestSuite : public TestSuite
{
  public:
    GymWireTestSuite()
        : TestSuite("gym-wire", NRU_TEST_UNIT)
    {
        AddTestCase(new GymGoldenBytesTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymStrictParseTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymOneRuleTestCase, NRU_TEST_QUICK);
    }
};

GymWireTestSuite g_gymWireTestSuite; //!< registers the suite

} // namespace
