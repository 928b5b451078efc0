// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/plots/depth_plot.h"
#include "ui/presenters/document.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/kernel_grid.h"
#include "ui/views/kernel_view.h"
#include "ui/views/main_window.h"
#include "ui/views/map_pane.h"
#include "ui/views/settings_bar.h"
#include "ui/views/verdict_banner.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <set>

using namespace rp;
using namespace rp::ui;

class TestMainWindow : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    static int coloursOf(const QImage& image) {
        std::set<QRgb> colours;
        for (int y = 0; y < image.height(); y += 2)
            for (int x = 0; x < image.width(); x += 2)
                colours.insert(image.pixel(x, y));
        return static_cast<int>(colours.size());
    }
    QStringList titles() const {
        QStringList titles;
        for (const MapPane* pane : m_window->findChild<ActivationsView*>()->panes())
            titles << pane->title();
        return titles;
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(m_model.toStdString());
    }
    void init() {
        QVERIFY(show());
    }
    void cleanup() {
        close();
    }

    void anEmptyWindowSaysWhatToDo() {
        QVERIFY(m_window->findChild<VerdictBanner*>()->text().contains(QStringLiteral("Open a checkpoint")));
        QVERIFY(!m_window->grab().toImage().isNull());
    }

    void showsAModelWithItsPictures() {
        const int before = coloursOf(m_window->grab().toImage());
        m_document->openModel(m_model);
        QVERIFY(settle());
        QVERIFY(m_window->findChild<VerdictBanner*>()->text().contains(QStringLiteral("PASS")));
        const QImage picture = m_window->grab().toImage();
        QVERIFY2(coloursOf(picture) > before + 100, qPrintable(QString::number(coloursOf(picture))));
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("tiny.pth")));
    }

    void panesReadAsTheFormulaOfTheBlock() {
        m_document->openModel(m_model);
        QVERIFY(settle());
        m_document->setBlock(2);
        QVERIFY(settle());
        QCOMPARE(titles(),
                 (QStringList{QStringLiteral("x"), QStringLiteral("rbr_dense"), QStringLiteral("+ rbr_1x1"),
                              QStringLiteral("+ rbr_identity"), QStringLiteral("= sum"),
                              QStringLiteral("out"), QStringLiteral("Δ deploy − eval")}));
        m_window->findChild<SettingsBar*>()->phases()->button(static_cast<int>(Phase::deploy))->click();
        QVERIFY(settle());
        QVERIFY(m_document->phase() == Phase::deploy);
        QCOMPARE(titles(), (QStringList{QStringLiteral("x"), QStringLiteral("fused kernel"),
                                        QStringLiteral("out"), QStringLiteral("Δ deploy − eval")}));
    }

    void embeddedKernelsAddUpCellByCell() {
        m_document->openModel(m_model);
        QVERIFY(settle());
        m_document->setBlock(2);
        QVERIFY(settle());
        const auto& grids = m_window->findChild<KernelView*>()->grids();
        QVERIFY(grids.size() >= 4);
        QCOMPARE(grids[3]->slice().values.size(), std::size_t{9});
        for (std::size_t cell = 0; cell < 9; ++cell) {
            double sum = 0;
            for (std::size_t b = 0; b < 3; ++b)
                sum += grids[b]->slice().values[cell];
            QVERIFY(std::abs(sum - grids[3]->slice().values[cell]) < 1e-12);
        }
    }

    void aClickInTheDepthPlotSelectsTheBlock() {
        m_document->openModel(m_model);
        QVERIFY(settle());
        auto* plot = m_window->findChild<DepthPlot*>();
        std::set<int> hit;
        connect(plot, &DepthPlot::blockClicked, this, [&](int block) { hit.insert(block); });
        QWidget* canvas = plot->findChild<QWidget*>();
        for (int x = 0; x < canvas->width(); x += 5)
            QTest::mouseClick(canvas, Qt::LeftButton, {}, QPoint(x, canvas->height() / 3));
        QCOMPARE(hit, (std::set<int>{0, 1, 2, 3, 4}));
        QCOMPARE(m_document->block(), plot->selected());
        QVERIFY(settle());
    }

    void filterKeepsTheBlocksThatMatch() {
        m_document->openModel(m_model);
        QVERIFY(settle());
        auto* view = m_window->findChild<BlockTreeView*>();
        view->filter()->setText(QStringLiteral("2.1"));
        QAbstractItemModel* shown = view->tree()->model();
        QCOMPARE(shown->rowCount(), 1);
        QCOMPARE(shown->rowCount(shown->index(0, 0)), 1);
        view->filter()->clear();
        QCOMPARE(shown->rowCount(), 3);
    }

    void aDroppedModelIsOpened() {
        rp::test::drop(*m_window, {m_model});
        QVERIFY(settle());
        QVERIFY(m_document->model());
    }

    void aSecondDroppedModelIsWhatTheFirstIsComparedWith() {
        const QString other = m_folder.filePath(QStringLiteral("deploy.pth"));
        test::writeTinyFile(other.toStdString(), {.deploy = true});
        const QString third = m_folder.filePath(QStringLiteral("third.pth"));
        rp::test::drop(*m_window, {m_model, other, third});
        QVERIFY(settle());
        QCOMPARE(m_document->modelPath(), m_model);
        QVERIFY(m_document->report()->blocks[0].against);
        QCOMPARE(m_document->problems().front().code, QStringLiteral("not-opened"));
        m_document->openModel(other); // for another model it means nothing
        QVERIFY(settle());
        QVERIFY(!m_document->report() || !m_document->report()->blocks[0].against);
    }

    void closingWhileWorkIsUnderWayIsSafe() {
        m_document->openModel(m_model);
        m_window->close();
        m_window.reset();
        m_document.reset();
        QCoreApplication::processEvents();
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
