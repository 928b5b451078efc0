// SPDX-License-Identifier: Apache-2.0
#include "core/picture/mosaic.h"

#include <limits>

#include <QTest>

using namespace rp;
using namespace rp::picture;

class TestPicture : public QObject {
    Q_OBJECT
private slots:
    void divergingMapIsCentredOnWhite();
    void sequentialMapHasItsEnds();
    void nonFiniteValuesHaveTheirOwnColour();
    void rangesAreSymmetricOrTight();
    void everyElementIsPaintedWhereHitTestingFindsIt();
    void oneChannelAndManyChannels();
};

void TestPicture::divergingMapIsCentredOnWhite() {
    const Range range{-2, 2};
    QVERIFY((colourOf(0, range, ColourMap::diverging) == Rgb{255, 255, 255}));
    QVERIFY((colourOf(2, range, ColourMap::diverging) == Rgb{178, 24, 43}));
    QVERIFY((colourOf(-2, range, ColourMap::diverging) == Rgb{33, 102, 172}));
    QVERIFY((colourOf(99, range, ColourMap::diverging) == Rgb{178, 24, 43}));
}

void TestPicture::sequentialMapHasItsEnds() {
    QVERIFY((colourOf(0, {0, 1}, ColourMap::sequential) == Rgb{68, 1, 84}));
    QVERIFY((colourOf(1, {0, 1}, ColourMap::sequential) == Rgb{253, 231, 37}));
}

void TestPicture::nonFiniteValuesHaveTheirOwnColour() {
    for (double v : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
        QVERIFY(colourOf(v, {-1, 1}, ColourMap::diverging) == kNotFinite);
}

void TestPicture::rangesAreSymmetricOrTight() {
    const std::vector<double> values{-1, 3, std::numeric_limits<double>::quiet_NaN()};
    const Range d = rangeOf(values, ColourMap::diverging), s = rangeOf(values, ColourMap::sequential);
    QCOMPARE(d.low, -3.0);
    QCOMPARE(d.high, 3.0);
    QCOMPARE(s.low, -1.0);
    QCOMPARE(s.high, 3.0);
    const std::vector<double> zeros{0, 0};
    QVERIFY(rangeOf(zeros, ColourMap::diverging).low < rangeOf(zeros, ColourMap::diverging).high);
    QVERIFY(rangeOf({}, ColourMap::sequential).low < rangeOf({}, ColourMap::sequential).high);
}

void TestPicture::everyElementIsPaintedWhereHitTestingFindsIt() {
    // Sample 1 of two; each element has a value of its own, so a colour names it (the palette has 1,025 steps).
    const std::int64_t channels = 5, h = 3, w = 2;
    TensorD map(Shape{2, channels, h, w});
    for (std::int64_t i = 0; i < map.count(); ++i) map.edit()[static_cast<std::size_t>(i)] = static_cast<double>(i) / 64;
    const MosaicLayout layout = layOut(channels, h, w);
    const Range range{-1, 1};
    const Image image = mosaic(map, 1, layout, range, ColourMap::diverging, {1, 2, 3});
    std::int64_t seen = 0;
    for (std::int64_t y = 0; y < image.height; ++y)
        for (std::int64_t x = 0; x < image.width; ++x) {
            const std::uint32_t pixel = image.pixels[static_cast<std::size_t>(y * image.width + x)];
            const auto cell = layout.at(x, y);
            if (!cell) {
                QCOMPARE(pixel, 0xff010203u);
                continue;
            }
            ++seen;
            const Rgb c = colourOf(map[((channels + cell->channel) * h + cell->y) * w + cell->x], range, ColourMap::diverging);
            QCOMPARE(pixel, 0xff000000u | std::uint32_t{c.r} << 16 | std::uint32_t{c.g} << 8 | c.b);
        }
    QCOMPARE(seen, channels * h * w);
    QVERIFY(!layout.at(-1, 0) && !layout.at(image.width, 0));
}

void TestPicture::oneChannelAndManyChannels() {
    QCOMPARE(layOut(1, 7, 7).width(), std::int64_t{7});
    const MosaicLayout many = layOut(2560, 7, 7, 1.6);
    QVERIFY(many.columns * many.rows >= 2560);
    const double aspect = static_cast<double>(many.width()) / static_cast<double>(many.height());
    QVERIFY(aspect > 1.4 && aspect < 1.8);
    QCOMPARE(layOut(0, 7, 7).width(), std::int64_t{0});
}

QTEST_APPLESS_MAIN(TestPicture)
#include "tst_picture.moc"
