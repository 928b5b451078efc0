// SPDX-License-Identifier: Apache-2.0
#include "ui/views/pane_picture.h"

#include "ui/plots/plot_drawing.h"

#include "core/base/error.h"
#include "core/io/atomic_file.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QPixmap>
#include <QSvgGenerator>
#include <QWidget>

#include <functional>
#include <map>

namespace rp::ui {
namespace {

constexpr int kResolution = 96; ///< units per inch: a pane's pixel is one, as on screen

/// The widget and what is in it, each by itself: so that plots are drawn, not copied as bitmaps.
void draw(QWidget& widget, QPainter& painter) {
    if (drawPlot(widget, painter)) return;
    widget.render(&painter, {}, {}, QWidget::DrawWindowBackground);
    for (QObject* child : widget.children()) {
        auto* part = qobject_cast<QWidget*>(child);
        if (!part || part->isWindow() || !part->isVisible()) continue;
        painter.save();
        painter.translate(part->pos());
        painter.setClipRect(part->rect(), Qt::IntersectClip);
        draw(*part, painter);
        painter.restore();
    }
}

void drawPane(QWidget& pane, QPaintDevice& device) {
    QPainter painter(&device);
    painter.fillRect(pane.rect(), pane.palette().color(QPalette::Window));
    draw(pane, painter);
}

void writePng(QWidget& pane, QBuffer& buffer) {
    pane.grab().save(&buffer, "PNG");
}

void writeSvg(QWidget& pane, QBuffer& buffer) {
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(kResolution);
    generator.setSize(pane.size());
    generator.setViewBox(pane.rect());
    generator.setTitle(pane.accessibleName());
    drawPane(pane, generator);
}

void writePdf(QWidget& pane, QBuffer& buffer) {
    QPdfWriter writer(&buffer);
    writer.setResolution(kResolution);
    writer.setPageSize(QPageSize(QSizeF(pane.size()) * 72.0 / kResolution, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins({0, 0, 0, 0});
    writer.setTitle(pane.accessibleName());
    writer.setCreator(QStringLiteral("Repscope"));
    drawPane(pane, writer);
}

} // namespace

void savePicture(QWidget& pane, const std::filesystem::path& target) {
    static const std::map<QString, void (*)(QWidget&, QBuffer&)> kinds{
        {QStringLiteral(".png"), writePng}, {QStringLiteral(".svg"), writeSvg}, {QStringLiteral(".pdf"), writePdf}};
    const std::string suffix = target.extension().string();
    const auto kind = kinds.find(QString::fromStdString(suffix).toLower());
    if (kind == kinds.end())
        throw Error(ErrorCode::usage, {target.string(), "a name that ends in .png, .svg or .pdf",
                                       suffix.empty() ? "none" : suffix, "choose one of them"});
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    kind->second(pane, buffer);
    io::writeText(target, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace rp::ui
