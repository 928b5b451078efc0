// SPDX-License-Identifier: Apache-2.0
#include "app/gui/screenshot.h"

#include "core/base/error.h"
#include "core/io/image.h"
#include "ui/presenters/bundled.h"
#include "ui/presenters/document.h"
#include "ui/presenters/language.h"
#include "ui/views/main_window.h"
#include "ui/views/session_menu.h"
#include "ui/views/theme.h"
#include "ui/views/window_host.h"

#include <CLI/CLI.hpp>

#include <QApplication>
#include <QSettings>
#include <QStyleFactory>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace {

struct Options {
    std::string model, image, against, screenshot;
    std::string theme = "system";
    std::string language; ///< empty: as last time, else the system's
    std::string layout, tab; ///< as they are named in ui/views/layouts and MainWindow
    std::optional<QSize> size;
};

void addOptions(CLI::App& app, Options& options) {
    app.add_option("MODEL", options.model, "a checkpoint; without one the bundled model and image open");
    app.add_option("IMAGE", options.image, "a picture or an .npy array [n, c, h, w]; a second model is compared against");
    app.add_option("--against", options.against, "somebody else's deploy file to compare with");
    app.add_option("--screenshot", options.screenshot,
                   "save a picture of the window when everything is computed, and end");
    app.add_option("--theme", options.theme, "colours of the window")
        ->check(CLI::IsMember({"system", "light", "dark"}));
    app.add_option("--language", options.language, "what the window speaks")->check(CLI::IsMember({"en", "zh_CN"}));
    app.add_option("--layout", options.layout, "how the panes are arranged at first")
        ->check(CLI::IsMember({"inspect", "teach", "verify"}));
    app.add_option("--tab", options.tab, "the tab in the centre that is shown at first: diagram, activations, kernel …");
    app.add_option_function<std::string>(
           "--size",
           [&options](const std::string& text) {
               int width = 0, height = 0;
               char rest = 0;
               if (std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) != 2 || width < 200 ||
                   height < 200 || width > 16384 || height > 16384)
                   throw CLI::ValidationError("--size",
                                              "expected WIDTHxHEIGHT, 200 to 16384 each, found " + text);
               options.size = QSize(width, height);
           },
           "size of the window in pixels")
        ->type_name("WxH");
    app.set_version_flag("--version", std::string("repscope ") + REPSCOPE_VERSION);
}

/// A missing file ends the program before a window opens; a broken one is shown in the window.
bool allExist(const Options& options) {
    for (const std::string& path : {options.model, options.image, options.against}) {
        if (path.empty() || std::filesystem::exists(path)) continue;
        const rp::Error error(rp::ErrorCode::fileMissing,
                              {path, "a file", "nothing of that name", "check the path"});
        std::fprintf(stderr, "repscope: %s\n", error.what());
        return false;
    }
    return true;
}

/// Without a display a screenshot is still possible.
void choosePlatform(const Options& options) {
    const bool hasDisplay = std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY");
    if (!options.screenshot.empty() && !hasDisplay && !std::getenv("QT_QPA_PLATFORM"))
        setenv("QT_QPA_PLATFORM", "offscreen", 1);
}

/// Scripts read standard error: only what ends the program belongs there, not a platform plugin's remarks.
void keepQuiet(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type == QtCriticalMsg || type == QtFatalMsg)
        std::fprintf(stderr, "repscope: %s\n", qPrintable(message));
}

void applyTheme(const std::string& theme) {
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    if (theme == "light") QApplication::setPalette(rp::ui::lightPalette());
    if (theme == "dark") QApplication::setPalette(rp::ui::darkPalette());
}

/// False: the session could not be opened, and the window says why.
bool open(rp::ui::Document& document, rp::ui::MainWindow& window, const Options& options) {
    if (rp::ui::isSessionName(QString::fromStdString(options.model))) {
        if (!window.sessions().open(QString::fromStdString(options.model))) return false;
        if (!options.image.empty()) document.openFiles({QString::fromStdString(options.image)});
        if (!options.against.empty()) document.compareAgainst(QString::fromStdString(options.against));
        return true;
    }
    QStringList files;
    for (const std::string& path : {options.model, options.image})
        if (!path.empty()) files << QString::fromStdString(path);
    // `repscope picture.jpg` means the bundled model on that picture.
    const bool hasModel = std::ranges::any_of(files, [](const QString& path) { return !rp::io::looksLikeInput(path.toStdString()); });
    if (!hasModel) files << rp::ui::bundledModels().mid(0, 1);
    if (files.size() == 1 && !hasModel) files << rp::ui::bundledPictures().mid(0, 1);
    files.removeAll(QString());
    document.openFiles(files);
    if (!options.against.empty()) document.compareAgainst(QString::fromStdString(options.against));
    return true;
}

/// Layout and recent files of the last time.
std::unique_ptr<QSettings> openSettings() {
    return std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("repscope"),
                                       QStringLiteral("repscope"));
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("Shows and verifies structural re-parameterization", "repscope");
    addOptions(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (!allExist(options)) return 3;
    choosePlatform(options);
    if (!options.screenshot.empty()) qInstallMessageHandler(keepQuiet);

    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Repscope"));
    QApplication::setApplicationVersion(QStringLiteral(REPSCOPE_VERSION));
    applyTheme(options.theme);
    rp::ui::Document document;
    // A picture of the window must not depend on who takes it.
    if (!options.screenshot.empty() && options.language.empty()) options.language = "en";
    const std::unique_ptr<QSettings> settings = options.screenshot.empty() ? openSettings() : nullptr;
    rp::ui::useLanguage(options.language.empty() ? rp::ui::rememberedLanguage(settings.get())
                                                 : QString::fromStdString(options.language));
    rp::ui::WindowHost host(document, settings.get());
    rp::ui::MainWindow& window = host.window();
    if (options.size) window.resize(*options.size);
    window.show();
    if (!window.arrange(QString::fromStdString(options.layout), QString::fromStdString(options.tab))) {
        std::fprintf(stderr, "repscope: --tab: expected one of %s, found %s\n",
                     qPrintable(window.tabNames().join(QStringLiteral(" "))), options.tab.c_str());
        return 2;
    }
    if (!options.screenshot.empty())
        new Screenshot(document, window, QString::fromStdString(options.screenshot), &window);
    const bool isOpen = open(document, window, options);
    if (!options.screenshot.empty() && !isOpen) {
        std::fprintf(stderr, "repscope: %s\n", document.problems().empty() ? "nothing could be opened" : qPrintable(rp::ui::toSentence(document.problems().back())));
        return 3;
    }
    if (!options.screenshot.empty() && !document.isBusy()) {
        std::fprintf(stderr, "repscope: the bundled model is missing; name a model\n");
        return 3;
    }
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "repscope: internal error: %s\n", error.what());
        return 4;
    }
}
