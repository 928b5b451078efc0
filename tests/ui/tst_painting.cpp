// SPDX-License-Identifier: Apache-2.0
#include "ui/views/map_pane.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QMouseEvent>
#include <QTest>

#include <set>

using namespace rp;
using namespace rp::ui;

class TestPainting : public QObject {
    Q_OBJECT

    /// Without buttons and without the platform's own pointer, so that every position arrives.
    static void moveMouse(QWidget& widget, const QPoint& position) {
        QMouseEvent move(QEvent::MouseMove, position, widget.mapToGlobal(position), Qt::NoButton,
                         Qt::NoButton, {});
        QCoreApplication::sendEvent(&widget, &move);
    }

private slots:
    void aCanvasIsTheImage() {
        QImage image(3, 2, QImage::Format_RGB32);
        const picture::Canvas canvas = canvasOf(image);
        QVERIFY(canvas.width == 3 && canvas.height == 2);
        canvas.pixels[1 * canvas.stride + 2] = 0xff102030;
        QCOMPARE(image.pixel(2, 1), 0xff102030U);
    }

    void growsByWholeFactorsAndShrinksToFit() {
        QCOMPARE(placeIn({10, 10}, {0, 0, 49, 100}), QRect(4, 30, 40, 40));
        QCOMPARE(placeIn({10, 10}, {0, 0, 29, 29}).size(), QSize(25, 25));
        QCOMPARE(placeIn({100, 50}, {0, 0, 50, 50}).size(), QSize(50, 25));
        QVERIFY(placeIn({0, 0}, {0, 0, 50, 50}).isEmpty());
    }

    void nearestNeighbourKeepsEveryColour() {
        QImage image(2, 1, QImage::Format_RGB32);
        image.setPixel(0, 0, 0xffff0000);
        image.setPixel(1, 0, 0xff0000ff);
        const QImage scaled = scaledTo(image, {8, 4});
        QCOMPARE(scaled.pixel(3, 3), 0xffff0000U);
        QCOMPARE(scaled.pixel(4, 0), 0xff0000ffU);
    }

    void choosesTheGridInWhichCellsStandLargest() {
        const auto wide = fittingLayout(8, 10, 10, {800, 100});
        QCOMPARE(wide.columns, std::int64_t{8});
        const auto tall = fittingLayout(8, 10, 10, {100, 800});
        QCOMPARE(tall.columns, std::int64_t{1});
        const auto square = fittingLayout(9, 10, 10, {300, 300});
        QCOMPARE(square.columns, std::int64_t{3});
        QCOMPARE(square.rows, std::int64_t{3});
    }

    void aPaneTellsTheElementUnderTheMouseAndFocusesItsChannel() {
        MapViewState state;
        MapPane pane(state);
        pane.resize(200, 260);
        TensorD map(Shape{1, 2, 4, 4});
        for (std::int64_t i = 0; i < map.count(); ++i)
            map.edit()[static_cast<std::size_t>(i)] = static_cast<double>(i);
        pane.show(QStringLiteral("x"), {}, map, {{-32, 32}});
        // Somewhere in the picture every element is met, and the pane reports its own value for it.
        std::set<double> met;
        QPoint inside;
        for (int y = 0; y < pane.height(); ++y)
            for (int x = 0; x < pane.width(); x += 3) {
                moveMouse(pane, {x, y});
                const auto value = pane.valueAtCursor();
                if (!value) continue;
                const auto& c = *state.cursor();
                QCOMPARE(*value, static_cast<double>((c.channel * 4 + c.y) * 4 + c.x));
                met.insert(*value);
                inside = {x, y};
            }
        QCOMPARE(met.size(), std::size_t{32});

        QTest::mouseClick(&pane, Qt::LeftButton, {}, inside);
        QCOMPARE(state.channel(), 1); // the last one met
        QTest::mouseClick(&pane, Qt::LeftButton, {}, inside);
        QCOMPARE(state.channel(), -1);
    }

    void everyToneHasAColourThatReadsOnItsPalette() {
        for (const QPalette& palette : {lightPalette(), darkPalette()})
            for (Tone tone : {Tone::none, Tone::note, Tone::working, Tone::pass, Tone::warn, Tone::fail}) {
                const QColor colour = toneColour(tone, palette), window = palette.color(QPalette::Window);
                QVERIFY(std::abs(colour.lightnessF() - window.lightnessF()) > 0.2F);
            }
        QVERIFY(isDark(darkPalette()));
        QVERIFY(!isDark(lightPalette()));
    }
};

QTEST_MAIN(TestPainting)
#include "tst_painting.moc"
