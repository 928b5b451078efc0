// SPDX-License-Identifier: Apache-2.0
#include "ui/views/export_menu.h"

#include "ui/models/csv.h"
#include "ui/plots/depth_plot.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/action_set.h"
#include "ui/views/details_tabs.h"
#include "ui/views/pane_picture.h"

#include "core/io/atomic_file.h"
#include "core/io/npy.h"
#include "core/verify/report.h"

#include <QAction>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMainWindow>
#include <QPixmap>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableView>

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
    : QObject(&window), m_document(document), m_window(window) {
    const QString pictures = tr("Pictures (*.png);;Drawings (*.svg)"), tables = tr("Tables (*.csv)");
    actions.on(ActionId::copyPicture, this, [this] { copyPane(); });
    actions.on(ActionId::savePicture, this, [this, pictures] {
        ask(tr("Save pane"), nameOf(QStringLiteral("pane.png")), pictures, [this](const QString& path) { return savePane(path); });
    });
    actions.on(ActionId::saveDepth, this, [this, pictures] {
        ask(tr("Save plot"), QStringLiteral("depth.svg"), pictures, [this](const QString& path) { return saveDepth(path); });
    });
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

bool ExportMenu::saveWidget(QWidget& widget, const QString& path) {
    return attempt([&] { savePicture(widget, path.toStdString()); });
}

void ExportMenu::offer(QDockWidget& dock) {
    auto* copy = new QAction(tr("&Copy as picture"), &dock);
    auto* save = new QAction(tr("&Save as picture…"), &dock);
    connect(copy, &QAction::triggered, &dock, [&dock] { QGuiApplication::clipboard()->setPixmap(dock.widget()->grab()); });
    connect(save, &QAction::triggered, &dock, [this, &dock] {
        ask(tr("Save pane"), dock.windowTitle() + QStringLiteral(".png"), tr("Pictures (*.png);;Drawings (*.svg)"),
            [this, &dock](const QString& path) { return saveWidget(*dock.widget(), path); });
    });
    dock.addActions({copy, save});
    dock.setContextMenuPolicy(Qt::ActionsContextMenu);
}

bool ExportMenu::savePane(const QString& path) {
    return saveWidget(*pane(), path);
}

bool ExportMenu::saveDepth(const QString& path) {
    return saveWidget(*m_window.findChild<DepthPlot*>(), path);
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
