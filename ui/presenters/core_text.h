// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <string_view>

namespace rp::ui {

/// A sentence of core in the window's language. Core speaks English, in sentences made from patterns with `{}` for names
/// and numbers; the patterns are listed in core_sentences.cpp (scripts/translations writes it) and translated as they
/// are, in any order: `{1}` is the second of them. What fits no pattern stays English.
QString coreText(std::string_view sentence);
QString coreText(const QString& sentence);

} // namespace rp::ui
