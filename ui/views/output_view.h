// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/output_pair.h"
#include "ui/views/zoomable.h"

#include <QWidget>

#include <array>

class QLabel;

namespace rp::ui {

class Document;
class MapPane;
class MapViewState;

/// What a network that makes pictures puts out in two phases, and their difference. Cursor and zoom are shared.
class OutputView : public QWidget, public Zoomable {
    Q_OBJECT

public:
    explicit OutputView(Document& document, QWidget* parent = nullptr);
    QString text() const; ///< the headline
    void zoomBy(double factor) override;
    void zoomToFit() override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    QString describe(const OutputPair& pair) const;

    Document& m_document;
    MapViewState* m_state;
    QLabel* m_headline;
    std::array<MapPane*, 3> m_panes;
    bool m_isStale = true; ///< something new came while the view was hidden
};

} // namespace rp::ui
