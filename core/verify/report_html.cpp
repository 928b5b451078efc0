// SPDX-License-Identifier: Apache-2.0
#include "core/families/assumptions.h"
#include "core/verify/report.h"
#include "core/verify/report_tables.h"
#include "core/verify/svg_plots.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::verify {
namespace {

std::string section(std::string_view title, const std::string& body) { return fmt::format("<h2>{}</h2>\n{}", title, body); }

/// A line over the blocks, from a figure of each.
template<class Figure>
Series seriesOf(const Report& report, std::string name, Figure figure) {
    Series series{std::move(name), {}};
    for (const BlockReport& b : report.blocks) series.values.push_back(figure(b));
    return series;
}

std::string plots(const Report& report) {
    std::vector<std::string> names;
    for (const BlockReport& b : report.blocks) names.push_back(b.name);
    std::string text = section("Agreement along the depth",
                               linePlot(names,
                                        {seriesOf(report, "kernel as stored", [](const BlockReport& b) { return snrDb(b.stored); }),
                                         seriesOf(report, "float32, same input", [](const BlockReport& b) { return snrDb(b.local); }),
                                         seriesOf(report, "float32, cumulative", [](const BlockReport& b) { return snrDb(b.cumulative); }),
                                         seriesOf(report, "phase train", [](const BlockReport& b) { return snrDb(b.train); })},
                                        "dB"));
    auto certified = [](auto figure) {
        return [figure](const BlockReport& b) -> std::optional<double> {
            return b.certificate && b.certificate->none.empty() ? std::optional(figure(*b.certificate)) : std::nullopt;
        };
    };
    text += section("Certificates: no input of a block's range can differ by more",
                    linePlot(names,
                             {seriesOf(report, "float32 arithmetic", certified([](const Certificate& c) { return c.largestFloat32Rounding(); })),
                              seriesOf(report, "int8 kernel", certified([](const Certificate& c) { return c.formats[3].largest(); })),
                              seriesOf(report, "bfloat16 kernel", certified([](const Certificate& c) { return c.formats[2].largest(); })),
                              seriesOf(report, "float16 kernel", certified([](const Certificate& c) { return c.formats[1].largest(); })),
                              seriesOf(report, "float32 kernel", certified([](const Certificate& c) { return c.formats[0].largest(); })),
                              seriesOf(report, "measured (float32)", [](const BlockReport& b) { return b.local ? std::optional(b.local->maxAbs) : std::nullopt; })},
                             "max |Δ|", true));
    if (std::ranges::none_of(report.blocks, [](const BlockReport& b) { return b.precision.has_value(); })) return text;
    auto stored = [](KernelFormat format, std::optional<Comparison> FormatDamage::*field) {
        return [format, field](const BlockReport& b) { return b.precision ? snrDb(b.precision->of(format).*field) : std::nullopt; };
    };
    return text + section("Output of each block when its weights are rounded",
                          linePlot(names,
                                   {seriesOf(report, "int8/channel, fused", stored(KernelFormat::int8, &FormatDamage::output)),
                                    seriesOf(report, "int8/channel, branches", stored(KernelFormat::int8, &FormatDamage::branchOutput)),
                                    seriesOf(report, "int8/tensor, fused", stored(KernelFormat::int8Tensor, &FormatDamage::output)),
                                    seriesOf(report, "int8/tensor, branches", stored(KernelFormat::int8Tensor, &FormatDamage::branchOutput)),
                                    seriesOf(report, "bfloat16, fused", stored(KernelFormat::bfloat16, &FormatDamage::output))},
                                   "dB"));
}

/// Fused kernel and branches of each block, on one scale: what the branches add, and where.
std::string kernels(const Report& report) {
    std::string text;
    for (const BlockReport& b : report.blocks) {
        if (b.kernels.empty()) continue;
        double most = 0;
        for (const KernelNorms& k : b.kernels)
            for (double v : k.norms.values()) most = std::max(most, v);
        text += fmt::format("<h3>{}</h3>\n", escapedXml(b.name));
        for (const KernelNorms& k : b.kernels) {
            const std::string name = k.name.empty() ? "fused" : k.name;
            text += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", heatCells(k.norms, most, b.name + " " + name), escapedXml(name));
        }
    }
    return text.empty() ? text : section("Kernels: weight of each position, √ΣK² over channels; one scale for each block", text);
}

} // namespace

std::string toHtml(const Report& report) {
    std::string body = htmlTable(questionTable(report));
    body += section("Findings", findingLines(report).empty() ? "<p>None.</p>\n" : htmlList(findingLines(report))) + plots(report);
    for (const TitledTable& t : tablesOf(report))
        body += section(escapedXml(t.title), (t.text.empty() ? "" : "<p>" + escapedXml(t.text) + "</p>\n") + "<div class=\"scroll\">" + htmlTable(t.table) + "</div>\n");
    body += kernels(report) + section("Assumptions", htmlList(families::summarize(report.assumptions, report.blocks.size()))) +
            section("Where this comes from", htmlList(provenanceLines(report)));
    return htmlPage(report.file, report.verdict, headline(report), body);
}

} // namespace rp::verify
