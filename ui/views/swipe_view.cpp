// SPDX-License-Identifier: Apache-2.0
#include "ui/views/swipe_view.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/map_pane.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace rp::ui {
namespace {

constexpr int kLine = 9; ///< pixels that can be grabbed
constexpr double kKeyStep = 0.02;

} // namespace

SwipePane::SwipePane(MapViewState& state, QWidget* parent)
    : QWidget(parent), m_a(new MapPane(state, this)), m_b(new MapPane(state, this)), m_line(new QWidget(this)) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_line->setCursor(Qt::SplitHCursor);
    m_line->setFocusPolicy(Qt::StrongFocus);
    m_line->setAccessibleName(tr("Swipe line"));
    m_line->setToolTip(tr("A at the left, B at the right: drag, or use the arrow keys"));
    m_line->installEventFilter(this);
    setMinimumSize(m_a->minimumSizeHint());
}

void SwipePane::setShare(double share) {
    m_share = std::clamp(share, 0.0, 1.0);
    arrange();
}

void SwipePane::resizeEvent(QResizeEvent*) {
    arrange();
}

/// B lies on A and is seen right of the line only. Its caption would be cut: A's stands for both.
void SwipePane::arrange() {
    const int x = static_cast<int>(m_share * width());
    m_a->setGeometry(rect());
    m_b->setGeometry(rect());
    m_b->setMask(QRegion(x, 0, std::max(1, width() - x), height()));
    m_line->setGeometry(x - kLine / 2, 0, kLine, height());
    m_line->raise();
}

bool SwipePane::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_line) return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::Paint) {
        QPainter painter(m_line);
        painter.fillRect(kLine / 2 - 1, 0, 3, height(), palette().color(QPalette::Base));
        painter.fillRect(kLine / 2, 0, 1, height(), palette().color(m_line->hasFocus() ? QPalette::Highlight : QPalette::WindowText));
        return true;
    }
    if (event->type() == QEvent::MouseMove && static_cast<QMouseEvent*>(event)->buttons().testFlag(Qt::LeftButton)) {
        setShare(m_line->mapTo(this, static_cast<QMouseEvent*>(event)->pos()).x() / static_cast<double>(std::max(1, width())));
        return true;
    }
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key != Qt::Key_Left && key != Qt::Key_Right) return false;
        setShare(m_share + (key == Qt::Key_Left ? -kKeyStep : kKeyStep));
        return true;
    }
    return false;
}

SwipeView::SwipeView(Document& document, MapViewState& state, QWidget* parent)
    : QWidget(parent), m_document(document), m_state(state), m_pair(new MapPair(document, this)), m_choiceA(new QComboBox(this)),
      m_choiceB(new QComboBox(this)), m_message(new QLabel(this)), m_noDifference(new QLabel(this)), m_content(new QWidget(this)),
      m_swipe(new SwipePane(state, m_content)), m_difference(new MapPane(state, m_content)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* row = new QHBoxLayout;
    auto addChoice = [&](const QString& label, QComboBox* box) {
        auto* words = new QLabel(label, this);
        words->setBuddy(box);
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        row->addWidget(words);
        row->addWidget(box);
        connect(box, &QComboBox::currentTextChanged, this, [this] { m_pair->choose(m_choiceA->currentText(), m_choiceB->currentText()); });
    };
    addChoice(tr("&A, left"), m_choiceA);
    row->addSpacing(10);
    addChoice(tr("&B, right"), m_choiceB);
    row->addStretch();
    layout->addLayout(row);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    layout->addWidget(m_message, 1);
    auto* panes = new QHBoxLayout(m_content);
    panes->setContentsMargins(0, 0, 0, 0);
    panes->addWidget(m_swipe, 1);
    panes->addWidget(m_difference, 1);
    m_noDifference->setAlignment(Qt::AlignCenter);
    m_noDifference->setWordWrap(true);
    panes->addWidget(m_noDifference, 1);
    layout->addWidget(m_content, 1);
    connect(m_pair, &MapPair::namesChanged, this, &SwipeView::showNames);
    connect(m_pair, &MapPair::changed, this, &SwipeView::showMaps);
    connect(&state, &MapViewState::coloursChanged, this, &SwipeView::showMaps);
    connect(&document, &Document::activityChanged, this, [this] {
        if (!m_pair->maps()) m_message->setText(m_pair->message());
    });
    showMaps();
}

void SwipeView::showEvent(QShowEvent*) {
    m_pair->setActive(true);
}

void SwipeView::hideEvent(QHideEvent*) {
    m_pair->setActive(false);
}

void SwipeView::showNames() {
    const std::initializer_list<std::pair<QComboBox*, QString>> boxes{{m_choiceA, m_pair->nameA()}, {m_choiceB, m_pair->nameB()}};
    for (const auto& [box, name] : boxes) {
        const QSignalBlocker quiet(box);
        box->clear();
        box->addItems(m_pair->names());
        box->setCurrentText(name);
        box->setEnabled(box->count() > 0);
    }
}

void SwipeView::showMaps() {
    const ComparedMapsPtr& maps = m_pair->maps();
    m_message->setVisible(!maps);
    m_content->setVisible(maps != nullptr);
    m_message->setText(m_pair->message());
    if (!maps) return;
    const std::vector<picture::Range> range{maps->range.of(m_state.colours())};
    const QString title = QStringLiteral("%1 │ %2").arg(maps->nameA, maps->nameB);
    m_swipe->a().show(title, {}, maps->a, range);
    m_swipe->b().show(title, {}, maps->b, range);
    const bool hasDifference = maps->difference.has_value();
    m_difference->setVisible(hasDifference);
    m_noDifference->setVisible(!hasDifference);
    m_noDifference->setText(tr("%1 is %2, %3 is %4: there is no difference by element.")
                                .arg(maps->nameA, shapeText(maps->a.shape()), maps->nameB, shapeText(maps->b.shape())));
    if (hasDifference)
        m_difference->show(QStringLiteral("%1 − %2").arg(maps->nameA, maps->nameB),
                           QStringLiteral("max |Δ| %1").arg(numberText(maps->differenceRange.largest, 3)), *maps->difference,
                           {maps->differenceRange.of(m_state.colours())});
}

void SwipeView::zoomBy(double factor) {
    MapViewState::Window window = m_state.window();
    window.zoom *= factor;
    m_state.setWindow(window);
}

void SwipeView::zoomToFit() {
    m_state.setWindow({});
}

} // namespace rp::ui
