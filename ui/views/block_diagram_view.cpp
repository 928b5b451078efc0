// SPDX-License-Identifier: Apache-2.0
#include "ui/views/block_diagram_view.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/block_diagram_item.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QGraphicsTextItem>
#include <QKeyEvent>
#include <QTextDocument>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rp::ui {
namespace {

using Kind = DiagramNode::Kind;
using Role = BlockMap::Role;

constexpr double kGapX = 30, kGapY = 10, kMargin = 6;
constexpr double kLeastColumn = 124, kMostColumn = 230, kLeastRow = 58, kMostRow = 190;
constexpr double kLeastFit = 0.8; ///< smaller words cannot be read: scroll instead

bool isBody(const DiagramNode& node) {
    return node.kind == Kind::step || node.kind == Kind::sum || node.kind == Kind::concat;
}

/// Does the map belong to the node? `fusedRuns`: the phase ran the fused path instead of the branches.
bool belongs(const BlockMap& map, const DiagramNode& node, const BlockDetail& detail, bool fusedRuns) {
    switch (map.role) {
    case Role::input:
        return node.kind == Kind::input;
    case Role::branch:
        return isBody(node) && node.path == map.name.toStdString();
    case Role::sum:
        return node.onFusedPath == fusedRuns && (node.kind == Kind::fused || node.path == "sum");
    case Role::output:
        return node.onFusedPath == fusedRuns && node.kind == Kind::output && node.path == "out";
    case Role::step: // a step whose map is its branch's is that branch
        return node.onFusedPath == fusedRuns && (isBody(node) || node.kind == Kind::tail) &&
               node.name == map.name.toStdString();
    case Role::difference: // in phase train it compares train with eval, which this drawing does not show
        return node.kind == Kind::difference && detail.phase != Phase::train;
    }
    return false;
}

const BlockMap* mapOf(const DiagramNode& node, const BlockDetail& detail, bool fusedRuns) {
    for (const std::vector<BlockMap>* maps : {&detail.maps, &detail.steps})
        for (const BlockMap& map : *maps)
            if (belongs(map, node, detail, fusedRuns)) return &map;
    return nullptr;
}

/// A difference fills its colours however small it is: the figure says how small.
QString noteOn(const BlockMap& map) {
    if (map.role == Role::difference) return BlockDiagramView::tr("max %1").arg(numberText(map.range.largest, 2));
    const Shape& shape = map.values.shape();
    return shapeText({shape.begin() + 1, shape.end()});
}

bool runsFused(const BlockDiagram& diagram, const BlockDetail& detail) {
    const bool hasPath =
        std::ranges::any_of(diagram.nodes, [](const DiagramNode& n) { return n.onFusedPath; });
    return hasPath && std::ranges::any_of(detail.maps, [](const BlockMap& map) {
               return map.role == Role::sum && map.name == QStringLiteral("fused kernel");
           });
}

} // namespace

BlockDiagramView::BlockDiagramView(Document& document, QWidget* parent)
    : QGraphicsView(parent), m_document(document) {
    setScene(new QGraphicsScene(this));
    setFrameShape(QFrame::NoFrame);
    setAlignment(Qt::AlignCenter);
    setBackgroundRole(QPalette::Window);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Diagram of the block"));
    connect(&document, &Document::modelChanged, this, &BlockDiagramView::showBlock);
    connect(&document, &Document::blockChanged, this, &BlockDiagramView::showBlock);
    connect(&document, &Document::activityChanged, this, [this] {
        if (!m_document.model()) showBlock();
    });
    connect(&document, &Document::detailChanged, this, &BlockDiagramView::showMaps);
    connect(&document, &Document::sampleChanged, this, &BlockDiagramView::showMaps);
    connect(&document, &Document::chosenMapChanged, this, &BlockDiagramView::showChosen);
    showBlock();
}

void BlockDiagramView::showBlock() {
    const LoadedModelPtr& model = m_document.model();
    const int block = m_document.block();
    if (!model || block < 0) {
        draw({}, nullptr,
             model                  ? tr("Select a block at the left.")
             : m_document.isBusy() ? tr("Opening…")
                                   : tr("Open a checkpoint, or drop it here."));
        return;
    }
    const auto i = static_cast<std::size_t>(block);
    const Block& source = model->model().blocks[i];
    const fusion::BlockFusion& fusion = model->fusion.blocks[i];
    QString remark;
    if (!source.body)
        remark = tr("This block cannot be drawn: %1").arg(coreText(source.refusal.value_or(fusion.reason)));
    else if (source.form == Form::deploy)
        remark = tr("The file holds the fused kernel only; its branches cannot be told from it.");
    else if (!fusion.fusable)
        remark = tr("There is no fused path. The block is not merged: %1").arg(coreText(fusion.reason));
    const bool hasPath = source.form != Form::deploy && fusion.fusable;
    draw(source, hasPath ? fusion.stored.get() : nullptr, remark);
    showMaps();
}

void BlockDiagramView::draw(const Block& block, const Expr* fused, const QString& remark) {
    scene()->clear();
    m_items.clear();
    m_edges.clear();
    m_words = nullptr;
    m_shown.reset();
    m_fusedRuns = false;
    m_current = m_selected = -1;
    m_zoom = 1;
    m_diagram = layOutBlock(block, fused);
    for (const DiagramNode& node : m_diagram.nodes) {
        m_items.push_back(new DiagramNodeItem(node));
        scene()->addItem(m_items.back());
    }
    for (const DiagramEdge& edge : m_diagram.edges) {
        m_edges.push_back(new DiagramEdgeItem(*m_items[static_cast<std::size_t>(edge.from)],
                                              *m_items[static_cast<std::size_t>(edge.to)]));
        scene()->addItem(m_edges.back());
    }
    m_message = remark;
    if (!remark.isEmpty()) {
        m_words = scene()->addText(remark);
        QTextOption option(Qt::AlignCenter);
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        m_words->document()->setDefaultTextOption(option);
    }
    setAccessibleDescription(remark);
    colour();
    arrange();
}

/// Pictures of the current block, from what the document computed last.
void BlockDiagramView::showMaps() {
    m_stale = !isVisible(); // painting 1280 channels that nobody looks at costs time
    if (m_stale) return;
    const BlockDetailPtr detail = m_document.detail();
    const bool fits = detail && detail->block == m_document.block() && !m_items.empty();
    m_fusedRuns = fits && runsFused(m_diagram, *detail);
    for (DiagramNodeItem* item : m_items) {
        const BlockMap* map = fits ? mapOf(item->node(), *detail, m_fusedRuns) : nullptr;
        if (!map) {
            item->clearMap();
            continue;
        }
        item->setMap(map->values, m_document.sample(), map->range.diverging, noteOn(*map));
    }
    m_shown = detail;
    colour();
    arrange();
    showChosen();
}

QPointF BlockDiagramView::centreOf(const DiagramNode& node, QSizeF cell) const {
    return {(node.column + 0.5) * cell.width(), (node.row + 0.5) * cell.height()};
}

/// Cells take the room that there is; when the least size does not fit, the drawing shrinks a little, then
/// scrolls.
void BlockDiagramView::arrange() {
    if (m_items.empty()) {
        resetTransform();
        arrangeMessage({});
        return;
    }
    const double words = m_words ? 3 * fontMetrics().height() : 0;
    const QSizeF room = QSizeF(maximumViewportSize()) - QSizeF(2 * kMargin, 2 * kMargin + words);
    const QSizeF cell(std::clamp((room.width() + kGapX) / m_diagram.columns, kLeastColumn, kMostColumn),
                      std::clamp(room.height() / m_diagram.rows, kLeastRow, kMostRow));
    for (DiagramNodeItem* item : m_items) {
        item->setRoom({cell.width() - kGapX, cell.height() - kGapY}, font());
        item->setPos(centreOf(item->node(), cell));
    }
    for (std::size_t i = 0; i < m_edges.size(); ++i) {
        const DiagramNode& from = m_diagram.nodes[static_cast<std::size_t>(m_diagram.edges[i].from)];
        m_edges[i]->follow((from.column + 1) * cell.width() - 3);
    }
    arrangeMessage(cell);
    scene()->setSceneRect(scene()->itemsBoundingRect().adjusted(-kMargin, -kMargin, kMargin, kMargin));
    const QSizeF needed = scene()->sceneRect().size();
    const double fit = std::min((room.width() + 2 * kMargin) / needed.width(),
                                (room.height() + words + 2 * kMargin) / needed.height());
    resetTransform();
    const double scaled = m_zoom * std::clamp(fit, kLeastFit, 1.0);
    scale(scaled, scaled);
}

void BlockDiagramView::arrangeMessage(QSizeF cell) {
    if (!m_words) return;
    const double width = std::max(200, maximumViewportSize().width() - 40);
    m_words->setFont(font());
    m_words->setTextWidth(width);
    const double middle = m_diagram.columns * cell.width() / 2;
    m_words->setPos(middle - width / 2, m_diagram.rows * cell.height());
    if (m_items.empty()) scene()->setSceneRect(m_words->sceneBoundingRect());
}

/// Colours, and what is dashed because this phase does not compute it.
void BlockDiagramView::colour() {
    const auto isIdle = [this](const DiagramNode& node) {
        if (node.kind == Kind::input || node.kind == Kind::difference) return false;
        return node.onFusedPath != m_fusedRuns;
    };
    for (DiagramNodeItem* item : m_items) {
        item->setLook(palette());
        item->setIdle(isIdle(item->node()));
    }
    for (DiagramEdgeItem* edge : m_edges)
        edge->setLook(palette());
    if (m_words) m_words->setDefaultTextColor(palette().color(QPalette::WindowText));
    setBackgroundBrush(palette().color(QPalette::Window));
}

void BlockDiagramView::mark() {
    for (std::size_t i = 0; i < m_items.size(); ++i)
        m_items[i]->setMarks(static_cast<int>(i) == m_selected,
                             static_cast<int>(i) == m_current && hasFocus());
}

void BlockDiagramView::setCurrent(int node) {
    m_current = node;
    mark();
    if (node < 0) return;
    const DiagramNodeItem* item = m_items[static_cast<std::size_t>(node)];
    setAccessibleDescription(item->words().replace(QLatin1Char('\n'), QStringLiteral(", ")));
    ensureVisible(item);
}

void BlockDiagramView::select(int node) {
    if (node < 0 || node >= static_cast<int>(m_items.size())) return;
    m_selected = node;
    setCurrent(node);
    const DiagramNode& chosen = m_diagram.nodes[static_cast<std::size_t>(node)];
    if (const BlockMap* map = m_shown ? mapOf(chosen, *m_shown, m_fusedRuns) : nullptr)
        m_document.chooseMap(keyOf(*map));
    emit nodeClicked(toQString(chosen.path));
}

/// The box whose map was chosen, here or in another view.
void BlockDiagramView::showChosen() {
    const BlockMap* map = m_document.chosenMap();
    if (!map || m_document.detail() != m_shown) return;
    for (std::size_t i = 0; i < m_items.size(); ++i)
        if (mapOf(m_items[i]->node(), *m_shown, m_fusedRuns) == map) m_selected = static_cast<int>(i);
    mark();
}

/// The nearest box in a direction; one that is off to the side counts as further away.
void BlockDiagramView::moveCurrent(double columns, double rows) {
    if (m_items.empty()) return;
    if (m_current < 0) {
        setCurrent(0);
        return;
    }
    const DiagramNode& here = m_diagram.nodes[static_cast<std::size_t>(m_current)];
    int best = -1;
    double least = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < m_diagram.nodes.size(); ++i) {
        const double right = m_diagram.nodes[i].column - here.column,
                     down = m_diagram.nodes[i].row - here.row;
        const double along = right * columns + down * rows;
        const double across = std::abs(right * rows) + std::abs(down * columns);
        if (along <= 0 || along + 2 * across >= least) continue;
        least = along + 2 * across;
        best = static_cast<int>(i);
    }
    if (best >= 0) setCurrent(best);
}

void BlockDiagramView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCurrent(-1, 0);
    case Qt::Key_Right:
        return moveCurrent(1, 0);
    case Qt::Key_Up:
        return moveCurrent(0, -1);
    case Qt::Key_Down:
        return moveCurrent(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return select(m_current);
    default:
        QGraphicsView::keyPressEvent(event);
    }
}

/// Tab walks over the boxes before it leaves the view.
bool BlockDiagramView::focusNextPrevChild(bool next) {
    const int count = static_cast<int>(m_items.size());
    const int target = next ? m_current + 1 : m_current - 1;
    if (!hasFocus() || target < 0 || target >= count) return QAbstractScrollArea::focusNextPrevChild(next);
    setCurrent(target);
    return true;
}

void BlockDiagramView::focusInEvent(QFocusEvent* event) {
    QGraphicsView::focusInEvent(event);
    const int last = static_cast<int>(m_items.size()) - 1;
    if (event->reason() == Qt::TabFocusReason)
        setCurrent(std::min(0, last));
    else if (event->reason() == Qt::BacktabFocusReason)
        setCurrent(last);
}

void BlockDiagramView::focusOutEvent(QFocusEvent* event) {
    QGraphicsView::focusOutEvent(event);
    m_current = -1;
    mark();
}

void BlockDiagramView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return QGraphicsView::mousePressEvent(event);
    const QPointF point = mapToScene(event->pos());
    for (std::size_t i = 0; i < m_items.size(); ++i)
        if (m_items[i]->box().contains(m_items[i]->mapFromScene(point))) return select(static_cast<int>(i));
}

void BlockDiagramView::zoomToFit() {
    zoomBy(1 / m_zoom);
}

void BlockDiagramView::zoomBy(double factor) {
    const double wanted = std::clamp(m_zoom * factor, 0.3, 5.0);
    scale(wanted / m_zoom, wanted / m_zoom);
    m_zoom = wanted;
}

void BlockDiagramView::wheelEvent(QWheelEvent* event) {
    if (!(event->modifiers() & Qt::ControlModifier)) return QGraphicsView::wheelEvent(event);
    setTransformationAnchor(AnchorUnderMouse);
    zoomBy(std::pow(1.2, event->angleDelta().y() / 120.0));
    setTransformationAnchor(AnchorViewCenter);
}

void BlockDiagramView::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    arrange();
}

void BlockDiagramView::showEvent(QShowEvent* event) {
    QGraphicsView::showEvent(event);
    if (m_stale) showMaps();
}

void BlockDiagramView::changeEvent(QEvent* event) {
    QGraphicsView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) colour();
    if (event->type() == QEvent::FontChange) arrange();
}

} // namespace rp::ui
