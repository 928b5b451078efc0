// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/model_comparison.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include "core/verify/pairing.h"
#include "core/tensor/elementwise.h"

#include <algorithm>
#include <functional>
#include <set>

namespace rp::ui {
namespace {

/// A convolution's numbers; none for what is no single convolution.
std::optional<fusion::Kernel> kernelOf(const ExprPtr& expr) {
    const Conv* conv = expr ? std::get_if<Conv>(&expr->op) : nullptr;
    if (!conv) return std::nullopt;
    const TensorD bias = conv->bias ? conv->bias->toDouble() : TensorD(Shape{conv->weight.shape()[0]});
    return fusion::Kernel{conv->weight.toDouble(), bias, conv->groups};
}

/// Weight and bias as one row of numbers, so that a bias alone can differ, too.
TensorD numbersOf(const fusion::Kernel& kernel) {
    std::vector<double> numbers(kernel.weight.values().begin(), kernel.weight.values().end());
    numbers.insert(numbers.end(), kernel.bias.values().begin(), kernel.bias.values().end());
    const auto count = static_cast<std::int64_t>(numbers.size());
    return {Shape{count}, std::move(numbers)};
}

void compareUnit(ComparedUnit& unit) {
    try {
        const std::optional<fusion::Kernel> a = kernelOf(unit.kernelA), b = kernelOf(unit.kernelB);
        if (!a || !b)
            unit.problem = ComparisonProbe::tr("not merged on one side");
        else if (a->weight.shape() != b->weight.shape())
            unit.problem = ComparisonProbe::tr("%1 against %2").arg(shapeText(a->weight.shape()), shapeText(b->weight.shape()));
        else
            unit.kernels = verify::compare(numbersOf(*a), numbersOf(*b));
    } catch (const Error& error) {
        unit.problem = toSentence(toProblem(error));
    }
}

} // namespace

std::int64_t ModelComparison::pairs() const {
    return std::ranges::count_if(units, [](const ComparedUnit& unit) { return !unit.ours.isEmpty() && !unit.theirs.isEmpty(); });
}

ModelComparisonPtr compareModels(const LoadedModel& ours, const std::filesystem::path& theirs, const Job& job) {
    job.step(0, "opening " + theirs.filename().string());
    auto comparison = std::make_shared<ModelComparison>();
    comparison->file = QString::fromStdString(theirs.filename().string());
    families::OpenOptions options;
    options.deployOf = &ours.opened.model;
    comparison->other = families::openModel(theirs, options);
    comparison->fusion = fusion::fuseModel(comparison->other.model, {}, job.part(0.1, 0.5));
    const std::vector<verify::Unit> a = verify::unitsOf(ours.model(), ours.fusion);
    const std::vector<verify::Unit> b = verify::unitsOf(comparison->other.model, comparison->fusion);
    const std::vector<std::optional<std::size_t>> partners = verify::pairUnits(a, b);
    std::set<std::size_t> paired;
    for (std::size_t i = 0; i < a.size(); ++i) {
        job.step(0.5 + 0.5 * static_cast<double>(i) / static_cast<double>(a.size()), "comparing " + a[i].name);
        ComparedUnit unit{toQString(a[i].name), {}, a[i].block ? static_cast<int>(*a[i].block) : -1, a[i].deploy, {}, {}, {}};
        if (partners[i]) {
            paired.insert(*partners[i]);
            unit.theirs = toQString(b[*partners[i]].name);
            unit.kernelB = b[*partners[i]].deploy;
            compareUnit(unit);
        } else {
            unit.problem = ComparisonProbe::tr("nothing stands for it in the second model");
        }
        comparison->units.push_back(std::move(unit));
    }
    for (std::size_t i = 0; i < b.size(); ++i)
        if (!paired.contains(i))
            comparison->units.push_back({{}, toQString(b[i].name), -1, {}, b[i].deploy, {}, ComparisonProbe::tr("it stands for nothing in the first model")});
    return comparison;
}

KernelPairPtr readPair(const ModelComparison& comparison, int unit) {
    const ComparedUnit& of = comparison.units[static_cast<std::size_t>(unit)];
    auto pair = std::make_shared<KernelPair>();
    pair->unit = unit;
    pair->a = kernelOf(of.kernelA);
    pair->b = kernelOf(of.kernelB);
    if (pair->a && pair->b && pair->a->weight.shape() == pair->b->weight.shape())
        pair->difference = fusion::Kernel{combined(pair->b->weight, pair->a->weight, std::minus<>()),
                                              combined(pair->b->bias, pair->a->bias, std::minus<>()), pair->a->groups};
    return pair;
}

ComparisonProbe::ComparisonProbe(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_lane(document.addLane(Priority::background)),
      m_kernelLane(document.addLane(Priority::interactive)) {
    connect(&document, &Document::againstChanged, this, &ComparisonProbe::refresh);
    connect(&document, &Document::modelChanged, this, &ComparisonProbe::refresh);
}

ComparisonProbe::~ComparisonProbe() {
    delete m_lane; // with what they would have told us
    delete m_kernelLane;
}

void ComparisonProbe::setActive(bool isActive) {
    if (isActive == m_isActive) return;
    m_isActive = isActive;
    if (isActive) refresh();
}

/// Once for each pair of files.
void ComparisonProbe::refresh() {
    const LoadedModelPtr& model = m_document.model();
    const QString& path = m_document.againstPath();
    const bool isKnown = (m_comparison || m_lane->isBusy()) && m_of == model && m_path == path;
    if (isKnown) return;
    m_of = model;
    m_path = path;
    m_comparison.reset();
    m_kernels.reset();
    m_problem.reset();
    m_lane->drop();
    m_kernelLane->drop();
    if (model && !path.isEmpty())
        m_lane->start<ModelComparisonPtr>(
            [model, file = std::filesystem::path(path.toStdString())](const Job& job) { return compareModels(*model, file, job); },
            [this](Outcome<ModelComparisonPtr> outcome) {
                if (auto* comparison = std::get_if<ModelComparisonPtr>(&outcome))
                    m_comparison = std::move(*comparison);
                else
                    m_problem = std::get<Error>(outcome);
                emit comparisonChanged();
            });
    emit comparisonChanged();
    emit kernelsChanged();
}

void ComparisonProbe::chooseUnit(int unit) {
    if (!m_comparison || unit < 0 || unit >= static_cast<int>(m_comparison->units.size())) return;
    m_kernelLane->start<KernelPairPtr>([comparison = m_comparison, unit](const Job&) { return readPair(*comparison, unit); },
                                       [this](Outcome<KernelPairPtr> outcome) {
                                           m_kernels.reset();
                                           if (auto* pair = std::get_if<KernelPairPtr>(&outcome)) m_kernels = std::move(*pair);
                                           emit kernelsChanged();
                                       });
}

QString ComparisonProbe::message() const {
    if (m_comparison) return {};
    if (m_problem) return toSentence(toProblem(*m_problem));
    if (!m_document.model()) return tr("Open a model first, then a second one to compare it with.");
    if (m_document.againstPath().isEmpty()) return tr("File → Compare against… opens a second model: somebody's deploy file, or another checkpoint.");
    return tr("Computing…");
}

} // namespace rp::ui
