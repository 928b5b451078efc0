// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/models/text_table.h"
#include "ui/presenters/pixel_probe.h"
#include "ui/views/action_set.h"
#include "ui/views/activations_view.h"
#include "ui/views/map_pane.h"
#include "ui/views/pixel_view.h"

#include "core/exec/network.h"

#include <QLabel>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace rp;
using namespace rp::ui;

class TestPixelView : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model, m_deploy;

    PixelView& view() { return *m_window->findChild<PixelView*>(); }
    ActivationsView& maps() { return *m_window->findChild<ActivationsView*>(); }
    QTabWidget& tabs() { return *qobject_cast<QTabWidget*>(maps().parentWidget()->parentWidget()); }
    bool open(const QString& path, int block) {
        m_document->openModel(path);
        if (!settle()) return false;
        m_document->setBlock(block);
        return settle();
    }
    /// What the float64 engine puts there, computed once more from the file.
    static double byEngine(const LoadedModel& model, int block, const fusion::PixelPlace& p, Phase phase, const TensorD& x) {
        const auto engine = makeReferenceEngine();
        Network network(model.model(), model.forms, *engine);
        double value = NAN;
        RunHooks hooks;
        hooks.wantsSteps = [](std::size_t) { return true; };
        hooks.onStep = [&](std::size_t, const std::string& path, const MapPtr& map) {
            if (path != "sum") return;
            const TensorD sum = engine->read(map);
            value = sum[((p.sample * sum.size(1) + p.channel) * sum.size(2) + p.y) * sum.size(3) + p.x];
        };
        network.runBlock(static_cast<std::size_t>(block), engine->load(x), phase, hooks);
        return value;
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        m_deploy = m_folder.filePath(QStringLiteral("deploy.pth"));
        test::writeTinyFile(m_model.toStdString());
        test::writeTinyFile(m_deploy.toStdString(), {.deploy = true});
    }
    void init() { QVERIFY(show()); }
    void cleanup() { close(); }

    void aClickedElementIsExplainedAndAddsUp() {
        QVERIFY(open(m_model, 2));
        m_document->setSettings({EngineKind::float64, DispatchMethod::state});
        QVERIFY(settle());
        tabs().setCurrentWidget(&maps());
        MapPane* pane = maps().panes().back();
        QTest::mouseClick(pane, Qt::LeftButton, Qt::ControlModifier, QPoint(pane->width() / 2 - 9, pane->height() * 2 / 3));
        QCOMPARE(tabs().currentWidget(), &view());
        QVERIFY(settle());
        const PixelPtr pixel = view().probe().explanation();
        QVERIFY(pixel);
        QVERIFY(pixel->place.channel > 0 || pixel->place.y > 0);
        const TensorD& x = m_document->detail()->find(BlockMap::Role::input)->values;
        const double eval = byEngine(*m_document->model(), 2, pixel->place, Phase::eval, x);
        QVERIFY(std::abs(pixel->sum - eval) <= 1e-12 * (1 + std::abs(eval)));
        const double deploy = byEngine(*m_document->model(), 2, pixel->place, Phase::deploy, x);
        QVERIFY(std::abs(pixel->fused.value - deploy) <= 1e-12 * (1 + std::abs(deploy)));
        QVERIFY(std::abs(*view().probe().mapValue() - pixel->sum) <= 1e-12 * (1 + std::abs(eval)));
        QCOMPARE(view().channels()->model()->rowCount(), 8);
        QVERIFY(view().headline()->text().contains(QStringLiteral("rbr_1x1")));
    }

    void theKeyExplainsTheElementUnderTheCursor() {
        QVERIFY(open(m_model, 1));
        tabs().setCurrentWidget(&maps());
        const Shape shape = view().probe().outShape();
        maps().state().setCursor(MapViewState::Cursor{3, 2, 1, static_cast<int>(shape[2]), static_cast<int>(shape[3])});
        m_window->actionSet()[ActionId::explainPixel]->trigger();
        QVERIFY(settle());
        QVERIFY(view().probe().explanation());
        QVERIFY(view().probe().place() == (fusion::PixelPlace{0, 3, 2, 1}));
    }

    void numbersChooseAnElementAndStayWithinTheMap() {
        QVERIFY(open(m_model, 1));
        tabs().setCurrentWidget(&view());
        QVERIFY(settle());
        const QList<QSpinBox*> boxes = view().findChildren<QSpinBox*>();
        QCOMPARE(boxes.size(), 3);
        boxes[0]->setValue(1000);
        boxes[1]->setValue(0); // a corner: some taps lie in the padding
        boxes[2]->setValue(0);
        QVERIFY(settle());
        const PixelPtr pixel = view().probe().explanation();
        QVERIFY(pixel->place == (fusion::PixelPlace{0, view().probe().outShape()[1] - 1, 0, 0}));
        QVERIFY(pixel->isPadding.front());
        m_document->setBlock(3);
        QVERIFY(settle());
        QVERIFY(view().probe().explanation()->place.y < view().probe().outShape()[2]);
    }

    void aDeployFileHasItsKernelOnly() {
        QVERIFY(open(m_deploy, 1));
        tabs().setCurrentWidget(&view());
        QVERIFY(settle());
        QVERIFY(view().probe().explanation());
        QVERIFY(view().probe().explanation()->branches.empty());
        QVERIFY(view().headline()->text().startsWith(QStringLiteral("The file's kernel")));
    }

    void withoutAModelItSaysWhatToDo() {
        tabs().setCurrentWidget(&view());
        QVERIFY(view().probe().message().contains(QStringLiteral("Open a model")));
    }

    void aWindowThatClosesDuringTheJobIsNoTrouble() {
        QVERIFY(open(m_model, 1));
        tabs().setCurrentWidget(&view());
        view().probe().choose(0, 1, 1);
        view().probe().choose(1, 1, 1); // supersedes
        m_window.reset();
        QVERIFY(settle());
    }
};

QTEST_MAIN(TestPixelView)
#include "tst_pixel_view.moc"
