// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <algorithm>
#include <array>
#include <memory>

namespace rp::ui {
namespace {

struct Installed {
    QString code = QStringLiteral("en");
    std::array<std::unique_ptr<QTranslator>, 2> translators; ///< Qt's own dialogs, then the window
};
Installed& installed() {
    static Installed one;
    return one;
}

/// Nothing where there is no such file: Qt's own texts are not on every machine.
std::unique_ptr<QTranslator> install(const QString& file, const QString& folder) {
    auto translator = std::make_unique<QTranslator>();
    if (!translator->load(file, folder) || !QCoreApplication::installTranslator(translator.get())) return nullptr;
    return translator;
}

} // namespace

const std::vector<Language>& languages() {
    static const std::vector<Language> all{{QStringLiteral("en"), QStringLiteral("English")},
                                           {QStringLiteral("zh_CN"), QStringLiteral("简体中文")}};
    return all;
}

QString systemLanguage() {
    const QLocale system = QLocale::system();
    // Other scripts of Chinese are not these characters, but nearer to them than English is.
    return system.language() == QLocale::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
}

QString currentLanguage() {
    return installed().code;
}

void useLanguage(const QString& code) {
    Installed& now = installed();
    const auto& all = languages();
    const bool known = std::ranges::find(all, code, &Language::code) != all.end();
    const QString wanted = known ? code : all.front().code;
    if (wanted == now.code) return;
    for (auto& translator : now.translators) translator.reset(); // a translator that ends is removed
    now.code = wanted;
    if (wanted == all.front().code) return;
    now.translators = {install(QStringLiteral("qtbase_") + wanted, QLibraryInfo::path(QLibraryInfo::TranslationsPath)),
                       install(QStringLiteral("repscope_") + wanted, QStringLiteral(":/i18n"))};
}

} // namespace rp::ui
