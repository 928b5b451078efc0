// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QSpinBox;

namespace rp::ui {

class Document;
class MapPane;
class MapViewState;
class RangeLegend;

/// What the selected block does with its input: input, every branch, their sum, output, and the difference of
/// the two forms. Branches, sum and output share one colour range; otherwise their pictures could not be
/// compared.
class ActivationsView : public QWidget {
    Q_OBJECT

public:
    explicit ActivationsView(Document& document, QWidget* parent = nullptr);
    const std::vector<MapPane*>& panes() const { return m_panes; }
    /// The map that was clicked last, found again by its title; else the output. Null without maps.
    const TensorD* selectedMap() const;

signals:
    void hovered(const QString& text); ///< the element under the cursor in words; empty without one

private:
    void buildControls(QLayout* into);
    void showDetail();
    void showMaps(const BlockDetail& detail);
    void arrangePanes(std::size_t count);
    QString describe(const BlockDetail& detail) const;
    void tellCursor();
    void choosePane(const MapPane* pane);
    const MapPane* selectedPane() const;

    Document& m_document;
    MapViewState* m_state;
    QGridLayout* m_grid;
    QLabel *m_message, *m_description, *m_sampleLabel;
    QSpinBox *m_channel, *m_sample;
    RangeLegend* m_legend;
    std::vector<MapPane*> m_panes; ///< those in use
    std::vector<MapPane*> m_spare;
    QString m_chosen; ///< title of the pane that was clicked last
};

} // namespace rp::ui
