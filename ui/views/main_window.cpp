// SPDX-License-Identifier: Apache-2.0
#include "ui/views/main_window.h"

#include "ui/presenters/bundled.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/details_tabs.h"
#include "ui/views/difference_view.h"
#include "ui/views/input_view.h"
#include "ui/views/kernel_view.h"
#include "ui/views/settings_bar.h"
#include "ui/views/top_view.h"
#include "ui/views/verdict_banner.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMimeData>
#include <QSplitter>
#include <QStatusBar>
#include <QToolBar>
#include <QVBoxLayout>

namespace rp::ui {

MainWindow::MainWindow(Document& document, QWidget* parent)
    : QMainWindow(parent), m_document(document), m_blockHeadline(new QLabel(this)),
      m_inputLabel(new QLabel(this)) {
    setAcceptDrops(true);
    buildActions();
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(new VerdictBanner(document, content));
    auto* rows = new QSplitter(Qt::Vertical, content);
    rows->addWidget(buildCentre());
    rows->addWidget(buildBottom());
    rows->setStretchFactor(0, 3);
    rows->setStretchFactor(1, 2);
    rows->setChildrenCollapsible(false);
    layout->addWidget(rows, 1);
    setCentralWidget(content);
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
}

void MainWindow::buildActions() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setMovable(false);
    QAction* openModel =
        file->addAction(tr("Open &model…"), QKeySequence::Open, this, &MainWindow::askForModel);
    QAction* openPicture = file->addAction(tr("Open &image…"), QKeySequence(tr("Ctrl+Shift+O")), this,
                                           &MainWindow::askForPicture);
    bar->addAction(openModel);
    bar->addAction(openPicture);
    bar->addSeparator();
    bar->addWidget(new SettingsBar(m_document, bar));
    QMenu* samples = file->addMenu(tr("&Bundled"));
    if (const QString model = bundledModel(); !model.isEmpty())
        samples->addAction(QFileInfo(model).fileName(), this, [this, model] { m_document.openModel(model); });
    samples->addSeparator();
    for (const QString& picture : bundledPictures())
        samples->addAction(QFileInfo(picture).fileName(), this,
                           [this, picture] { m_document.openPicture(picture); });
    file->addAction(tr("&Compare against a deploy file…"), this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Compare against"));
        if (!path.isEmpty()) m_document.compareAgainst(path);
    });
    file->addSeparator();
    file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addAction(tr("&Verify again"), QKeySequence::Refresh, &m_document, &Document::verifyAgain);
    run->addAction(tr("&Cancel"), QKeySequence(Qt::Key_Escape), &m_document, &Document::cancel);
}

QWidget* MainWindow::buildCentre() {
    auto* columns = new QSplitter(Qt::Horizontal, this);
    auto* side = new QWidget(columns);
    auto* sideLayout = new QVBoxLayout(side);
    sideLayout->setContentsMargins(6, 2, 0, 2);
    sideLayout->addWidget(new BlockTreeView(m_document, side), 1);
    sideLayout->addWidget(new InputView(m_document, side));
    auto* centre = new QWidget(columns);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 2, 6, 2);
    layout->setSpacing(4);
    QFont bold = m_blockHeadline->font();
    bold.setBold(true);
    m_blockHeadline->setFont(bold);
    m_blockHeadline->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_blockHeadline->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* tabs = new QTabWidget(centre);
    tabs->setDocumentMode(true);
    m_activations = new ActivationsView(m_document, tabs);
    tabs->addTab(m_activations, tr("Activations"));
    tabs->addTab(new KernelView(m_document, tabs), tr("Kernel"));
    layout->addWidget(m_blockHeadline);
    layout->addWidget(tabs, 1);
    columns->addWidget(side);
    columns->addWidget(centre);
    columns->setStretchFactor(1, 1);
    columns->setSizes({270, 1000});
    return columns;
}

QWidget* MainWindow::buildBottom() {
    auto* columns = new QSplitter(Qt::Horizontal, this);
    columns->addWidget(new DifferenceView(m_document, columns));
    columns->addWidget(new TopView(m_document, columns));
    columns->addWidget(new DetailsTabs(m_document, columns));
    columns->setSizes({400, 400, 470});
    columns->setContentsMargins(6, 0, 6, 2);
    return columns;
}

void MainWindow::askForModel() {
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Open model"), {}, tr("Checkpoints (*.pth *.pt *.bin *.safetensors);;All files (*)"));
    if (!path.isEmpty()) m_document.openModel(path);
}

void MainWindow::askForPicture() {
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Open image"), {},
        tr("Pictures and arrays (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.npy);;All files (*)"));
    if (!path.isEmpty()) m_document.openPicture(path);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) m_document.openFile(url.toLocalFile());
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
        exactness = tr("not merged: %1").arg(toQString(fusion.reason));
    m_blockHeadline->setText(blockHeadline(source, exactness));
    m_blockHeadline->setToolTip(m_blockHeadline->text());
}

} // namespace rp::ui
