// SPDX-License-Identifier: Apache-2.0
#include "core/verify/against.h"

#include "core/base/error.h"
#include "core/exec/network.h"
#include "core/verify/departure.h"
#include "core/verify/diagnosis/kernel_check.h"
#include "core/verify/diagnosis/output_diagnosis.h"
#include "core/verify/judge.h"
#include "core/verify/pairing.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::verify {
namespace {

/// The same part of another weight set's model; null when it has none.
ExprPtr bodyOf(const Model& model, const Unit& unit) {
    if (unit.block) {
        const Block* block = model.find(unit.name);
        return block ? block->body : nullptr;
    }
    for (const Node& node : model.graph)
        if (const auto* region = std::get_if<Region>(&node.what); region && region->name == unit.name) return region->body;
    return nullptr;
}

constexpr double kOutputPassDb = 60; ///< outputs of two deploy forms whose kernels agree: drift, verification.md D.4

using Severity = Finding::Severity;

class Against {
public:
    Against(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const families::OpenedModel& other,
            const AgainstOptions& options, const Job& job)
        : m_report(report), m_opened(opened), m_fusion(fusion), m_other(other), m_options(options), m_job(job),
          m_otherFusion(fusion::fuseModel(other.model)), m_ours(unitsOf(opened.model, fusion)), m_theirs(unitsOf(other.model, m_otherFusion)),
          m_partners(pairUnits(m_ours, m_theirs)) {}

    void run(const TensorD& input);

private:
    void checkPairs();
    void checkPair(const Unit& ours, const Unit& theirs);
    std::string borderBefore(const Unit& theirs) const;
    void reportKernels();
    bool isUsed(const Unit& unit) const;
    void checkForm();
    void checkOutputs(TensorD input);
    std::optional<std::pair<TensorD, TensorD>> runBoth(const TensorD& input);
    void reportDeparture(const TensorD& input);
    void explainOutput(const TensorD& input, const TensorD& theirs);
    const std::vector<families::OpenedModel>& otherSets();
    void add(Severity severity, std::string code, std::string block, std::string message, std::string remedy) {
        m_report.findings.push_back({severity, std::move(code), std::move(block), std::move(message), std::move(remedy)});
    }

    Report& m_report;
    const families::OpenedModel& m_opened;
    const fusion::ModelFusion& m_fusion;
    const families::OpenedModel& m_other;
    const AgainstOptions& m_options;
    const Job& m_job;
    const fusion::ModelFusion m_otherFusion;
    const std::vector<Unit> m_ours, m_theirs;
    const std::vector<std::optional<std::size_t>> m_partners;
    std::optional<std::vector<families::OpenedModel>> m_otherSets;
    std::string m_whyNotRun;
    std::string m_likely; ///< what explained the block before
    std::vector<Finding> m_kernelFindings;
};

/// The other weight sets of our file as models: the deploy file may come from one of them.
const std::vector<families::OpenedModel>& Against::otherSets() {
    if (m_otherSets) return *m_otherSets;
    m_otherSets.emplace();
    if (!m_opened.checkpoint || m_opened.checkpoint->onnx) return *m_otherSets;
    for (const io::WeightSet& set : m_opened.checkpoint->sets) {
        if (&set == m_opened.weights) continue;
        families::OpenOptions open = m_options.open;
        open.weights = set.name;
        try {
            m_otherSets->push_back(families::openModel(m_opened.checkpoint->path, open));
        } catch (const Error&) { // holds no network: an optimizer's moments, say
        }
    }
    return *m_otherSets;
}

void Against::checkPair(const Unit& ours, const Unit& theirs) {
    KernelCheckOptions options;
    options.likely = m_likely;
    const Block* block = ours.block ? &m_opened.model.blocks[*ours.block] : nullptr;
    auto check = [&] {
        return block ? checkKernel(*block, theirs.body, options, m_job) : checkKernel(ours.name, ours.body, ours.inChannels, theirs.body, options, m_job);
    };
    KernelCheck result = check();
    const bool open = result.diagnosis.outcome == Diagnosis::Outcome::unexplained || result.diagnosis.outcome == Diagnosis::Outcome::partly;
    if (open && !otherSets().empty()) {
        for (const families::OpenedModel& set : otherSets())
            if (const ExprPtr same = bodyOf(set.model, ours))
                options.others.emplace_back(fmt::format("the weight set '{}'", set.weights->name), same);
        result = check();
    }
    if (result.diagnosis.outcome == Diagnosis::Outcome::explained) m_likely = result.diagnosis.ranked.front().code;
    for (BlockReport& entry : m_report.blocks) {
        if (entry.name != ours.name) continue;
        entry.against = result.comparison;
        for (const Finding& f : result.findings) entry.verdict = worse(entry.verdict, f.severity == Severity::fail ? Verdict::fail : f.severity == Severity::warn ? Verdict::warn : Verdict::pass);
    }
    const std::string border = borderBefore(theirs);
    for (Finding& f : result.findings)
        if (f.code == "padding-differs" && !border.empty()) f.message += fmt::format("; in the other file a border of mode {} stands before it, in the branches one of zeros", border);
    if (!result.diagnosis.ranked.empty()) m_report.diagnoses.push_back(std::move(result.diagnosis));
    std::ranges::move(result.findings, std::back_inserter(m_kernelFindings));
}

/// The mode of a border that is no part of their convolution: reflected or repeated pixels are no affine step with zeros. Else empty.
std::string Against::borderBefore(const Unit& theirs) const {
    if (!theirs.node) return {};
    const std::vector<Node>& graph = m_other.model.graph;
    const std::int64_t before = graph[*theirs.node].inputs.empty() ? -1 : graph[*theirs.node].inputs.front();
    const auto* op = before < 0 ? nullptr : std::get_if<Operation>(&graph[static_cast<std::size_t>(before)].what);
    const auto* pad = op ? std::get_if<PadAxes>(&op->kind) : nullptr;
    return !pad ? "" : pad->mode == PadAxes::Mode::reflect ? "reflect" : pad->mode == PadAxes::Mode::edge ? "edge" : "";
}

/// A script that makes a mistake makes it everywhere: what many blocks share is said once.
void Against::reportKernels() {
    constexpr std::size_t kMany = 4;
    std::vector<const Finding*> done;
    auto alike = [](const Finding& a, const Finding& b) { return a.code == b.code && a.severity == b.severity && a.remedy == b.remedy; };
    for (const Finding& finding : m_kernelFindings) {
        if (std::ranges::any_of(done, [&](const Finding* f) { return alike(*f, finding); })) continue;
        std::vector<const Finding*> group;
        for (const Finding& f : m_kernelFindings)
            if (alike(f, finding)) group.push_back(&f);
        if (group.size() < kMany) {
            for (const Finding* f : group) m_report.findings.push_back(*f);
        } else {
            std::string names;
            for (const Finding* f : group) names += (names.empty() ? "" : ", ") + f->block;
            add(finding.severity, finding.code, finding.block, fmt::format("{}; likewise in {} blocks in all: {}", finding.message, group.size(), names), finding.remedy);
        }
        done.push_back(&finding);
    }
}

void Against::checkPairs() {
    for (std::size_t i = 0; i < m_ours.size(); ++i) {
        const Unit& ours = m_ours[i];
        m_job.step(static_cast<double>(i) / static_cast<double>(m_ours.size()), fmt::format("comparing {}", ours.name));
        const bool reported = std::ranges::any_of(m_report.blocks, [&](const BlockReport& b) { return b.name == ours.name; });
        if (ours.block && !reported) continue; // --block names another
        if (m_partners[i])
            checkPair(ours, m_theirs[*m_partners[i]]);
        else if (ours.block)
            add(isUsed(ours) ? Severity::warn : Severity::note, "against-missing", ours.name, "the other file has no such block",
                isUsed(ours) ? "it may be used in training only" : "");
    }
    reportKernels();
}

/// Whether its result reaches the output; a block that stands alone may.
bool Against::isUsed(const Unit& unit) const {
    return !unit.node || lastUsesOf(m_opened.model)[*unit.node] > *unit.node;
}

/// Branches where fused kernels were expected.
void Against::checkForm() {
    const std::int64_t branches = m_otherFusion.fusedCount();
    if (branches == 0 || m_options.isSameFile) return;
    add(Severity::warn, "not-fused", "", fmt::format("{} block{} of the other file still {} branches: nothing was fused there", branches, branches == 1 ? "" : "s", branches == 1 ? "has" : "have"),
        "call the model's fusing function (switch_to_deploy, reparameterize, convert_to_deploy …) before saving");
}

/// Phase deploy of both, in float32; none when the other network cannot take this input.
std::optional<std::pair<TensorD, TensorD>> Against::runBoth(const TensorD& input) {
    if (input.shape().size() != 4 || input.size(1) != inputChannelsOf(m_opened.model) || input.size(1) != inputChannelsOf(m_other.model)) return std::nullopt;
    auto deployed = [&](const families::OpenedModel& model, const fusion::ModelFusion& fusion) {
        return outputOf({model.model, std::make_shared<const fusion::ModelFusion>(fusion), Phase::deploy, input, std::nullopt}, EngineKind::float32);
    };
    try {
        return std::pair(deployed(m_opened, m_fusion), deployed(m_other, m_otherFusion));
    } catch (const Error& error) { // exported for one size of input, or with numbers that are none
        if (error.code() != ErrorCode::inputInvalid && error.code() != ErrorCode::shapeMismatch && error.code() != ErrorCode::valueInvalid) throw;
        m_whyNotRun = error.what();
        return std::nullopt;
    }
}

void Against::checkOutputs(TensorD input) {
    if (m_opened.model.graph.empty() || m_other.model.graph.empty()) return;
    auto outputs = runBoth(input);
    if (!outputs) {
        input = seededInput(m_other.model.defaultInput);
        outputs = runBoth(input);
    }
    if (!outputs) {
        add(Severity::note, "against-output", "", fmt::format("the two networks could not be run on one input: {}", m_whyNotRun.empty() ? std::string("they take other inputs") : m_whyNotRun), "");
        return;
    }
    const auto& [ours, theirs] = *outputs;
    const bool known = !m_kernelFindings.empty(); // what explains a difference
    if (ours.count() != theirs.count()) {
        add(Severity::fail, "against-output", "", fmt::format("the output of the other file is {}, expected {}", toString(theirs.shape()), toString(ours.shape())), "");
    } else {
        const Comparison output = compare(ours, theirs.reshaped(ours.shape()));
        const bool agrees = output.nonFinite == 0 && output.snr.value_or(kOutputPassDb) >= kOutputPassDb;
        add(agrees || (known && output.nonFinite == 0) ? Severity::note : Severity::fail, "against-output", "",
            output.exact ? std::string("the outputs of both deploy forms are equal")
                         : fmt::format("the outputs of both deploy forms agree to {:.1f} dB, max |Δ| {:.3g} of {:.3g}", output.snr.value_or(0), output.maxAbs, output.referenceMax),
            "");
        if (agrees) return;
    }
    reportDeparture(input);
    if (!known && ours.count() == theirs.count()) explainOutput(input, theirs);
}

void Against::reportDeparture(const TensorD& input) {
    const std::optional<Departure> first = firstDeparture({m_opened.model, m_fusion, m_ours}, {m_other.model, m_otherFusion, m_theirs}, m_partners, input, m_job);
    if (!first) return;
    std::string why = "whose kernel agrees: what reaches it differs";
    if (std::ranges::find(m_kernelFindings, first->unit, &Finding::block) != m_kernelFindings.end())
        why = "whose convolution differs";
    else if (!first->before.empty())
        why = fmt::format("whose kernel agrees: what stands between {} and it differs (activation, SE, another operation)", first->before);
    add(Severity::note, "first-departure", first->unit, fmt::format("the outputs of the two files first depart at {} ({}), {}", first->unit, first->what, why), "");
}

/// The kernels are right: the cause stands between them.
void Against::explainOutput(const TensorD& input, const TensorD& theirs) {
    const Setup right{m_opened.model, std::make_shared<const fusion::ModelFusion>(m_fusion), Phase::deploy, input, std::nullopt};
    Diagnosis diagnosis = diagnoseOutput(right, m_opened, theirs, m_job);
    if (diagnosis.ranked.empty()) return;
    const Explanation& best = diagnosis.ranked.front();
    add(Severity::fail, best.code, "", fmt::format("in the other file {}{} (explains its output to {:.0f} dB)", best.sentence, best.complete ? "" : ", most likely", best.decibels), best.remedy);
    m_report.diagnoses.push_back(std::move(diagnosis));
}

void Against::run(const TensorD& input) {
    const bool paired = std::ranges::any_of(m_partners, [](const auto& partner) { return partner.has_value(); });
    if (!paired && (m_opened.model.graph.empty() || m_other.model.graph.empty()))
        throw Error(ErrorCode::shapeMismatch,
                    {"--against " + m_other.checkpoint->path.filename().string(), fmt::format("{} blocks", m_opened.model.blocks.size()),
                     fmt::format("{} blocks ({}), none of which fits", m_other.model.blocks.size(), m_other.model.variant), "both files must hold the same network"});
    checkForm();
    checkPairs();
    checkOutputs(input);
    m_report.verdict = overall(m_report);
}

} // namespace

void addAgainst(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const families::OpenedModel& other,
                const TensorD& input, const AgainstOptions& options, const Job& job) {
    Against(report, opened, fusion, other, options, job).run(input);
}

ModelForms formsWith(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const families::OpenedModel& other) {
    const fusion::ModelFusion otherFusion = fusion::fuseModel(other.model);
    const std::vector<Unit> ours = unitsOf(opened.model, fusion), theirs = unitsOf(other.model, otherFusion);
    const auto partners = pairUnits(ours, theirs);
    ModelForms forms = fusion.forms(opened.model);
    for (TwoForms& form : forms)
        if (form.branches) form.fused = nullptr;
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (ours[i].block && partners[i] && forms[*ours[i].block].branches) forms[*ours[i].block].fused = theirs[*partners[i]].deploy;
    return forms;
}

} // namespace rp::verify
