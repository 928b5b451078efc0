// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/models/csv.h"
#include "ui/models/text_table.h"
#include "ui/plots/depth_plot.h"
#include "ui/presenters/document.h"
#include "ui/views/action_set.h"
#include "ui/views/activations_view.h"
#include "ui/views/export_menu.h"
#include "ui/views/main_window.h"
#include "ui/views/map_pane.h"
#include "ui/views/table_twin.h"

#include "core/io/npy.h"

#include <QClipboard>
#include <QDockWidget>
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QMenu>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rp;
using namespace rp::ui;

class TestExport : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    ExportMenu& exports() { return *m_window->findChild<ExportMenu*>(); }
    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    static QByteArray read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void showTab(const char* name) {
        auto* tabs = m_window->centralWidget()->findChild<QTabWidget*>();
        auto* page = tabs->findChild<QWidget*>(QString::fromLatin1(name));
        QVERIFY2(page, name);
        tabs->setCurrentWidget(page);
    }
    void open() {
        m_document->openModel(path("tiny.pth"));
        QVERIFY(settle());
        m_document->setBlock(2);
        QVERIFY(settle());
    }

private slots:
    void initTestCase() { test::writeTinyFile(path("tiny.pth").toStdString()); }
    void init() {
        QVERIFY(show());
    }
    void cleanup() {
        close();
    }

    void fieldsAreQuotedAsRfc4180Says() {
        TextTable table({QStringLiteral("a"), QStringLiteral("b,c")});
        table.setRows({{{QStringLiteral("x \"y\""), QStringLiteral("two\nlines")}},
                       {{QStringLiteral("plain"), QStringLiteral("Δ")}}});
        QCOMPARE(csvOf(table), QByteArray("a,\"b,c\"\r\n\"x \"\"y\"\"\",\"two\nlines\"\r\nplain,Δ\r\n"));
    }

    void everyTabIsSavedAsPngAndSvg() {
        open();
        auto* tabs = m_window->centralWidget()->findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QVERIFY(settle());
            QVERIFY(exports().savePane(path("pane.png")));
            QCOMPARE(QImage(path("pane.png")).size(), tabs->currentWidget()->size());
            QVERIFY(exports().savePane(path("pane.SVG")));
            QVERIFY(read(path("pane.SVG")).contains("<svg"));
        }
        QVERIFY(exports().saveDepth(path("depth.svg")));
        const QByteArray svg = read(path("depth.svg"));
        QVERIFY(svg.contains("<text") && svg.contains("<polyline")); // lines and text, no bitmap
        QVERIFY(!svg.contains("<image"));
        exports().copyPane();
        QCOMPARE(QGuiApplication::clipboard()->image().size(), tabs->currentWidget()->size());
    }

    void everyDockOffersItsPictureAndTable() {
        open();
        for (QDockWidget* dock : m_window->findChildren<QDockWidget*>()) {
            const auto menus = m_window->actionSet().menu(MenuId::exports)->findChildren<QMenu*>();
            const auto menu = std::ranges::find_if(menus, [dock](const QMenu* inner) { return inner->title() == dock->windowTitle(); });
            QVERIFY2(menu != menus.end(), qPrintable(dock->windowTitle()));
            QVERIFY((*menu)->actions().size() >= 4);
            (*menu)->actions()[0]->trigger();
            QCOMPARE(QGuiApplication::clipboard()->image().size(), dock->widget()->size());
            QGuiApplication::clipboard()->clear();
            (*menu)->actions()[2]->trigger();
            if (dock->objectName() == QStringLiteral("lessonsDock")) continue; // prose, no table
            QVERIFY2(QGuiApplication::clipboard()->text().contains(QLatin1Char(',')), qPrintable(dock->windowTitle()));
        }
    }

    void aPageOfTheSizeOfThePaneIsSavedAsPdf() {
        open();
        auto* depth = m_window->findChild<DepthPlot*>();
        QVERIFY(exports().saveDepth(path("depth.pdf")));
        const QByteArray pdf = read(path("depth.pdf"));
        QVERIFY(pdf.startsWith("%PDF-"));
        QVERIFY(!pdf.contains("/Subtype /Image")); // lines and letters
        const QByteArray box = "/MediaBox [0 0 " + QByteArray::number(depth->width() * 72.0 / 96);
        QVERIFY2(pdf.contains(box), pdf.mid(pdf.indexOf("/MediaBox"), 60).constData());
    }

    void chartsInsideAPaneStayLines() {
        open();
        showTab("differenceTab"); // a map, which is pixels, and two charts
        QVERIFY(settle());
        QVERIFY(exports().savePane(path("difference.svg")));
        const QByteArray svg = read(path("difference.svg"));
        const int polylines = static_cast<int>(svg.count("<polyline")), images = static_cast<int>(svg.count("<image"));
        QVERIFY2(polylines > 10, qPrintable(QString::number(polylines)));
        QVERIFY2(images <= 2, qPrintable(QString::number(images))); // the map alone
    }

    void everyChartHasATableOfItsNumbers() {
        open();
        auto* tabs = m_window->centralWidget()->findChild<QTabWidget*>();
        for (const char* tab : {"activationsTab", "kernelTab", "differenceTab"}) {
            showTab(tab);
            QVERIFY(settle());
            const std::vector<QWidget*> charts = chartsIn(*tabs->currentWidget());
            QVERIFY(charts.size() >= 3);
            m_window->actionSet()[ActionId::asTable]->trigger();
            for (QWidget* chart : charts) {
                QVERIFY(isTableShown(*chart));
                auto* table = chart->findChild<QTableView*>();
                QVERIFY(table->isVisible() && table->size() == chart->size());
                QVERIFY2(table->model()->rowCount() > 0, qPrintable(table->accessibleName()));
            }
            m_window->actionSet()[ActionId::asTable]->trigger();
            QVERIFY(!isTableShown(*charts.front()));
        }
    }

    void theTableOfTheDepthPlotHoldsTheReport() {
        open();
        auto* depth = m_window->findChild<DepthPlot*>();
        const QList<QByteArray> lines = tableOf(*depth).split('\n');
        QCOMPARE(lines[0].trimmed(), QByteArray("block,local,cumulative,bound"));
        QCOMPARE(lines.size(), 1 + 5 + 1);
        const verify::BlockReport& block = m_document->report()->blocks[2];
        const QList<QByteArray> cells = lines[3].trimmed().split(',');
        QCOMPARE(QString::fromUtf8(cells[0]), QString::fromStdString(block.name));
        QVERIFY(std::abs(cells[1].toDouble() - block.local->maxAbs) <= 1e-8 * block.local->maxAbs);
        QVERIFY(std::abs(cells[2].toDouble() - block.cumulative->maxAbs) <= 1e-8 * block.cumulative->maxAbs);
    }

    void theTableOfAMapHoldsItsStatistics() {
        open();
        auto* tabs = m_window->centralWidget()->findChild<QTabWidget*>();
        showTab("activationsTab");
        MapPane* pane = m_window->findChild<ActivationsView*>()->panes()[1];
        const QList<QByteArray> cells = tableOf(*tabs->currentWidget(), pane).split('\n')[3].trimmed().split(',');
        QCOMPARE(cells[0], QByteArray("2")); // channel 2
        const TensorD& map = pane->map();
        const std::int64_t plane = map.size(2) * map.size(3);
        double sum = 0, largest = -1e300;
        for (std::int64_t i = 0; i < plane; ++i) {
            sum += map[2 * plane + i];
            largest = std::max(largest, map[2 * plane + i]);
        }
        QVERIFY(std::abs(cells[2].toDouble() - largest) <= 1e-8 * std::abs(largest));
        QVERIFY(std::abs(cells[3].toDouble() - sum / static_cast<double>(plane)) <= 1e-8 * (1 + std::abs(largest)));
        QVERIFY(exports().saveTensor(*pane, path("pane.npy")));
        QVERIFY(io::readNpyFile(path("pane.npy").toStdString()).toDouble() == map);
    }

    void aTreeIsSavedWithItsInnerRows() {
        open();
        const QByteArray text = tableOf(*m_window->findChild<QDockWidget*>(QStringLiteral("modelDock"))->widget());
        for (const char* name : {"stage0", "stage1.0", "stage2.1"}) QVERIFY2(text.contains(name), text.constData());
    }

    void theKernelIsSavedAsItIsStored() {
        open();
        QVERIFY(exports().saveKernel(path("kernel.npy")));
        const TensorD saved = io::readNpyFile(path("kernel.npy").toStdString()).toDouble();
        const ExprPtr& stored = m_document->model()->fusion.blocks[2].stored;
        QVERIFY(saved == std::get<Conv>(stored->op).weight.toDouble());
    }

    void tablesHoldWhatIsShown() {
        open();
        QVERIFY(exports().saveBlocks(path("blocks.csv")));
        const QByteArray blocks = read(path("blocks.csv"));
        for (const char* name : {"stage0", "stage1.0", "stage1.1", "stage2.0", "stage2.1"})
            QVERIFY(blocks.contains(name));
        QVERIFY(exports().saveTop(path("top.csv")));
        const QList<QByteArray> lines = read(path("top.csv")).split('\n');
        QCOMPARE(lines.size(), 1 + 3 * 5 + 1);
        const QList<QByteArray> best = lines[6].trimmed().split(',');
        const verify::Top& top = m_document->run(Phase::eval)->top[0][0];
        QCOMPARE(best[0], QByteArray("eval"));
        QCOMPARE(best[2].toLongLong(), static_cast<qlonglong>(top.index));
        QCOMPARE(best[4].toDouble(), top.value);
        QVERIFY(exports().saveDetails(path("answers.csv")));
        QVERIFY(read(path("answers.csv")).contains("repscope-cli verify"));
    }

    void theMapThatWasClickedIsSavedBitByBit() {
        open();
        const auto& panes = m_window->findChild<ActivationsView*>()->panes();
        QVERIFY(exports().saveMap(path("map.npy")));
        QCOMPARE(io::readNpyFile(path("map.npy").toStdString()).shape(), panes[5]->map().shape()); // out
        QTest::mouseClick(panes[1], Qt::LeftButton, {}, QPoint(5, 5)); // rbr_dense, on its caption
        QVERIFY(exports().saveMap(path("map.npy")));
        const TensorD saved = io::readNpyFile(path("map.npy").toStdString()).toDouble();
        QCOMPARE(saved.shape(), panes[1]->map().shape());
        QVERIFY(std::ranges::equal(saved.values(), panes[1]->map().values()));
    }

    void whatCannotBeWrittenIsAProblem() {
        open();
        const std::size_t before = m_document->problems().size();
        QVERIFY(!exports().savePane(path("no/such/folder/pane.png")));
        QCOMPARE(m_document->problems().size(), before + 1);
        QVERIFY(!exports().saveTop(path("no/such/folder/top.csv")));
        QVERIFY(!exports().saveMap(path("no/such/folder/map.npy")));
        QVERIFY(!exports().savePane(path("pane.gif")));
        QVERIFY(m_document->problems().size() >= before + 3);
    }

    void withoutAModelThereIsNothingToSave() {
        QVERIFY(!exports().saveBlocks(path("nothing.csv")));
        QVERIFY(!exports().saveMap(path("nothing.npy")));
        QVERIFY(!QFile::exists(path("nothing.csv")));
        QCOMPARE(m_document->problems().size(), std::size_t{2});
    }
};

QTEST_MAIN(TestExport)
#include "tst_export.moc"
