// SPDX-License-Identifier: Apache-2.0
#include "ui/models/roles.h"
#include "ui/models/rows.h"
#include "ui/models/text_table.h"
#include "ui/models/top_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace rp;
using namespace rp::ui;

class TestModels : public QObject {
    Q_OBJECT

    static PhaseRunPtr runWith(std::vector<verify::Top> tops) {
        auto run = std::make_shared<PhaseRun>();
        run->top.push_back(std::move(tops));
        return run;
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void textTableKeepsTheRulesOfModels() {
        TextTable table({QStringLiteral("a"), QStringLiteral("b")});
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        table.setRows({{{QStringLiteral("1"), QStringLiteral("2")}, Tone::warn, 3}});
        QCOMPARE(table.rowCount(), 1);
        QCOMPARE(table.index(0, 1).data().toString(), QStringLiteral("2"));
        QCOMPARE(table.index(0, 0).data(ToneRole).toInt(), static_cast<int>(Tone::warn));
        QVERIFY(!table.index(0, 1).data(ToneRole).isValid()); // one icon per row
        QCOMPARE(table.index(0, 1).data(BlockRole).toInt(), 3);
        table.setRows({});
        QCOMPARE(table.rowCount(), 0);
    }

    void topModelShowsEachPhaseInItsColumn() {
        auto loaded = std::make_shared<LoadedModel>();
        loaded->opened.model.classNames = {"ant", "bee"};
        TopModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setModel(loaded);
        model.setRun(Phase::eval, runWith({{1, 4.5, 0.9}, {0, 1.5, 0.1}}));
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("bee"));
        QCOMPARE(model.index(0, 1).data(ShareRole).toDouble(), 0.9);
        QCOMPARE(model.index(1, 1).data(ClassRole).toLongLong(), 0);
        QVERIFY(!model.index(0, 0).data().isValid());
        QVERIFY(!model.index(2, 1).data().isValid()); // fewer classes than ranks
    }

    void topModelNamesAClassWithoutNameByItsIndex() {
        auto loaded = std::make_shared<LoadedModel>();
        TopModel model;
        model.setModel(loaded);
        model.setRun(Phase::deploy, runWith({{207, 1, 1}}));
        QCOMPARE(model.index(0, 2).data().toString(), QStringLiteral("class 207"));
    }

    void topModelSaysWhyAPhaseHasNoScores() {
        auto run = std::make_shared<PhaseRun>();
        run->problem = Error(ErrorCode::valueInvalid,
                             {"rbr_dense.bn", "more than one value", "one", "use a larger picture"});
        TopModel model;
        model.setModel(std::make_shared<LoadedModel>());
        model.setRun(Phase::train, run);
        QVERIFY(model.problemOf(Phase::train).contains(QStringLiteral("larger picture")));
        QVERIFY(model.index(0, 0)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("more than one value")));
    }

    void problemsBecomeRowsWithExpectedAndFound() {
        const Error error(ErrorCode::truncated, {"a.pth", "100 bytes", "7 bytes", "copy the file again"});
        const auto rows = problemRows({toProblem(error)}, nullptr);
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].cells, (QStringList{QStringLiteral("truncated"), QStringLiteral("a.pth"),
                                             QStringLiteral("100 bytes"), QStringLiteral("7 bytes"),
                                             QStringLiteral("copy the file again")}));
        QCOMPARE(rows[0].tone, Tone::fail);
    }
};

QTEST_GUILESS_MAIN(TestModels)
#include "tst_models.moc"
