// SPDX-License-Identifier: Apache-2.0
#include "ui/views/input_view.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace rp::ui {
namespace {

/// One sample [3, h, w] as colours; null when the input has not three channels.
QImage toPicture(const TensorD& input, int sample, const io::Preprocessing& recipe) {
    if (input.shape().size() != 4 || input.size(1) != 3 || sample >= input.size(0)) return {};
    const auto h = static_cast<int>(input.size(2)), w = static_cast<int>(input.size(3));
    const std::int64_t plane = input.size(2) * input.size(3), start = sample * 3 * plane;
    QImage image(w, h, QImage::Format_RGB32);
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            std::array<int, 3> rgb{};
            for (std::size_t c = 0; c < 3; ++c) {
                const double value = input[start + static_cast<std::int64_t>(c) * plane + y * w + x];
                const double unit = value * recipe.deviation[c] + recipe.mean[c];
                rgb[c] =
                    std::isfinite(unit) ? static_cast<int>(std::lround(255 * std::clamp(unit, 0.0, 1.0))) : 0;
            }
            image.setPixel(x, y, qRgb(rgb[0], rgb[1], rgb[2]));
        }
    return image;
}

} // namespace

InputView::InputView(Document& document, QWidget* parent) : QWidget(parent), m_document(document) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&document, &Document::inputChanged, this, &InputView::refresh);
    connect(&document, &Document::sampleChanged, this, &InputView::refresh);
    refresh();
}

void InputView::refresh() {
    const InputPtr& input = m_document.input();
    m_image = input ? toPicture(input->values, m_document.sample(), m_document.model()->opened.preprocessing)
                    : QImage();
    setVisible(input != nullptr);
    if (input) {
        setToolTip(tr("What the network sees: %1\n%2").arg(input->name, input->description));
        setAccessibleName(tr("Input %1").arg(input->name));
    }
    update();
}

void InputView::paintEvent(QPaintEvent*) {
    const InputPtr& input = m_document.input();
    if (!input) return;
    QPainter painter(this);
    const QRect room(0, 4, height() - 8, height() - 8);
    int left = 0;
    if (!m_image.isNull()) {
        const QRect place = placeIn(m_image.size(), room);
        painter.drawImage(place.topLeft(), scaledTo(m_image, place.size()));
        left = room.right() + 8;
    }
    const QRect text = rect().adjusted(left, 6, 0, -4);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignTop, tr("Input"));
    painter.setFont(font());
    painter.setPen(mutedText(palette()));
    painter.drawText(text.adjusted(0, fontMetrics().height() + 2, 0, 0),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWrapAnywhere,
                     input->name + QLatin1Char('\n') + shapeText(input->values.shape()));
}

} // namespace rp::ui
