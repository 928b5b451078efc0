// SPDX-License-Identifier: Apache-2.0
#include "ui/views/lesson_stage.h"

#include "ui/presenters/bundled.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/break_it_view.h"
#include "ui/views/derivation_view.h"
#include "ui/views/details_tabs.h"
#include "ui/views/main_window.h"
#include "ui/views/playground_view.h"

#include <QDockWidget>
#include <QFileInfo>

#include <array>
#include <utility>

namespace rp::ui {
namespace {

QString bundledPath(const QStringList& paths, const QString& name) {
    for (const QString& path : paths)
        if (QFileInfo(path).fileName() == name) return path;
    return {};
}

/// The value that is called so.
template<class T, std::size_t N>
std::optional<T> called(const std::array<T, N>& values, const QString& name) {
    for (T value : values)
        if (toQString(toString(value)) == name) return value;
    return std::nullopt;
}

/// "3,2" as two numbers.
std::optional<std::pair<int, int>> pairOf(const QString& text) {
    const QStringList words = text.split(QLatin1Char(','));
    bool isFirst = false, isSecond = false;
    if (words.size() != 2) return std::nullopt;
    const std::pair<int, int> pair{words[0].toInt(&isFirst), words[1].toInt(&isSecond)};
    return isFirst && isSecond ? std::optional(pair) : std::nullopt;
}

struct RewritingName {
    const char* name;
    fusion::Rewriting what;
};
constexpr std::array kRewritings{RewritingName{"norm", fusion::Rewriting::norm},       RewritingName{"identity", fusion::Rewriting::identity},
                                 RewritingName{"regroup", fusion::Rewriting::regroup}, RewritingName{"embed", fusion::Rewriting::embed},
                                 RewritingName{"compose", fusion::Rewriting::compose}, RewritingName{"add", fusion::Rewriting::add}};

/// A number from 1 on, "last", or the first step of a kind.
int stepCalled(const std::vector<fusion::Step>& steps, const QString& name) {
    if (name == QStringLiteral("last")) return static_cast<int>(steps.size()) - 1;
    for (const RewritingName& rewriting : kRewritings)
        if (name == QLatin1String(rewriting.name))
            for (std::size_t s = 0; s < steps.size(); ++s)
                if (steps[s].rewriting == rewriting.what) return static_cast<int>(s);
    const int number = name.toInt();
    return number > 0 && number <= static_cast<int>(steps.size()) ? number - 1 : -1;
}

} // namespace

LessonStage::LessonStage(Document& document, MainWindow& window) : QObject(&window), m_document(document), m_window(window) {
    addDocumentVerbs();
    addWindowVerbs();
    addTeachingVerbs();
    // Queued: views hear of a result before the next command is done.
    connect(&document, &Document::settled, this, &LessonStage::advance, Qt::QueuedConnection);
    if (auto* breakIt = window.findChild<BreakItView*>())
        connect(&breakIt->breakIt(), &BreakIt::busyChanged, this, &LessonStage::advance, Qt::QueuedConnection);
}

QStringList LessonStage::verbs() const {
    QStringList names;
    for (const auto& [verb, deed] : m_deeds) names << verb;
    return names;
}

void LessonStage::addDocumentVerbs() {
    m_deeds[QStringLiteral("open")] = [this](const QString& name) {
        const QString path = bundledPath(bundledModels(), name);
        if (path.isEmpty()) return false;
        if (!m_document.model() || m_document.modelPath() != path) m_document.openModel(path);
        return true;
    };
    m_deeds[QStringLiteral("picture")] = [this](const QString& name) {
        const QString path = bundledPath(bundledPictures(), name);
        if (path.isEmpty()) return false;
        if (!m_document.input() || m_document.input()->path != path) m_document.openPicture(path);
        return true;
    };
    m_deeds[QStringLiteral("block")] = [this](const QString& name) {
        if (!m_document.model()) return false;
        const std::vector<Block>& blocks = m_document.model()->model().blocks;
        for (std::size_t b = 0; b < blocks.size(); ++b)
            if (toQString(blocks[b].name) == name) {
                m_document.setBlock(static_cast<int>(b));
                return true;
            }
        return false;
    };
    m_deeds[QStringLiteral("phase")] = [this](const QString& name) {
        const auto phase = called(std::array{Phase::train, Phase::eval, Phase::deploy}, name);
        if (phase) m_document.setPhase(*phase);
        return phase.has_value();
    };
    m_deeds[QStringLiteral("dispatch")] = [this](const QString& name) {
        const auto method = called(std::array{DispatchMethod::state, DispatchMethod::fusion, DispatchMethod::decorator}, name);
        if (!method) return false;
        RunSettings settings = m_document.settings();
        settings.dispatch = *method;
        m_document.setSettings(settings);
        return true;
    };
    m_deeds[QStringLiteral("engine")] = [this](const QString& name) {
        const auto engine = called(std::array{EngineKind::float32, EngineKind::float64}, name);
        if (!engine) return false;
        RunSettings settings = m_document.settings();
        settings.engine = *engine;
        m_document.setSettings(settings);
        return true;
    };
}

void LessonStage::addWindowVerbs() {
    m_deeds[QStringLiteral("tab")] = [this](const QString& name) { return m_window.arrange({}, name); };
    m_deeds[QStringLiteral("dock")] = [this](const QString& name) {
        auto* dock = m_window.findChild<QDockWidget*>(name + QStringLiteral("Dock"));
        if (!dock) return false;
        dock->show();
        dock->raise();
        return true;
    };
    m_deeds[QStringLiteral("details")] = [this](const QString& name) {
        auto* tabs = m_window.findChild<DetailsTabs*>();
        const bool isNumber = !name.isEmpty() && name.toInt() >= 1 && name.toInt() <= tabs->count();
        if (isNumber) tabs->setCurrentIndex(name.toInt() - 1);
        return isNumber;
    };
}

void LessonStage::addTeachingVerbs() {
    auto derivation = [this] { return m_window.findChild<DerivationView*>(); };
    m_deeds[QStringLiteral("channels")] = [derivation](const QString& text) {
        const auto pair = pairOf(text);
        if (pair) derivation()->setChannels(pair->first, pair->second);
        return pair.has_value();
    };
    m_deeds[QStringLiteral("step")] = [this, derivation](const QString& name) {
        if (!m_document.derivation()) return false;
        const int step = stepCalled(m_document.derivation()->result.steps, name);
        derivation()->player().setPlaying(false);
        derivation()->player().setStep(step);
        return step >= 0;
    };
    m_deeds[QStringLiteral("cell")] = [derivation](const QString& text) {
        const auto pair = pairOf(text);
        if (!pair && text != QStringLiteral("bias")) return false;
        derivation()->pointAt(pair ? fusion::Cell{false, 0, 0, pair->first, pair->second} : fusion::Cell{true});
        return true;
    };
    m_deeds[QStringLiteral("play")] = [derivation](const QString&) {
        derivation()->player().setPlaying(true);
        return true;
    };
    auto breakIt = [this] { return m_window.findChild<BreakItView*>(); };
    m_deeds[QStringLiteral("fault")] = [breakIt](const QString& code) { return breakIt()->chooseFault(code); };
    m_deeds[QStringLiteral("reveal")] = [breakIt](const QString&) {
        breakIt()->reveal();
        return true;
    };
    m_deeds[QStringLiteral("mend")] = [breakIt](const QString&) {
        breakIt()->breakIt().undo();
        return true;
    };
    m_deeds[QStringLiteral("playground")] = [this](const QString& name) {
        m_window.findChild<PlaygroundView*>()->setExample(name);
        return m_window.arrange({}, QStringLiteral("playground"));
    };
}

bool LessonStage::isSettled() const {
    auto* breakIt = m_window.findChild<BreakItView*>();
    return !m_document.isBusy() && !(breakIt && breakIt->breakIt().isBusy());
}

void LessonStage::perform(const std::vector<LessonCommand>& commands) {
    m_waiting.assign(commands.begin(), commands.end());
    if (m_waiting.empty()) {
        emit finished();
        return;
    }
    advance();
}

void LessonStage::advance() {
    if (m_isAdvancing || m_waiting.empty()) return;
    m_isAdvancing = true;
    while (!m_waiting.empty() && isSettled()) {
        const LessonCommand command = m_waiting.front();
        m_waiting.pop_front();
        const auto deed = m_deeds.find(command.verb);
        if (deed == m_deeds.end() || !deed->second(command.argument))
            emit failed(tr("The lesson asks for \"%1 %2\", which is not to be had here.").arg(command.verb, command.argument));
    }
    m_isAdvancing = false;
    if (m_waiting.empty()) emit finished();
}

} // namespace rp::ui
