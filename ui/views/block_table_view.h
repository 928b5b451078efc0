// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>
#include <QWidget>

class QComboBox;
class QLabel;
class QSlider;
class QTreeView;

namespace rp::ui {

class BlockTableModel;
class BlockTableProxy;
class Document;
class FilterField;

/// All blocks as a table: sorted by any column, filtered, and coloured where a figure is beyond a threshold.
class BlockTableView : public QWidget {
    Q_OBJECT

public:
    explicit BlockTableView(Document& document, QWidget* parent = nullptr);
    FilterField* filter() { return m_filter; }
    QTreeView* table() { return m_table; }
    QComboBox* figure() { return m_figure; }
    QSlider* threshold() { return m_threshold; }
    QLabel* summary() { return m_summary; }
    const BlockTableModel& model() const { return *m_model; }

private:
    void buildControls(QLayout* into);
    void buildTable();
    void showModel();
    void showReport();
    void showSelection();
    void applyFilter();
    void applyThreshold();
    std::pair<double, double> span() const; ///< of the figure over all blocks, on the slider's logarithmic scale

    Document& m_document;
    BlockTableModel* m_model;
    BlockTableProxy* m_proxy;
    FilterField* m_filter;
    QComboBox* m_figure;
    QSlider* m_threshold;
    QLabel *m_summary, *m_message;
    QTreeView* m_table;
    bool m_isFiltering = false; ///< rows come and go by themselves
};

} // namespace rp::ui
