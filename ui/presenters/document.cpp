// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/document.h"

#include "ui/jobs/model_jobs.h"
#include "ui/jobs/run_jobs.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/verdict_summary.h"

#include "core/io/image.h"

#include <algorithm>
#include <thread>

namespace rp::ui {
namespace {

constexpr std::array kPhases{Phase::train, Phase::eval, Phase::deploy};

/// The first block that shows most: as many branches as any.
int mostTelling(const Model& model) {
    int best = model.blocks.empty() ? -1 : 0;
    std::size_t most = 0;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        const std::size_t branches = model.blocks[i].body ? branchesOf(model.blocks[i]).size() : 0;
        if (branches <= most) continue;
        most = branches;
        best = static_cast<int>(i);
    }
    return best;
}

} // namespace

Document::Document(QObject* parent) : QObject(parent) {
    // The window keeps one core for itself.
    setEngineThreads(std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1));
    // Opening and capturing answer a click; runs and verification let them pass.
    m_loadLane = makeLane(Priority::interactive);
    m_inputLane = makeLane(Priority::interactive);
    m_detailLane = makeLane(Priority::interactive);
    m_derivationLane = makeLane(Priority::interactive);
    for (Lane*& lane : m_runLanes)
        lane = makeLane(Priority::background);
    m_verifyLane = makeLane(Priority::background);
}

Document::~Document() {
    // The lanes ask their jobs to stop; then the worker can end.
    for (Lane* lane : findChildren<Lane*>())
        delete lane;
}

Lane* Document::makeLane(Priority priority) {
    auto* lane = new Lane(m_worker, priority, this);
    connect(lane, &Lane::progressed, this, &Document::activityChanged);
    connect(lane, &Lane::busyChanged, this, &Document::activityChanged);
    return lane;
}

Lane* Document::addLane(Priority priority) {
    Lane* lane = makeLane(priority);
    // Queued: whoever asked takes the result first, and may ask for more.
    connect(lane, &Lane::busyChanged, this, [this](bool busy) { if (!busy) checkSettled(); }, Qt::QueuedConnection);
    return lane;
}

template<class T>
std::function<void(Outcome<T>)> Document::then(void (Document::*done)(T),
                                               void (Document::*failed)(const Error&)) {
    return [this, done, failed](Outcome<T> outcome) {
        if (auto* value = std::get_if<T>(&outcome))
            (this->*done)(std::move(*value));
        else
            (this->*failed)(std::get<Error>(outcome));
        checkSettled();
    };
}

void Document::openModel(const QString& path, const families::OpenOptions& options) {
    m_loadError.reset();
    m_remarks.clear();
    m_openOptions = options;
    const bool isOther = path != m_modelPath;
    m_modelPath = path;
    if (isOther && !m_againstPath.isEmpty()) {
        m_againstPath.clear(); // it was for another model
        emit againstChanged();
    }
    if (isOther) emit modelPathChanged();
    const std::filesystem::path file = path.toStdString();
    m_loadLane->start<LoadedModelPtr>(
        [file, options](const Job& job) { return loadModel(file, options, job); },
        then(&Document::modelLoaded, &Document::loadFailed));
    emit problemsChanged();
    emit editsChanged();
}

Edits Document::edits() const {
    return {m_openOptions.weights, m_openOptions.assumptions, m_openOptions.blocks, m_againstPath, m_settings};
}

void Document::setEdits(const Edits& edits) {
    const Edits before = this->edits();
    setSettings(edits.settings);
    families::OpenOptions options = m_openOptions;
    options.weights = edits.weights;
    options.assumptions = edits.assumptions;
    options.blocks = edits.blocks;
    const bool readsAgain = edits.weights != before.weights || edits.assumptions != before.assumptions || edits.blocks != before.blocks;
    if (edits.against != before.against) {
        if (readsAgain) {
            m_againstPath = edits.against; // the model that is on its way starts it
            emit againstChanged();
        } else {
            compareAgainst(edits.against);
        }
    }
    if (readsAgain) openModel(m_modelPath, options);
}

void Document::reloadModel() {
    if (!m_modelPath.isEmpty()) openModel(m_modelPath, m_openOptions);
}

void Document::setWeights(const QString& name) {
    if (!m_model || toQString(m_model->opened.weights->name) == name) return;
    families::OpenOptions options = m_model->options;
    options.weights = name.toStdString();
    reopen(std::move(options));
}

void Document::setAssumptions(const QStringList& texts) {
    if (!m_model) return;
    families::OpenOptions options = m_model->options;
    options.assumptions.clear();
    for (const QString& text : texts)
        options.assumptions.push_back(text.toStdString());
    reopen(std::move(options));
}

/// The open model, even when another file was asked for since and could not be opened.
void Document::reopen(families::OpenOptions options) {
    openModel(QString::fromStdString(m_model->opened.checkpoint->path.string()), options);
}

/// The block of that name when there is one, else the one that shows most.
int Document::firstSelection(const QString& kept) {
    const std::vector<Block>& blocks = m_model->model().blocks;
    const auto found =
        std::ranges::find_if(blocks, [&](const Block& block) { return toQString(block.name) == kept; });
    m_blockIsChosen = !kept.isEmpty() && found != blocks.end();
    return m_blockIsChosen ? static_cast<int>(found - blocks.begin()) : mostTelling(m_model->model());
}

void Document::modelLoaded(LoadedModelPtr model) {
    clearResults();
    // The same file read again keeps the user's place.
    const bool isSameFile = m_model && m_model->opened.checkpoint->path == model->opened.checkpoint->path;
    const QString kept = isSameFile && m_blockIsChosen
                             ? toQString(m_model->model().blocks[static_cast<std::size_t>(m_block)].name)
                             : QString();
    m_model = std::move(model);
    m_session.reset();
    m_input.reset();
    m_block = firstSelection(kept);
    emit modelChanged();
    emit inputChanged();
    emit blockChanged(m_block);
    emit problemsChanged();
    startDerivation();
    startInput();
}

void Document::loadFailed(const Error& error) {
    if (error.code() != ErrorCode::cancelled) m_loadError = error;
    emit activityChanged();
    emit problemsChanged();
}

void Document::openPicture(const QString& path) {
    m_inputPath = path;
    m_inputError.reset();
    emit inputPathChanged();
    emit problemsChanged();
    // Without a model nobody knows the preprocessing yet: the picture waits for one.
    if (m_model && !m_loadLane->isBusy()) startInput();
}

void Document::openFiles(const QStringList& paths) {
    int models = 0;
    for (const QString& path : paths) {
        if (io::looksLikeInput(path.toStdString()))
            openPicture(path);
        else if (++models == 1)
            openModel(path);
        else if (models == 2)
            compareAgainst(path);
        else
            report({Finding::Severity::warn, QStringLiteral("not-opened"), path, tr("one model, and one to compare it with"),
                    tr("a third model file"), {}});
    }
}

void Document::compareAgainst(const QString& path) {
    m_againstPath = path;
    emit againstChanged();
    if (m_model && m_input && !m_loadLane->isBusy()) startVerify(); // else the model that is on its way starts it
    emit editsChanged();
}

void Document::startInput() {
    m_inputLane->start<InputPtr>([model = m_model, file = std::filesystem::path(m_inputPath.toStdString())](
                                     const Job& job) { return loadInput(*model, file, job); },
                                 then(&Document::inputLoaded, &Document::inputFailed));
}

void Document::inputFailed(const Error& error) {
    if (error.code() != ErrorCode::cancelled) m_inputError = error;
    m_inputPath = m_input ? m_input->path : QString();
    if (!m_input && error.code() != ErrorCode::cancelled) startInput(); // there is always the seeded one
    emit activityChanged();
    emit problemsChanged();
}

void Document::inputLoaded(InputPtr input) {
    clearResults();
    m_input = std::move(input);
    m_sample = 0;
    emit inputChanged();
    emit sampleChanged(m_sample);
    emit problemsChanged();
    startRuns();
    startVerify();
}

void Document::clearResults() {
    for (Lane* lane : m_runLanes)
        lane->drop();
    m_verifyLane->drop();
    m_detailLane->drop();
    const bool hadReport = m_report || m_verifyProblem;
    m_report.reset();
    m_verifyProblem.reset();
    m_detail.reset();
    m_detailOf = {};
    m_runs = {};
    for (Phase phase : kPhases)
        emit runChanged(phase);
    emit detailChanged();
    if (hadReport) emit reportChanged();
}

void Document::startRuns() {
    if (!m_session || m_session->settings() != m_settings)
        m_session = std::make_shared<Session>(m_model, m_settings);
    startRun(m_phase); // first what is looked at
    for (Phase phase : kPhases)
        if (phase != m_phase) startRun(phase);
}

void Document::startRun(Phase phase) {
    auto work = [session = m_session, input = m_input, phase](const Job& job) {
        return runPhase(*session, *input, phase, job);
    };
    auto done = [this, phase](Outcome<PhaseRunPtr> outcome) {
        if (auto* run = std::get_if<PhaseRunPtr>(&outcome)) runDone(phase, *run);
        checkSettled();
    };
    m_runLanes[static_cast<std::size_t>(phase)]->start<PhaseRunPtr>(std::move(work), std::move(done));
}

void Document::runDone(Phase phase, PhaseRunPtr run) {
    m_runs[static_cast<std::size_t>(phase)] = std::move(run);
    m_detailOf[static_cast<std::size_t>(phase)].reset();
    emit runChanged(phase);
    emit problemsChanged();
    if (phase == m_phase) startDetail();
}

void Document::startVerify() {
    m_report.reset();
    m_verifyProblem.reset();
    auto work = [model = m_model, input = m_input,
                 against = std::filesystem::path(m_againstPath.toStdString())](const Job& job) {
        return verifyOn(*model, *input, against, job);
    };
    auto done = [this](Outcome<ReportPtr> outcome) {
        if (auto* report = std::get_if<ReportPtr>(&outcome))
            m_report = std::move(*report);
        else
            m_verifyProblem = std::get<Error>(outcome);
        emit reportChanged();
        emit problemsChanged();
        if (m_report && !m_blockIsChosen) showWorst();
        checkSettled();
    };
    m_verifyLane->start<ReportPtr>(std::move(work), std::move(done));
    emit reportChanged();
}

/// Whoever has chosen no block yet sees the one that is to blame.
void Document::showWorst() {
    const int worst = worstBlock(*m_report);
    if (worst >= 0 && m_report->blocks[static_cast<std::size_t>(worst)].verdict != verify::Verdict::pass)
        select(worst);
}

void Document::verifyAgain() {
    if (!m_model || !m_input) return;
    startRuns();
    startVerify();
}

void Document::startDetail() {
    const PhaseRunPtr run = currentRun();
    // Maps belong to the engine that made them: after a change of engine the block waits for its new run.
    if (!run || m_block < 0 || run->settings != m_session->settings()) return;
    if (const BlockDetailPtr& known = m_detailOf[static_cast<std::size_t>(m_phase)]; known && known->settings == run->settings) {
        m_detailLane->drop();
        detailDone(known);
        checkSettled();
        return;
    }
    auto work = [session = m_session, run, block = m_block](const Job& job) {
        return captureBlock(*session, *run, block, job);
    };
    auto done = [this](Outcome<BlockDetailPtr> outcome) {
        if (auto* detail = std::get_if<BlockDetailPtr>(&outcome)) detailDone(std::move(*detail));
        checkSettled();
    };
    m_detailLane->start<BlockDetailPtr>(std::move(work), std::move(done));
}

void Document::detailDone(BlockDetailPtr detail) {
    m_detailOf[static_cast<std::size_t>(detail->phase)] = detail;
    m_detail = std::move(detail);
    emit detailChanged();
}

void Document::chooseMap(const MapKey& map) {
    if (map == m_chosenMap) return;
    m_chosenMap = map;
    emit chosenMapChanged();
}

const BlockMap* Document::chosenMap() const {
    if (!m_detail) return nullptr;
    if (const BlockMap* chosen = m_chosenMap ? m_detail->find(*m_chosenMap) : nullptr) return chosen;
    for (BlockMap::Role role : {BlockMap::Role::output, BlockMap::Role::sum})
        if (const BlockMap* map = m_detail->find(role)) return map;
    return nullptr;
}

void Document::startDerivation() {
    m_derivation.reset();
    emit derivationChanged();
    if (!m_model || m_block < 0) return;
    auto done = [this](Outcome<DerivationPtr> outcome) {
        if (auto* derivation = std::get_if<DerivationPtr>(&outcome)) m_derivation = std::move(*derivation);
        emit derivationChanged();
        checkSettled();
    };
    m_derivationLane->start<DerivationPtr>(
        [model = m_model, block = m_block](const Job& job) { return deriveKernel(*model, block, job); },
        std::move(done));
}

void Document::setPhase(Phase phase) {
    if (phase == m_phase) return;
    m_phase = phase;
    emit phaseChanged(phase);
    startDetail();
}

void Document::setSettings(RunSettings settings) {
    if (settings == m_settings) return;
    m_settings = settings;
    emit settingsChanged();
    emit editsChanged();
    if (!m_model || !m_input) return;
    const bool verifying = m_verifyLane->isBusy();
    if (verifying) m_verifyLane->drop(); // its numbers do not depend on the settings; the runs go first
    startRuns();
    if (verifying) startVerify();
}

void Document::setBlock(int block) {
    const int count = m_model ? static_cast<int>(m_model->model().blocks.size()) : 0;
    if (block < 0 || block >= count) return;
    m_blockIsChosen = true;
    select(block);
}

void Document::select(int block) {
    if (block == m_block) return;
    m_block = block;
    m_detailOf = {};
    emit blockChanged(block);
    startDetail();
    startDerivation();
}

void Document::setSample(int sample) {
    if (sample == m_sample || sample < 0 || sample >= sampleCount()) return;
    m_sample = sample;
    emit sampleChanged(sample);
}

void Document::report(const Problem& problem) {
    m_remarks.push_back(problem);
    emit problemsChanged();
}

int Document::sampleCount() const {
    return m_input ? static_cast<int>(m_input->values.size(0)) : 0;
}

void Document::cancel() {
    for (Lane* lane : findChildren<Lane*>())
        if (lane->isBusy()) lane->cancel();
}

bool Document::isBusy() const {
    return std::ranges::any_of(findChildren<Lane*>(), [](const Lane* lane) { return lane->isBusy(); });
}

void Document::checkSettled() {
    if (!isBusy()) emit settled();
}

Activity Document::activity() const {
    auto of = [](Activity::State state, const Lane* lane, const QString& fallback) {
        return Activity{
            state, lane->progress(), lane->progressText().isEmpty() ? fallback : lane->progressText(), {}};
    };
    if (m_loadLane->isBusy()) return of(Activity::State::loading, m_loadLane, tr("opening the model"));
    if (m_inputLane->isBusy()) return of(Activity::State::loading, m_inputLane, tr("reading the input"));
    for (Phase phase : kPhases)
        if (const Lane* lane = m_runLanes[static_cast<std::size_t>(phase)]; lane->isBusy())
            return of(Activity::State::running, lane, tr("running phase %1").arg(toQString(toString(phase))));
    if (m_verifyLane->isBusy()) return of(Activity::State::verifying, m_verifyLane, tr("verifying"));
    if (const std::optional<Error> error = openError()) return {Activity::State::failed, 0, {}, error};
    return {};
}

std::vector<Problem> Document::problems() const {
    std::vector<Problem> problems;
    auto add = [&problems](Problem problem) {
        if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(std::move(problem));
    };
    if (m_loadError) add(toProblem(*m_loadError));
    if (m_inputError) add(toProblem(*m_inputError));
    for (const Problem& remark : m_remarks)
        add(remark);
    for (const PhaseRunPtr& run : m_runs)
        if (run && run->problem) {
            Problem problem = toProblem(*run->problem, Finding::Severity::warn);
            if (run->problem->code() == ErrorCode::valueInvalid)
                problem.where = tr("phase %1, %2").arg(toQString(toString(run->phase)), problem.where);
            add(std::move(problem));
        }
    if (m_verifyProblem && m_verifyProblem->code() != ErrorCode::cancelled) {
        const bool nothingToCompare = m_verifyProblem->code() == ErrorCode::nothingToFuse;
        add(toProblem(*m_verifyProblem,
                      nothingToCompare ? Finding::Severity::note : Finding::Severity::fail));
    }
    if (m_model)
        for (const Finding& finding : m_report ? m_report->findings : m_model->model().findings)
            add(toProblem(finding));
    return problems;
}

} // namespace rp::ui
