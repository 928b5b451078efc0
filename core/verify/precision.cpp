// SPDX-License-Identifier: Apache-2.0
#include "core/verify/precision.h"

#include "core/exec/forward.h"
#include "core/exec/reduced_conv.h"
#include "core/fusion/fuse.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr std::size_t kOutliers = 3;

class Measurement {
public:
    Measurement(const Block& block, const ExprPtr& fused, const TensorD& input, const TensorD& branches)
        : m_fused(std::get<Conv>(fused->op)), m_input(input), m_branches(branches), m_loaded(m_engine->load(input)),
          m_weight(m_fused.weight.toDouble()), m_parts(fusion::fuse(*block.body, block.inChannels).branches) {}

    FormatDamage run(KernelFormat format) const;

private:
    TensorD outputOf(const Conv& conv) const { return m_engine->read(forward(makeExpr("rounded", conv), Phase::deploy, m_loaded, *m_engine)); }
    std::optional<Conv> sumOfRoundedBranches(KernelFormat format) const;
    void execute(const Conv& kernel, KernelFormat format, FormatDamage& damage) const;
    std::vector<OutlierChannel> outliersOf(const TensorD& output) const;

    const Conv& m_fused;
    const TensorD& m_input;
    const TensorD& m_branches;
    std::unique_ptr<Engine> m_engine = makeReferenceEngine();
    MapPtr m_loaded;
    TensorD m_weight;
    std::vector<std::pair<std::string, fusion::Kernel>> m_parts; ///< each branch's kernel, embedded like the sum
};

/// The kernels of the branches, each stored on its own as an unmerged network would, add up to one convolution again:
/// nothing else is lost between them.
std::optional<Conv> Measurement::sumOfRoundedBranches(KernelFormat format) const {
    Conv sum = m_fused;
    TensorD weight(m_weight.shape()), bias(Shape{m_weight.size(0)});
    for (const auto& [name, kernel] : m_parts) {
        Conv part = m_fused;
        part.weight = Param(kernel.weight);
        part.bias = Param(kernel.bias);
        const std::optional<Conv> stored = rounded(part, format);
        if (!stored) return std::nullopt;
        const TensorD w = stored->weight.toDouble(), b = stored->bias->toDouble();
        std::ranges::transform(weight.values(), w.values(), weight.edit().begin(), std::plus<>());
        std::ranges::transform(bias.values(), b.values(), bias.edit().begin(), std::plus<>());
    }
    sum.weight = Param(weight);
    sum.bias = Param(bias);
    return sum;
}

void Measurement::execute(const Conv& kernel, KernelFormat format, FormatDamage& damage) const {
    std::optional<ReducedRun> run;
    if (format == KernelFormat::bfloat16) run = convolveBfloat16(kernel, m_input);
    if (format == KernelFormat::int8 || format == KernelFormat::int8Tensor) run = convolveInt8(m_fused, stepsOf(m_weight, format), m_input);
    if (!run) return;
    damage.executed = compare(m_branches, run->output);
    damage.executedBy = run->implementation;
}

std::vector<OutlierChannel> Measurement::outliersOf(const TensorD& output) const {
    const std::int64_t channels = m_weight.size(0), kh = m_weight.size(2), kw = m_weight.size(3), perChannel = m_weight.count() / channels;
    std::vector<OutlierChannel> all;
    std::vector<double> largest;
    double total = 0;
    for (std::int64_t o = 0; o < channels; ++o) {
        OutlierChannel entry{o, 0, 0, 0, false, 0};
        double squares = 0;
        for (std::int64_t i = 0; i < perChannel; ++i) {
            const double magnitude = std::abs(m_weight[o * perChannel + i]);
            squares += magnitude * magnitude;
            if (magnitude <= entry.largest) continue;
            entry.largest = magnitude;
            entry.atCentre = i % (kh * kw) == kh / 2 * kw + kw / 2;
        }
        entry.timesSpread = squares > 0 ? entry.largest / std::sqrt(squares / static_cast<double>(perChannel)) : 0;
        const std::int64_t area = output.size(2) * output.size(3);
        for (std::int64_t n = 0; n < output.size(0); ++n)
            for (std::int64_t p = 0; p < area; ++p) {
                const std::int64_t at = (n * channels + o) * area + p;
                entry.share += (output[at] - m_branches[at]) * (output[at] - m_branches[at]);
            }
        total += entry.share;
        largest.push_back(entry.largest);
        all.push_back(entry);
    }
    std::ranges::nth_element(largest, largest.begin() + static_cast<std::ptrdiff_t>(largest.size() / 2));
    const double median = largest[largest.size() / 2];
    for (OutlierChannel& entry : all) {
        entry.timesMedian = median > 0 ? entry.largest / median : 0;
        entry.share = total > 0 ? entry.share / total : 0;
    }
    std::ranges::stable_sort(all, std::ranges::greater(), &OutlierChannel::share);
    all.resize(std::min(all.size(), kOutliers));
    return all;
}

FormatDamage Measurement::run(KernelFormat format) const {
    FormatDamage damage;
    damage.format = format;
    const std::optional<Conv> kernel = rounded(m_fused, format);
    if (!kernel) {
        damage.none = fmt::format("a number of the kernel is too large for {}", toString(format));
        return damage;
    }
    damage.weight = compare(m_weight, kernel->weight.toDouble());
    const TensorD output = outputOf(*kernel);
    damage.output = compare(m_branches, output);
    damage.outliers = outliersOf(output);
    if (const std::optional<Conv> branches = sumOfRoundedBranches(format)) {
        damage.branchWeight = compare(m_weight, branches->weight.toDouble());
        damage.branchOutput = compare(m_branches, outputOf(*branches));
    }
    execute(*kernel, format, damage);
    return damage;
}

} // namespace

const FormatDamage& BlockPrecision::of(KernelFormat format) const {
    return *std::ranges::find(formats, format, &FormatDamage::format);
}

BlockPrecision measurePrecision(const Block& block, const ExprPtr& fused, const TensorD& input, const TensorD& branches) {
    const Measurement measurement(block, fused, input, branches);
    BlockPrecision result;
    for (KernelFormat format : kKernelFormats) result.formats.push_back(measurement.run(format));
    return result;
}

} // namespace rp::verify
