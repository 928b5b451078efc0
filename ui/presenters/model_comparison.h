// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include "core/fusion/algebra.h"
#include "core/verify/compare.h"

#include <QObject>
#include <QPointer>

namespace rp::ui {

class Document;
class Lane;

/// A block (or single convolution) of the open model and what stands for it in the second one, as phase deploy runs them.
struct ComparedUnit {
    QString ours, theirs;                       ///< one of them is empty when the other has no partner
    int block = -1;                             ///< of ours; -1: a region
    ExprPtr kernelA, kernelB;                   ///< `Conv`s
    std::optional<verify::Comparison> kernels;  ///< theirs against ours; none when they cannot be compared
    QString problem;                            ///< why not
};

/// The second model, paired with the first.
struct ModelComparison {
    QString file;
    families::OpenedModel other; ///< keeps the kernels' file mapped
    fusion::ModelFusion fusion;
    std::vector<ComparedUnit> units; ///< in our order, then what they have more
    std::int64_t pairs() const;
};
using ModelComparisonPtr = std::shared_ptr<const ModelComparison>;

ModelComparisonPtr compareModels(const LoadedModel& ours, const std::filesystem::path& theirs, const Job& job);

/// One pair's numbers.
struct KernelPair {
    int unit = -1;
    std::optional<fusion::Kernel> a, b, difference; ///< b - a, where their shapes agree
};
using KernelPairPtr = std::shared_ptr<const KernelPair>;
KernelPairPtr readPair(const ModelComparison& comparison, int unit);

/// Keeps the document's model paired with the file it is compared against, and the numbers of one pair.
class ComparisonProbe : public QObject {
    Q_OBJECT

public:
    explicit ComparisonProbe(Document& document, QObject* parent = nullptr);
    ~ComparisonProbe() override;

    void setActive(bool isActive);
    void chooseUnit(int unit);
    const ModelComparisonPtr& comparison() const { return m_comparison; }
    const KernelPairPtr& kernels() const { return m_kernels; }
    QString message() const; ///< why there is no comparison; empty with one

signals:
    void comparisonChanged();
    void kernelsChanged();

private:
    void refresh();

    Document& m_document;
    QPointer<Lane> m_lane, m_kernelLane;
    LoadedModelPtr m_of;   ///< what the comparison was made of
    QString m_path;
    ModelComparisonPtr m_comparison;
    KernelPairPtr m_kernels;
    std::optional<Error> m_problem;
    bool m_isActive = false;
};

} // namespace rp::ui
