// SPDX-License-Identifier: Apache-2.0
#include "ui/views/table_twin.h"

#include "ui/models/csv.h"
#include "ui/models/exportable.h"

#include <QCoreApplication>
#include <QEvent>
#include <QHeaderView>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

namespace rp::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(TableTwin)
};

} // namespace

/// Lies over its chart.
class TableTwin : public QTableView {
    Q_OBJECT

public:
    explicit TableTwin(QWidget& chart) : QTableView(&chart), m_chart(chart) {
        setEditTriggers(NoEditTriggers);
        setAlternatingRowColors(true);
        setShowGrid(false);
        setTabKeyNavigation(false);
        verticalHeader()->hide();
        verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6); // thousands of rows: nothing is measured
        horizontalHeader()->setDefaultAlignment(Qt::AlignLeft);
        horizontalHeader()->setStretchLastSection(true);
        chart.installEventFilter(this);
        connect(&chart, SIGNAL(changed()), this, SLOT(fill()));
    }

public slots:
    void fill() {
        if (isHidden()) return;
        ChartTable table = dynamic_cast<HasTable&>(m_chart).table();
        auto* filled = new TextTable(table.headers, this);
        filled->setRows(std::move(table.rows));
        QAbstractItemModel* before = model();
        setModel(filled);
        delete before;
        setAccessibleName(Texts::tr("%1 as a table").arg(m_chart.accessibleName()));
        for (int column = 0; column + 1 < filled->columnCount(); ++column) setColumnWidth(column, std::max(width() / filled->columnCount() - 4, 60));
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (watched == &m_chart && event->type() == QEvent::Resize) setGeometry(m_chart.rect());
        return QTableView::eventFilter(watched, event);
    }

private:
    QWidget& m_chart;
};

namespace {

TableTwin* twinOf(const QWidget& chart) {
    return chart.findChild<TableTwin*>(QString(), Qt::FindDirectChildrenOnly);
}

bool isSeenIn(const QWidget& widget, const QWidget& pane) {
    return &widget == &pane || widget.isVisibleTo(&pane);
}

} // namespace

void setTableShown(QWidget& chart, bool isShown) {
    TableTwin* twin = twinOf(chart);
    if (!twin && !isShown) return;
    if (!twin) twin = new TableTwin(chart);
    twin->setGeometry(chart.rect());
    twin->setVisible(isShown);
    twin->raise();
    twin->fill();
}

bool isTableShown(const QWidget& chart) {
    const TableTwin* twin = twinOf(chart);
    return twin && !twin->isHidden();
}

std::vector<QWidget*> chartsIn(QWidget& pane) {
    std::vector<QWidget*> charts;
    for (QWidget* widget : QList<QWidget*>{&pane} + pane.findChildren<QWidget*>())
        if (dynamic_cast<HasTable*>(widget) && isSeenIn(*widget, pane)) charts.push_back(widget);
    return charts;
}

QToolButton* makeTableButton(std::vector<QWidget*> charts, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(Texts::tr("Table"));
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setToolTip(Texts::tr("The numbers of the chart as a table"));
    QObject::connect(button, &QToolButton::toggled, parent, [charts = std::move(charts)](bool isShown) {
        for (QWidget* chart : charts) setTableShown(*chart, isShown);
    });
    return button;
}

QByteArray tableOf(QWidget& pane, QWidget* target) {
    const auto csv = [](QWidget& widget) {
        if (const auto* chart = dynamic_cast<HasTable*>(&widget)) {
            ChartTable table = chart->table();
            TextTable model(table.headers);
            model.setRows(std::move(table.rows));
            return csvOf(model);
        }
        const auto* view = qobject_cast<QAbstractItemView*>(&widget);
        return view && view->model() ? csvOf(*view->model()) : QByteArray();
    };
    for (QWidget* at = target; at; at = at == &pane ? nullptr : at->parentWidget())
        if (const QByteArray text = csv(*at); !text.isEmpty()) return text;
    for (QAbstractItemView* view : pane.findChildren<QAbstractItemView*>())
        if (isSeenIn(*view, pane) && view->model()) return csvOf(*view->model());
    for (QWidget* chart : chartsIn(pane)) return csv(*chart);
    return {};
}

} // namespace rp::ui

#include "table_twin.moc"
