// SPDX-License-Identifier: Apache-2.0
#include "ui/views/export_menu.h"

#include "ui/models/csv.h"
#include "ui/models/exportable.h"
#include "ui/plots/depth_plot.h"
#include "ui/presenters/command_lines.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/action_set.h"
#include "ui/views/details_tabs.h"
#include "ui/views/pane_picture.h"
#include "ui/views/table_twin.h"

#include "core/io/atomic_file.h"
#include "core/io/npy.h"
#include "core/verify/report.h"

#include <QAction>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMainWindow>
#include <QMenu>
#include <QMimeData>
#include <QPixmap>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableView>

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

Error nothingYet(const QString& path, const char* expected) {
    return Error(ErrorCode::usage,
                 {path.toStdString(), expected, "nothing yet", "wait until it is computed"});
}

void writeBytes(const QString& path, const QByteArray& bytes) {
    io::writeText(path.toStdString(), {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace

ExportMenu::ExportMenu(Document& document, ActionSet& actions, QMainWindow& window)
    : QObject(&window), m_document(document), m_window(window), m_menu(actions.menu(MenuId::exports)) {
    const QString tables = tr("Tables (*.csv)");
    actions.on(ActionId::copyPicture, this, [this] { copyPane(); });
    actions.on(ActionId::savePicture, this, [this] { askPicture(*pane(), nameOf(QStringLiteral("pane.png"))); });
    actions.on(ActionId::copyTable, this, [this] { copyTable(*pane()); });
    actions.on(ActionId::saveTable, this, [this] { askTable(*pane(), nullptr, nameOf(QStringLiteral("table.csv"))); });
    actions.on(ActionId::saveDepth, this, [this] { askPicture(*m_window.findChild<DepthPlot*>(), QStringLiteral("depth.svg")); });
    actions.on(ActionId::saveBlocks, this, [this, tables] {
        ask(tr("Save blocks"), QStringLiteral("blocks.csv"), tables, [this](const QString& path) { return saveBlocks(path); });
    });
    actions.on(ActionId::saveTop, this, [this, tables] {
        ask(tr("Save best classes"), QStringLiteral("top5.csv"), tables, [this](const QString& path) { return saveTop(path); });
    });
    actions.on(ActionId::saveDetails, this, [this, tables] {
        ask(tr("Save table"), QStringLiteral("details.csv"), tables, [this](const QString& path) { return saveDetails(path); });
    });
    actions.on(ActionId::saveMap, this, [this] {
        ask(tr("Save map"), nameOf(QStringLiteral("map.npy")), tr("Arrays (*.npy)"), [this](const QString& path) { return saveMap(path); });
    });
    actions.on(ActionId::saveKernel, this, [this] {
        ask(tr("Save kernel"), nameOf(QStringLiteral("kernel.npy")), tr("Arrays (*.npy)"), [this](const QString& path) { return saveKernel(path); });
    });
    wireCommands(actions);
    m_menu->addSeparator();
}

void ExportMenu::wireCommands(ActionSet& actions) {
    const auto copy = [this](const QString& line) {
        if (line.isEmpty()) return say(tr("There is no model to make a command of"));
        QGuiApplication::clipboard()->setText(line);
        say(tr("Copied: %1").arg(line));
    };
    actions.on(ActionId::copyCommand, this, [this, copy] { copy(runCommand(m_document)); });
    actions.on(ActionId::copyVerifyCommand, this, [this, copy] { copy(verifyCommand(m_document)); });
    actions.on(ActionId::asTable, this, [this] {
        const std::vector<QWidget*> charts = chartsIn(*pane());
        if (charts.empty()) return say(tr("This tab has no charts"));
        const bool isShown = isTableShown(*charts.front());
        for (QWidget* chart : charts) setTableShown(*chart, !isShown);
    });
}

void ExportMenu::say(const QString& text) const {
    m_window.statusBar()->showMessage(text);
}

void ExportMenu::ask(const QString& title, const QString& name, const QString& filter,
                     const std::function<bool(const QString&)>& save) {
    const QString path = QFileDialog::getSaveFileName(&m_window, title, name, filter);
    if (!path.isEmpty() && save(path)) m_window.statusBar()->showMessage(tr("Saved %1").arg(path));
}

bool ExportMenu::attempt(const std::function<void()>& write) {
    try {
        write();
        return true;
    } catch (const Error& error) {
        m_document.report(toProblem(error));
        m_window.statusBar()->showMessage(toQString(error.what()));
        return false;
    }
}

QWidget* ExportMenu::pane() const {
    return m_window.centralWidget()->findChild<QTabWidget*>()->currentWidget();
}

/// "stage1.1-map.npy"
QString ExportMenu::nameOf(const QString& what) const {
    if (!m_document.model() || m_document.block() < 0) return what;
    const auto block = static_cast<std::size_t>(m_document.block());
    return toQString(m_document.model()->model().blocks[block].name) + QLatin1Char('-') + what;
}

void ExportMenu::copyPane() const {
    QGuiApplication::clipboard()->setPixmap(pane()->grab());
}

void ExportMenu::copyTable(QWidget& pane, QWidget* target) const {
    const QByteArray text = tableOf(pane, target);
    if (text.isEmpty()) return say(tr("There is no table in this pane"));
    auto* data = new QMimeData;
    data->setText(QString::fromUtf8(text));
    data->setData(QStringLiteral("text/csv"), text);
    QGuiApplication::clipboard()->setMimeData(data);
}

void ExportMenu::askPicture(QWidget& pane, const QString& name) {
    ask(tr("Save as picture"), name, tr("Pictures (*.png);;Drawings (*.svg);;Documents (*.pdf)"),
        [this, &pane](const QString& path) { return savePicture(pane, path); });
}

void ExportMenu::askTable(QWidget& pane, QWidget* target, const QString& name) {
    ask(tr("Save table"), name, tr("Tables (*.csv)"), [&, this](const QString& path) { return saveTable(pane, target, path); });
}

/// What the pane offers at `target`, the widget under the mouse.
void ExportMenu::fill(QMenu& menu, QWidget& pane, QWidget* target) {
    auto* dock = qobject_cast<QDockWidget*>(&pane);
    QWidget& content = dock ? *dock->widget() : pane;
    const QString name = dock ? dock->windowTitle() : nameOf(QStringLiteral("pane"));
    menu.addAction(tr("&Copy as picture"), this, [&content] { QGuiApplication::clipboard()->setPixmap(content.grab()); });
    menu.addAction(tr("&Save as picture…"), this, [this, &content, name] { askPicture(content, name + QStringLiteral(".png")); });
    menu.addAction(tr("Copy &table"), this, [this, &content, target] { copyTable(content, target); });
    menu.addAction(tr("Save table as CS&V…"), this, [this, &content, target, name] { askTable(content, target, name + QStringLiteral(".csv")); });
    for (QWidget* at = target; at; at = at == &content ? nullptr : at->parentWidget()) {
        if (auto* source = dynamic_cast<HasTensor*>(at); source && source->tensor().count() > 0)
            menu.addAction(tr("Save &numbers as NPY…"), this, [this, at] {
                ask(tr("Save numbers"), nameOf(QStringLiteral("map.npy")), tr("Arrays (*.npy)"), [this, at](const QString& path) { return saveTensor(*at, path); });
            });
        if (dynamic_cast<HasTable*>(at)) {
            QAction* toggle = menu.addAction(tr("As ta&ble"), this, [at] { setTableShown(*at, !isTableShown(*at)); });
            toggle->setCheckable(true);
            toggle->setChecked(isTableShown(*at));
        }
    }
}

void ExportMenu::offer(QWidget& pane) {
    pane.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&pane, &QWidget::customContextMenuRequested, this, [this, &pane](const QPoint& position) {
        QMenu menu(&pane);
        fill(menu, pane, pane.childAt(position));
        menu.exec(pane.mapToGlobal(position));
    });
    if (auto* dock = qobject_cast<QDockWidget*>(&pane)) fill(*m_menu->addMenu(dock->windowTitle()), pane, nullptr);
}

bool ExportMenu::savePicture(QWidget& pane, const QString& path) {
    return attempt([&] { ui::savePicture(pane, path.toStdString()); });
}

bool ExportMenu::savePane(const QString& path) {
    return savePicture(*pane(), path);
}

bool ExportMenu::saveDepth(const QString& path) {
    return savePicture(*m_window.findChild<DepthPlot*>(), path);
}

bool ExportMenu::saveTable(QWidget& pane, QWidget* target, const QString& path) {
    return attempt([&] {
        const QByteArray text = tableOf(pane, target);
        if (text.isEmpty()) throw nothingYet(path, "a table or chart in this pane");
        writeBytes(path, text);
    });
}

bool ExportMenu::saveTensor(QWidget& source, const QString& path) {
    return attempt([&] {
        const TensorD& values = dynamic_cast<HasTensor&>(source).tensor();
        const TensorF rounded = toFloat(values);
        const bool isExact = std::ranges::equal(values.values(), rounded.values(), [](double a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); });
        if (isExact)
            io::writeNpy(path.toStdString(), rounded);
        else
            io::writeNpy(path.toStdString(), values);
    });
}

bool ExportMenu::saveBlocks(const QString& path) {
    return attempt([&] {
        if (!m_document.report()) throw nothingYet(path, "a report of the blocks");
        io::writeText(path.toStdString(), verify::toCsv(*m_document.report()));
    });
}

bool ExportMenu::saveTop(const QString& path) {
    return attempt([&] {
        if (!m_document.model()) throw nothingYet(path, "a model");
        const std::array runs{m_document.run(Phase::train), m_document.run(Phase::eval),
                              m_document.run(Phase::deploy)};
        writeBytes(path, csvOfTop(m_document.model()->model(), runs, m_document.sample()));
    });
}

bool ExportMenu::saveDetails(const QString& path) {
    return attempt([&] { writeBytes(path, csvOf(*m_window.findChild<DetailsTabs*>()->currentTable())); });
}

bool ExportMenu::saveMap(const QString& path) {
    return attempt([&] {
        const BlockMap* map = m_document.chosenMap();
        if (!map) throw nothingYet(path, "a feature map");
        if (m_document.detail()->settings.engine == EngineKind::float64)
            io::writeNpy(path.toStdString(), map->values);
        else
            io::writeNpy(path.toStdString(), toFloat(map->values));
    });
}

bool ExportMenu::saveKernel(const QString& path) {
    return attempt([&] {
        const fusion::Kernel* kernel = m_document.derivation() ? m_document.derivation()->kernel() : nullptr;
        if (!kernel) throw nothingYet(path, "the kernel of a block that can be fused");
        io::writeNpy(path.toStdString(), toFloat(kernel->weight));
    });
}

} // namespace rp::ui
