// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/fuse_model.h"
#include "core/model/model.h"
#include "core/verify/compare.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <string_view>

namespace rp::ui {

inline QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Significant digits in the user's locale: "0.00231", "1.3e-07", "NaN".
QString numberText(double value, int digits = 4);
QString percentText(double share);                         ///< 0.934 -> "93.4 %"
QString decibelText(const verify::Comparison& comparison); ///< "131 dB", "exact", "not finite"

/// Long names lose their middle: what tells them apart stands at the ends.
QString elidedName(const QString& name, int most);
QString shapeText(const Shape& shape); ///< "1 × 48 × 112 × 112"
QString countText(std::int64_t count); ///< "8.31 M"
/// Parameters and, where they are known, multiplications of both forms; one line each.
QStringList costLines(const fusion::Cost& cost);
QString className(const Model& model, std::int64_t index);
/// "stage2.1 · RepVGG · 96→96 · 3x3 s1 g1 · exact everywhere"
QString blockHeadline(const Block& block, const QString& exactness);
QString
stageOf(const QString& blockName); ///< "stage2" of "stage2.1"; what stands before the last dot, else the name

} // namespace rp::ui
