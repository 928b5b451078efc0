// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/colour_map.h"

#include <QObject>
#include <QPointF>

#include <algorithm>
#include <optional>
#include <vector>

namespace rp::ui {

/// Which values take the ends of the colour scale.
enum class RangeScope {
    block,   ///< one range for everything in the block that is comparable
    channel, ///< every channel on its own
    locked,  ///< the ranges stay as they were when they were locked, whatever is selected
    network, ///< one range for what all blocks put out
};

/// What the panes of one block share: the channel shown alone, the sample, the element under the cursor, the
/// part that is looked at, and the colours.
class MapViewState : public QObject {
    Q_OBJECT

public:
    /// An element of a map of height x width; panes of another size show no marker for it.
    struct Cursor {
        int channel = 0, y = 0, x = 0;
        int height = 0, width = 0;
        friend bool operator==(const Cursor&, const Cursor&) = default;
    };
    /// Magnification over the size that fits, and the point of the picture in the middle, both axes in [0, 1].
    struct Window {
        double zoom = 1;
        QPointF centre{0.5, 0.5};
        friend bool operator==(const Window&, const Window&) = default;
    };
    static constexpr double kMostZoom = 512;

    using QObject::QObject;

    int channel() const { return m_channel; } ///< -1: all as a mosaic
    int sample() const { return m_sample; }
    const std::optional<Cursor>& cursor() const { return m_cursor; }
    const Window& window() const { return m_window; }
    picture::ColourMap colours() const { return m_colours; }
    RangeScope scope() const { return m_scope; }
    const std::vector<int>& pinned() const { return m_pinned; } ///< channels that stay first, in the order of pinning

    void setChannel(int channel) {
        if (channel == m_channel) return;
        m_channel = channel;
        setWindow({}); // another picture: a part of the old one means nothing in it
        emit channelChanged(channel);
    }
    void setSample(int sample) {
        if (sample == m_sample) return;
        m_sample = sample;
        emit sampleChanged(sample);
    }
    void setCursor(const std::optional<Cursor>& cursor) {
        if (cursor == m_cursor) return;
        m_cursor = cursor;
        emit cursorChanged();
    }
    void setWindow(Window window) {
        window.zoom = std::clamp(window.zoom, 1.0, kMostZoom);
        if (window.zoom == 1) window.centre = {0.5, 0.5};
        if (window == m_window) return;
        m_window = window;
        emit windowChanged();
    }
    void togglePin(int channel) {
        if (std::erase(m_pinned, channel) == 0) m_pinned.push_back(channel);
        emit pinsChanged();
    }
    void clearPins() {
        if (m_pinned.empty()) return;
        m_pinned.clear();
        emit pinsChanged();
    }
    void setColours(picture::ColourMap colours) {
        if (colours == m_colours) return;
        m_colours = colours;
        emit coloursChanged();
    }
    void setScope(RangeScope scope) {
        if (scope == m_scope) return;
        m_scope = scope;
        emit scopeChanged();
    }

signals:
    void channelChanged(int channel);
    void sampleChanged(int sample);
    void cursorChanged();
    void windowChanged();
    void coloursChanged();
    void scopeChanged();
    void pinsChanged();

private:
    int m_channel = -1;
    int m_sample = 0;
    std::optional<Cursor> m_cursor;
    Window m_window;
    picture::ColourMap m_colours = picture::ColourMap::diverging;
    RangeScope m_scope = RangeScope::block;
    std::vector<int> m_pinned;
};

} // namespace rp::ui
