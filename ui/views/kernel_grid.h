// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/exportable.h"
#include "ui/models/accessible_value.h"

#include "core/picture/colour_map.h"

#include <QStringList>
#include <QWidget>

#include <optional>
#include <vector>

class QLineEdit;

namespace rp::ui {

/// One kh x kw slice of a kernel as coloured cells with their numbers, its bias below. Hovering or the arrow keys choose
/// a cell; when it is editable, Enter, a double click or typing changes its number.
class KernelGrid : public QWidget, public HasTable, public HasTensor, public HasAccessibleValue {
    Q_OBJECT

public:
    struct Slice {
        int rows = 0, columns = 0;
        std::vector<double> values; ///< row-major
        std::optional<double> bias{}; ///< none: the slice is no kernel
        QStringList rowLabels{};      ///< left of the rows; empty for none
        int everyRows = 0, everyColumns = 0; ///< a gap after so many, where slices stand side by side; 0: none
    };
    /// A cell of the grid; `row == rows` is the bias.
    struct Spot {
        int row = 0, column = 0;
        friend bool operator==(const Spot&, const Spot&) = default;
    };

    explicit KernelGrid(QWidget* parent = nullptr);
    void show(const QString& title, const QString& note, Slice slice, picture::Range range);
    const Slice& slice() const { return m_slice; }
    const QString& title() const { return m_title; }

    void setMarks(std::vector<Spot> marks); ///< framed cells
    const std::vector<Spot>& marks() const { return m_marks; }
    void setEditable(bool isEditable);
    bool isEditable() const { return m_isEditable; }
    void setCaptionLines(int lines); ///< 2: title and note; 1 or 0 where room is short
    QRect spotRect(const Spot& spot) const;

    ChartTable table() const override;
    const TensorD& tensor() const override { return m_tensor; } ///< [kh, kw]
    QString tensorName() const override { return m_title; }
    QString accessibleValue() const override; ///< of the cell at the cursor
    QAccessible::Role accessibleRole() const override { return QAccessible::Chart; }

    QSize sizeHint() const override { return {210, 240}; }
    QSize minimumSizeHint() const override { return m_captionLines < 2 ? QSize(36, 36) : QSize(130, 150); }

signals:
    void pointedAt(int row, int column); ///< by mouse or keys
    void left();                         ///< neither mouse nor keyboard points at a cell any more
    void edited(int row, int column, const QString& text);
    void changed(); ///< other cells are shown

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override; ///< Escape in the editor
    bool event(QEvent* event) override; ///< the full number of a cell as tooltip
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QRect cellsRect() const;
    int side() const;
    int labelWidth() const;
    std::optional<Spot> spotAt(const QPoint& position) const;
    std::optional<double> valueAt(const Spot& spot) const;
    void pointAt(const std::optional<Spot>& spot);
    void edit(const Spot& spot, const QString& text);
    void closeEditor();
    void drawFrame(QPainter& painter, const Spot& spot, const QColor& colour) const;

    QString m_title, m_note;
    Slice m_slice;
    TensorD m_tensor;
    picture::Range m_range;
    std::vector<Spot> m_marks;
    std::optional<Spot> m_spot; ///< the keyboard's
    std::optional<Spot> m_hovered;
    QLineEdit* m_editor = nullptr;
    bool m_isEditable = false;
    int m_captionLines = 2;
};

} // namespace rp::ui
