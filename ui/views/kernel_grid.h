// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/colour_map.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace rp::ui {

/// One kh x kw slice of a kernel as coloured cells with their numbers, its bias below.
class KernelGrid : public QWidget {
    Q_OBJECT

public:
    struct Slice {
        int rows = 0, columns = 0;
        std::vector<double> values; ///< row-major
        std::optional<double> bias{}; ///< none: the slice is no kernel
    };

    explicit KernelGrid(QWidget* parent = nullptr);
    void show(const QString& title, const QString& note, Slice slice, picture::Range range);
    const Slice& slice() const { return m_slice; }

    QSize sizeHint() const override { return {210, 240}; }
    QSize minimumSizeHint() const override { return {130, 150}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override; ///< the full number of a cell as tooltip

private:
    QRect cellsRect() const;
    QRect cellRect(int row, int column) const;

    QString m_title, m_note;
    Slice m_slice;
    picture::Range m_range;
};

} // namespace rp::ui
