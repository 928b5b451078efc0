// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/tensor.h"

#include <QStringList>
#include <QWidget>

namespace rp::ui {

/// What every position of every block's kernel counts, block by block: a window of cells each, the strongest position
/// of a block bright.
class PositionNorms : public QWidget {
    Q_OBJECT

public:
    explicit PositionNorms(QWidget* parent = nullptr);
    /// `norms` [kh, kw] by block; empty ones are blocks without a kernel.
    void show(QStringList names, std::vector<TensorD> norms);
    void setSelected(int block);
    QRect rectOf(int block) const;
    QSize minimumSizeHint() const override { return {140, 70}; }

signals:
    void blockClicked(int block);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    int columns() const;
    int side() const;
    int blockAt(const QPoint& position) const;

    QStringList m_names;
    std::vector<TensorD> m_norms;
    int m_selected = -1;
};

} // namespace rp::ui
