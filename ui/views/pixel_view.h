// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/views/map_view_state.h"

#include <QWidget>

class QLabel;
class QSpinBox;
class QSplitter;
class QTableView;

namespace rp::ui {

class Document;
class PixelProbe;
class PixelSheet;
class TextTable;

/// Where one output element comes from: what each branch adds, the input channels that count most, and for one of
/// them every product; the same from the fused kernel.
class PixelView : public QWidget {
    Q_OBJECT

public:
    explicit PixelView(Document& document, QWidget* parent = nullptr);
    PixelProbe& probe() { return *m_probe; }
    QLabel* headline() { return m_headline; }
    QTableView* channels() { return m_channelTable; }
    /// The element under a map's cursor; elements of maps of another size than the body's output are no places.
    void choose(const MapViewState::Cursor& element);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QSpinBox* addNumber(QLayout* into, const QString& label);
    void showPixel();
    void showNumbers();
    void showChannels();
    void showSheet();
    QString describe() const;

    Document& m_document;
    PixelProbe* m_probe;
    QSpinBox *m_channel, *m_y, *m_x;
    QLabel *m_headline, *m_message;
    QSplitter* m_content;
    TextTable* m_channels;
    QTableView* m_channelTable;
    PixelSheet* m_sheet;
};

} // namespace rp::ui
