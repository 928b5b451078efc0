// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/plots/spread_plot.h"
#include "ui/presenters/anatomy_probe.h"
#include "ui/views/activations_view.h"
#include "ui/views/anatomy_view.h"
#include "ui/views/branch_bars.h"
#include "ui/views/position_norms.h"

#include <QComboBox>
#include <QLabel>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::ui;

class TestAnatomyView : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    AnatomyView& view() { return *m_window->findChild<AnatomyView*>(); }
    bool open(bool deploy) {
        const QString path = m_folder.filePath(deploy ? QStringLiteral("deploy.pth") : QStringLiteral("tiny.pth"));
        test::writeTinyFile(path.toStdString(), {.deploy = deploy});
        m_document->openModel(path);
        if (!settle()) return false;
        m_document->setBlock(2);
        qobject_cast<QTabWidget*>(view().parentWidget()->parentWidget())->setCurrentWidget(&view());
        return settle();
    }
    static Anatomy sample() {
        Anatomy anatomy;
        anatomy.branches = {{QStringLiteral("a"), {{1, 0, 4}, {0, 2, 0}}, {}}, {QStringLiteral("b"), {{3, 0, 0}, {0, 0, 1}}, {}}};
        anatomy.fused = {{}, {{2, 1, 1}, {2, 9, 0}}, {}};
        return anatomy;
    }

private slots:
    void init() { QVERIFY(show()); }
    void cleanup() { close(); }

    void channelsAreSortedByWhatTheBranchesHold() {
        using Order = std::vector<std::size_t>;
        const Anatomy anatomy = sample(); // totals 4, 2, 5
        QCOMPARE(orderOf(anatomy, AnatomyOrder::stored), (Order{0, 1, 2}));
        QCOMPARE(orderOf(anatomy, AnatomyOrder::energy), (Order{2, 0, 1}));
        QCOMPARE(orderOf(anatomy, AnatomyOrder::centre), (Order{2, 0, 1}));          // 1, 0.5, 0.1
        QCOMPARE(orderOf(anatomy, AnatomyOrder::branchShare, 0), (Order{1, 2, 0})); // 1, 0.8, 0.25
        QCOMPARE(orderOf(anatomy, AnatomyOrder::branchShare, 1), (Order{0, 2, 1}));
    }

    void theBarsShowTheSelectedBlocksBranches() {
        QVERIFY(open(false));
        QCOMPARE(view().bars().order().size(), std::size_t{8});
        QCOMPARE(view().order()->count(), 6); // as stored, energy, middle tap, three branches
        view().order()->setCurrentIndex(1);
        QVERIFY(view().bars().order() != (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7}));
        QTest::mouseClick(&view().bars(), Qt::LeftButton, {}, QPoint(view().bars().width() / 2, view().bars().height() - 8));
        const int clicked = view().bars().channelAt(view().bars().width() / 2);
        QCOMPARE(m_window->findChild<ActivationsView*>()->state().channel(), clicked);
        QCOMPARE(view().bars().channelAt(-5), -1);
    }

    void theSameBranchStaysChosenFromBlockToBlock() {
        QVERIFY(open(false));
        view().kernel()->setCurrentText(QStringLiteral("rbr_1x1"));
        QVERIFY(view().spreadText()->text().contains(QStringLiteral("512 zeros"))); // 8 8 (9 - 1)
        m_document->setBlock(4);
        QVERIFY(settle());
        QCOMPARE(view().kernel()->currentText(), QStringLiteral("rbr_1x1"));
        QVERIFY(view().spreadText()->text().contains(QStringLiteral("2048 zeros"))); // 16 16 (9 - 1)
    }

    void aWindowOfNormsChoosesItsBlock() {
        QVERIFY(open(false));
        QTest::mouseClick(&view().norms(), Qt::LeftButton, {}, view().norms().rectOf(3).center());
        QCOMPARE(m_document->block(), 3);
        QTest::keyClick(&view().norms(), Qt::Key_Right);
        QCOMPARE(m_document->block(), 4);
        QTest::keyClick(&view().norms(), Qt::Key_Right); // the last one
        QCOMPARE(m_document->block(), 4);
        QVERIFY(settle());
    }

    void outliersHaveBarsOfTheirOwn() {
        std::vector<double> weights;
        for (int i = 1; i <= 100; ++i) weights.push_back(i);
        SpreadPlot plot;
        plot.setSpread(fusion::spreadOf(weights), Qt::blue, Qt::red);
        QCOMPARE(plot.outlierBars(), 0);
        weights.push_back(1e4);
        plot.setSpread(fusion::spreadOf(weights), Qt::blue, Qt::red);
        QCOMPARE(plot.outlierBars(), 1);
    }

    void aDeployFileHasOneKernel() {
        QVERIFY(open(true));
        QCOMPARE(view().kernel()->count(), 1);
        QCOMPARE(view().bars().order().size(), std::size_t{8});
    }
};

QTEST_MAIN(TestAnatomyView)
#include "tst_anatomy_view.moc"
