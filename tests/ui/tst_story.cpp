// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/models/block_tree_model.h"
#include "ui/models/roles.h"
#include "ui/presenters/display_text.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/details_tabs.h"
#include "ui/views/kernel_grid.h"
#include "ui/views/kernel_view.h"
#include "ui/views/map_pane.h"
#include "ui/views/settings_bar.h"
#include "ui/views/verdict_banner.h"

#include "core/exec/network.h"
#include "core/verify/verify.h"

#include <QAbstractButton>
#include <QApplication>
#include <QButtonGroup>
#include <QFileDialog>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTreeView>

using namespace rp;
using namespace rp::ui;

/// The whole job by mouse and keyboard: open, select, toggle, find the worst block, read why, export. What is on
/// screen is compared with what core says of the same file and input.
class TestStory : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    // What core says.
    families::OpenedModel m_opened;
    fusion::ModelFusion m_fusion;
    std::optional<verify::Report> m_report;

    void askCore() {
        m_opened = families::openModel(m_model.toStdString());
        m_fusion = fusion::fuseModel(m_opened.model);
        const TensorD input = verify::seededInput(m_opened.model.defaultInput);
        verify::VerifyOptions options;
        options.inputIsNoise = true;
        m_report = verify::verifyModel(m_opened, m_fusion, input, options);
    }
    TensorD branchByCore(std::size_t block, const std::string& branch) {
        const ModelForms forms = m_fusion.forms(m_opened.model);
        const auto engine = makeFloat32Engine();
        Network network(m_opened.model, forms, *engine);
        TensorD values;
        RunHooks hooks;
        hooks.wantsSteps = [block](std::size_t b) { return b == block; };
        hooks.onStep = [&](std::size_t, const std::string& path, const MapPtr& map) {
            if (path == branch) values = engine->read(map);
        };
        network.run(engine->load(verify::seededInput(m_opened.model.defaultInput)), Phase::eval, hooks);
        return values;
    }

    QModelIndex rowOf(int block) {
        const QTreeView* tree = m_window->findChild<BlockTreeView*>()->tree();
        const QModelIndexList found = tree->model()->match(tree->model()->index(0, 0), BlockRole, block, 1,
                                                           Qt::MatchExactly | Qt::MatchRecursive);
        return found.value(0);
    }
    void clickBlock(int block) {
        QTreeView* tree = m_window->findChild<BlockTreeView*>()->tree();
        tree->scrollTo(rowOf(block));
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(rowOf(block)).center());
    }
    void clickTab(QTabWidget& tabs, const QString& title) {
        for (int i = 0; i < tabs.count(); ++i)
            if (tabs.tabText(i) == title)
                QTest::mouseClick(tabs.tabBar(), Qt::LeftButton, {}, tabs.tabBar()->tabRect(i).center());
    }
    /// Presses a key that opens a file dialog and names a file in it.
    void saveByKey(Qt::Key key, const QString& path) {
        QTimer poll;
        connect(&poll, &QTimer::timeout, this, [&] {
            auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (!dialog) return;
            poll.stop();
            dialog->selectFile(path);
            QMetaObject::invokeMethod(dialog, "accept");
        });
        poll.start(5);
        QTest::keyClick(m_window.get(), key, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!poll.isActive());
    }

private slots:
    void initTestCase() {
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(m_model.toStdString());
        askCore();
    }
    void init() { QVERIFY(show()); }
    void cleanup() { close(); }

    void fromTheDroppedFileToTheSavedTable() {
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        rp::test::drop(*m_window, {m_model});
        QVERIFY(settle());

        // Does it agree? The verdict and every block's figure are core's.
        const QString banner = m_window->findChild<VerdictBanner*>()->text();
        QVERIFY(banner.contains(toQString(verify::toString(m_report->verdict)).toUpper()));
        for (std::size_t i = 0; i < m_report->blocks.size(); ++i) {
            const QModelIndex row = rowOf(static_cast<int>(i));
            QVERIFY(row.isValid());
            QVERIFY(std::abs(row.data(SnrRole).toDouble() - *m_report->blocks[i].local->snr) < 0.5);
        }

        // Where not? The button of the banner goes to the block that is closest to its limit.
        double worst = 0;
        std::size_t expected = 0;
        for (std::size_t i = 0; i < m_report->blocks.size(); ++i) {
            const double used = m_report->blocks[i].local->maxAbs / m_report->blocks[i].roundingBound;
            if (used > worst) expected = i;
            worst = std::max(worst, used);
        }
        clickBlock(static_cast<int>(expected) == 0 ? 1 : 0);
        for (auto* button : m_window->findChild<VerdictBanner*>()->findChildren<QAbstractButton*>())
            if (button->isVisible()) QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(m_document->block(), static_cast<int>(expected));

        // A block by the mouse; its branch under the mouse is what core computes for it.
        clickBlock(2);
        QCOMPARE(m_document->block(), 2);
        QVERIFY(settle());
        auto* tabs = m_window->centralWidget()->findChild<QTabWidget*>();
        clickTab(*tabs, QStringLiteral("Activations"));
        auto* activations = m_window->findChild<ActivationsView*>();
        MapPane* pane = activations->panes()[1];
        const TensorD branch = branchByCore(2, "rbr_dense");
        QCOMPARE(pane->map().shape(), branch.shape());
        int met = 0;
        for (int y = pane->height() / 2; y < pane->height(); y += 7)
            for (int x = 8; x < pane->width(); x += 9) {
                QMouseEvent move(QEvent::MouseMove, QPointF(x, y), pane->mapToGlobal(QPointF(x, y)), Qt::NoButton, Qt::NoButton, {});
                QCoreApplication::sendEvent(pane, &move);
                const auto& at = activations->state().cursor();
                if (!at) continue;
                const double core = branch[(at->channel * branch.size(2) + at->y) * branch.size(3) + at->x];
                QVERIFY(std::abs(pane->valueAtCursor().value() - core) <= 1e-5 * std::max(1.0, std::abs(core)));
                ++met;
            }
        QVERIFY(met > 50);

        // The other phase by a click on its button.
        QAbstractButton* deploy = m_window->findChild<SettingsBar*>()->phases()->button(static_cast<int>(Phase::deploy));
        QTest::mouseClick(deploy, Qt::LeftButton);
        QVERIFY(settle());
        QCOMPARE(activations->panes()[1]->title(), QStringLiteral("fused kernel"));

        // Why? The kernel's cells are core's, and the answers are its sentences.
        clickTab(*tabs, QStringLiteral("Kernel"));
        const fusion::FuseResult fused = fusion::fuse(*m_opened.model.blocks[2].body, m_opened.model.blocks[2].inChannels);
        const KernelGrid* sum = m_window->findChild<KernelView*>()->grids()[fused.branches.size()];
        for (std::size_t cell = 0; cell < 9; ++cell)
            QCOMPARE(sum->slice().values[cell], fused.fused()->kernel.weight[static_cast<std::int64_t>(cell)]);
        auto* details = m_window->findChild<DetailsTabs*>();
        clickTab(*details, QStringLiteral("Answers"));
        QStringList answers;
        for (int row = 0; row < details->currentTable()->rowCount(); ++row)
            answers << details->currentTable()->index(row, 1).data().toString();
        QVERIFY(answers.join(u' ').contains(toQString(m_report->questions.algebra.sentence)));

        // Out of the window, by its key and the dialog.
        const QString table = m_folder.filePath(QStringLiteral("blocks.csv"));
        saveByKey(Qt::Key_B, table);
        QFile file(table);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        for (const verify::BlockReport& block : m_report->blocks) QVERIFY(text.contains(block.name.c_str()));
    }
};

QTEST_MAIN(TestStory)
#include "tst_story.moc"
