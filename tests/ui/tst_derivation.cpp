// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/views/derivation_view.h"

#include <QLabel>
#include <QListWidget>
#include <QTemporaryDir>

using namespace rp;
using namespace rp::ui;

class TestDerivation : public QObject, test::OpenWindow {
    Q_OBJECT
private slots:
    void initTestCase() { test::writeTinyFile(path("tiny.pth")), test::writeTinyFile(path("deploy.pth"), {24, false, true}); }
    void init() {
        QVERIFY(show());
        m_document->openModel(QString::fromStdString(path("tiny.pth")));
        QVERIFY(settle());
        m_document->setBlock(2); // stage1.1: with an identity
        QVERIFY(settle());
        m_view = m_window->findChild<DerivationView*>();
        m_window->arrange({}, QStringLiteral("derivation"));
    }
    void cleanup() { close(); }

    void everyStepOfTheLogIsShown();
    void aCellIsExplainedWithItsNumbersAndMarked();
    void keysMoveOverTheResult();
    void playingRestsWhenSomebodySteps();
    void anotherBlockBeginsAtItsFirstStep();
    void aDeployFileSaysThatThereIsNothingToDerive();

private:
    std::string path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }
    QTemporaryDir m_folder;
    DerivationView* m_view = nullptr;
};

void TestDerivation::everyStepOfTheLogIsShown() {
    const auto& steps = m_document->derivation()->result.steps;
    QCOMPARE(m_view->player().count(), static_cast<int>(steps.size()));
    for (int s = 0; s < m_view->player().count(); ++s) {
        m_view->player().setStep(s);
        const fusion::Step& step = steps[static_cast<std::size_t>(s)];
        QCOMPARE(m_view->findChild<QListWidget*>()->currentRow(), s);
        QCOMPARE(m_view->resultGrid()->slice().values.size(), static_cast<std::size_t>(step.result.weight.size(2) * step.result.weight.size(3)));
        for (std::size_t o = 0; o < step.operands.size(); ++o) QVERIFY(!m_view->operandGrids()[o]->isHidden());
        QVERIFY(m_view->explanation().contains(QLatin1Char('=')));
    }
}

void TestDerivation::aCellIsExplainedWithItsNumbersAndMarked() {
    const auto& steps = m_document->derivation()->result.steps;
    m_view->player().setStep(0); // fold the 3x3's norm
    QVERIFY(steps[0].rewriting == fusion::Rewriting::norm);
    m_view->setChannels(3, 2);
    QTest::mouseMove(m_view->resultGrid(), m_view->resultGrid()->spotRect({0, 2}).center());
    const double weight = steps[0].operands[0].kernel->weight[((3 * 8 + 2) * 3 + 0) * 3 + 2];
    QVERIFY2(m_view->explanation().contains(QLocale().toString(std::abs(weight), 'g', 4)), qPrintable(m_view->explanation()));
    QVERIFY(m_view->explanation().contains(QStringLiteral("K'[3, 2, 0, 2] = γ / √(var + ε) · K[3, 2, 0, 2]")));
    QCOMPARE(m_view->operandGrids()[0]->marks(), (std::vector<KernelGrid::Spot>{{0, 2}}));
    QCOMPARE(m_view->operandGrids()[1]->marks(), (std::vector<KernelGrid::Spot>{{0, 0}, {3, 0}})); // γ and var
    QTest::mouseMove(m_view->resultGrid(), m_view->resultGrid()->spotRect({3, 0}).center());
    QVERIFY2(m_view->explanation().startsWith(QStringLiteral("b'[3] =")), qPrintable(m_view->explanation()));
}

void TestDerivation::keysMoveOverTheResult() {
    m_view->player().setStep(0);
    m_view->resultGrid()->setFocus(Qt::TabFocusReason);
    QVERIFY(m_view->explanation().startsWith(QStringLiteral("K'[0, 0, 0, 0]")));
    QTest::keyClick(m_view->resultGrid(), Qt::Key_Down);
    QTest::keyClick(m_view->resultGrid(), Qt::Key_Right);
    QVERIFY(m_view->explanation().startsWith(QStringLiteral("K'[0, 0, 1, 1]")));
}

void TestDerivation::playingRestsWhenSomebodySteps() {
    StepPlayer player;
    player.setCount(3);
    player.setPlaying(true);
    QVERIFY(player.isPlaying());
    player.forward();
    QVERIFY(!player.isPlaying());
    player.setStep(2);
    player.setPlaying(true); // from the last step it begins again
    QCOMPARE(player.step(), 0);
    player.back();
    QCOMPARE(player.step(), 0);
    QVERIFY(!player.isPlaying());
}

void TestDerivation::anotherBlockBeginsAtItsFirstStep() {
    m_view->player().setStep(4);
    m_document->setBlock(0); // stage0: no identity
    QVERIFY(settle());
    QCOMPARE(m_view->player().step(), 0);
    QCOMPARE(m_view->player().count(), static_cast<int>(m_document->derivation()->result.steps.size()));
}

void TestDerivation::aDeployFileSaysThatThereIsNothingToDerive() {
    m_document->openModel(QString::fromStdString(path("deploy.pth")));
    QVERIFY(settle());
    QCOMPARE(m_view->player().count(), 0);
    bool isSaid = false;
    for (QLabel* label : m_view->findChildren<QLabel*>()) isSaid = isSaid || (!label->isHidden() && label->text().contains(QStringLiteral("nothing to derive")));
    QVERIFY(isSaid);
}

QTEST_MAIN(TestDerivation)
#include "tst_derivation.moc"
