// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/kernel_check.h"

#include "core/base/error.h"
#include "core/model/model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace rp::verify {
namespace {

using fusion::Fused;
using fusion::Kernel;
using Severity = Finding::Severity;

struct Threshold {
    double pass, warn; ///< dB
};

/// Figures of a right kernel in each number format, by the code of the explanation that names it (verification.md D.4).
struct FormatThreshold {
    std::string_view code;
    Threshold threshold;
};
constexpr std::array<FormatThreshold, 4> kFormats{{{"float16", {60, 50}}, {"bfloat16", {45, 38}}, {"int8", {20, 12}}, {"int4", {0, -6}}}};
constexpr Threshold kFloat32{120, 90};
constexpr double kDriftDb = 15;        ///< from here on a difference without a cause is small
constexpr double kUnrelatedCosine = 0.3;
constexpr double kSameKernel = 0.9;    ///< cosine

Threshold thresholdOf(std::string_view format) {
    const auto found = std::ranges::find(kFormats, format, &FormatThreshold::code);
    return found == kFormats.end() ? kFloat32 : found->threshold;
}

std::string sizeOf(Extent e) { return fmt::format("{}x{}", e.h, e.w); }
std::string sizeOf(const Padding& p) {
    return p.top == p.bottom && p.left == p.right ? fmt::format("{}x{}", p.top, p.left) : fmt::format("{}x{}x{}x{}", p.top, p.left, p.bottom, p.right);
}

DType storedTypeOf(const ExprPtr& body) {
    const auto* conv = std::get_if<Conv>(&body->op);
    return conv ? conv->weight.storedAs() : DType::f32;
}

class Check {
public:
    Check(std::string block, const KernelCheckOptions& options) : m_block(std::move(block)), m_options(options) {}

    KernelCheck run(const ExprPtr& body, std::int64_t inChannels, const ExprPtr& theirs, const Job& job);

private:
    void add(Severity severity, std::string code, std::string message, std::string remedy) {
        m_result.findings.push_back({severity, std::move(code), m_block, std::move(message), std::move(remedy)});
    }
    bool agreeOnPlace(const Fused& ours, Fused& theirs);
    bool agreeOnWindow(Fused& ours, Fused& theirs);
    void conclude(DType storedAs, double cosine);

    std::string m_block;
    const KernelCheckOptions& m_options;
    KernelCheck m_result;
};

/// Channels, stride and dilation. False when the kernels cannot be compared.
bool Check::agreeOnPlace(const Fused& ours, Fused& theirs) {
    const Kernel &a = ours.kernel, &b = theirs.kernel;
    if (a.outChannels() != b.outChannels() || a.inChannels() != b.inChannels()) {
        add(Severity::fail, "against-shape",
            fmt::format("{} kernel is {} in {} group(s), expected {} in {}", m_options.whose, rp::toString(b.weight.shape()), b.groups,
                        rp::toString(a.weight.shape()), a.groups),
            "check that both are the same network");
        return false;
    }
    if (ours.stride != theirs.stride)
        add(Severity::fail, "stride-differs", fmt::format("{} convolution has stride {}, the branches have {}", m_options.whose, sizeOf(theirs.stride), sizeOf(ours.stride)),
            "give the fused convolution the stride of its branches");
    // A 3x3 where the branches make a 5x5 of every second tap.
    const Extent k = a.extent(), t = b.extent();
    if (t != k && t.h > 1 && t.w > 1 && (k.h - 1) % (t.h - 1) == 0 && (k.w - 1) % (t.w - 1) == 0) {
        const Extent dilation{(k.h - 1) / (t.h - 1), (k.w - 1) / (t.w - 1)};
        Kernel spread = fusion::undilate(b, dilation);
        const std::int64_t groups = std::gcd(a.groups, b.groups);
        if (cosine(fusion::withGroups(spread, groups).weight.values(), fusion::withGroups(a, groups).weight.values()) > kSameKernel) {
            add(Severity::fail, "dilation-lost", fmt::format("{} convolution is dense, the branches have dilation {}", m_options.whose, sizeOf(dilation)),
                "give the fused convolution the dilation of its branches");
            theirs.kernel = std::move(spread);
            theirs.padding = ours.padding;
        }
    }
    return true;
}

/// Brings both kernels into one window. False when their windows have no common place.
bool Check::agreeOnWindow(Fused& ours, Fused& theirs) {
    const Extent a = ours.kernel.extent(), b = theirs.kernel.extent();
    const std::int64_t groups = std::gcd(ours.kernel.groups, theirs.kernel.groups);
    ours.kernel = fusion::withGroups(ours.kernel, groups);
    theirs.kernel = fusion::withGroups(theirs.kernel, groups);
    const Padding &p = ours.padding, &q = theirs.padding;
    if (a == b) {
        if (p != q) {
            add(Severity::fail, "padding-differs",
                fmt::format("{} convolution pads by {}, the branches by {}: {}", m_options.whose, sizeOf(q), sizeOf(p),
                            q.isZero() ? "its output is smaller, or its border holds something else than zero" : "its output is shifted or of another size"),
                "give the fused convolution the padding of its branches");
            theirs.padding = p;
        }
        return true;
    }
    // The same map written in a larger window with zeros around.
    const bool fits = a.h - p.top - p.bottom == b.h - q.top - q.bottom && a.w - p.left - p.right == b.w - q.left - q.right;
    if (!fits) {
        add(Severity::fail, "against-shape", fmt::format("{} kernel is {}, expected {}", m_options.whose, sizeOf(b), sizeOf(a)),
            b.h * b.w == 1 ? "the branches that are larger than 1x1 are missing"
                           : "check the padding of each branch's kernel: rows and columns may be exchanged");
        return false;
    }
    const Extent lead{std::max(p.top, q.top), std::max(p.left, q.left)};
    const Extent whole{std::max(lead.h - p.top + a.h, lead.h - q.top + b.h), std::max(lead.w - p.left + a.w, lead.w - q.left + b.w)};
    for (Fused* f : {&ours, &theirs}) {
        const Padding old = f->padding;
        const Extent k = f->kernel.extent();
        f->kernel = fusion::embed(f->kernel, {lead.h - old.top, lead.w - old.left}, whole);
        f->padding = {lead.h, lead.w, old.bottom + whole.h - k.h - (lead.h - old.top), old.right + whole.w - k.w - (lead.w - old.left)};
    }
    return true;
}

void Check::conclude(DType storedAs, double similarity) {
    const Diagnosis& d = m_result.diagnosis;
    if (d.outcome == Diagnosis::Outcome::agrees) return;
    const Explanation* best = d.ranked.empty() ? nullptr : &d.ranked.front();
    const bool isFormat = best && best->complete && thresholdOf(best->code).pass < kFloat32.pass;
    const Threshold limit = isFormat ? thresholdOf(best->code)
                            : storedAs == DType::f16 || storedAs == DType::bf16 ? thresholdOf(rp::toString(storedAs))
                                                                                : kFloat32;
    const Severity severity = d.decibels >= limit.pass ? Severity::note : d.decibels >= limit.warn ? Severity::warn : Severity::fail;
    if (best && d.outcome == Diagnosis::Outcome::explained) {
        add(severity, best->code, fmt::format("{} kernel agrees to {:.1f} dB: {} (explains it to {:.0f} dB)", m_options.whose, d.decibels, best->sentence, best->decibels), best->remedy);
    } else if (best) {
        add(severity, best->code, fmt::format("{} kernel agrees to {:.1f} dB: most likely {} ({:.0f} dB), but that does not explain all of it", m_options.whose, d.decibels,
                                              best->sentence, best->decibels),
            best->remedy);
    } else if (severity == Severity::note) {
        add(severity, "against-kernel",
            fmt::format("{} kernel agrees to {:.1f} dB; what is left is too small to tell a fault from the rounding of {}", m_options.whose, d.decibels, rp::toString(storedAs)), "");
    } else if (similarity < kUnrelatedCosine) {
        add(severity, "unrelated-weights", fmt::format("{} kernel has nothing in common with these branches (cosine {:.2f})", m_options.whose, similarity),
            "the files hold different weights, or blocks were mixed up");
    } else if (d.decibels >= kDriftDb) {
        add(severity, "weight-drift",
            fmt::format("{} kernel agrees to {:.1f} dB and no single fault explains the rest: it looks like other weights of the same training, "
                        "such as a moving average or another epoch",
                        m_options.whose, d.decibels),
            "fuse the weight set that was exported (--weights names it)");
    } else {
        add(severity, "against-kernel", fmt::format("{} kernel agrees to {:.1f} dB only (cosine {:.2f}), and no known fault explains it", m_options.whose, d.decibels, similarity),
            "fuse the train file again");
    }
}

KernelCheck Check::run(const ExprPtr& body, std::int64_t inChannels, const ExprPtr& theirBody, const Job& job) {
    try {
        std::optional<Fused> ours = windowOf(body, inChannels), theirs = windowOf(theirBody, inChannels);
        if (!ours || !theirs) {
            add(Severity::warn, "against-shape", fmt::format("{} block cannot be folded into one kernel, so it is compared by running it", m_options.whose), "");
            return std::move(m_result);
        }
        if (!agreeOnPlace(*ours, *theirs) || !agreeOnWindow(*ours, *theirs)) return std::move(m_result);
        const auto stored = [](const TensorD& values) { return toDouble(toFloat(values)); }; // as phase deploy runs it
        m_result.comparison = compare(stored(ours->kernel.weight), theirs->kernel.weight);
        Comparison bias = compare(stored(ours->kernel.bias), theirs->kernel.bias);
        if (bias.relativeL2 > m_result.comparison->relativeL2) m_result.comparison = std::move(bias);
        const double similarity = cosine(ours->kernel.weight.values(), theirs->kernel.weight.values());
        const DType type = storedTypeOf(theirBody);
        m_result.diagnosis = diagnoseKernel({body, inChannels, theirs->kernel, theirs->padding, type, m_options.others}, {m_options.likely}, job);
        m_result.diagnosis.block = m_block;
        conclude(type, similarity);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::shapeMismatch) {
            add(Severity::fail, "against-shape", fmt::format("{} kernel does not fit: {}", m_options.whose, error.what()), "");
        } else if (error.code() == ErrorCode::valueInvalid) {
            add(Severity::fail, "nan", error.what(), "negative or missing variances give such kernels: check the statistics before fusing");
        } else {
            throw;
        }
    }
    return std::move(m_result);
}

} // namespace

std::optional<Fused> windowOf(const ExprPtr& body, std::int64_t inChannels) {
    fusion::FuseResult result = fusion::fuse(*body, inChannels, false);
    const Fused* fused = result.fused();
    return fused ? std::optional(*fused) : std::nullopt;
}

KernelCheck checkKernel(const std::string& block, const ExprPtr& body, std::int64_t inChannels, const ExprPtr& theirs,
                        const KernelCheckOptions& options, const Job& job) {
    return Check(block, options).run(body, inChannels, theirs, job);
}

KernelCheck checkKernel(const Block& block, const ExprPtr& theirs, const KernelCheckOptions& options, const Job& job) {
    KernelCheck whole = checkKernel(block.name, block.body, block.inChannels, theirs, options, job);
    const auto* chain = std::get_if<Chain>(&block.body->op);
    if (block.keptNorm.empty() || whole.findings.empty() || !chain || chain->steps.size() < 2) return whole;
    const ExprPtr inner = makeExpr(block.body->name, Chain{{chain->steps.begin(), chain->steps.end() - 1}});
    KernelCheck without = checkKernel(block.name, inner, block.inChannels, theirs, options, job);
    return without.findings.size() < whole.findings.size() || without.diagnosis.decibels > whole.diagnosis.decibels ? without : whole;
}

} // namespace rp::verify
