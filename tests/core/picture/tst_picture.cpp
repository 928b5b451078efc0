// SPDX-License-Identifier: Apache-2.0
#include "core/picture/common_range.h"
#include "core/picture/mosaic.h"

#include <algorithm>
#include <limits>

#include <QTest>

using namespace rp;
using namespace rp::picture;

namespace {

struct Image {
    std::int64_t width = 0, height = 0;
    std::vector<std::uint32_t> pixels;
};

Image painted(const TensorD& map, std::int64_t sample, const MosaicLayout& layout, const MosaicStyle& style, const MosaicPart& part,
              std::int64_t width, std::int64_t height) {
    Image image{width, height, std::vector<std::uint32_t>(static_cast<std::size_t>(width * height))};
    paintMosaic(map, sample, layout, style, part, {image.pixels.data(), width, height, width});
    return image;
}

/// One pixel per element.
Image wholeMosaic(const TensorD& map, std::int64_t sample, const MosaicLayout& layout, const MosaicStyle& style) {
    return painted(map, sample, layout, style, MosaicPart::whole(layout), layout.width(), layout.height());
}

std::uint32_t pixelOf(Rgb c) {
    return 0xff000000u | std::uint32_t{c.r} << 16 | std::uint32_t{c.g} << 8 | c.b;
}

} // namespace

class TestPicture : public QObject {
    Q_OBJECT
private slots:
    void divergingMapIsCentredOnWhite();
    void sequentialMapHasItsEnds();
    void nonFiniteValuesHaveTheirOwnColour();
    void rangesAreSymmetricOrTight();
    void oneOutlierDoesNotMakeEverythingElsePale();
    void channelFiguresAreOverAllSamplesAndFiniteElements();
    void channelsStandInOrderAndOnTheirOwnScale();
    void everyElementIsPaintedWhereHitTestingFindsIt();
    void aPartIsPaintedAtAnySize();
    void whatShrinksIsTheMeanOfWhatItCovers();
    void nothingFiniteHidesWhatIsNot();
    void oneChannelAndManyChannels();
    void aMapThatIsAPictureHasItsColours();
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
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const TensorD a(Shape{1, 1, 1, 3}, {-1, 3, nan}), b(Shape{1, 1, 1, 2}, {0.5, -2});
    const CommonRange common = commonRange({&a, &b});
    QCOMPARE(common.largest, 3.0);
    QCOMPARE(common.diverging.low, -common.diverging.high);
    QCOMPARE(common.sequential.low, -2.0);
    QVERIFY(common.sequential.high >= 0.5);
    const TensorD zeros(Shape{1, 1, 1, 2}), nothing(Shape{1, 1, 0, 0});
    for (const CommonRange& range : {commonRange({&zeros}), commonRange({&nothing}), commonRange({})}) {
        QVERIFY(range.diverging.low < range.diverging.high);
        QVERIFY(range.sequential.low < range.sequential.high);
    }
}

void TestPicture::oneOutlierDoesNotMakeEverythingElsePale() {
    TensorD map(Shape{1, 1, 40, 40});
    for (std::int64_t i = 0; i < map.count(); ++i) map.edit()[static_cast<std::size_t>(i)] = i % 2 ? 1 : -1;
    map.edit()[7] = 1000;
    const CommonRange common = commonRange({&map});
    QCOMPARE(common.diverging.high, 1.0);
    QCOMPARE(common.sequential.low, -1.0);
    QCOMPARE(common.sequential.high, 1.0);
    QCOMPARE(common.largest, 1000.0);
}

void TestPicture::channelFiguresAreOverAllSamplesAndFiniteElements() {
    const double infinity = std::numeric_limits<double>::infinity();
    const TensorD map(Shape{2, 2, 1, 2}, {1, 2, infinity, infinity, -3, 0, infinity, 5});
    const std::vector<ChannelFigures> figures = channelFigures(map);
    QCOMPARE(figures.size(), std::size_t{2});
    QCOMPARE(figures[0].low, -3.0);
    QCOMPARE(figures[0].high, 2.0);
    QCOMPARE(figures[0].meanSquare, (1.0 + 4 + 9 + 0) / 4);
    QCOMPARE(figures[1].meanSquare, 25.0);
    QCOMPARE(rangeOf(figures[0], ColourMap::diverging).high, 3.0);
    QCOMPARE(rangeOf(figures[0], ColourMap::sequential).low, -3.0);
    QCOMPARE(rangeOf(figures[0], ColourMap::sequential).high, 2.0);
    const Range single = rangeOf(figures[1], ColourMap::sequential);
    QVERIFY(single.low < 5 && single.high > 5);
}

void TestPicture::channelsStandInOrderAndOnTheirOwnScale() {
    const TensorD map(Shape{1, 3, 1, 1}, {1, 20, -300});
    const MosaicLayout layout{3, 1, 1, 3, 1};
    MosaicStyle style{ColourMap::sequential, {{0, 2}, {0, 20}, {-300, 0}}, {2, 0, 1}, {}};
    const Image image = wholeMosaic(map, 0, layout, style);
    auto pixel = [](double value, Range range) {
        const Rgb c = colourOf(value, range, ColourMap::sequential);
        return 0xff000000u | std::uint32_t{c.r} << 16 | std::uint32_t{c.g} << 8 | c.b;
    };
    QCOMPARE(image.pixels[0], pixel(-300, {-300, 0})); // channel 2 stands first
    QCOMPARE(image.pixels[2], pixel(1, {0, 2}));
    QCOMPARE(image.pixels[4], pixel(20, {0, 20}));
    QVERIFY(image.pixels[0] != image.pixels[4]);
}

void TestPicture::everyElementIsPaintedWhereHitTestingFindsIt() {
    // Sample 1 of two; each element has a value of its own, so a colour names it (the palette has 1,025 steps).
    const std::int64_t channels = 5, h = 3, w = 2;
    TensorD map(Shape{2, channels, h, w});
    for (std::int64_t i = 0; i < map.count(); ++i) map.edit()[static_cast<std::size_t>(i)] = static_cast<double>(i) / 64;
    const MosaicLayout layout = layOut(channels, h, w);
    const Range range{-1, 1};
    const Image image = wholeMosaic(map, 1, layout, {ColourMap::diverging, {range}, {}, {1, 2, 3}});
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

void TestPicture::aPartIsPaintedAtAnySize() {
    TensorD map(Shape{1, 2, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7});
    const MosaicLayout layout{2, 2, 2, 2, 1}; // 5 x 2 pixels, a gap in the middle
    const Range range{0, 7};
    const MosaicStyle style{ColourMap::sequential, {range}, {}, {9, 9, 9}};
    const Image whole = wholeMosaic(map, 0, layout, style);
    const Image grown = painted(map, 0, layout, style, MosaicPart::whole(layout), 15, 6);
    for (std::int64_t y = 0; y < 6; ++y)
        for (std::int64_t x = 0; x < 15; ++x)
            QCOMPARE(grown.pixels[static_cast<std::size_t>(y * 15 + x)], whole.pixels[static_cast<std::size_t>(y / 3 * 5 + x / 3)]);
    // From the middle of the second column on: half an element, the gap, half an element; one row.
    const Image part = painted(map, 0, layout, style, {1.5, 1, 2, 1}, 4, 1);
    QCOMPARE(part.pixels, (std::vector<std::uint32_t>{whole.pixels[6], whole.pixels[7], whole.pixels[7], whole.pixels[8]}));
    QCOMPARE(part.pixels[1], 0xff090909u);
}

void TestPicture::whatShrinksIsTheMeanOfWhatItCovers() {
    const TensorD map(Shape{1, 1, 2, 4}, {0, 1, 2, 2, 3, 4, 6, 6});
    const MosaicLayout layout{1, 2, 4, 1, 1};
    const Range range{0, 8};
    const Image image =
        painted(map, 0, layout, {ColourMap::sequential, {range}, {}, {}}, MosaicPart::whole(layout), 2, 1);
    QCOMPARE(image.pixels, (std::vector<std::uint32_t>{pixelOf(colourOf(2, range, ColourMap::sequential)),
                                                       pixelOf(colourOf(4, range, ColourMap::sequential))}));
    // Two channels of one element and the gap between them in one pixel: two thirds mean, one third gap.
    const TensorD pair(Shape{1, 2, 1, 1}, {0, 8});
    const MosaicLayout beside{2, 1, 1, 2, 1};
    const Image mixed =
        painted(pair, 0, beside, {ColourMap::diverging, {range}, {}, {0, 0, 0}}, MosaicPart::whole(beside), 1, 1);
    const std::uint32_t expected = 255 * (256 - 85) / 256; // white, a third of it black
    QCOMPARE(mixed.pixels.front(), 0xff000000u | expected << 16 | expected << 8 | expected);
}

void TestPicture::nothingFiniteHidesWhatIsNot() {
    TensorD map(Shape{1, 4, 8, 8});
    map.edit()[3 * 64 + 21] = std::numeric_limits<double>::infinity();
    const MosaicLayout layout{4, 8, 8, 2, 2};
    const Image image =
        painted(map, 0, layout, {ColourMap::diverging, {Range{}}, {}, {}}, MosaicPart::whole(layout), 4, 4);
    QCOMPARE(std::ranges::count(image.pixels, pixelOf(kNotFinite)), 1);
}

void TestPicture::oneChannelAndManyChannels() {
    QCOMPARE(layOut(1, 7, 7).width(), std::int64_t{7});
    const MosaicLayout many = layOut(2560, 7, 7, 1.6);
    QVERIFY(many.columns * many.rows >= 2560);
    const double aspect = static_cast<double>(many.width()) / static_cast<double>(many.height());
    QVERIFY(aspect > 1.4 && aspect < 1.8);
    QCOMPARE(layOut(0, 7, 7).width(), std::int64_t{0});
}

void TestPicture::aMapThatIsAPictureHasItsColours() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    // Second sample, one row: magenta, the colour of what is not finite, is a colour like any other.
    TensorD colour(Shape{2, 3, 1, 4});
    const std::vector<double> second{1, 0, 0.2, 2, 0, 1, 0.4, -1, 1, 0, 0.6, nan};
    std::ranges::copy(second, colour.edit().begin() + 12);
    const TensorD grey(Shape{1, 1, 1, 2}, {0.0, 0.5});
    auto pixelsOf = [](const TensorD& map, std::int64_t sample) {
        const MosaicLayout layout = pictureLayout(map);
        std::vector<std::uint32_t> pixels(static_cast<std::size_t>(layout.width() + 3), 7u);
        paintPicture(map, sample, {0, 1}, MosaicPart::whole(layout),
                     {pixels.data(), layout.width(), layout.height(), layout.width() + 3});
        return pixels;
    };
    const std::vector<std::uint32_t> expected{0xffff00ff, 0xff00ff00, 0xff336699, 0xffff00ff, 7, 7, 7};
    QCOMPARE(pixelsOf(colour, 1), expected);
    QCOMPARE(pixelsOf(grey, 0), (std::vector<std::uint32_t>{0xff000000, 0xff808080, 7, 7, 7}));
}

QTEST_APPLESS_MAIN(TestPicture)
#include "tst_picture.moc"
