// SPDX-License-Identifier: Apache-2.0
#include "core/exec/network.h"
#include "core/exec/tensor_ops.h"
#include "core/io/npy.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"

#include <cmath>
#include <limits>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One operation, the inputs it takes (by file name), and how exact float32 is expected to be.
struct Case {
    const char* name;
    Operation::Kind kind;
    std::vector<std::string> inputs{"x"};
};

Resize resize(Resize::Mode mode, Resize::Coordinates coordinates, std::vector<double> scales, Shape sizes = {}) {
    return {mode, coordinates, Resize::Nearest::floor, std::move(scales), std::move(sizes), -0.75};
}

std::vector<Case> cases(const TensorD& gamma, const TensorD& beta) {
    using U = Unary::Kind;
    using B = Binary::Kind;
    using R = Reduce::Kind;
    using A = Activation::Kind;
    using C = Resize::Coordinates;
    using M = Resize::Mode;
    constexpr auto kPast = std::numeric_limits<std::int64_t>::max();
    return {
        {"abs", Unary{U::abs}},
        {"sqrt", Unary{U::sqrt}, {"p"}},
        {"exp", Unary{U::exp}},
        {"log", Unary{U::log}, {"p"}},
        {"erf", Unary{U::erf}},
        {"reciprocal", Unary{U::reciprocal}, {"p"}},
        {"negate", Unary{U::negate}},
        {"floor", Unary{U::floor}},
        {"ceil", Unary{U::ceil}},
        {"round", Unary{U::round}, {"x4"}},
        {"softplus", Unary{U::softplus}},
        {"clip", Unary{U::clip, -0.5, 0.25}},
        {"gelu", Activation{A::gelu, 0, {}}},
        {"silu", Activation{A::silu, 0, {}}},
        {"tanh", Activation{A::tanh, 0, {}}},
        {"prelu", Activation{A::prelu, 0, Param(gamma.reshaped({8}))}},
        {"add", Binary{B::add}, {"x", "y"}},
        {"add_row", Binary{B::add}, {"x", "row"}},
        {"subtract", Binary{B::subtract}, {"x", "row"}},
        {"multiply", Binary{B::multiply}, {"x", "y"}},
        {"gated", Binary{B::multiply}, {"x", "gate"}},
        {"divide", Binary{B::divide}, {"x", "y1"}},
        {"power", Binary{B::power}, {"p", "row"}},
        {"minimum", Binary{B::minimum}, {"x", "row"}},
        {"maximum", Binary{B::maximum}, {"x", "y"}},
        {"concat", Concatenate{1}, {"x", "y", "x"}},
        {"concat_rows", Concatenate{2}, {"x", "y"}},
        {"concat_flat", Concatenate{-1}, {"flat", "flat"}},
        {"pixel_shuffle", DepthToSpace{2, true}},
        {"depth_to_space_dcr", DepthToSpace{2, false}},
        {"pixel_unshuffle", SpaceToDepth{2, true}, {"even"}},
        {"space_to_depth", SpaceToDepth{2, false}, {"even"}},
        {"layer_norm_channels", LayerNorm{{1}, 1e-6, Param(gamma), Param(beta)}},
        {"layer_norm_plain", LayerNorm{{1}, 1e-3, {}, {}}},
        {"layer_norm_last", LayerNorm{{-1}, 1e-5, {}, {}}, {"flat"}},
        {"max_pool", MaxPool{{3, 2}, {2, 2}, Padding::same(1), {1, 1}, false}},
        {"max_pool_ceil", MaxPool{{3, 3}, {2, 2}, Padding::same(1), {1, 1}, true}},
        {"max_pool_dilated", MaxPool{{2, 2}, {1, 1}, {}, {2, 2}, false}},
        {"mean_channels", Reduce{R::mean, {1}, true}},
        {"mean_all", Reduce{R::mean, {}, true}},
        {"sum_rows", Reduce{R::sum, {0, 2}, false}},
        {"max_last", Reduce{R::maximum, {-1}, false}},
        {"min_channels", Reduce{R::minimum, {1}, true}},
        {"global_average", GlobalAveragePool{}},
        {"softmax", Softmax{1}},
        {"softmax_last", Softmax{-1}, {"flat"}},
        {"matmul", MatMul{}, {"flat", "weight"}},
        {"matmul_batched", MatMul{}, {"x", "yt"}},
        {"reshape", Reshape{{0, -1, 6}}},
        {"transpose", Transpose{{0, 2, 3, 1}}},
        {"slice", Slice{{1, 2, 3}, {2, 1, -3}, {7, kPast, kPast}, {2, 1, 1}}},
        {"slice_reversed", Slice{{3}, {-2}, {0}, {-2}}},
        {"pad", PadAxes{{0, 0, 0, 1}, {0, 0, 3, 2}, PadAxes::Mode::constant, 0.5}},
        {"pad_reflect", PadAxes{{0, 0, 1, 2}, {0, 0, 3, 1}, PadAxes::Mode::reflect, 0}},
        {"pad_edge", PadAxes{{0, 0, 0, 2}, {0, 0, 3, 1}, PadAxes::Mode::edge, 0}},
        {"crop", PadAxes{{0, 0, -2, -1}, {0, 0, 0, 2}, PadAxes::Mode::constant, 0}},
        {"tile", Tile{{1, 3, 1, 2}}},
        {"nearest", resize(M::nearest, C::asymmetric, {1, 1, 2, 2})},
        {"linear", resize(M::linear, C::halfPixel, {1, 1, 2, 1.5})},
        {"linear_corners", resize(M::linear, C::alignCorners, {}, {2, 8, 9, 11})},
        {"cubic", resize(M::cubic, C::pytorchHalfPixel, {}, {2, 8, 10, 12})},
        {"shrink", resize(M::linear, C::pytorchHalfPixel, {}, {2, 8, 3, 4})},
    };
}

} // namespace

class TestOperations : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void bothEnginesAgreeWithPyTorch();
    void extremeSlicesStayInside();
    void nanIsNeverHidden();
    void impossibleShapesAreRefused_data();
    void impossibleShapesAreRefused();
    void anyGraphWithoutCyclesRuns();
    void mapsAreDroppedBehindTheirLastUse();

private:
    TensorD input(const std::string& name) const { return m_inputs.at(name); }

    QTemporaryDir m_folder;
    std::map<std::string, TensorD> m_inputs;
};

void TestOperations::initTestCase() {
    std::mt19937_64 generator(1);
    const TensorD x = naive::reals({2, 8, 5, 6}, generator), y = naive::reals({2, 8, 5, 6}, generator);
    m_inputs = {{"x", x}, {"y", y}, {"row", naive::reals({1, 8, 1, 6}, generator)}, {"gate", naive::reals({2, 8, 1, 1}, generator)},
                {"flat", naive::reals({2, 7}, generator)}, {"weight", naive::reals({7, 5}, generator)},
                {"gamma", naive::reals({8, 1, 1}, generator)}, {"beta", naive::reals({8, 1, 1}, generator)}};
    for (const auto& [name, values] : m_inputs) io::writeNpy(m_folder.filePath(QString::fromStdString(name) + ".npy").toStdString(), values);
    auto changed = [](TensorD values, auto function) {
        std::ranges::transform(values.values(), values.edit().begin(), function);
        return values;
    };
    m_inputs.emplace("p", changed(x, [](double v) { return std::abs(v) + 0.1; }));
    m_inputs.emplace("x4", changed(x, [](double v) { return 4 * v; }));
    m_inputs.emplace("y1", changed(y, [](double v) { return std::abs(v) + 1; }));
    TensorD even(Shape{2, 8, 4, 6}), transposed(Shape{2, 8, 6, 5});
    for (std::int64_t plane = 0; plane < 16; ++plane)
        for (std::int64_t row = 0; row < 5; ++row)
            for (std::int64_t column = 0; column < 6; ++column) {
                if (row < 4) even.edit()[static_cast<std::size_t>((plane * 4 + row) * 6 + column)] = x[(plane * 5 + row) * 6 + column];
                transposed.edit()[static_cast<std::size_t>((plane * 6 + column) * 5 + row)] = y[(plane * 5 + row) * 6 + column];
            }
    m_inputs.emplace("even", even);
    m_inputs.emplace("yt", transposed);
}

void TestOperations::bothEnginesAgreeWithPyTorch() {
    if (!test::pythonHas("torch")) QSKIP("needs PyTorch for the system's Python");
    QFile script(QFINDTESTDATA("../../data/torch_operations.py"));
    QVERIFY(script.open(QIODevice::ReadOnly));
    const QString problem = test::runPython(QString::fromUtf8(script.readAll()), m_folder.path(), {m_folder.path()});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QStringList asked;
    for (const Case& c : cases(input("gamma"), input("beta"))) {
        asked << QString::fromUtf8(c.name);
        const TensorD wanted = io::readNpyFile(m_folder.filePath(asked.last() + ".npy").toStdString()).toDouble();
        const Operation operation{c.name, c.kind};
        std::vector<Shape> shapes;
        for (const std::string& name : c.inputs) shapes.push_back(input(name).shape());
        QVERIFY2(outShapeOf(operation, shapes) == wanted.shape(), c.name);
        for (EngineKind kind : {EngineKind::float64, EngineKind::float32}) {
            const auto engine = makeEngine(kind);
            std::vector<MapPtr> maps;
            for (const std::string& name : c.inputs) maps.push_back(engine->load(input(name)));
            const TensorD got = engine->read(forward(operation, maps, *engine));
            const double unit = kind == EngineKind::float64 ? 0x1p-50 : 0x1p-19;
            const double bound = unit * std::max(1.0, naive::largest(wanted)) * 8;
            QVERIFY2(naive::largestDifference(got, wanted) <= bound,
                     qPrintable(QStringLiteral("%1 in %2: %3").arg(c.name, toString(kind).data()).arg(naive::largestDifference(got, wanted))));
        }
    }
    QFile list(m_folder.filePath("cases.txt"));
    QVERIFY(list.open(QIODevice::ReadOnly));
    QCOMPARE(asked, QString::fromUtf8(list.readAll()).split('\n')); // neither side has a case that the other lacks
}

void TestOperations::extremeSlicesStayInside() {
    constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
    for (std::int64_t size : {0, 1, 5})
        for (std::int64_t start : {least, std::int64_t{-6}, std::int64_t{-1}, std::int64_t{0}, std::int64_t{4}, most})
            for (std::int64_t end : {least, std::int64_t{-6}, std::int64_t{-1}, std::int64_t{0}, std::int64_t{4}, most})
                for (std::int64_t step : {least, std::int64_t{-2}, std::int64_t{-1}, std::int64_t{1}, std::int64_t{3}, most}) {
                    const SliceRange r = sliceRange(size, start, end, step);
                    QVERIFY(r.count >= 0 && r.count <= size);
                    if (r.count == 0) continue;
                    QVERIFY(r.first >= 0 && r.first < size);
                    if (r.count > 1) QVERIFY(r.first + (r.count - 1) * step >= 0 && r.first + (r.count - 1) * step < size);
                }
    QVERIFY(sliceRange(5, 4, -6, -1).count == 5); // from the last to the first
}

void TestOperations::nanIsNeverHidden() {
    const TensorD x(Shape{1, 1, 1, 2}, {std::nan(""), 1.0});
    for (EngineKind kind : {EngineKind::float64, EngineKind::float32}) {
        const auto engine = makeEngine(kind);
        const MapPtr map = engine->load(x);
        for (const Operation::Kind& what : std::vector<Operation::Kind>{Unary{Unary::Kind::clip, 0, 1}, Softmax{3}, Reduce{Reduce::Kind::maximum, {3}, true},
                                            MaxPool{{1, 2}, {1, 1}, {}, {1, 1}, false}, Activation{Activation::Kind::gelu, 0, {}},
                                            Activation{Activation::Kind::hardswish, 0, {}}}) {
            const Operation operation{"", what};
            QVERIFY2(std::isnan(engine->read(forward(operation, {&map, 1}, *engine))[0]), describe(operation).c_str());
        }
        const MapPtr one = engine->load(TensorD(Shape{1, 1, 1, 2}, {1.0, 1.0}));
        for (Binary::Kind b : {Binary::Kind::minimum, Binary::Kind::maximum})
            for (const auto& pair : {std::array{map, one}, std::array{one, map}})
                QVERIFY(std::isnan(engine->read(forward(Operation{"", Binary{b}}, pair, *engine))[0]));
    }
}

void TestOperations::impossibleShapesAreRefused_data() {
    QTest::addColumn<int>("which");
    for (int i = 0; i < 9; ++i) QTest::addRow("case %d", i) << i;
}

void TestOperations::impossibleShapesAreRefused() {
    QFETCH(int, which);
    const Shape x{1, 8, 5, 6};
    struct Row {
        Operation::Kind kind;
        std::vector<Shape> shapes;
        ErrorCode code = ErrorCode::shapeMismatch;
    };
    const std::vector<Row> rows{
        {Binary{}, {x, {1, 7, 5, 6}}},
        {Concatenate{1}, {x, {1, 8, 5, 7}}},
        {Concatenate{4}, {x, x}},
        {DepthToSpace{3, true}, {x}},
        {Reshape{{7, -1}}, {x}},
        {MatMul{}, {x, x}},
        {Transpose{{0, 1, 1, 2}}, {x}},
        {Tile{{1, 1, std::int64_t{1} << 40, 1}}, {x}, ErrorCode::limitExceeded},
        {Resize{Resize::Mode::nearest, {}, {}, {1, 1, kInfinity, 1}, {}, 0}, {x}},
    };
    const Row& row = rows[static_cast<std::size_t>(which)];
    QCOMPARE(test::refusal(row.code, "here", [&] { outShapeOf(Operation{"here", row.kind}, row.shapes); }), QString());
}

/// x -> conv -> a; b = a + x; c = concat(a, b); the output is c * 2, and a node behind it does not matter.
void TestOperations::anyGraphWithoutCyclesRuns() {
    std::mt19937_64 generator(2);
    Model model;
    Conv conv{Param(naive::integers({4, 4, 1, 1}, generator)), {}, {}, {}, {}, 1};
    model.graph.push_back({Region{"conv", makeExpr("conv", conv)}, {-1}});
    model.graph.push_back({Operation{"sum", Binary{Binary::Kind::add}}, {0, -1}});
    model.graph.push_back({Operation{"join", Concatenate{1}}, {0, 1}});
    model.graph.push_back({Operation{"two", Constant{Param(TensorD(Shape{1}, {2.0}))}}, {}});
    model.graph.push_back({Operation{"twice", Binary{Binary::Kind::multiply}}, {2, 3}});
    model.graph.push_back({Operation{"other", Unary{Unary::Kind::negate}}, {0}});
    model.output = 4;
    const TensorD x = naive::integers({1, 4, 3, 3}, generator);
    const TensorD a = naive::convolve(conv, x);
    TensorD wanted = naive::concat({a, naive::finish(a, nullptr, &x, nullptr)});
    for (double& v : wanted.edit()) v *= 2;
    for (EngineKind kind : {EngineKind::float64, EngineKind::float32}) {
        const auto engine = makeEngine(kind);
        Network network(model, {}, *engine);
        QCOMPARE(naive::largestDifference(engine->read(network.run(engine->load(x), Phase::eval)), wanted), 0.0);
    }
}

void TestOperations::mapsAreDroppedBehindTheirLastUse() {
    Model model;
    for (std::int64_t i = 0; i < 5; ++i) model.graph.push_back({Operation{"", Unary{Unary::Kind::negate}}, {i - 1}});
    model.graph.push_back({Operation{"", Binary{}}, {0, 4}});
    const auto engine = makeReferenceEngine();
    Network network(model, {}, *engine);
    Walk walk(network, engine->load(TensorD(Shape{1, 1, 1, 1}, {1.0})), Phase::eval);
    std::vector<std::weak_ptr<const Map>> made;
    while (!walk.atEnd()) {
        made.push_back(walk.step());
        const auto alive = std::ranges::count_if(made, [](const auto& map) { return !map.expired(); });
        QVERIFY(alive <= 2); // the first, which the last node takes, and the one made just now
    }
    QCOMPARE(engine->read(walk.output())[0], -2.0);
}

QTEST_GUILESS_MAIN(TestOperations)
#include "tst_operations.moc"
