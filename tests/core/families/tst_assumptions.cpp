// SPDX-License-Identifier: Apache-2.0
#include "core/families/assumptions.h"
#include "tests/support/refusal.h"

#include <QTest>

using namespace rp;
using families::Assumptions;

class TestAssumptions : public QObject {
    Q_OBJECT
private slots:
    void theLastOneWins();
    void patternsSelectBlocks();
    void colonInsideAValueIsNoPattern();
    void wrongKeysAndValuesAreUsage_data();
    void wrongKeysAndValuesAreUsage();
    void whatConcernsNothingIsNamed();
    void userBeatsPresetAndOriginIsRecorded();
    void paddingPerSide();
};

void TestAssumptions::theLastOneWins() {
    const Assumptions a({"eps=1e-3", "eps=1e-4"});
    QCOMPARE(a.valueFor("stage1.0", "eps").value(), std::string("1e-4"));
    QVERIFY(!a.valueFor("stage1.0", "groups"));
}

void TestAssumptions::patternsSelectBlocks() {
    const Assumptions a({"stage3.*:stride=2,groups=4", "s?age1.0:groups=2"});
    QCOMPARE(a.valueFor("stage3.12", "groups").value(), std::string("4"));
    QCOMPARE(a.valueFor("stage3.12", "stride").value(), std::string("2"));
    QCOMPARE(a.valueFor("stage1.0", "groups").value(), std::string("2"));
    QVERIFY(!a.valueFor("stage2.0", "groups"));
}

void TestAssumptions::colonInsideAValueIsNoPattern() {
    QCOMPARE(Assumptions({"activation=leaky_relu:0.05"}).valueFor("any", "activation").value(), std::string("leaky_relu:0.05"));
}

void TestAssumptions::wrongKeysAndValuesAreUsage_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"epsilon=1", "eps", "eps=", "eps=-1", "eps=abc", "stride=0", "stride=2x", "groups=1.5", "identity=yes",
                             "activation=swish", "padding=1x2x3", "eps=nan", "se=inside", "momentum=2"})
        QTest::newRow(text) << text;
}

void TestAssumptions::wrongKeysAndValuesAreUsage() {
    QFETCH(QString, text);
    QCOMPARE(test::refusal(ErrorCode::usage, "--assume", [&] { Assumptions({text.toStdString()}); }), QString());
}

void TestAssumptions::whatConcernsNothingIsNamed() {
    const Assumptions a({"stage9.*:eps=1e-3", "eps=1e-3"});
    a.valueFor("stage1.0", "eps");
    QCOMPARE(a.unused().size(), std::size_t{1});
    QVERIFY(a.unused().front().find("stage9") != std::string::npos);
}

void TestAssumptions::userBeatsPresetAndOriginIsRecorded() {
    const Assumptions user({"stage1.*:eps=0.001"});
    std::vector<Assumption> record;
    const StateDict none;
    QCOMPARE(families::Attributes(user, none, "stage1.0.", "stage1.0", record).number("eps", 1e-5, "preset: RepVGG"), 0.001);
    QCOMPARE(families::Attributes(user, none, "stage2.0.", "stage2.0", record).number("eps", 1e-5, "preset: RepVGG"), 1e-5);
    QCOMPARE(record[0].origin, std::string("--assume"));
    QCOMPARE(record[1].origin, std::string("preset: RepVGG"));
}

void TestAssumptions::paddingPerSide() {
    const Assumptions user({"padding=1x2x3x4"});
    std::vector<Assumption> record;
    const StateDict none;
    const Padding p = families::Attributes(user, none, "b.", "b", record).padding(Padding::same(1), "preset");
    QVERIFY((p == Padding{1, 2, 3, 4}));
}

QTEST_APPLESS_MAIN(TestAssumptions)
#include "tst_assumptions.moc"
