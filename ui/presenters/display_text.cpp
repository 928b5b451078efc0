// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/display_text.h"

#include "ui/presenters/block_facts.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>

namespace rp::ui {
namespace {

constexpr int kLongestName = 56; ///< beside what else a headline says

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(DisplayText)
};

} // namespace

QString numberText(double value, int digits) {
    if (std::isnan(value)) return QStringLiteral("NaN");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("+∞") : QStringLiteral("−∞");
    return QLocale().toString(value, 'g', digits);
}

QString percentText(double share) {
    return Texts::tr("%1 %").arg(QLocale().toString(100 * share, 'f', 1));
}

QString decibelText(const verify::Comparison& comparison) {
    if (comparison.nonFinite > 0) return Texts::tr("not finite");
    if (!comparison.snr) return Texts::tr("exact");
    return Texts::tr("%1 dB").arg(QLocale().toString(*comparison.snr, 'f', 0));
}

QString shapeText(const Shape& shape) {
    QStringList sizes;
    for (std::int64_t size : shape)
        sizes << QString::number(size);
    return sizes.join(QStringLiteral(" × "));
}

QString countText(std::int64_t count) {
    struct Unit {
        double size;
        const char* name;
    };
    for (const Unit& unit : {Unit{1e12, " T"}, Unit{1e9, " G"}, Unit{1e6, " M"}, Unit{1e3, " k"}})
        if (static_cast<double>(count) >= unit.size)
            return numberText(static_cast<double>(count) / unit.size, 3) + QLatin1String(unit.name);
    return QLocale().toString(static_cast<qlonglong>(count));
}

QStringList costLines(const fusion::Cost& cost) {
    QStringList lines{Texts::tr("parameters %1 → %2").arg(countText(cost.trainParameters), countText(cost.deployParameters))};
    if (cost.hasMacs)
        lines << Texts::tr("MACs %1 → %2, %3 fusable")
                     .arg(countText(cost.trainMacs), countText(cost.deployMacs), percentText(cost.fusableShare));
    return lines;
}

QString className(const Model& model, std::int64_t index) {
    const auto i = static_cast<std::size_t>(index);
    if (index >= 0 && i < model.classNames.size()) return toQString(model.classNames[i]);
    return Texts::tr("class %1").arg(index);
}

QString elidedName(const QString& name, int most) {
    if (name.size() <= most) return name;
    const int head = (most - 1) / 2;
    return name.left(head) + QChar(0x2026) + name.right(most - 1 - head);
}

QString blockHeadline(const Block& block, const QString& exactness) {
    QStringList parts{elidedName(toQString(block.name), kLongestName), toQString(block.family)};
    if (block.outChannels > 0) parts << QStringLiteral("%1→%2").arg(block.inChannels).arg(block.outChannels);
    if (const Conv* conv = block.body ? widestConv(*block.body) : nullptr) {
        const Shape& kernel = conv->weight.shape();
        parts << QStringLiteral("%1x%2 s%3 g%4")
                     .arg(kernel[2])
                     .arg(kernel[3])
                     .arg(conv->stride.h)
                     .arg(conv->groups);
    }
    if (!exactness.isEmpty()) parts << exactness;
    return parts.join(QStringLiteral(" · "));
}

QString stageOf(const QString& blockName) {
    const qsizetype dot = blockName.lastIndexOf(QLatin1Char('.'));
    return dot > 0 ? blockName.left(dot) : blockName;
}

} // namespace rp::ui
