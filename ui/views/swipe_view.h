// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/map_pair.h"
#include "ui/views/zoomable.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace rp::ui {

class Document;
class MapPane;
class MapViewState;

/// Two maps at the same place: A left of a line, B right of it. The line is dragged, or moved by arrow keys.
class SwipePane : public QWidget {
    Q_OBJECT

public:
    SwipePane(MapViewState& state, QWidget* parent = nullptr);
    MapPane& a() { return *m_a; }
    MapPane& b() { return *m_b; }
    double share() const { return m_share; }
    void setShare(double share); ///< of the width that A has, [0, 1]

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void arrange();

    MapPane *m_a, *m_b;
    QWidget* m_line;
    double m_share = 0.5;
};

/// Any two tensors of the block under a swipe line, and their difference.
class SwipeView : public QWidget, public Zoomable {
    Q_OBJECT

public:
    /// `state` is that of the activations: channel, cursor, zoom and colours are the same.
    SwipeView(Document& document, MapViewState& state, QWidget* parent = nullptr);
    MapPair& pair() { return *m_pair; }
    SwipePane& swipe() { return *m_swipe; }
    MapPane& difference() { return *m_difference; }
    QComboBox* choiceA() { return m_choiceA; }
    QComboBox* choiceB() { return m_choiceB; }
    void zoomBy(double factor) override;
    void zoomToFit() override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void showNames();
    void showMaps();

    Document& m_document;
    MapViewState& m_state;
    MapPair* m_pair;
    QComboBox *m_choiceA, *m_choiceB;
    QLabel *m_message, *m_noDifference;
    QWidget* m_content;
    SwipePane* m_swipe;
    MapPane* m_difference;
};

} // namespace rp::ui
