// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"
#include "ui/presenters/channel_order.h"
#include "ui/views/map_view_state.h"
#include "ui/views/zoomable.h"

#include <QWidget>

#include <array>

class QComboBox;
class QGridLayout;
class QLabel;
class QSlider;
class QSpinBox;

namespace rp::ui {

class Document;
class MapPane;
class RangeLegend;

/// What the selected block does with its input: input, every branch, their sum, output, and the difference of
/// the two forms. Channel, cursor, zoom and colours are shared by all panes.
class ActivationsView : public QWidget, public Zoomable {
    Q_OBJECT

public:
    explicit ActivationsView(Document& document, QWidget* parent = nullptr);
    const std::vector<MapPane*>& panes() const { return m_panes; }
    MapViewState& state() { return *m_state; }
    QComboBox* colours() { return m_colours; }
    QComboBox* scope() { return m_scope; }
    QComboBox* order() { return m_order; }
    QSlider* strictness() { return m_strictness; }
    void zoomBy(double factor) override;
    void zoomToFit() override;

signals:
    void picked(const rp::ui::MapViewState::Cursor& element); ///< of the chosen map
    void questioned();
    void hovered(const QString& text); ///< the element under the cursor in words; empty without one

private:
    void buildControls(QLayout* into);
    QComboBox* addChoice(QLayout* into, const QString& label, const QStringList& texts, const QString& tip);
    void showDetail();
    void showMaps(const BlockDetail& detail);
    void showLegend(const BlockDetail& detail);
    std::vector<picture::Range> rangesOf(const BlockMap& map);
    void arrangePanes(std::size_t count);
    QString describe(const BlockDetail& detail) const;
    void tellCursor();
    void markChosen();
    void selectFrom(const BlockDetail& detail, std::int64_t channels);

    Document& m_document;
    MapViewState* m_state;
    QGridLayout* m_grid;
    QLabel *m_message, *m_description, *m_sampleLabel;
    QSpinBox *m_channel, *m_sample;
    QSlider* m_strictness;
    ChannelSelection m_selection;
    QComboBox *m_colours, *m_scope, *m_order;
    RangeLegend* m_legend;
    std::vector<MapPane*> m_panes; ///< those in use, in the order of the detail's maps
    std::vector<MapPane*> m_spare;
    /// By role, as they were when the ranges were locked.
    std::array<std::optional<picture::CommonRange>, 5> m_locked;
};

} // namespace rp::ui
