// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/exportable.h"
#include "ui/models/accessible_value.h"

#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QCustomPlot;
class QMouseEvent;

namespace rp::ui {

/// Non-negative quantities per block along the depth. Zero has no place on a logarithmic axis, so it gets
/// one: a line at the bottom labelled "0", with hollow marks. A click selects the nearest block; with the
/// focus, Left and Right its neighbour.
class DepthPlot : public QWidget, public HasTable, public HasAccessibleValue {
    Q_OBJECT

public:
    struct Series {
        QString name;
        QColor colour;
        bool isBound = false;                      ///< dashed, without marks
        std::vector<std::optional<double>> values; ///< by block; none: not measured
    };

    explicit DepthPlot(QWidget* parent = nullptr);
    ~DepthPlot() override;

    /// `marked` blocks get a cross at the bottom: they fail, or could not be measured.
    void setSeries(const QStringList& blocks, const QString& quantity, std::vector<Series> series,
                   std::vector<int> marked = {}, const QColor& markColour = {});
    void setSelected(int block);
    int selected() const { return m_selected; }
    ChartTable table() const override;         ///< a row per block
    QString accessibleValue() const override; ///< of the selected block
    QSize sizeHint() const override { return {460, 220}; }
    QSize minimumSizeHint() const override { return {220, 120}; }

signals:
    void blockClicked(int block);
    void changed();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void applyPalette();
    void rebuild();
    double addGraph(const Series& series, double zeroPlace);
    double smallestPositive() const;
    void addMarks(double place);
    void markSelected();
    void labelBlocks();
    int blockAt(const QPoint& position) const;
    void tellPoint(QMouseEvent* event);

    QCustomPlot* m_plot;
    QStringList m_blocks;
    QString m_quantity;
    std::vector<Series> m_series;
    std::vector<int> m_marked;
    QColor m_markColour;
    int m_selected = -1;
};

} // namespace rp::ui
