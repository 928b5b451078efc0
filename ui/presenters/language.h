// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <vector>

namespace rp::ui {

struct Language {
    QString code; ///< "en", "zh_CN"
    QString name; ///< in that language
};

/// What the window can speak; English, in which it is written, comes first.
const std::vector<Language>& languages();

/// The one of `languages` that the system's settings ask for.
QString systemLanguage();

QString currentLanguage();

/// What is said from now on is said in this language; what widgets show already stays until they are made again.
/// An unknown code means English. GUI thread.
void useLanguage(const QString& code);

} // namespace rp::ui
