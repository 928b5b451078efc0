// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "ui/views/map_pane.h"

#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>

#include <numeric>
#include <set>

using namespace rp;
using namespace rp::ui;

/// Two channels of 4 x 4 whose elements are 0, 1, 2 …, so that a value names its element.
class TestMapPane : public QObject {
    Q_OBJECT

    std::unique_ptr<MapViewState> m_state;
    std::unique_ptr<MapPane> m_pane;

    static TensorD counting(Shape shape) {
        TensorD map(std::move(shape));
        std::iota(map.edit().begin(), map.edit().end(), 0.0);
        return map;
    }
    void show(const TensorD& map, std::vector<std::int64_t> order = {}) {
        const double most = static_cast<double>(map.count());
        m_pane->show(QStringLiteral("x"), {}, map, {{-most, most}}, std::move(order));
        m_pane->grab();
    }
    void moveTo(QPointF position, Qt::MouseButtons buttons = Qt::NoButton) {
        QMouseEvent move(QEvent::MouseMove, position, m_pane->mapToGlobal(position), Qt::NoButton, buttons, {});
        QCoreApplication::sendEvent(m_pane.get(), &move);
    }
    void turnWheel(QPointF position, int steps) {
        QWheelEvent wheel(position, m_pane->mapToGlobal(position), {}, {0, 120 * steps}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_pane.get(), &wheel);
        m_pane->grab();
    }
    std::optional<double> valueAt(QPointF position) {
        moveTo(position);
        return m_pane->valueAtCursor();
    }
    /// All values that the mouse meets on the pane.
    std::set<double> met() {
        std::set<double> values;
        for (int y = 0; y < m_pane->height(); y += 2)
            for (int x = 0; x < m_pane->width(); x += 2)
                if (const auto value = valueAt(QPointF(x, y))) values.insert(*value);
        return values;
    }

private slots:
    void init() {
        rp::test::failOnWarnings();
        m_state = std::make_unique<MapViewState>();
        m_pane = std::make_unique<MapPane>(*m_state);
        m_pane->resize(300, 240);
    }

    void theWheelKeepsTheElementUnderTheMouse() {
        show(counting({1, 2, 4, 4}));
        QCOMPARE(met().size(), std::size_t{32});
        for (QPointF place : {QPointF(60, 120), QPointF(200, 150), QPointF(120, 90)}) {
            const auto before = valueAt(place);
            QVERIFY(before);
            for (int steps : {1, 3, 2}) {
                turnWheel(place, steps);
                QCOMPARE(valueAt(place), before);
            }
            QVERIFY(m_state->window().zoom > 3);
            turnWheel(place, -20);
            QCOMPARE(m_state->window().zoom, 1.0);
        }
    }

    void zoomedPanesShowAPartAndNeverAnEmptyEdge() {
        show(counting({1, 2, 4, 4}));
        const double fitting = m_pane->elementSide();
        m_state->setWindow({4, {0.99, 0.99}});
        m_pane->grab();
        QCOMPARE(m_pane->elementSide(), 4 * fitting);
        const std::set<double> seen = met();
        QVERIFY(!seen.empty() && seen.size() < 32);
        QVERIFY(seen.contains(31) && !seen.contains(0)); // the last element of the last channel is in the corner
    }

    void draggingMovesThePartThatIsSeen() {
        show(counting({1, 2, 4, 4}));
        m_state->setWindow({6, {0.3, 0.5}}); // within the first channel
        m_pane->grab();
        const QPointF from(150, 150), to(90, 110);
        const auto grabbed = valueAt(from);
        QVERIFY(grabbed);
        QTest::mousePress(m_pane.get(), Qt::LeftButton, {}, from.toPoint());
        moveTo(to, Qt::LeftButton);
        QTest::mouseRelease(m_pane.get(), Qt::LeftButton, {}, to.toPoint());
        m_pane->grab();
        QCOMPARE(valueAt(to), grabbed);
        QCOMPARE(m_state->channel(), -1); // a drag is no click
    }

    void numbersStandInTheCellsWhenTheyFit() {
        show(counting({1, 8, 8, 8}));
        QVERIFY(!m_pane->showsNumbers());
        const QImage without = m_pane->grab().toImage();
        m_state->setChannel(3);
        m_pane->resize(500, 500);
        m_pane->grab();
        QVERIFY(m_pane->showsNumbers());
        // Ink on the flat colour of one element: more than one colour within its inner part.
        std::set<QRgb> inks;
        const QImage picture = m_pane->grab().toImage();
        const auto side = static_cast<int>(m_pane->elementSide());
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x) inks.insert(picture.pixel(m_pane->width() / 2 + x - side / 2, m_pane->height() / 2 + y));
        QVERIFY(inks.size() > 4);
    }

    void sortedChannelsKeepTheirNames() {
        show(counting({1, 3, 2, 2}), {2, 0, 1});
        // The first cell from the left and top holds channel 2, whose elements are 8 to 11.
        std::optional<double> first;
        for (int y = 0; y < m_pane->height() && !first; ++y)
            for (int x = 0; x < m_pane->width() && !first; ++x) first = valueAt(QPointF(x, y));
        QCOMPARE(first, std::optional<double>(8));
        QCOMPARE(m_state->cursor()->channel, 2);
        QCOMPARE(met().size(), std::size_t{12});
    }

    void arrowKeysWalkOverTheElementsAndAcrossTheGap() {
        show(counting({1, 2, 1, 2}), {1, 0}); // cells: channel 1 (2, 3), channel 0 (0, 1)
        m_pane->resize(400, 140);
        m_pane->grab();
        std::vector<double> walked;
        for (int i = 0; i < 5; ++i) {
            QTest::keyClick(m_pane.get(), Qt::Key_Right);
            walked.push_back(m_pane->valueAtCursor().value_or(-1));
        }
        QCOMPARE(walked, (std::vector<double>{2, 3, 0, 1, 1})); // at the end it stays
        QTest::keyClick(m_pane.get(), Qt::Key_Return);
        QCOMPARE(m_state->channel(), 0);
        QTest::keyClick(m_pane.get(), Qt::Key_Return);
        QCOMPARE(m_state->channel(), -1);
    }

    void panesWithoutNumbersAreHarmless() {
        for (const Shape& shape : {Shape{0, 0, 0, 0}, Shape{1, 1, 1, 1}, Shape{1, 2560, 1, 1}}) {
            show(counting(shape));
            turnWheel(QPointF(150, 150), 2);
            QTest::keyClick(m_pane.get(), Qt::Key_Down);
            QTest::mouseClick(m_pane.get(), Qt::LeftButton, {}, QPoint(150, 150));
            m_state->setChannel(-1);
            m_state->setCursor(std::nullopt);
        }
        m_pane->resize(8, 8); // no room at all
        m_pane->grab();
    }
};

QTEST_MAIN(TestMapPane)
#include "tst_map_pane.moc"
