// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/diagnosis/fault.h"
#include "ui/jobs/lane.h"

#include <QObject>

#include <memory>
#include <optional>

namespace rp::ui {

class Document;

/// What somebody expects of a fault before it is revealed.
struct Prediction {
    verify::Reach reach = verify::Reach::everywhere;
    int size = 1; ///< 0: hardly (60 dB and more), 1: visible (20 to 60 dB), 2: destroys the output (below 20 dB)
};
int sizeClassOf(const verify::Comparison& comparison);

/// A fault put into the selected block of the opened model: which ones there are, what the chosen one does to the block's
/// output on its own input, and what the diagnosis makes of it. Nothing of the model itself changes.
class BreakIt : public QObject {
    Q_OBJECT

public:
    using Faults = std::shared_ptr<const std::vector<verify::Fault>>;
    using OutcomePtr = std::shared_ptr<const verify::FaultOutcome>;

    explicit BreakIt(Document& document, QObject* parent = nullptr);

    const Faults& faults() const { return m_faults; } ///< null while they are sought, empty for a block without any
    const OutcomePtr& outcome() const { return m_outcome; }
    const std::optional<Error>& problem() const { return m_problem; }
    bool isBusy() const { return m_lane->isBusy() || m_listLane->isBusy(); }
    int block() const { return m_block; }
    /// Index of the first fault of this code, -1 without one.
    int find(const QString& code) const;

    void inject(int fault);
    void undo(); ///< the block is right again

signals:
    void faultsChanged();
    void outcomeChanged(); ///< also when there is none any more, or only a problem
    void busyChanged();

private:
    void start();

    Document& m_document;
    std::shared_ptr<Worker> m_worker = std::make_shared<Worker>(); // the document's own is busy with runs
    Lane *m_listLane, *m_lane;
    int m_block = -1;
    std::shared_ptr<const void> m_model; ///< whose block it is
    Faults m_faults;
    OutcomePtr m_outcome;
    std::optional<Error> m_problem;
};

} // namespace rp::ui
