// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/lane.h"
#include "ui/jobs/session.h"
#include "ui/presenters/problem.h"

#include <QObject>

#include <array>

namespace rp::ui {

/// What is going on, as data that views render.
struct Activity {
    enum class State { idle, loading, running, verifying, failed } state = State::idle;
    double fraction = 0; ///< of the current job, [0, 1]
    QString text;
    std::optional<Error> error; ///< why the last file could not be opened (`failed`)
};

/// What was asked of the open model and can be taken back.
struct Edits {
    std::optional<std::string> weights; ///< none: the preferred set
    std::vector<std::string> assumptions, blocks;
    QString against;
    RunSettings settings;
    friend bool operator==(const Edits&, const Edits&) = default;
};

/// One model and one input with everything computed from them, and what is selected. Lives on the GUI thread,
/// has no widgets; what it hands out are immutable snapshots. Every setter is cheap: it starts jobs, and
/// signals tell when something new is there.
class Document : public QObject {
    Q_OBJECT

public:
    explicit Document(QObject* parent = nullptr);
    ~Document() override;

    // What the user asks for.
    void openModel(const QString& path, const families::OpenOptions& options = {});
    void reloadModel();                            ///< reads what was asked for last once more
    void setWeights(const QString& name);          ///< another weight set of the same file
    void setAssumptions(const QStringList& texts); ///< each as after `--assume`; reads the file again
    void openPicture(const QString& path);
    /// Models and inputs, told apart by their content: the first model is opened, a second one is what it is
    /// compared against.
    void openFiles(const QStringList& paths);
    void compareAgainst(const QString& path); ///< somebody else's deploy file; empty for none
    void verifyAgain();
    void cancel();
    void setPhase(Phase phase);
    void setSettings(RunSettings settings);
    void setEdits(const Edits& edits); ///< recomputes only what differs
    void setBlock(int block);
    void setSample(int sample);
    void chooseMap(const MapKey& map); ///< one of the block's maps, by diagram or mosaic
    void report(const Problem& problem); ///< adds a row that stays until another model is opened

    // What there is. Null as long as it is not there.
    const LoadedModelPtr& model() const { return m_model; }
    const QString& modelPath() const { return m_modelPath; } ///< what was asked for last, opened or not
    Edits edits() const;
    const QString& inputPath() const { return m_inputPath; } ///< what was asked for last; empty for the seeded one
    const QString& againstPath() const { return m_againstPath; } ///< of the file it is compared with; empty for none
    const InputPtr& input() const { return m_input; }
    const PhaseRunPtr& run(Phase phase) const { return m_runs[static_cast<std::size_t>(phase)]; }
    const PhaseRunPtr& currentRun() const { return run(m_phase); }
    const BlockDetailPtr& detail() const { return m_detail; }
    /// The map that was chosen last where this block has it, else what the block puts out; null without maps.
    const BlockMap* chosenMap() const;
    const DerivationPtr& derivation() const { return m_derivation; }
    const ReportPtr& report() const { return m_report; }
    const std::optional<Error>& verifyProblem() const { return m_verifyProblem; } ///< why there is no report

    Phase phase() const { return m_phase; }
    RunSettings settings() const { return m_settings; }
    int block() const { return m_block; }
    int sample() const { return m_sample; }
    int sampleCount() const;
    Activity activity() const;
    bool isBusy() const;
    std::vector<Problem> problems() const;
    /// For what a view or presenter asks of the worker beside the jobs below: it counts as under way. Belongs to the
    /// document; whoever asked deletes it when it goes first.
    Lane* addLane(Priority priority);
    /// The first error that kept a named file from being opened; for whoever runs without a user.
    std::optional<Error> openError() const { return m_loadError ? m_loadError : m_inputError; }

signals:
    void modelPathChanged();
    void editsChanged(); ///< what was asked for, not yet what came of it
    void inputPathChanged();
    void modelChanged();
    void againstChanged();
    void inputChanged();
    void runChanged(rp::Phase phase);
    void detailChanged();
    void chosenMapChanged();
    void derivationChanged();
    void reportChanged();
    void phaseChanged(rp::Phase phase);
    void settingsChanged();
    void blockChanged(int block);
    void sampleChanged(int sample);
    void activityChanged();
    void problemsChanged();
    void settled(); ///< nothing is under way any more

private:
    void modelLoaded(LoadedModelPtr model);
    int firstSelection(const QString& kept);
    void reopen(families::OpenOptions options);
    void inputLoaded(InputPtr input);
    void startInput();
    void startRuns();
    void startRun(Phase phase);
    void runDone(Phase phase, PhaseRunPtr run);
    void startVerify();
    void select(int block);
    void showWorst();
    void startDetail();
    void detailDone(BlockDetailPtr detail);
    void startDerivation();
    void clearResults();
    void checkSettled();
    Lane* makeLane(Priority priority);
    /// Wraps a continuation: takes the value, or hands the error to `failed`, then looks whether all is done.
    template<class T>
    std::function<void(Outcome<T>)> then(void (Document::*done)(T), void (Document::*failed)(const Error&));
    void loadFailed(const Error& error);
    void inputFailed(const Error& error);

    std::shared_ptr<Worker> m_worker = std::make_shared<Worker>();
    Lane *m_loadLane, *m_inputLane, *m_verifyLane, *m_detailLane, *m_derivationLane;
    std::array<Lane*, 3> m_runLanes;

    LoadedModelPtr m_model;
    InputPtr m_input;
    QString m_modelPath, m_inputPath, m_againstPath;
    families::OpenOptions m_openOptions;
    SessionPtr m_session;
    std::array<PhaseRunPtr, 3> m_runs;
    BlockDetailPtr m_detail;
    std::array<BlockDetailPtr, 3> m_detailOf; ///< of the selected block, by phase: flipping back shows it at once
    std::optional<MapKey> m_chosenMap;
    DerivationPtr m_derivation;
    ReportPtr m_report;
    std::optional<Error> m_loadError, m_inputError, m_verifyProblem;
    std::vector<Problem> m_remarks;

    Phase m_phase = Phase::eval;
    RunSettings m_settings;
    int m_block = -1;
    bool m_blockIsChosen = false; ///< by the user, so that the document no longer points at one
    int m_sample = 0;
};

} // namespace rp::ui
