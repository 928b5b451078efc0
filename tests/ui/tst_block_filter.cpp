// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/block_filter.h"

#include <QTest>

#include <limits>

using namespace rp;
using namespace rp::ui;

class TestBlockFilter : public QObject {
    Q_OBJECT

    static BlockFacts facts() {
        BlockFacts f;
        f.name = QStringLiteral("stage3.12");
        f.family = QStringLiteral("RepVGG");
        f.form = QStringLiteral("train");
        f.exactness = QStringLiteral("not affine");
        f.kernel = {3, 3};
        f.stride = {2, 2};
        f.groups = 4;
        f.inChannels = 96;
        f.outChannels = 192;
        f.branches = 3;
        f.parameters = 1500000;
        f.macs = 2000000000;
        f.snr = 98.5;
        f.error = 2e-5;
        return f;
    }

private slots:
    void terms_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("accepts");
        const std::pair<const char*, bool> rows[]{
            {"", true},
            {"   ", true},
            {"stage3", true},
            {"STAGE3 repvgg Train", true},
            {"stage4", false},
            {"k=3", true},
            {"k=3x3", true},
            {"k=3X3", true},
            {"k=3x1", false},
            {"k!=3", false},
            {"k<=3", true},
            {"k>3", false},
            {"K=3", true},
            {"groups>1", true},
            {"groups>4", false},
            {"groups>=4", true},
            {"stride=2", true},
            {"in=96 out=192 channels=192", true},
            {"in=192", false},
            {"branches=3", true},
            {"params>1M", true},
            {"params<1500k", false},
            {"params<=1500k", true},
            {"macs>=2G", true},
            {"macs<2G", false},
            {"snr<100", true},
            {"snr<98.5", false},
            {"snr=exact", false},
            {"snr<exact", true},
            {"error>1e-5", true},
            {"error<1e-5", false},
            {"cumulative<1", false}, // not known: no term about it holds
            {"cumulative>=0", false},
            {"cumulative!=0", false},
            {"name~stage3", true},
            {"name~AGE", true},
            {"name!~stage3", false},
            {"name=stage3", false},
            {"name=stage3.12", true},
            {"name!=stage3", true},
            {"family=repvgg form!=deploy", true},
            {"exactness=\"not affine\"", true},
            {"exactness~affine", true},
            {"exactness=everywhere", false},
            {"k=3 groups>1 snr<100 name~stage3", true},
            {"k=3 groups>1 snr<90 name~stage3", false},
        };
        for (const auto& [text, accepts] : rows) QTest::addRow("%s", text) << QString::fromUtf8(text) << accepts;
    }
    void terms() {
        QFETCH(QString, text);
        QFETCH(bool, accepts);
        const BlockFilter filter(text);
        QCOMPARE(filter.error(), QString());
        QCOMPARE(filter.accepts(facts()), accepts);
    }

    void exactBlocksAreBeyondEveryNumber() {
        BlockFacts exact = facts();
        exact.snr = std::numeric_limits<double>::infinity();
        QVERIFY(BlockFilter(QStringLiteral("snr=exact")).accepts(exact));
        QVERIFY(BlockFilter(QStringLiteral("snr>300")).accepts(exact));
        QVERIFY(!BlockFilter(QStringLiteral("snr<300")).accepts(exact));
    }

    void aWindowThatIsNotSquareIsNamedInFull() {
        BlockFacts tall = facts();
        tall.kernel = {3, 1};
        QVERIFY(BlockFilter(QStringLiteral("k=3x1")).accepts(tall));
        QVERIFY(!BlockFilter(QStringLiteral("k=3")).accepts(tall));
    }

    void whatCannotBeReadIsSaid_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const std::pair<const char*, const char*> rows[]{
            {"colour=red", "no figure \"colour\""}, {"k=", "a value is missing"},      {"k=three", "is not a number"},
            {"snr<", "a value is missing"},         {"snr<fast", "is not a number"},   {"name<3", "is a text"},
            {"groups~1", "is a number"},            {"=3", "no figure \"\""},          {"stage3 params>1Q", "is not a number"},
            {"\"open", "quote is not closed"},      {"params>M", "is not a number"},   {"snr<nan", "is not a number"},
            {"k=3 k==3", "is not a number"},        {"snr>1,5", "is not a number"},
        };
        for (const auto& [text, says] : rows) QTest::addRow("%s", text) << QString::fromUtf8(text) << QString::fromUtf8(says);
    }
    void whatCannotBeReadIsSaid() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const BlockFilter filter(text);
        QVERIFY(!filter.isValid());
        QVERIFY2(filter.error().contains(says), qPrintable(filter.error()));
    }

    void helpNamesEveryFigure() {
        for (const QString& name : BlockFilter::figures()) QVERIFY(BlockFilter::help().contains(name));
    }
};

QTEST_APPLESS_MAIN(TestBlockFilter)
#include "tst_block_filter.moc"
