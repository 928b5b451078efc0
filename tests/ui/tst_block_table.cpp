// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/models/block_table_model.h"
#include "ui/models/roles.h"
#include "ui/views/block_table_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/filter_field.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace rp;
using namespace rp::ui;

class TestBlockTable : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    BlockTableView& view() { return *m_window->findChild<BlockTableView*>(); }
    QStringList shown() {
        QStringList names;
        const QAbstractItemModel& rows = *view().table()->model();
        for (int row = 0; row < rows.rowCount(); ++row) names << rows.index(row, 0).data().toString();
        return names;
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(m_model.toStdString());
    }
    void init() {
        QVERIFY(show());
        m_document->openModel(m_model);
        QVERIFY(settle());
    }
    void cleanup() { close(); }

    void theFusedRowStandsAboveItsBranches() {
        const QAbstractItemModel& rows = *view().table()->model();
        QCOMPARE(shown(), (QStringList{"stage0", "stage1.0", "stage1.1", "stage2.0", "stage2.1"}));
        const QModelIndex block = rows.index(2, 0); // 8 to 8 channels with identity
        QCOMPARE(rows.rowCount(block), 3);
        QCOMPARE(rows.index(1, BlockTableModel::Kernel, block).data().toString(), QStringLiteral("1x1"));
        QCOMPARE(rows.index(2, BlockTableModel::Kernel, block).data().toString(), QStringLiteral("identity"));
        // 8 8 3 3 + 16, 8 8 + 16, 16 by hand; fused 8 8 3 3 + 8.
        QCOMPARE(rows.index(0, BlockTableModel::Parameters, block).data().toString(), QStringLiteral("592"));
        QCOMPARE(rows.index(2, BlockTableModel::Parameters).data().toString(), QStringLiteral("688 → 584"));
    }

    void itSortsByNumbersAndKeepsBranchesInOrder() {
        view().table()->sortByColumn(BlockTableModel::Parameters, Qt::DescendingOrder);
        QCOMPARE(shown().front(), QStringLiteral("stage2.1"));
        const QAbstractItemModel& rows = *view().table()->model();
        const QModelIndex first = rows.index(0, 0);
        QVERIFY(rows.index(0, 0, first).data().toString().contains("dense"));
        view().table()->sortByColumn(BlockTableModel::Parameters, Qt::AscendingOrder);
        QCOMPARE(shown().back(), QStringLiteral("stage2.1"));
        QVERIFY(rows.index(0, 0, rows.index(4, 0)).data().toString().contains("dense"));
    }

    void theFilterKeepsWhatHoldsAndSaysWhatItCannotRead() {
        view().filter()->edit()->setText(QStringLiteral("name~stage1 stride=1"));
        QCOMPARE(shown(), QStringList{"stage1.1"});
        view().filter()->edit()->setText(QStringLiteral("name~stage1 stride="));
        QVERIFY(view().filter()->error().contains(QStringLiteral("missing")));
        QCOMPARE(shown(), QStringList{"stage1.1"}); // as before
        view().filter()->edit()->setText(QStringLiteral("channels>8"));
        QCOMPARE(view().filter()->error(), QString());
        QCOMPARE(shown(), (QStringList{"stage2.0", "stage2.1"}));
        view().filter()->edit()->setText(QStringLiteral("snr>60"));
        QCOMPARE(shown().size(), 5);
        view().filter()->edit()->clear();
    }

    void theTreeSpeaksTheSameLanguage() {
        auto* tree = m_window->findChild<BlockTreeView*>();
        tree->filter()->setText(QStringLiteral("channels>8"));
        QCOMPARE(tree->tree()->model()->rowCount(), 1);
        QCOMPARE(tree->tree()->model()->rowCount(tree->tree()->model()->index(0, 0)), 2);
        tree->filter()->setText(QStringLiteral("stage1"));
        QCOMPARE(tree->tree()->model()->rowCount(tree->tree()->model()->index(0, 0)), 2);
        tree->filter()->clear();
        QCOMPARE(tree->tree()->model()->rowCount(), 3);
    }

    void theThresholdFlagsFromTheWorstOn() {
        view().figure()->setCurrentIndex(static_cast<int>(BlockFigure::parameters));
        view().threshold()->setValue(0);
        QCOMPARE(view().model().flaggedCount(), 0);
        view().threshold()->setValue(1);
        QCOMPARE(view().model().flaggedCount(), 1);
        QVERIFY(view().model().index(4, 0).data(BlockTableModel::FlaggedRole).toBool()); // the largest
        view().threshold()->setValue(view().threshold()->maximum());
        QCOMPARE(view().model().flaggedCount(), 5);
        view().figure()->setCurrentIndex(static_cast<int>(BlockFigure::snr));
        view().threshold()->setValue(1);
        QCOMPARE(view().model().flaggedCount(), 1);
        double worst = 1e9;
        for (const BlockFacts& facts : view().model().facts()) worst = std::min(worst, *facts.snr);
        for (const BlockFacts& facts : view().model().facts())
            QCOMPARE(view().model().index(facts.block, 0).data(BlockTableModel::FlaggedRole).toBool(), *facts.snr == worst);
        QVERIFY(view().summary()->text().contains(QStringLiteral("1 of 5")));
    }

    void aRowChoosesItsBlockAndFollowsIt() {
        const QAbstractItemModel& rows = *view().table()->model();
        view().table()->setCurrentIndex(rows.index(3, 0));
        QCOMPARE(m_document->block(), 3);
        view().table()->setCurrentIndex(rows.index(0, 0, rows.index(1, 0))); // a branch is its block's
        QCOMPARE(m_document->block(), 1);
        m_document->setBlock(4);
        QCOMPARE(view().table()->currentIndex().data(BlockRole).toInt(), 4);
        QVERIFY(settle());
    }
};

QTEST_MAIN(TestBlockTable)
#include "tst_block_table.moc"
