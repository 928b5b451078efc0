// SPDX-License-Identifier: Apache-2.0
#include "ui/views/main_window.h"

#include "ui/models/accessible_value.h"
#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/presenters/edit_history.h"
#include "ui/presenters/file_watch.h"
#include "ui/presenters/navigation.h"
#include "ui/presenters/output_pair.h"
#include "ui/views/action_set.h"
#include "ui/views/activations_view.h"
#include "ui/views/anatomy_view.h"
#include "ui/views/block_diagram_view.h"
#include "ui/views/block_difference_view.h"
#include "ui/views/block_table_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/break_it_view.h"
#include "ui/views/command_palette.h"
#include "ui/views/compare_view.h"
#include "ui/views/derivation_view.h"
#include "ui/views/details_tabs.h"
#include "ui/views/difference_view.h"
#include "ui/views/export_menu.h"
#include "ui/views/file_menu.h"
#include "ui/views/flip_key.h"
#include "ui/views/input_view.h"
#include "ui/views/kernel_view.h"
#include "ui/views/key_sheet.h"
#include "ui/views/lesson_stage.h"
#include "ui/views/lesson_view.h"
#include "ui/views/output_view.h"
#include "ui/views/overview_view.h"
#include "ui/views/pixel_view.h"
#include "ui/views/playground_view.h"
#include "ui/views/presenter_mode.h"
#include "ui/views/session_menu.h"
#include "ui/views/settings_bar.h"
#include "ui/views/swipe_view.h"
#include "ui/views/top_view.h"
#include "ui/views/verdict_banner.h"
#include "ui/views/weights_box.h"
#include "ui/views/window_docks.h"
#include "ui/views/zoomable.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolBar>
#include <QUndoGroup>
#include <QVBoxLayout>

#include <utility>

namespace rp::ui {
namespace {

constexpr std::pair<ActionId, LayoutId> kLayoutActions[] = {{ActionId::layoutInspect, LayoutId::inspect},
                                                            {ActionId::layoutTeach, LayoutId::teach},
                                                            {ActionId::layoutVerify, LayoutId::verify}};

} // namespace

MainWindow::MainWindow(Document& document, QSettings* settings, QWidget* parent)
    : QMainWindow(parent), m_document(document), m_actions(new ActionSet(*this)),
      m_docks(new WindowDocks(*this, settings)), m_tabs(new QTabWidget(this)),
      m_blockHeadline(new QLabel(this)), m_inputLabel(new QLabel(this)) {
    setAcceptDrops(true);
    installAccessibleValues();
    new FileMenu(document, *m_actions, settings, this);
    m_sessions = new SessionMenu(document, *m_actions, settings, *this);
    auto* exports = new ExportMenu(document, *m_actions, *this);
    new FlipKey(document, *this);
    buildBars();
    setCentralWidget(buildCentre());
    buildDocks();
    for (QDockWidget* dock : findChildren<QDockWidget*>()) exports->offer(*dock);
    for (int tab = 0; tab < m_tabs->count(); ++tab) exports->offer(*m_tabs->widget(tab));
    wireActions();
    wireNavigation();
    wirePixel();
    wireUndo();
    watchFiles();
    statusBar()->addPermanentWidget(m_inputLabel);
    connect(m_activations, &ActivationsView::hovered, statusBar(),
            [this](const QString& text) { statusBar()->showMessage(text); });
    connect(&document, &Document::modelChanged, this, &MainWindow::showTitle);
    connect(&document, &Document::inputChanged, this, &MainWindow::showTitle);
    connect(&document, &Document::modelChanged, this, &MainWindow::showBlock);
    connect(&document, &Document::blockChanged, this, &MainWindow::showBlock);
    showTitle();
    showBlock();
    resize(1280, 800);
    m_docks->restoreGeometry();
}

/// Two rows over the whole width: what is asked for, and what came out.
void MainWindow::buildBars() {
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->addAction((*m_actions)[ActionId::openModel]);
    bar->addAction((*m_actions)[ActionId::openPicture]);
    bar->addSeparator();
    bar->addWidget(new SettingsBar(m_document, bar));
    auto* gap = new QWidget(bar);
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(gap);
    auto* layouts = new QActionGroup(this);
    for (const auto& [id, layout] : kLayoutActions) {
        QAction* action = layouts->addAction((*m_actions)[id]);
        action->setCheckable(true);
        action->setChecked(layout == m_docks->layout());
        bar->addAction(action);
    }
    addToolBarBreak();
    QToolBar* verdict = addToolBar(tr("Verdict"));
    verdict->setObjectName(QStringLiteral("verdictBar"));
    auto* banner = new VerdictBanner(m_document, verdict);
    banner->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    verdict->addWidget(banner);
    for (QToolBar* row : {bar, verdict}) {
        row->setMovable(false);
        row->toggleViewAction()->setEnabled(false); // they stay: the verdict must be seen
    }
}

QWidget* MainWindow::buildCentre() {
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(6, 4, 6, 2);
    layout->setSpacing(4);
    QFont bold = m_blockHeadline->font();
    bold.setBold(true);
    m_blockHeadline->setFont(bold);
    m_blockHeadline->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_blockHeadline->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_tabs->setDocumentMode(true);
    m_tabs->setMinimumHeight(170); // the largest page must not decide how small the window can be
    auto* diagram = new BlockDiagramView(m_document, m_tabs);
    addTab("diagramTab", tr("Diagram"), diagram);
    connect(diagram, &BlockDiagramView::nodeClicked, this, [this] { findChild<DetailsTabs*>()->showMapTab(); });
    m_activations = new ActivationsView(m_document, m_tabs);
    addTab("activationsTab", tr("Activations"), m_activations);
    addTab("kernelTab", tr("Kernel"), new KernelView(m_document, m_tabs));
    auto* anatomy = new AnatomyView(m_document, m_tabs);
    addTab("anatomyTab", tr("Anatomy"), anatomy);
    connect(anatomy, &AnatomyView::channelClicked, &m_activations->state(), &MapViewState::setChannel);
    addTab("swipeTab", tr("Swipe"), new SwipeView(m_document, m_activations->state(), m_tabs));
    addTab("derivationTab", tr("Derivation"), new DerivationView(m_document, m_tabs));
    addTab("breakitTab", tr("Break it"), new BreakItView(m_document, m_tabs));
    addTab("playgroundTab", tr("Playground"), new PlaygroundView(m_tabs));
    addTab("differenceTab", tr("Difference"), new BlockDifferenceView(m_document, m_tabs));
    addTab("pixelTab", tr("Pixel"), new PixelView(m_document, m_tabs));
    addTab("overviewTab", tr("Overview"), new OverviewView(m_document, m_tabs));
    addTab("compareTab", tr("Compare"), new CompareView(m_document, m_tabs));
    addTab("blocksTab", tr("Blocks"), new BlockTableView(m_document, m_tabs));
    const int output = addTab("outputTab", tr("Output"), new OutputView(m_document, m_tabs));
    m_tabs->setTabEnabled(output, false);
    const auto offerOutput = [this, output] {
        const PhaseRunPtr& run = m_document.run(Phase::eval);
        if (!run) return;
        m_tabs->setTabEnabled(output, isPicture(run->output));
        m_tabs->setTabVisible(output, m_tabs->isTabEnabled(output));
    };
    connect(&m_document, &Document::runChanged, this, offerOutput);
    offerOutput();
    layout->addWidget(m_blockHeadline);
    layout->addWidget(m_tabs, 1);
    return centre;
}

int MainWindow::addTab(const char* name, const QString& title, QWidget* content) {
    content->setObjectName(QString::fromLatin1(name));
    return m_tabs->addTab(content, title);
}

void MainWindow::buildDocks() {
    auto* side = new QWidget(this);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(6, 2, 0, 2);
    layout->addWidget(new WeightsBox(m_document, side));
    layout->addWidget(new BlockTreeView(m_document, side), 1);
    layout->addWidget(new InputView(m_document, side));
    m_docks->add(QStringLiteral("modelDock"), tr("Model"), side);
    m_docks->add(QStringLiteral("depthDock"), tr("Difference along the depth"), new DifferenceView(m_document, this));
    m_docks->add(QStringLiteral("topDock"), tr("Top 5 in each phase"), new TopView(m_document, this));
    m_docks->add(QStringLiteral("detailsDock"), tr("Details"), new DetailsTabs(m_document, this));
    QDockWidget* keys = m_docks->add(QStringLiteral("keysDock"), tr("Keys"), makeKeySheet(this));
    buildLessons();
    m_presenter = new PresenterMode(*this);
    m_actions->on(ActionId::presenterMode, this, [this] { m_presenter->setOn(!m_presenter->isOn()); });
    QMenu* view = m_actions->menu(MenuId::view);
    view->addSeparator();
    m_docks->addToggles(view);
    m_actions->on(ActionId::resetLayout, this, [this] { m_docks->arrange(); });
    for (const auto& [id, chosen] : kLayoutActions)
        m_actions->on(id, this, [this, wanted = chosen] {
            m_presenter->setOn(false); // its few panes are nobody's layout
            m_docks->setLayout(wanted);
        });
    connect(m_docks, &WindowDocks::layoutChanged, this, [this](LayoutId shown, const QString& tab) {
        for (const auto& [id, of] : kLayoutActions) (*m_actions)[id]->setChecked(of == shown);
        const QStringList offered = layoutSpec(shown).tabs;
        int chosen = 0;
        for (int i = 0; i < m_tabs->count(); ++i) {
            const QString name = m_tabs->widget(i)->objectName();
            m_tabs->setTabVisible(i, m_tabs->isTabEnabled(i) && (offered.contains(name) || name == tab));
            if (name == tab && m_tabs->isTabEnabled(i)) chosen = i;
        }
        m_tabs->setCurrentIndex(chosen);
    });
    connect(m_tabs, &QTabWidget::currentChanged, m_docks,
            [this] { if (m_isArranged) m_docks->setTab(m_tabs->currentWidget()->objectName()); });
    m_actions->on(ActionId::keys, this, [keys] { keys->setVisible(!keys->isVisible()); });
}

void MainWindow::buildLessons() {
    auto* lessons = new LessonView(*new LessonStage(m_document, *this), this);
    lessons->setLessons(bundledLessons());
    QDockWidget* dock = m_docks->add(QStringLiteral("lessonsDock"), tr("Lessons"), lessons);
    connect(lessons, &LessonView::opened, dock, [dock] {
        dock->show();
        dock->raise();
    });
    lessons->fillMenu(m_actions->menu(MenuId::help)->addMenu(tr("&Lessons")));
}

void MainWindow::showTab(QWidget& page) {
    const int index = m_tabs->indexOf(&page);
    if (!m_tabs->isTabEnabled(index)) return; // it has nothing to show for this model
    m_tabs->setTabVisible(index, true);
    m_tabs->setCurrentIndex(index);
}

QStringList MainWindow::tabNames() const {
    QStringList names;
    for (int i = 0; i < m_tabs->count(); ++i)
        names << m_tabs->widget(i)->objectName().chopped(static_cast<int>(sizeof "Tab") - 1);
    return names;
}

bool MainWindow::arrange(const QString& layout, const QString& tab) {
    for (const LayoutId id : kLayouts)
        if (nameOf(id) == layout) m_docks->setLayout(id);
    if (tab.isEmpty()) return true;
    const auto index = static_cast<int>(tabNames().indexOf(tab));
    if (index >= 0) showTab(*m_tabs->widget(index));
    return index >= 0;
}

void MainWindow::takePlaceOf(MainWindow& old) {
    old.m_presenter->setOn(false);
    restoreGeometry(old.saveGeometry());
    show();
    m_docks->takeFrom(*old.m_docks);
    m_tabs->setCurrentIndex(old.m_tabs->currentIndex());
}

void MainWindow::wireActions() {
    auto* palette = new CommandPalette([this] { return paletteEntries(*this, m_document); }, *this);
    m_actions->on(ActionId::palette, palette, [palette] { palette->open(); });
    for (const auto& [id, code] : {std::pair{ActionId::languageEnglish, "en"}, {ActionId::languageChinese, "zh_CN"}})
        m_actions->on(id, this, [this, wanted = QString::fromLatin1(code)] { emit languageWanted(wanted); });
    m_actions->on(ActionId::verify, this, [this] { m_document.verifyAgain(); });
    m_actions->on(ActionId::cancel, this, [this] { m_document.cancel(); });
    m_actions->on(ActionId::phaseTrain, this, [this] { m_document.setPhase(Phase::train); });
    m_actions->on(ActionId::phaseEval, this, [this] { m_document.setPhase(Phase::eval); });
    m_actions->on(ActionId::phaseDeploy, this, [this] { m_document.setPhase(Phase::deploy); });
}

void MainWindow::wireNavigation() {
    auto stepTab = [this](int by) {
        int next = m_tabs->currentIndex();
        do next = (next + by + m_tabs->count()) % m_tabs->count();
        while (!m_tabs->isTabVisible(next));
        m_tabs->setCurrentIndex(next);
    };
    auto zoom = [this](auto change) {
        if (auto* view = dynamic_cast<Zoomable*>(m_tabs->currentWidget())) change(*view);
    };
    m_actions->on(ActionId::zoomIn, this, [zoom] { zoom([](Zoomable& view) { view.zoomBy(1.25); }); });
    m_actions->on(ActionId::zoomOut, this, [zoom] { zoom([](Zoomable& view) { view.zoomBy(0.8); }); });
    m_actions->on(ActionId::zoomToFit, this, [zoom] { zoom([](Zoomable& view) { view.zoomToFit(); }); });
    m_actions->on(ActionId::nextTab, this, [stepTab] { stepTab(1); });
    m_actions->on(ActionId::previousTab, this, [stepTab] { stepTab(-1); });
    m_actions->on(ActionId::nextBlock, this, [this] { stepBlock(m_document, 1); });
    m_actions->on(ActionId::previousBlock, this, [this] { stepBlock(m_document, -1); });
    m_actions->on(ActionId::worstBlock, this, [this] { goToWorst(m_document); });
    m_actions->on(ActionId::filterBlocks, this, [this] {
        auto* tree = findChild<BlockTreeView*>();
        findChild<QDockWidget*>(QStringLiteral("modelDock"))->show();
        tree->filter()->setFocus(Qt::ShortcutFocusReason);
        tree->filter()->selectAll();
    });
}

/// An element that is picked in a map is the one that the Pixel tab explains.
void MainWindow::wirePixel() {
    auto* pixel = findChild<PixelView*>();
    auto* difference = findChild<BlockDifferenceView*>();
    auto explain = [this, pixel] { showTab(*pixel); };
    connect(m_activations, &ActivationsView::picked, pixel, &PixelView::choose);
    connect(m_activations, &ActivationsView::questioned, this, explain);
    connect(difference, &BlockDifferenceView::picked, pixel, &PixelView::choose);
    connect(difference, &BlockDifferenceView::questioned, this, explain);
    m_actions->on(ActionId::pinChannel, this, [this] {
        MapViewState& state = m_activations->state();
        const int channel = state.cursor() ? state.cursor()->channel : state.channel();
        if (channel >= 0) state.togglePin(channel);
    });
    m_actions->on(ActionId::explainPixel, this, [this, pixel, difference, explain] {
        const MapViewState& state = difference->isVisible() ? difference->state() : m_activations->state();
        if (state.cursor()) pixel->choose(*state.cursor());
        explain();
    });
}

/// Model and picture are read again when another content stands under their paths.
void MainWindow::watchFiles() {
    auto* model = new FileWatch(this);
    connect(&m_document, &Document::modelPathChanged, model, [this, model] { model->setPath(m_document.modelPath()); });
    connect(model, &FileWatch::changed, &m_document, &Document::reloadModel);
    model->setPath(m_document.modelPath());
    auto* picture = new FileWatch(this);
    connect(&m_document, &Document::inputPathChanged, picture, [this, picture] { picture->setPath(m_document.inputPath()); });
    connect(picture, &FileWatch::changed, &m_document, [this] { m_document.openPicture(m_document.inputPath()); });
    picture->setPath(m_document.inputPath());
}

/// Undo concerns the playground's numbers while that tab is shown, and what was asked of the document else.
void MainWindow::wireUndo() {
    auto* group = new QUndoGroup(this);
    group->setObjectName(QStringLiteral("undoGroup"));
    auto* history = new EditHistory(m_document, this);
    group->addStack(&history->stack());
    group->setActiveStack(&history->stack());
    auto* playground = findChild<PlaygroundView*>();
    group->addStack(&playground->playground().undoStack());
    connect(m_tabs, &QTabWidget::currentChanged, group, [this, group, history, playground] {
        group->setActiveStack(m_tabs->currentWidget() == playground ? &playground->playground().undoStack() : &history->stack());
    });
    QAction *undo = (*m_actions)[ActionId::undo], *redo = (*m_actions)[ActionId::redo];
    m_actions->on(ActionId::undo, group, [group] { group->undo(); });
    m_actions->on(ActionId::redo, group, [group] { group->redo(); });
    const auto name = [](QAction* action, const QString& verb) {
        return [action, verb](const QString& what) { action->setText(what.isEmpty() ? verb : verb + QLatin1Char(' ') + what); };
    };
    connect(group, &QUndoGroup::undoTextChanged, undo, name(undo, undo->text()));
    connect(group, &QUndoGroup::redoTextChanged, redo, name(redo, redo->text()));
    connect(group, &QUndoGroup::canUndoChanged, undo, &QAction::setEnabled);
    connect(group, &QUndoGroup::canRedoChanged, redo, &QAction::setEnabled);
    undo->setEnabled(false);
    redo->setEnabled(false);
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (std::exchange(m_isArranged, true)) return;
    m_docks->restore(); // the window has its size only now
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_presenter->setOn(false);
    m_docks->save();
    m_sessions->keepLast();
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    if (paths.size() == 1 && isSessionName(paths.front()))
        m_sessions->open(paths.front());
    else
        m_document.openFiles(paths);
    event->acceptProposedAction();
}

void MainWindow::showTitle() {
    const LoadedModelPtr& model = m_document.model();
    const InputPtr& input = m_document.input();
    const QString file = model ? toQString(model->opened.checkpoint->path.filename().string()) : QString();
    setWindowTitle(file.isEmpty() ? tr("Repscope") : tr("%1 - Repscope").arg(file));
    m_inputLabel->setText(input ? tr("Input: %1, %2").arg(input->name, shapeText(input->values.shape()))
                                : QString());
}

void MainWindow::showBlock() {
    const int block = m_document.block();
    if (block < 0 || !m_document.model()) {
        m_blockHeadline->clear();
        return;
    }
    const auto i = static_cast<std::size_t>(block);
    const fusion::BlockFusion& fusion = m_document.model()->fusion.blocks[i];
    const Block& source = m_document.model()->model().blocks[i];
    QString exactness = tr("exact everywhere");
    if (source.form == Form::deploy)
        exactness = tr("deploy form");
    else if (fusion.exactness == fusion::Exactness::inside)
        exactness = tr("exact inside, rim of %1 px").arg(fusion.rim);
    else if (fusion.exactness == fusion::Exactness::notAffine)
        exactness = tr("not merged: %1").arg(coreText(fusion.reason));
    m_blockHeadline->setText(blockHeadline(source, exactness));
    m_blockHeadline->setToolTip(m_blockHeadline->text());
}

} // namespace rp::ui
