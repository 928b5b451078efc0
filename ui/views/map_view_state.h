// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <optional>

namespace rp::ui {

/// What the panes of one block share: the channel shown alone, the sample, and the element under the cursor.
class MapViewState : public QObject {
    Q_OBJECT

public:
    /// An element of a map of height x width; panes of another size show no marker for it.
    struct Cursor {
        int channel = 0, y = 0, x = 0;
        int height = 0, width = 0;
        friend bool operator==(const Cursor&, const Cursor&) = default;
    };

    using QObject::QObject;

    int channel() const { return m_channel; } ///< -1: all as a mosaic
    int sample() const { return m_sample; }
    const std::optional<Cursor>& cursor() const { return m_cursor; }

    void setChannel(int channel) {
        if (channel == m_channel) return;
        m_channel = channel;
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

signals:
    void channelChanged(int channel);
    void sampleChanged(int sample);
    void cursorChanged();

private:
    int m_channel = -1;
    int m_sample = 0;
    std::optional<Cursor> m_cursor;
};

} // namespace rp::ui
