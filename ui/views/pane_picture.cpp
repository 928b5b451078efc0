// SPDX-License-Identifier: Apache-2.0
#include "ui/views/pane_picture.h"

#include "ui/plots/depth_plot.h"

#include "core/base/error.h"
#include "core/io/atomic_file.h"

#include <QBuffer>
#include <QPixmap>
#include <QSvgGenerator>

namespace rp::ui {
namespace {

QByteArray pngOf(QWidget& pane) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    pane.grab().save(&buffer, "PNG");
    return bytes;
}

QByteArray svgOf(QWidget& pane) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(pane.size());
    generator.setViewBox(pane.rect());
    generator.setTitle(pane.accessibleName());
    if (auto* plot = qobject_cast<DepthPlot*>(&pane))
        plot->drawOn(generator); // rendered as a widget it would be a bitmap
    else
        pane.render(&generator);
    return bytes;
}

} // namespace

void savePicture(QWidget& pane, const std::filesystem::path& target) {
    const std::string suffix = QString::fromStdString(target.extension().string()).toLower().toStdString();
    if (suffix != ".png" && suffix != ".svg")
        throw Error(ErrorCode::usage, {target.string(), "a name that ends in .png or .svg",
                                       suffix.empty() ? "none" : suffix, "choose one of them"});
    const QByteArray bytes = suffix == ".png" ? pngOf(pane) : svgOf(pane);
    io::writeText(target, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace rp::ui
