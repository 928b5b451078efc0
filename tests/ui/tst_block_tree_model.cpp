// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/tiny_files.h"
#include "ui/jobs/model_jobs.h"
#include "ui/models/block_tree_model.h"
#include "ui/models/roles.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace rp;
using namespace rp::ui;

class TestBlockTreeModel : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    LoadedModelPtr m_loaded;

    /// A report with an SNR for stage1.0 and an exact stage1.1.
    static ReportPtr report() {
        auto report = std::make_shared<verify::Report>();
        for (const char* name : {"stage0", "stage1.0", "stage1.1", "stage2.0", "stage2.1"}) {
            verify::BlockReport block;
            block.name = name;
            report->blocks.push_back(block);
        }
        verify::Comparison near, exact;
        near.snr = 131.4;
        exact.exact = true;
        report->blocks[1].local = near;
        report->blocks[2].local = exact;
        report->blocks[2].verdict = verify::Verdict::warn;
        return report;
    }

private slots:
    void initTestCase() {
        const std::string path = m_folder.filePath(QStringLiteral("tiny.pth")).toStdString();
        test::writeTinyFile(path);
        m_loaded = loadModel(path, {}, {});
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void keepsTheRulesOfModels() {
        BlockTreeModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setModel(m_loaded);
        model.setReport(report());
        model.setModel(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void groupsBlocksByStage() {
        BlockTreeModel model;
        model.setModel(m_loaded);
        QCOMPARE(model.rowCount(), 3);
        const QModelIndex stem = model.index(0, 0), stage1 = model.index(1, 0);
        QCOMPARE(stem.data().toString(), QStringLiteral("stage0"));
        QCOMPARE(model.rowCount(stem), 0); // a block, not a folder
        QCOMPARE(stem.data(BlockRole).toInt(), 0);
        QCOMPARE(stage1.data(BlockRole).toInt(), -1);
        QCOMPARE(model.rowCount(stage1), 2);
        QCOMPARE(model.index(1, 0, stage1).data().toString(), QStringLiteral("stage1.1"));
        QCOMPARE(model.index(1, 0, stage1).data(BlockRole).toInt(), 2);
        QCOMPARE(model.index(1, BlockTreeModel::FormColumn, stage1).data().toString(),
                 QStringLiteral("train"));
    }

    void everyBlockIsFoundAgain() {
        BlockTreeModel model;
        model.setModel(m_loaded);
        for (int block = 0; block < 5; ++block)
            QCOMPARE(model.indexOfBlock(block).data(BlockRole).toInt(), block);
        QVERIFY(!model.indexOfBlock(5).isValid());
        QVERIFY(!model.indexOfBlock(-1).isValid());
    }

    void showsFiguresOfTheReportAndTheWorstOfAStage() {
        BlockTreeModel model;
        model.setModel(m_loaded);
        const QModelIndex stage1 = model.index(1, BlockTreeModel::LocalColumn);
        QVERIFY(!stage1.data().isValid());
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setReport(report());
        QVERIFY(!changed.isEmpty());
        const QModelIndex parent = model.index(1, 0);
        QCOMPARE(model.index(0, BlockTreeModel::LocalColumn, parent).data().toString(),
                 QStringLiteral("131 dB"));
        QCOMPARE(model.index(1, BlockTreeModel::LocalColumn, parent).data().toString(),
                 QStringLiteral("exact"));
        QVERIFY(std::isinf(model.index(1, BlockTreeModel::LocalColumn, parent).data(SnrRole).toDouble()));
        QCOMPARE(stage1.data().toString(), QStringLiteral("131 dB"));
        QCOMPARE(stage1.data(ToneRole).toInt(), static_cast<int>(Tone::warn));
    }
};

QTEST_GUILESS_MAIN(TestBlockTreeModel)
#include "tst_block_tree_model.moc"
