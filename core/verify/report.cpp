// SPDX-License-Identifier: Apache-2.0
#include "core/verify/report.h"

#include "core/base/error.h"
#include "core/families/assumptions.h"
#include "core/io/atomic_file.h"
#include "core/verify/report_tables.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::verify {

std::string toText(const Report& report) {
    std::string text = headline(report) + "\n\n";
    for (const NamedAnswer& a : answersOf(report.questions))
        text += fmt::format("{:<10} {:<8} {}\n", a.name, verdictOf(*a.answer), a.answer->sentence);
    bool first = true;
    for (const TitledTable& t : tablesOf(report, true)) {
        text += first ? "\n" : fmt::format("\n{}\n{}", t.title, t.text.empty() ? "" : t.text + "\n");
        text += alignedText(t.table);
        first = false;
    }
    const auto findings = findingLines(report);
    if (!findings.empty()) text += fmt::format("\nFindings\n  {}\n", fmt::join(findings, "\n  "));
    text += fmt::format("\nAssumptions\n  {}\n", fmt::join(families::summarize(report.assumptions, report.blocks.size()), "\n  "));
    return text + fmt::format("\n{}\n", fmt::join(provenanceLines(report), "\n"));
}

std::string toMarkdown(const Report& report) {
    std::string text = fmt::format("# Repscope report: {}\n\n{}", headline(report), markdownTable(questionTable(report)));
    for (const TitledTable& t : tablesOf(report))
        text += fmt::format("\n## {}\n\n{}{}", t.title, t.text.empty() ? "" : t.text + "\n\n", markdownTable(t.table));
    const auto findings = findingLines(report);
    text += "\n## Findings\n\n" + (findings.empty() ? std::string("None.\n") : fmt::format("* {}\n", fmt::join(findings, "\n* ")));
    text += fmt::format("\n## Assumptions\n\n* {}\n", fmt::join(families::summarize(report.assumptions, report.blocks.size()), "\n* "));
    return text + fmt::format("\n## Where this comes from\n\n* {}\n", fmt::join(provenanceLines(report), "\n* "));
}

std::string toCsv(const Report& report) {
    std::vector<std::string> head{"block", "family", "fusable", "verdict", "exactness", "algebra_db", "stored_db", "local_db", "local_max_abs",
                                  "local_mean_abs", "local_relative_l2", "bound", "cumulative_db", "cumulative_max_abs", "train_db", "reason",
                                  "range", "certified", "certified_float32_rounding"};
    for (KernelFormat format : kKernelFormats) head.push_back(fmt::format("{} output_db", toString(format)));
    std::string text = csvLine(head);
    auto plain = [](const std::optional<Comparison>& c, double Comparison::*field) { return c ? fmt::format("{:.9g}", (*c).*field) : ""; };
    auto snr = [](const std::optional<Comparison>& c) { return !c ? "" : c->snr ? fmt::format("{:.3f}", *c->snr) : "exact"; };
    for (const BlockReport& b : report.blocks) {
        std::vector<std::string> fields{
            b.name, b.family, b.fusable ? "true" : "false", std::string(toString(b.verdict)), std::string(fusion::toString(b.exactness)),
            snr(b.algebra), snr(b.stored), snr(b.local), plain(b.local, &Comparison::maxAbs), plain(b.local, &Comparison::meanAbs),
            plain(b.local, &Comparison::relativeL2), fmt::format("{:.9g}", b.roundingBound), snr(b.cumulative),
            plain(b.cumulative, &Comparison::maxAbs), snr(b.train), b.reason};
        const bool certified = b.certificate && b.certificate->none.empty();
        fields.push_back(certified ? fmt::format("{:.9g}", b.certificate->range) : "");
        fields.push_back(certified ? fmt::format("{:.9g}", b.certificate->formats.front().largest()) : "");
        fields.push_back(certified ? fmt::format("{:.9g}", b.certificate->largestFloat32Rounding()) : "");
        for (KernelFormat format : kKernelFormats) fields.push_back(b.precision ? snr(b.precision->of(format).output) : "");
        text += csvLine(fields);
    }
    return text;
}

std::string toJunit(const Report& report) {
    JunitSuite suite("repscope verify " + report.file);
    for (const std::string& line : provenanceLines(report)) suite.property(line);
    for (const std::string& line : families::summarize(report.assumptions, report.blocks.size())) suite.property("Assumption: " + line);
    for (const NamedAnswer& a : answersOf(report.questions))
        if (a.answer->asked) suite.add("repscope.questions", a.name, a.answer->verdict, a.answer->sentence);
    for (const BlockReport& b : report.blocks)
        suite.add("repscope.blocks", b.name, b.verdict, b.local ? fmt::format("max |Δ| {:.3g}, bound {:.3g}", b.local->maxAbs, b.roundingBound) : b.reason);
    for (const Finding& f : report.findings)
        if (f.severity != Finding::Severity::note)
            suite.add("repscope.findings", f.block.empty() ? f.code : f.code + " in " + f.block,
                      f.severity == Finding::Severity::fail ? Verdict::fail : Verdict::warn, f.message);
    return suite.text();
}

void writeReport(const Report& report, const std::filesystem::path& target) {
    using Writer = std::string (*)(const Report&);
    constexpr std::array<std::pair<std::string_view, Writer>, 7> writers{{{".netron.json", toNetron},
                                                                          {".explorer.json", toModelExplorer},
                                                                          {".html", toHtml},
                                                                          {".md", toMarkdown},
                                                                          {".csv", toCsv},
                                                                          {".xml", toJunit},
                                                                          {".json", toJson}}};
    const std::string name = target.filename().string();
    for (const auto& [suffix, write] : writers)
        if (name.ends_with(suffix)) return io::writeText(target, write(report));
    throw Error(ErrorCode::usage, {"--report " + name, "a name that ends in .html, .md, .csv, .xml, .json, .netron.json or .explorer.json",
                                   target.has_extension() ? target.extension().string() : "no suffix", ""});
}

} // namespace rp::verify
