// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/models/roles.h"
#include "ui/presenters/model_comparison.h"
#include "ui/views/compare_view.h"

#include "core/fusion/write_fused.h"

#include <QLabel>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace rp;
using namespace rp::ui;

class TestCompareView : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model, m_fused, m_other;

    CompareView& view() { return *m_window->findChild<CompareView*>(); }
    bool compareWith(const QString& path) {
        m_document->openModel(m_model);
        if (!settle()) return false;
        qobject_cast<QTabWidget*>(view().parentWidget()->parentWidget())->setCurrentWidget(&view());
        m_document->compareAgainst(path);
        return settle() && view().probe().comparison();
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        m_fused = m_folder.filePath(QStringLiteral("fused.pth"));
        m_other = m_folder.filePath(QStringLiteral("other.pth"));
        test::writeTinyFile(m_model.toStdString());
        test::writeTinyFile(m_other.toStdString(), {.deploy = true}); // other numbers
        const families::OpenedModel opened = families::openModel(m_model.toStdString());
        const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
        fusion::writeFused(m_fused.toStdString(), opened.model, fusion, *opened.checkpoint, *opened.weights);
    }
    void init() { QVERIFY(show()); }
    void cleanup() { close(); }

    void withoutASecondModelItSaysHowToOpenOne() {
        m_document->openModel(m_model);
        QVERIFY(settle());
        qobject_cast<QTabWidget*>(view().parentWidget()->parentWidget())->setCurrentWidget(&view());
        QVERIFY(view().probe().message().contains(QStringLiteral("Compare against")));
    }

    void theFusedFileIsPairedAndEqualBitForBit() {
        QVERIFY(compareWith(m_fused));
        const ModelComparison& comparison = *view().probe().comparison();
        QCOMPARE(comparison.pairs(), static_cast<std::int64_t>(comparison.units.size()));
        QVERIFY(comparison.units.size() >= 5);
        for (const ComparedUnit& unit : comparison.units) {
            QVERIFY2(unit.kernels, qPrintable(unit.problem));
            QVERIFY(unit.kernels->exact);
        }
    }

    void otherNumbersAreSeenPairByPair() {
        QVERIFY(compareWith(m_other));
        view().pairs()->setCurrentIndex(view().pairs()->model()->index(2, 0));
        QVERIFY(settle());
        const KernelPairPtr pair = view().probe().kernels();
        QVERIFY(pair && pair->a && pair->b && pair->difference);
        QCOMPARE(pair->unit, 2);
        QCOMPARE(m_document->block(), 2);
        // By hand, from both files.
        const families::OpenedModel other = families::openModel(m_other.toStdString());
        const TensorD theirs = std::get<Conv>(other.model.blocks[2].body->op).weight.toDouble();
        double most = 0;
        for (std::int64_t i = 0; i < theirs.count(); ++i) {
            QCOMPARE(pair->difference->weight[i], theirs[i] - pair->a->weight[i]);
            most = std::max(most, std::abs(pair->difference->weight[i]));
        }
        QVERIFY(view().probe().comparison()->units[2].kernels->maxAbs >= most);
        QVERIFY(most > 0.01);
        QVERIFY(view().headline()->text().contains(QStringLiteral("other.pth")));
    }

    void twoCheckpointsInTrainFormAreCompared() {
        QVERIFY(compareWith(m_model)); // with itself
        for (const ComparedUnit& unit : view().probe().comparison()->units) QVERIFY(unit.kernels && unit.kernels->exact);
    }

    void aFileThatIsNoModelIsSaid() {
        m_document->openModel(m_model);
        QVERIFY(settle());
        qobject_cast<QTabWidget*>(view().parentWidget()->parentWidget())->setCurrentWidget(&view());
        m_document->compareAgainst(m_folder.filePath(QStringLiteral("missing.pth")));
        QVERIFY(settle());
        QVERIFY(!view().probe().comparison());
        QVERIFY(view().probe().message().contains(QStringLiteral("missing.pth")));
    }

    void anotherModelDropsTheComparison() {
        QVERIFY(compareWith(m_fused));
        m_document->openModel(m_other);
        QVERIFY(settle());
        QVERIFY(!view().probe().comparison());
    }
};

QTEST_MAIN(TestCompareView)
#include "tst_compare_view.moc"
