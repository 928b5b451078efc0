// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QComboBox;

namespace rp::ui {

class DepthPlot;
class Document;

/// Where along the depth the two forms differ: local (same input) and cumulative (each on its own outputs).
class DifferenceView : public QWidget {
    Q_OBJECT

public:
    explicit DifferenceView(Document& document, QWidget* parent = nullptr);

private:
    void showReport();

    Document& m_document;
    QComboBox* m_quantity;
    DepthPlot* m_plot;
};

} // namespace rp::ui
