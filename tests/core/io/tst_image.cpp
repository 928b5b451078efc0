// SPDX-License-Identifier: Apache-2.0
#include "core/io/image.h"
#include "core/io/npy.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rp;
using namespace rp::io;
using test::refusal;
namespace fs = std::filesystem;

namespace {

using Floats = std::vector<float>;

Floats valuesOf(const TensorF& tensor) {
    return {tensor.values().begin(), tensor.values().end()};
}

bool close(const Floats& a, const Floats& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](float x, float y) { return std::abs(x - y) < 1e-6f; });
}

/// Pixel (y, x) is grey of value y * 100 + x.
Picture numbered(std::int64_t height, std::int64_t width) {
    Picture picture{height, width, TensorF({height, width, 3}), ""};
    std::size_t at = 0;
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c)
                picture.rgb.edit()[at++] = static_cast<float>(y * 100 + x);
    return picture;
}

Preprocessing recipe(std::int64_t side, std::int64_t height, std::int64_t width) {
    return {side, height, width, {0, 0, 0}, {1, 1, 1}, "test"};
}

} // namespace

class ImageTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsPnm() {
        const Picture picture = readPicture(file("p", "P6 2 1 255\n" + std::string("\xff\0\0\0\xff\x33", 6)));
        QCOMPARE(picture.rgb.shape(), (Shape{1, 2, 3}));
        QVERIFY(close(valuesOf(picture.rgb), {1, 0, 0, 0, 1, 0.2f})); // red, then green: RGB, not BGR
        QCOMPARE(picture.description, std::string("2x1, 8 bit, RGB"));
        QVERIFY(close(valuesOf(readPicture(file("g", "P5\n# grey\n1 1\n255\n\x80")).rgb),
                      Floats(3, 128 / 255.f)));
    }

    void readsPngKinds_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QList<float>>("expected");
        QTest::addColumn<QString>("description");
        const auto row = [](const char* name, const std::string& bytes, QList<float> expected,
                            const char* description) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << expected << QString(description);
        };
        row("RGB", test::png(1, 8, 2, {std::string("\xff\x00\x33", 3)}), {1, 0, 0.2f}, "1x1, 8 bit, RGB");
        row("grey", test::png(2, 8, 0, {std::string("\x00\xff", 2)}), {0, 0, 0, 1, 1, 1}, "2x1, 8 bit, grey");
        row("RGBA", test::png(1, 8, 6, {std::string("\xff\x00\x33\x00", 4)}), {1, 0, 0.2f},
            "1x1, 8 bit, RGBA"); // transparent, colour kept
        row("16 bit", test::png(1, 16, 2, {std::string("\x80\x00\x00\x01\xff\xff", 6)}),
            {32768 / 65535.f, 1 / 65535.f, 1}, "1x1, 16 bit, RGB");
        row("16 bit grey", test::png(1, 16, 0, {std::string("\x01\x00", 2)}),
            {256 / 65535.f, 256 / 65535.f, 256 / 65535.f}, "1x1, 16 bit, grey");
        row("two lines", test::png(1, 8, 0, {std::string(1, '\0'), "\xff"}), {0, 0, 0, 1, 1, 1},
            "1x2, 8 bit, grey");
    }
    void readsPngKinds() {
        QFETCH(QByteArray, bytes);
        QFETCH(QList<float>, expected);
        QFETCH(QString, description);
        const Picture picture = readPicture(file("p.png", bytes.toStdString()));
        QVERIFY(close(valuesOf(picture.rgb), Floats(expected.begin(), expected.end())));
        QCOMPARE(QString::fromStdString(picture.description), description);
    }

    void readsJpeg() {
        const Picture picture = readPicture(file("p.jpg", test::jpegBlackWhite()));
        QCOMPARE(picture.rgb.shape(), (Shape{8, 16, 3}));
        QCOMPARE(picture.rgb[0], 0.f);
        QCOMPARE(picture.rgb[15 * 3], 1.f);
        QCOMPARE(picture.description, std::string("16x8, 8 bit, grey"));
    }

    void turnsPhotosUpright_data() {
        QTest::addColumn<int>("orientation");
        QTest::addColumn<bool>("turned");
        QTest::addColumn<bool>("whiteFirst");
        QTest::newRow("as it is") << 1 << false << false;
        QTest::newRow("mirrored") << 2 << false << true;
        QTest::newRow("upside down") << 3 << false << true;
        QTest::newRow("turn right") << 6 << true << false; // the left edge comes to the top
        QTest::newRow("turn left") << 8 << true << true;
    }
    void turnsPhotosUpright() {
        QFETCH(int, orientation);
        QFETCH(bool, turned);
        QFETCH(bool, whiteFirst);
        const Picture picture = readPicture(file("p.jpg", test::jpegBlackWhite(orientation)));
        QCOMPARE(picture.width, turned ? 8 : 16);
        QCOMPARE(picture.height, turned ? 16 : 8);
        QCOMPARE(picture.rgb[0], whiteFirst ? 1.f : 0.f);
        QCOMPARE(picture.rgb[picture.rgb.count() - 1], whiteFirst ? 0.f : 1.f);
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("bytes");
        const std::string png = test::png(1, 8, 2, {"abc"});
        row("text", "this is no picture", ErrorCode::inputInvalid, "PNG, JPEG");
        row("PNG without pixels", png.substr(0, 33), ErrorCode::inputInvalid, "damaged");
        const std::string jpeg = test::jpegBlackWhite();
        row("JPEG without its end", jpeg.substr(0, jpeg.size() - 2), ErrorCode::inputInvalid, "ends it");
        row("PNG without a header", png.substr(0, 10), ErrorCode::inputInvalid, "");
        row("PNG of no width", test::png(1, 8, 2, {"abc"}, 0), ErrorCode::inputInvalid, "0x1");
        row("PNG of enormous width", test::png(1, 8, 2, {"abc"}, 0x7fffffff), ErrorCode::limitExceeded,
            "2147483647x1");
        row("JPEG without a frame", "\xff\xd8\xff\xd9", ErrorCode::inputInvalid, "");
        row("BMP of enormous size",
            std::string("BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0", 18) + test::little(0x7fffffff, 4) +
                test::little(0x80000000u, 4) + std::string(40, '\0'),
            ErrorCode::limitExceeded, "2147483647x2147483648");
        row("PNM of enormous size", "P6 100000 100000 255\n", ErrorCode::limitExceeded, "100000x100000");
        row("PNM without pixels", "P6 10 10 255\n", ErrorCode::inputInvalid, "damaged");
        // ImageWidth 1, ImageLength 1, BitsPerSample 32, SampleFormat float
        row("TIFF of floats",
            std::string("II*\0", 4) + test::little(8, 4) + test::little(9, 2) + test::little(256, 2) +
                test::little(3, 2) + test::little(1, 4) + test::little(1, 4) + test::little(257, 2) +
                test::little(3, 2) + test::little(1, 4) + test::little(1, 4) + test::little(258, 2) +
                test::little(3, 2) + test::little(1, 4) + test::little(32, 4) + test::little(259, 2) +
                test::little(3, 2) + test::little(1, 4) + test::little(1, 4) + test::little(262, 2) +
                test::little(3, 2) + test::little(1, 4) + test::little(1, 4) + test::little(273, 2) +
                test::little(4, 2) + test::little(1, 4) + test::little(122, 4) + test::little(277, 2) +
                test::little(3, 2) + test::little(1, 4) + test::little(1, 4) + test::little(279, 2) +
                test::little(4, 2) + test::little(1, 4) + test::little(4, 4) + test::little(339, 2) +
                test::little(3, 2) + test::little(1, 4) + test::little(3, 4) + test::little(0, 4) + "abcd",
            ErrorCode::inputInvalid, "8 or 16 bits");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QFETCH(QString, word);
        const fs::path path = file("picture", bytes.toStdString());
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { readPicture(path); }), QString());
        QCOMPARE(refusal(static_cast<ErrorCode>(code), QString::fromStdString(path.string()),
                         [&] { readPicture(path); }),
                 QString());
    }

    void checksTheDeclaredSizeAgainstTheLimit() {
        const fs::path path = file("p", "P5 100 100 255\n" + std::string(10'000, 'x'));
        readPicture(path, {120'000});
        QCOMPARE(refusal(ErrorCode::limitExceeded, "100x100", [&] { readPicture(path, {119'999}); }),
                 QString());
    }

    void survivesTruncationAtEveryByte() {
        for (const std::string& whole :
             {test::png(3, 8, 2, {"abcdefghi", "abcdefghi"}), test::jpegBlackWhite(6)})
            for (std::size_t length = 1; length < whole.size(); ++length) {
                const fs::path path = file("cut", whole.substr(0, length));
                test::succeedsOrRefuses([&] { readPicture(path); });
            }
    }

    void tellsPicturesFromOtherFiles() {
        QVERIFY(looksLikeInput(file("a", test::jpegBlackWhite())));
        QVERIFY(looksLikeInput(file("b", test::png(1, 8, 0, {"x"}))));
        QVERIFY(!looksLikeInput(file("c", "PK\3\4 not a picture")));
        QVERIFY(looksLikeInput(file("d", "\x93NUMPY an array")));
        QVERIFY(!looksLikeInput(m_dir.path().toStdString()));
    }

    void cropsTheCentre() {
        const TensorF out = preprocess(numbered(4, 7), recipe(0, 2, 3));
        QCOMPARE(out.shape(), (Shape{1, 3, 2, 3}));
        const Floats channel{102, 103, 104, 202, 203, 204};
        const Floats all = valuesOf(out);
        for (int c = 0; c < 3; ++c)
            QCOMPARE(Floats(all.begin() + 6 * c, all.begin() + 6 * c + 6), channel);
    }

    void takesEverythingWithoutACrop() {
        QCOMPARE(preprocess(numbered(4, 7), recipe(0, 0, 0)).shape(), (Shape{1, 3, 4, 7}));
        QCOMPARE(preprocess(numbered(4, 7), recipe(0, 0, 3)).shape(), (Shape{1, 3, 4, 3}));
    }

    void normalisesEachChannel() {
        Picture picture{1, 1, TensorF({1, 1, 3}, {0.5f, 0.25f, 1.f}), ""};
        const Preprocessing imagenet{0, 0, 0, {0.5, 0.5, 0.5}, {0.5, 0.25, 2}, ""};
        QVERIFY(close(valuesOf(preprocess(picture, imagenet)), {0, -1, 0.25f}));
    }

    void resizesTheShortSide() {
        QCOMPARE(preprocess(numbered(100, 201), recipe(50, 0, 0)).shape(), (Shape{1, 3, 50, 100}));
        QCOMPARE(preprocess(numbered(201, 100), recipe(50, 0, 0)).shape(), (Shape{1, 3, 100, 50}));
        QCOMPARE(preprocess(numbered(10, 20), recipe(30, 0, 0)).shape(), (Shape{1, 3, 30, 60}));
    }

    void averagesWhenShrinking() {
        Picture picture = numbered(4, 4);
        // Each 2x2 cell of y * 100 + x has the mean of its corners.
        const Floats out = valuesOf(preprocess(picture, recipe(2, 0, 0)));
        QVERIFY(close(Floats(out.begin(), out.begin() + 4), {50.5f, 52.5f, 250.5f, 252.5f}));
    }

    void interpolatesWhenEnlarging() {
        Picture picture{1, 2, TensorF({1, 2, 3}, {0, 0, 0, 1, 1, 1}), ""};
        const Floats out = valuesOf(preprocess(picture, recipe(2, 0, 0)));
        // Pixel centres at 0.25, 0.75, 1.25, 1.75 of a ramp between 0.5 and 1.5.
        QVERIFY(close(Floats(out.begin(), out.begin() + 4), {0, 0.25f, 0.75f, 1}));
    }

    void enlargesAPictureSmallerThanTheCrop() {
        QCOMPARE(preprocess(numbered(10, 30), recipe(0, 20, 20)).shape(), (Shape{1, 3, 20, 20}));
        QCOMPARE(preprocess(numbered(10, 30), recipe(16, 20, 20)).shape(), (Shape{1, 3, 20, 20}));
        QCOMPARE(preprocess(numbered(7, 7), recipe(0, 13, 5)).shape(), (Shape{1, 3, 13, 5}));
    }

    void refusesRecipesThatCannotBe() {
        QCOMPARE(refusal(ErrorCode::inputInvalid, "less narrow",
                         [] { preprocess(numbered(1, 20'000), recipe(256, 224, 224)); }),
                 QString());
        QCOMPARE(
            refusal(ErrorCode::inputInvalid, "sizes", [] { preprocess(numbered(2, 2), recipe(-1, 0, 0)); }),
            QString());
        QCOMPARE(refusal(ErrorCode::inputInvalid, "deviations",
                         [] {
                             preprocess(numbered(2, 2), {0, 0, 0, {}, {1, 0, 1}, ""});
                         }),
                 QString());
    }

    void describesARecipeInOneLine() {
        QCOMPARE(Preprocessing{}.describe(),
                 std::string("short side 256, centre crop 224x224, RGB / 255, mean (0.485, 0.456, 0.406), "
                             "deviation (0.229, 0.224, 0.225); preset: ImageNet"));
    }

    void stacksInputsOfOneSize() {
        const fs::path picture = file("a.ppm", "P6 1 1 255\n\xff\xff\xff");
        const fs::path array = m_dir.filePath("b.npy").toStdString();
        writeNpy(array, TensorD({2, 3, 1, 1}, {1, 2, 3, 4, 5, 6}));
        const TensorD input = readInputs({picture, array}, recipe(0, 0, 0));
        QCOMPARE(input.shape(), (Shape{3, 3, 1, 1}));
        QCOMPARE(std::vector<double>(input.values().begin(), input.values().end()),
                 (std::vector<double>{1, 1, 1, 1, 2, 3, 4, 5, 6}));
    }

    void refusesInputsThatCannotBeStacked() {
        const fs::path one = file("a.ppm", "P6 1 1 255\n\xff\xff\xff");
        const fs::path two = file("b.ppm", "P6 2 1 255\n\xff\xff\xff\xff\xff\xff");
        const fs::path flat = m_dir.filePath("c.npy").toStdString();
        writeNpy(flat, TensorD({3, 1, 1}, {1, 2, 3}));
        QCOMPARE(refusal(ErrorCode::inputInvalid, "one size",
                         [&] {
                             readInputs({one, two}, recipe(0, 0, 0));
                         }),
                 QString());
        QCOMPARE(refusal(ErrorCode::inputInvalid, "[n, c, h, w]", [&] { readInputs({flat}, {}); }),
                 QString());
        QCOMPARE(refusal(ErrorCode::inputInvalid, "at least one", [&] { readInputs({}, {}); }), QString());
        QCOMPARE(refusal(ErrorCode::fileMissing, "absent", [&] { readInputs({"absent.png"}, {}); }),
                 QString());
    }

private:
    fs::path file(const char* name, const std::string& bytes) {
        const fs::path path = m_dir.filePath(name).toStdString();
        test::save(path, bytes);
        return path;
    }

    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(ImageTest)
#include "tst_image.moc"
