// SPDX-License-Identifier: GPL-2.0-only

#include "gym-codec.h"
#include "gym-error.h"
#include "gym-message.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <functional>
#include <limits>

using namespace ns3;
using namespace ns3opengym;

namespace
{

const auto INF = std::numeric_limits<double>::infinity();

/** @return what the call complains about, empty if nothing */
std::string
ErrorOf(const std::function<void()>& call)
{
    try
    {
        call();
        return "";
    }
    catch (const GymError& error)
    {
        return error.what();
    }
}

/** @return a packed Box with these numbers in floatData and this shape, as stock Python sends it */
BoxDataContainer
FloatBox(const std::vector<float>& numbers, const std::vector<uint32_t>& shape)
{
    BoxDataContainer box;
    box.set_dtype(FLOAT);
    box.mutable_shape()->Add(shape.begin(), shape.end());
    box.mutable_floatdata()->Add(numbers.begin(), numbers.end());
    return box;
}

/** @return a container with this message and this type */
DataContainer
Contain(SpaceType type, const google::protobuf::Message& message, const std::string& key = "")
{
    DataContainer container;
    container.set_type(type);
    container.mutable_data()->PackFrom(message);
    container.set_name(key);
    return container;
}

/** @return a Dict container with these entries */
DataContainer
ContainDict(const std::vector<DataContainer>& entries)
{
    DictDataContainer dict;
    for (const auto& entry : entries)
    {
        *dict.add_element() = entry;
    }
    return Contain(ns3opengym::Dict, dict);
}

/** @brief The numbers of a Box arrive in the type of its space, whatever field they came in. */
class GymBoxNumbersTestCase : public TestCase
{
  public:
    GymBoxNumbersTestCase()
        : TestCase("Box numbers are read from any field, flat or shaped")
    {
    }

  private:
    /** @brief Read a Box that holds 1, 2, 3, 4, 5, 6 into a space of type T and shape [2, 3]. */
    template <typename T>
    void ExpectNumbers(const BoxDataContainer& box, GymDtype dtype)
    {
        const GymBoxSpace space{0, 6, {2, 3}, dtype};
        const auto data = DecodeGymData(Contain(ns3opengym::Box, box), space, "action");
        const auto& numbers = static_cast<const GymBoxData&>(*data).Get<T>();
        NS_TEST_EXPECT_MSG_EQ((numbers == std::vector<T>{1, 2, 3, 4, 5, 6}),
                              true,
                              GymDtypeName(dtype) << " from " << box.ShortDebugString());
    }

    void DoRun() override
    {
        for (int field = 0; field < 4; ++field)
        {
            for (const auto& shape : std::vector<std::vector<uint32_t>>{{6}, {2, 3}, {}})
            {
                auto box = FloatBox({}, shape);
                box.set_dtype(static_cast<Dtype>(INT + field));
                for (int i = 1; i <= 6; ++i)
                {
                    switch (field)
                    {
                    case 0:
                        box.add_intdata(i);
                        break;
                    case 1:
                        box.add_uintdata(i);
                        break;
                    case 2:
                        box.add_floatdata(i);
                        break;
                    default:
                        box.add_doubledata(i);
                        break;
                    }
                }
                ExpectNumbers<int32_t>(box, GymDtype::INT32);
                ExpectNumbers<uint32_t>(box, GymDtype::UINT32);
                ExpectNumbers<float>(box, GymDtype::FLOAT);
                ExpectNumbers<double>(box, GymDtype::DOUBLE);
            }
        }
    }
};

/** @brief Numbers at the edge of what a space and a type allow. */
class GymBoxRangeTestCase : public TestCase
{
  public:
    GymBoxRangeTestCase()
        : TestCase("Box numbers are held against bounds and type")
    {
    }

  private:
    /** @return the complaint about one double read into a one-number space */
    static std::string Read(double number, double low, double high, GymDtype dtype)
    {
        BoxDataContainer box;
        box.add_doubledata(number);
        const GymBoxSpace space{low, high, {1}, dtype};
        return ErrorOf([&] { DecodeGymData(Contain(ns3opengym::Box, box), space, "a"); });
    }

    void DoRun() override
    {
        const auto nan = std::numeric_limits<double>::quiet_NaN();
        NS_TEST_EXPECT_MSG_EQ(Read(-1, -1, 5, GymDtype::INT32), "", "lowest");
        NS_TEST_EXPECT_MSG_EQ(Read(5, -1, 5, GymDtype::INT32), "", "highest");
        NS_TEST_EXPECT_MSG_EQ(Read(6, -1, 5, GymDtype::INT32),
                              "a[0] is 6, allowed is an integer in -1 .. 5 (int32)",
                              "above");
        NS_TEST_EXPECT_MSG_EQ(Read(2.5, -1, 5, GymDtype::INT32),
                              "a[0] is 2.5, allowed is an integer in -1 .. 5 (int32)",
                              "not an integer");
        NS_TEST_EXPECT_MSG_EQ(Read(2147483647, -INF, INF, GymDtype::INT32), "", "largest int32");
        NS_TEST_EXPECT_MSG_NE(Read(2147483648, -INF, INF, GymDtype::INT32), "", "beyond int32");
        NS_TEST_EXPECT_MSG_NE(Read(-1, -INF, INF, GymDtype::UINT32), "", "negative uint32");
        NS_TEST_EXPECT_MSG_NE(Read(INF, -INF, INF, GymDtype::INT32), "", "infinite integer");
        NS_TEST_EXPECT_MSG_NE(Read(nan, -INF, INF, GymDtype::INT32), "", "NaN integer");
        NS_TEST_EXPECT_MSG_EQ(Read(nan, -INF, INF, GymDtype::DOUBLE),
                              "a[0] is nan, allowed is -inf .. inf (double)",
                              "NaN");
        NS_TEST_EXPECT_MSG_EQ(Read(0.7, 0, 0.7, GymDtype::DOUBLE), "", "bound that is no float");
        NS_TEST_EXPECT_MSG_EQ(Read(24.001, -24, 24, GymDtype::DOUBLE),
                              "a[0] is 24.001, allowed is -24 .. 24 (double)",
                              "just above");
        NS_TEST_EXPECT_MSG_EQ(Read(1e300, -INF, INF, GymDtype::DOUBLE), "", "large double");
        NS_TEST_EXPECT_MSG_EQ(Read(1e300, -INF, INF, GymDtype::FLOAT),
                              "a[0] is 1e+300, allowed is -inf .. inf (float)",
                              "beyond float");
    }
};

/** @brief Spaces in spaces: an action arrives as it was meant, an observation comes back whole. */
class GymNestedTestCase : public TestCase
{
  public:
    GymNestedTestCase()
        : TestCase("Nested spaces go both ways")
    {
    }

  private:
    void DoRun() override
    {
        const auto inner = Create<GymDictSpace>();
        inner->AddBox("box", -1, 1, {2}, GymDtype::FLOAT);
        const auto tuple = Create<GymTupleSpace>();
        tuple->Add(Create<GymDiscreteSpace>(3));
        tuple->Add(inner);
        const auto space = Create<GymDictSpace>();
        space->Add("tuple", tuple);
        space->AddBox("empty", 0, 1, {0, 7}, GymDtype::DOUBLE);

        const auto innerData = Create<GymDictData>();
        innerData->AddBox("box", std::vector<float>{-0.5F, 1});
        const auto tupleData = Create<GymTupleData>();
        tupleData->Add(Create<GymDiscreteData>(2));
        tupleData->Add(innerData);
        const auto data = Create<GymDictData>();
        data->AddBox("empty", std::vector<double>{});
        data->Add("tuple", tupleData); // order does not matter

        GymWriter writer;
        EncodeGymData(data, *space, writer, "data");
        const auto bytes = writer.GetMessage();
        DataContainer container;
        ParseGymMessage(bytes.data(), bytes.size(), container, "data");
        const auto back = DecodeGymData(container, *space, "data");

        const auto& dict = static_cast<const GymDictData&>(*back);
        NS_TEST_EXPECT_MSG_EQ(dict.GetEntries().size(), 2, "entries");
        NS_TEST_EXPECT_MSG_EQ(dict.FindBox<double>("empty")->empty(), true, "empty Box");
        const auto& elements = static_cast<const GymTupleData&>(*dict.Find("tuple")).GetElements();
        NS_TEST_EXPECT_MSG_EQ(elements.size(), 2, "elements");
        NS_TEST_EXPECT_MSG_EQ(static_cast<const GymDiscreteData&>(*elements[0]).GetValue(),
                              2,
                              "Discrete");
        const auto* box = static_cast<const GymDictData&>(*elements[1]).FindBox<float>("box");
        NS_TEST_EXPECT_MSG_EQ((*box == std::vector<float>{-0.5F, 1}), true, "Box");
    }
};

/** @brief Actions that are not in their space, each refused with what is wrong. */
class GymBadActionTestCase : public TestCase
{
  public:
    GymBadActionTestCase()
        : TestCase("Actions outside their space are refused")
    {
    }

  private:
    /** @brief Expect an action to be refused. */
    void ExpectError(const DataContainer& action, const std::string& error)
    {
        NS_TEST_EXPECT_MSG_EQ(ErrorOf([&] { DecodeGymData(action, *m_space, "action"); }),
                              error,
                              action.ShortDebugString());
    }

    void DoRun() override
    {
        m_space = Create<GymDictSpace>();
        m_space->AddBox("box", -1, 5, {2, 3}, GymDtype::INT32);
        m_space->Add("discrete", Create<GymDiscreteSpace>(4));
        const auto tuple = Create<GymTupleSpace>();
        tuple->Add(Create<GymDiscreteSpace>(2));
        m_space->Add("tuple", tuple);

        NS_TEST_EXPECT_MSG_EQ(ErrorOf([&] { DecodeGymData(ContainDict({}), *m_space, "action"); }),
                              "",
                              "entries may be left out");
        ExpectBoxErrors();
        ExpectDictErrors();
    }

    /** @brief Bad Boxes. */
    void ExpectBoxErrors()
    {
        const auto inDict = [](const BoxDataContainer& box) {
            return ContainDict({Contain(ns3opengym::Box, box, "box")});
        };
        ExpectError(inDict(FloatBox({0, 0, 0, 0, 9, 0}, {6})),
                    "action['box'][1, 1] is 9, allowed is an integer in -1 .. 5 (int32)");
        ExpectError(inDict(FloatBox({0, 0, 0}, {})),
                    "action['box'] has 3 numbers, its space has shape [2, 3]");
        ExpectError(inDict(FloatBox({0, 0, 0}, {6})),
                    "action['box'] has 3 numbers, its space has shape [2, 3]");
        ExpectError(inDict(FloatBox({}, {})),
                    "action['box'] has 0 numbers, its space has shape [2, 3]");
        ExpectError(inDict(FloatBox({0, 0, 0, 0, 0, 0}, {3, 2})),
                    "action['box'] has shape [3, 2], its space has [2, 3] (or flat, [6])");
        auto twice = FloatBox({0, 0, 0, 0, 0}, {6});
        twice.add_intdata(1);
        ExpectError(inDict(twice),
                    "action['box'] has numbers in 2 of the fields intData, uintData, floatData and "
                    "doubleData, allowed is one");
    }

    /** @brief Bad keys, kinds, types and Discretes. */
    void ExpectDictErrors()
    {
        DiscreteDataContainer three;
        three.set_data(3);
        DiscreteDataContainer four;
        four.set_data(4);
        const auto discrete = ns3opengym::Discrete;
        ExpectError(ContainDict({Contain(discrete, four, "discrete")}),
                    "action['discrete'] is 4, allowed is 0 .. 3");
        four.set_data(-1);
        ExpectError(ContainDict({Contain(discrete, four, "discrete")}),
                    "action['discrete'] is -1, allowed is 0 .. 3");
        ExpectError(ContainDict({Contain(discrete, three, "color")}),
                    "action['color'] is not in its space, which has 'box', 'discrete', 'tuple'");
        ExpectError(ContainDict({Contain(discrete, three)}),
                    "action[''] is not in its space, which has 'box', 'discrete', 'tuple'");
        ExpectError(ContainDict({Contain(discrete, three, "discrete"),
                                 Contain(discrete, three, "discrete")}),
                    "action['discrete'] is there twice");
        ExpectError(ContainDict({Contain(discrete, three, "box")}),
                    "action['box'] is of type Discrete, its space is a Box");
        ExpectError(ContainDict({Contain(ns3opengym::Box, three, "box")}),
                    "action['box'] should hold a ns3opengym.BoxDataContainer but holds "
                    "'type.googleapis.com/ns3opengym.DiscreteDataContainer'");
        ExpectError(ContainDict({Contain(static_cast<SpaceType>(9), three, "box")}),
                    "action['box'] is of type 9, its space is a Box");
        ExpectError(ContainDict({Contain(ns3opengym::Tuple, TupleDataContainer{}, "tuple")}),
                    "action['tuple'] has 0 elements, its space has 1");
        ExpectError(Contain(discrete, three), "action is of type Discrete, its space is a Dict");
        ExpectError(DataContainer{}, "action is of type NoSpaceType, its space is a Dict");

        auto truncated = Contain(discrete, three, "discrete");
        truncated.mutable_data()->set_value("\x08");
        ExpectError(ContainDict({truncated}),
                    "action['discrete'], 1 bytes, is not a valid DiscreteDataContainer: malformed "
                    "or truncated");
        auto noData = Contain(discrete, three, "discrete");
        noData.clear_data();
        ExpectError(ContainDict({noData}),
                    "action['discrete'] should hold a ns3opengym.DiscreteDataContainer but holds "
                    "''");
    }

    Ptr<GymDictSpace> m_space; //!< the action space
};

/** @brief A scenario's own mistakes are named as well. */
class GymScenarioMistakeTestCase : public TestCase
{
  public:
    GymScenarioMistakeTestCase()
        : TestCase("Observations outside their space and bad spaces are refused")
    {
    }

  private:
    /** @brief Expect an observation to be refused. */
    void ExpectError(const Ptr<const GymData>& data, const std::string& error)
    {
        const auto space = Create<GymDictSpace>();
        space->AddBox("x", 0, 1, {2}, GymDtype::DOUBLE);
        GymWriter writer;
        NS_TEST_EXPECT_MSG_EQ(ErrorOf([&] { EncodeGymData(data, *space, writer, "obs"); }),
                              error,
                              "observation");
    }

    void DoRun() override
    {
        const auto with = [](const std::string& key, GymBoxData::Values values) {
            const auto dict = Create<GymDictData>();
            dict->AddBox(key, std::move(values));
            return dict;
        };
        ExpectError(with("x", std::vector<double>{0, 1}), "");
        ExpectError(with("x", std::vector<double>{0, 1, 2}),
                    "obs['x'] has 3 numbers, its space has shape [2]");
        ExpectError(with("x", std::vector<float>{0, 1}),
                    "obs['x'] is of float, its space of double");
        ExpectError(with("y", std::vector<double>{0, 1}), "obs['x'] is missing");
        const auto both = with("x", std::vector<double>{0, 1});
        both->AddBox("y", std::vector<double>{0});
        ExpectError(both, "obs['y'] is not in its space");
        ExpectError(Create<GymDiscreteData>(1), "obs is a Discrete, its space is a Dict");
        ExpectError(nullptr, "obs is missing");

        NS_TEST_EXPECT_MSG_EQ(ErrorOf([&] { both->AddBox("y", std::vector<double>{0}); }),
                              "the entry 'y' is there twice",
                              "key twice");
        NS_TEST_EXPECT_MSG_EQ(ErrorOf([&] { both->FindBox<float>("y"); }),
                              "a Box of double was read as float",
                              "wrong type");
        ExpectBadSpaces();
    }

    /** @brief Spaces that make no sense. */
    void ExpectBadSpaces()
    {
        const auto box = [](double low, double high, std::vector<uint32_t> shape) {
            return ErrorOf([&] { GymBoxSpace(low, high, std::move(shape), GymDtype::DOUBLE); });
        };
        NS_TEST_EXPECT_MSG_EQ(box(-INF, INF, {}), "", "a single number");
        NS_TEST_EXPECT_MSG_NE(box(1, 0, {}), "", "low above high");
        NS_TEST_EXPECT_MSG_NE(box(std::numeric_limits<double>::quiet_NaN(), 0, {}),
                              "",
                              "NaN bound");
        NS_TEST_EXPECT_MSG_NE(box(0, 1e300, {}), "", "bound beyond float");
        NS_TEST_EXPECT_MSG_NE(box(0, 1, {1U << 31}), "", "too many elements");
        NS_TEST_EXPECT_MSG_NE(box(0, 1, {1U << 31, 1U << 31, 4}), "", "far too many elements");
        NS_TEST_EXPECT_MSG_NE(ErrorOf([] { GymDiscreteSpace{0}; }), "", "no value");

        const auto dict = Create<GymDictSpace>();
        dict->Add("d", Create<GymDiscreteSpace>(1));
        NS_TEST_EXPECT_MSG_NE(ErrorOf([&] { dict->Add("d", Create<GymDiscreteSpace>(1)); }),
                              "",
                              "key twice");
        NS_TEST_EXPECT_MSG_NE(ErrorOf([&] { dict->Add("", Create<GymDiscreteSpace>(1)); }),
                              "",
                              "empty key");

        Ptr<const GymSpace> deep = Create<GymDiscreteSpace>(1);
        const auto describe = [&deep] {
            SpaceDescription description;
            DescribeGymSpace(deep, description, "obs");
        };
        for (int depth = 2; depth <= 32; ++depth)
        {
            const auto tuple = Create<GymTupleSpace>();
            tuple->Add(deep);
            deep = tuple;
        }
        NS_TEST_EXPECT_MSG_EQ(ErrorOf(describe), "", "32 deep");
        const auto tuple = Create<GymTupleSpace>();
        tuple->Add(deep);
        deep = tuple;
        NS_TEST_EXPECT_MSG_NE(ErrorOf(describe), "", "33 deep");
    }
};

/** @brief The suite. */
class GymSpacesTestSuite : public TestSuite
{
  public:
    GymSpacesTestSuite()
        : TestSuite("gym-spaces", NRU_TEST_UNIT)
    {
        AddTestCase(new GymBoxNumbersTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymBoxRangeTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymNestedTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymBadActionTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymScenarioMistakeTestCase, NRU_TEST_QUICK);
    }
};

GymSpacesTestSuite g_gymSpacesTestSuite; //!< registers the suite

} // namespace
