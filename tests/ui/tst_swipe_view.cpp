// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/map_pair.h"
#include "ui/views/map_pane.h"
#include "ui/views/swipe_view.h"

#include <QComboBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace rp;
using namespace rp::ui;

using Role = BlockMap::Role;

class TestSwipeView : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    SwipeView& view() { return *m_window->findChild<SwipeView*>(); }

private slots:
    void init() {
        QVERIFY(show());
        const QString path = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(path.toStdString());
        m_document->openModel(path);
        QVERIFY(settle());
        m_document->setBlock(2);
        qobject_cast<QTabWidget*>(view().parentWidget()->parentWidget())->setCurrentWidget(&view());
        QVERIFY(settle());
    }
    void cleanup() { close(); }

    /// The sum in the other form, put together here, is what phase deploy itself computes.
    void atFirstBothFormsOfTheSumAreCompared() {
        m_document->setBlock(0); // what goes into it is the same in both phases
        QVERIFY(settle());
        QVERIFY(view().pair().maps());
        QCOMPARE(view().pair().nameA(), QStringLiteral("sum"));
        QCOMPARE(view().pair().nameB(), QStringLiteral("sum, phase deploy"));
        const TensorD other = view().pair().maps()->b;
        m_document->setPhase(Phase::deploy);
        QVERIFY(settle());
        const TensorD& fused = m_document->detail()->find(Role::sum)->values;
        QVERIFY(other.shape() == fused.shape());
        for (std::int64_t i = 0; i < fused.count(); ++i) QVERIFY(std::abs(other[i] - fused[i]) <= 1e-12 * (1 + std::abs(fused[i])));
    }

    void anyTwoMapsAreSubtracted() {
        view().choiceA()->setCurrentText(QStringLiteral("rbr_dense"));
        view().choiceB()->setCurrentText(QStringLiteral("rbr_1x1"));
        QVERIFY(settle());
        const ComparedMapsPtr maps = view().pair().maps();
        QVERIFY(maps && maps->difference);
        const BlockDetailPtr& detail = m_document->detail();
        const TensorD& a = detail->find(MapKey{Role::branch, QStringLiteral("rbr_dense")})->values;
        const TensorD& b = detail->find(MapKey{Role::branch, QStringLiteral("rbr_1x1")})->values;
        for (std::int64_t i = 0; i < a.count(); ++i) QCOMPARE((*maps->difference)[i], a[i] - b[i]);
        QVERIFY(view().difference().map() == *maps->difference);
        QCOMPARE(view().swipe().a().ranges().front().high, view().swipe().b().ranges().front().high);
        m_document->setBlock(4); // the choice stays where the block has such maps
        QVERIFY(settle());
        QCOMPARE(view().pair().nameA(), QStringLiteral("rbr_dense"));
    }

    void mapsOfOtherSizesHaveNoDifference() {
        m_document->setBlock(1); // stride 2
        QVERIFY(settle());
        view().choiceA()->setCurrentText(QStringLiteral("x"));
        QVERIFY(settle());
        QVERIFY(view().pair().maps() && !view().pair().maps()->difference);
        QVERIFY(view().difference().isHidden());
    }

    void theLineIsMovedByMouseAndKeys() {
        SwipePane& swipe = view().swipe();
        QCOMPARE(swipe.share(), 0.5);
        QWidget* line = swipe.childAt(swipe.width() / 2, 3);
        QTest::keyClick(line, Qt::Key_Right);
        QCOMPARE(swipe.share(), 0.52);
        QTest::mousePress(line, Qt::LeftButton, {}, QPoint(4, 40));
        QTest::mouseMove(line, QPoint(-60, 40));
        QMouseEvent move(QEvent::MouseMove, QPointF(-60, 40), line->mapToGlobal(QPointF(-60, 40)), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(line, &move);
        QVERIFY(swipe.share() < 0.5);
        swipe.setShare(7);
        QCOMPARE(swipe.share(), 1.0);
    }
};

QTEST_MAIN(TestSwipeView)
#include "tst_swipe_view.moc"
