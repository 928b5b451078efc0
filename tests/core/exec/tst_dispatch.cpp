// SPDX-License-Identifier: Apache-2.0
#include "core/exec/network.h"
#include "core/families/family.h"
#include "core/fusion/fuse_model.h"
#include "tests/support/naive.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_repvgg.h"

#include <map>
#include <set>

#include <QTest>

using namespace rp;

class TestDispatch : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void methodsGiveTheSameBitsForThePhase_data();
    void methodsGiveTheSameBitsForThePhase();
    void traceNamesTheFunctionThatRan();
    void stateIsConsultedOnEveryCall();
    void refusedBlockRunsItsBranchesInDeploy();
    void deployFormRunsItsKernelInEveryPhase();
    void branchesAddUpToTheSum();
    void aNetworkWithoutGraphSaysWhy();
    void cancelStopsARun();

private:
    Model m_model;
    ModelForms m_forms;
    TensorD m_input;
};

void TestDispatch::initTestCase() {
    const StateDict tensors(test::tensorsOf({}));
    m_model = families::assembleModel(tensors, families::Assumptions());
    m_forms = fusion::fuseModel(m_model).forms(m_model);
    std::mt19937_64 generator(1);
    m_input = naive::reals({2, 3, 64, 64}, generator);
}

void TestDispatch::methodsGiveTheSameBitsForThePhase_data() {
    QTest::addColumn<int>("engine");
    QTest::addColumn<int>("phase");
    for (EngineKind engine : {EngineKind::float32, EngineKind::float64})
        for (Phase phase : {Phase::train, Phase::eval, Phase::deploy})
            QTest::addRow("%s, %s", toString(engine).data(), toString(phase).data()) << int(engine) << int(phase);
}

void TestDispatch::methodsGiveTheSameBitsForThePhase() {
    QFETCH(int, engine);
    QFETCH(int, phase);
    const auto machine = makeEngine(static_cast<EngineKind>(engine));
    std::vector<TensorD> outputs;
    for (DispatchMethod method : {DispatchMethod::state, DispatchMethod::fusion, DispatchMethod::decorator}) {
        Network network(m_model, m_forms, *machine, method);
        outputs.push_back(machine->read(network.run(machine->load(m_input), static_cast<Phase>(phase))));
    }
    QVERIFY(outputs[0] == outputs[1]);
    QVERIFY(outputs[0] == outputs[2]);
}

void TestDispatch::traceNamesTheFunctionThatRan() {
    const auto engine = makeFloat32Engine();
    std::set<std::string> reasons;
    for (DispatchMethod method : {DispatchMethod::state, DispatchMethod::fusion, DispatchMethod::decorator}) {
        Network network(m_model, m_forms, *engine, method);
        for (Phase phase : {Phase::train, Phase::eval, Phase::deploy}) {
            network.run(engine->load(m_input), phase);
            QCOMPARE(network.trace().size(), m_model.blocks.size());
            for (const TraceEntry& entry : network.trace()) {
                QCOMPARE(entry.function, std::string(phase == Phase::deploy ? "forwardInfer" : "forwardTrain"));
                QVERIFY(entry.phase == phase);
                reasons.insert(entry.reason);
            }
        }
    }
    QCOMPARE(reasons.size(), std::size_t{6}); // each method explains both functions in its own words
}

void TestDispatch::stateIsConsultedOnEveryCall() {
    const auto engine = makeReferenceEngine();
    const auto body = makeDispatchedBody(DispatchMethod::state, "b", m_forms[0]);
    std::vector<std::string> functions;
    for (Phase phase : {Phase::deploy, Phase::eval, Phase::deploy}) {
        body->setPhase(phase);
        body->call(engine->load(m_input), *engine, {}, nullptr);
        functions.push_back(body->lastCall().function);
    }
    QCOMPARE(functions, (std::vector<std::string>{"forwardInfer", "forwardTrain", "forwardInfer"}));
}

void TestDispatch::refusedBlockRunsItsBranchesInDeploy() {
    ModelForms forms = m_forms;
    forms[2].fused = nullptr;
    forms[2].whyNotFused = "average pool";
    const auto engine = makeReferenceEngine();
    for (DispatchMethod method : {DispatchMethod::state, DispatchMethod::fusion, DispatchMethod::decorator}) {
        Network network(m_model, forms, *engine, method);
        network.run(engine->load(m_input), Phase::deploy);
        QCOMPARE(network.trace()[2].function, std::string("forwardTrain"));
        QVERIFY(network.trace()[2].reason.find("average pool") != std::string::npos);
        QCOMPARE(network.trace()[1].function, std::string("forwardInfer"));
    }
}

void TestDispatch::deployFormRunsItsKernelInEveryPhase() {
    test::TinyRepVgg spec;
    spec.deploy = true;
    const StateDict tensors(test::tensorsOf(spec));
    const Model model = families::assembleModel(tensors, families::Assumptions());
    const auto engine = makeReferenceEngine();
    Network network(model, fusion::fuseModel(model).forms(model), *engine);
    const TensorD eval = engine->read(network.run(engine->load(m_input), Phase::eval));
    QVERIFY(eval == engine->read(network.run(engine->load(m_input), Phase::train)));
    QCOMPARE(network.trace().front().function, std::string("forwardInfer"));
    QVERIFY(network.trace().front().reason.find("fused kernel only") != std::string::npos);
}

void TestDispatch::branchesAddUpToTheSum() {
    const auto engine = makeReferenceEngine();
    Network network(m_model, m_forms, *engine);
    std::map<std::string, TensorD> maps;
    RunHooks hooks;
    hooks.wantsSteps = [](std::size_t block) { return block == 3; };
    hooks.onStep = [&](std::size_t block, const std::string& path, const MapPtr& map) {
        QCOMPARE(block, std::size_t{3});
        maps[path] = engine->read(map);
    };
    network.run(engine->load(m_input), Phase::eval, hooks);
    for (std::int64_t i = 0; i < maps.at("sum").count(); ++i) {
        const double sum = maps.at("rbr_dense")[i] + maps.at("rbr_1x1")[i] + maps.at("rbr_identity")[i];
        QVERIFY(std::abs(sum - maps.at("sum")[i]) < 1e-13);
        QCOMPARE(maps.at("out")[i], std::max(maps.at("sum")[i], 0.0));
    }
}

void TestDispatch::aNetworkWithoutGraphSaysWhy() {
    Model model = m_model;
    model.graph.clear();
    model.whyNoGraph = "loose blocks";
    const auto engine = makeReferenceEngine();
    Network network(model, m_forms, *engine);
    QCOMPARE(test::refusal(ErrorCode::unsupported, "loose blocks", [&] { network.run(engine->load(m_input), Phase::eval); }), QString());
}

void TestDispatch::cancelStopsARun() {
    std::stop_source stop;
    int steps = 0;
    const Job job(stop.get_token(), [&](double, std::string_view) {
        if (++steps == 3) stop.request_stop();
    });
    const auto engine = makeReferenceEngine();
    Network network(m_model, m_forms, *engine);
    QCOMPARE(test::refusal(ErrorCode::cancelled, "", [&] { network.run(engine->load(m_input), Phase::eval, {}, job); }), QString());
    QCOMPARE(steps, 3);
}

QTEST_APPLESS_MAIN(TestDispatch)
#include "tst_dispatch.moc"
