// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/difference_pair.h"
#include "ui/views/map_view_state.h"

#include <QWidget>

class QLabel;

namespace rp::ui {

class Document;
class HistogramPlot;
class MapPane;
class ScatterPlot;

/// What the two computations of the selected block differ by: the map with its largest element marked, one
/// against the other, and how often each difference occurs.
class BlockDifferenceView : public QWidget {
    Q_OBJECT

public:
    explicit BlockDifferenceView(Document& document, QWidget* parent = nullptr);
    QString text() const;
    MapViewState& state() { return *m_state; }

signals:
    void picked(const rp::ui::MapViewState::Cursor& element);
    void questioned();

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void showPair(const DifferencePair& pair);
    void markLargest();
    QString describe(const DifferencePair& pair, const Histogram& histogram) const;

    Document& m_document;
    MapViewState* m_state;
    QLabel *m_headline, *m_message;
    QWidget* m_content;
    MapPane* m_map;
    ScatterPlot* m_scatter;
    HistogramPlot* m_histogram;
    std::optional<DifferencePair> m_pair;
    bool m_isStale = true; ///< something new came while the view was hidden
};

} // namespace rp::ui
