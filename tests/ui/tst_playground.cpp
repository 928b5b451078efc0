// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/playground.h"
#include "ui/views/kernel_grid.h"
#include "ui/views/playground_view.h"

#include <QLineEdit>
#include <QTest>

#include <cmath>

using namespace rp;
using namespace rp::ui;

class TestPlayground : public QObject {
    Q_OBJECT
private slots:
    void theFusedKernelFollowsANumber();
    void undoAndResetBringNumbersBack();
    void impossibleNumbersAreRefused_data();
    void impossibleNumbersAreRefused();
    void aZeroPaddedChainDiffersAtTheBorderUnlessItsBiasIsZero();
    void typingIntoACellChangesIt();
};

void TestPlayground::theFusedKernelFollowsANumber() {
    Playground p;
    auto centre = [&] { return p.result().fused.fused()->kernel.weight[4]; }; // [0, 0, 1, 1]
    // γ/√(var + ε) of each branch times its own centre: 3x3 1/√4 · 0.75, 1x1 2/√1 · 1.5, identity 1/√1
    const double eps = 1e-5;
    QVERIFY(std::abs(centre() - (0.75 / std::sqrt(4 + eps) + 2 * 1.5 / std::sqrt(1 + eps) + 1 / std::sqrt(1 + eps))) < 1e-12);
    QVERIFY(!p.enter(0, 4, QStringLiteral("8.75")));
    QVERIFY(std::abs(centre() - (8.75 / std::sqrt(4 + eps) + 2 * 1.5 / std::sqrt(1 + eps) + 1 / std::sqrt(1 + eps))) < 1e-12);
    QVERIFY(p.result().largest < 1e-5); // rounding to float32
}

void TestPlayground::undoAndResetBringNumbersBack() {
    Playground p;
    QVERIFY(!p.enter(2, 0, QStringLiteral("7")));
    QVERIFY(!p.enter(2, 1, QStringLiteral("8")));
    p.undoStack().undo();
    QCOMPARE(p.fields()[2].values[0], 7.0);
    QCOMPARE(p.fields()[2].values[1], -0.5);
    p.reset();
    QCOMPARE(p.fields()[2].values[0], 1.5);
    p.undoStack().undo();
    QCOMPARE(p.fields()[2].values[0], 7.0);
}

void TestPlayground::impossibleNumbersAreRefused_data() {
    QTest::addColumn<int>("field");
    QTest::addColumn<int>("element");
    QTest::addColumn<QString>("text");
    QTest::newRow("negative variance") << 1 << 6 << QStringLiteral("-1");
    QTest::newRow("negative eps") << 5 << 0 << QStringLiteral("-1e-5");
    QTest::newRow("no number") << 0 << 0 << QStringLiteral("two");
    QTest::newRow("not finite") << 0 << 0 << QStringLiteral("inf");
}

void TestPlayground::impossibleNumbersAreRefused() {
    QFETCH(int, field);
    QFETCH(int, element);
    QFETCH(QString, text);
    Playground p;
    const double before = p.fields()[static_cast<std::size_t>(field)].values[element];
    QVERIFY(p.enter(static_cast<std::size_t>(field), element, text).has_value());
    QCOMPARE(p.fields()[static_cast<std::size_t>(field)].values[element], before);
    QVERIFY(!p.undoStack().canUndo());
}

void TestPlayground::aZeroPaddedChainDiffersAtTheBorderUnlessItsBiasIsZero() {
    Playground p;
    p.setExample(Playground::Example::chain);
    QVERIFY(p.result().fused.fused()->exactness == fusion::Exactness::inside);
    QVERIFY(p.result().largest > 0.1);
    for (int c : {0, 1}) QVERIFY(!p.enter(1, c, QStringLiteral("0")));
    QVERIFY(p.result().fused.fused()->exactness == fusion::Exactness::everywhere);
    QVERIFY(p.result().largest < 1e-5);
}

void TestPlayground::typingIntoACellChangesIt() {
    PlaygroundView view;
    view.resize(1200, 900);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    KernelGrid* grid = view.fieldGrids()[0];
    QTest::mouseDClick(grid, Qt::LeftButton, {}, grid->spotRect({4, 1}).center()); // output channel 1, input channel 0, row 1, column 1
    auto* editor = grid->findChild<QLineEdit*>();
    QVERIFY(editor);
    editor->setText(QStringLiteral("9.5"));
    QTest::keyClick(editor, Qt::Key_Return);
    QCOMPARE(view.playground().fields()[0].values[18 + 4], 9.5);
    QTest::mouseDClick(view.fieldGrids()[1], Qt::LeftButton, {}, view.fieldGrids()[1]->spotRect({3, 0}).center());
    auto* variance = view.fieldGrids()[1]->findChild<QLineEdit*>();
    QVERIFY(variance);
    variance->setText(QStringLiteral("-2"));
    QTest::keyClick(variance, Qt::Key_Return);
    QVERIFY2(view.message().contains(QStringLiteral("negative")), qPrintable(view.message()));
}

QTEST_MAIN(TestPlayground)
#include "tst_playground.moc"
