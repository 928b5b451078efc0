// SPDX-License-Identifier: Apache-2.0
// The report of a set of inputs in every format.
#include "core/base/error.h"
#include "core/families/assumptions.h"
#include "core/io/atomic_file.h"
#include "core/verify/json_parts.h"
#include "core/verify/report_tables.h"
#include "core/verify/set_report.h"
#include "core/verify/svg_plots.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace rp::verify {
namespace {

using Json = nlohmann::ordered_json;

std::string lowestOf(const Spread& s) { return s.count > 0 ? fmt::format("{:.1f}", s.lowest) : "-"; }
std::string meanOf(const Spread& s) { return s.count > 0 ? fmt::format("{:.1f}", s.mean) : "-"; }

std::string setHeadline(const SetReport& r) {
    return fmt::format("{}: {} ({}), {} inputs{}", toString(r.verdict), r.head.file, r.head.variant, std::ssize(r.inputs) - r.broken,
                       r.broken > 0 ? fmt::format(", {} could not be used", r.broken) : std::string());
}

Table blocksTable(const SetReport& r) {
    Table table{{"block", "verdict", "inputs", "failed", "lowest local dB", "mean", "at", "largest |Δ|", "share of the bound", "lowest cumul. dB", "mean", "at", "lowest algebra dB"}};
    for (const BlockSummary& b : r.blocks)
        table.push_back({b.name, std::string(toString(b.verdict)), fmt::format("{}", b.measured), fmt::format("{}", b.failed), lowestOf(b.local), meanOf(b.local),
                         b.local.lowestAt, fmt::format("{:.2e}", b.localMax), fmt::format("{:.2g}", b.worstShare), lowestOf(b.cumulative), meanOf(b.cumulative),
                         b.cumulative.lowestAt, lowestOf(b.algebra)});
    return table;
}

Table outputTable(const SetReport& r) {
    Table table{{"output", "figure"}};
    table.push_back({"lowest dB, deploy against eval", r.output.count > 0 ? fmt::format("{} ({})", lowestOf(r.output), r.output.lowestAt) : std::string("-")});
    table.push_back({"mean dB", meanOf(r.output)});
    if (r.classified > 0) table.push_back({"top-1 of deploy differs from eval's", fmt::format("{} of {}", r.changed, r.classified)});
    for (std::size_t p = 0; p < r.correct.size() && r.labelled > 0; ++p)
        table.push_back({fmt::format("top-1 right, phase {}", toString(static_cast<Phase>(p))),
                         fmt::format("{} of {} ({:.2f} %)", r.correct[p], r.labelled, 100.0 * static_cast<double>(r.correct[p]) / static_cast<double>(r.labelled))});
    if (r.labelled == 0 && !r.noLabels.empty()) table.push_back({"accuracy", "not known: " + r.noLabels});
    return table;
}

std::vector<std::string> setFindings(const SetReport& r) {
    std::vector<std::string> lines;
    for (const auto& [f, count] : r.findings)
        lines.push_back(fmt::format("{} {}{}: {} ({} input{})", toString(f.severity), f.code, f.block.empty() ? "" : " in " + f.block, f.message, count, count == 1 ? "" : "s"));
    for (const InputResult& i : r.inputs)
        if (!i.error.empty()) lines.push_back(fmt::format("warn unusable-input {}: {}", i.name, i.error));
    for (const InputResult& i : r.inputs)
        if (i.error.empty() && i.verdict == Verdict::fail) lines.push_back(fmt::format("fail input {}", i.name));
    return lines;
}

std::vector<std::string> setProvenance(const SetReport& r) {
    return {"Input: " + r.head.preprocessing, "Seeds: " + r.head.seeds, "Reproduce: " + r.head.reproduce, "Versions: " + r.head.versions};
}

std::vector<std::string> assumptionsOf(const SetReport& r) { return families::summarize(r.head.assumptions, r.blocks.size()); }

Json toObject(const Spread& s) {
    if (s.count == 0) return nullptr;
    return {{"inputs", s.count}, {"lowestDb", s.lowest}, {"lowestAt", s.lowestAt}, {"meanDb", s.mean}};
}

} // namespace

std::string toText(const SetReport& r) {
    std::string text = setHeadline(r) + "\n\n" + alignedText(outputTable(r)) + "\n" + alignedText(blocksTable(r));
    const auto findings = setFindings(r);
    if (!findings.empty()) text += fmt::format("\nFindings\n  {}\n", fmt::join(findings, "\n  "));
    return text + fmt::format("\nAssumptions\n  {}\n\n{}\n", fmt::join(assumptionsOf(r), "\n  "), fmt::join(setProvenance(r), "\n"));
}

std::string toMarkdown(const SetReport& r) {
    std::string text = fmt::format("# Repscope report: {}\n\n{}\n## Blocks\n\n{}\n## Findings\n\n", setHeadline(r), markdownTable(outputTable(r)), markdownTable(blocksTable(r)));
    const auto findings = setFindings(r);
    text += findings.empty() ? std::string("None.\n") : fmt::format("* {}\n", fmt::join(findings, "\n* "));
    return text + fmt::format("\n## Assumptions\n\n* {}\n\n## Where this comes from\n\n* {}\n", fmt::join(assumptionsOf(r), "\n* "), fmt::join(setProvenance(r), "\n* "));
}

std::string toCsv(const SetReport& r) {
    std::string text = csvLine({"block", "verdict", "inputs", "failed", "local_db_lowest", "local_db_lowest_at", "local_db_mean", "local_max_abs", "bound_share", "bound_share_at",
                                "cumulative_db_lowest", "cumulative_db_lowest_at", "cumulative_db_mean", "algebra_db_lowest", "stored_db_lowest"});
    auto figure = [](const Spread& s, double Spread::*field) { return s.count > 0 ? fmt::format("{:.3f}", s.*field) : std::string(); };
    for (const BlockSummary& b : r.blocks)
        text += csvLine({b.name, std::string(toString(b.verdict)), fmt::format("{}", b.measured), fmt::format("{}", b.failed), figure(b.local, &Spread::lowest), b.local.lowestAt,
                         figure(b.local, &Spread::mean), fmt::format("{:.9g}", b.localMax), fmt::format("{:.9g}", b.worstShare), b.worstShareAt,
                         figure(b.cumulative, &Spread::lowest), b.cumulative.lowestAt, figure(b.cumulative, &Spread::mean), figure(b.algebra, &Spread::lowest),
                         figure(b.stored, &Spread::lowest)});
    return text;
}

std::string toHtml(const SetReport& r) {
    std::vector<std::string> names;
    std::vector<Series> series{{"local, lowest", {}}, {"local, mean", {}}, {"cumulative, lowest", {}}, {"cumulative, mean", {}}};
    for (const BlockSummary& b : r.blocks) {
        names.push_back(b.name);
        auto add = [](Series& s, const Spread& spread, double Spread::*field) { s.values.push_back(spread.count > 0 ? std::optional(spread.*field) : std::nullopt); };
        add(series[0], b.local, &Spread::lowest);
        add(series[1], b.local, &Spread::mean);
        add(series[2], b.cumulative, &Spread::lowest);
        add(series[3], b.cumulative, &Spread::mean);
    }
    auto section = [](const std::string& title, const std::string& body) { return fmt::format("<h2>{}</h2>\n<div class=\"scroll\">{}</div>\n", title, body); };
    const std::string body = section("Output", htmlTable(outputTable(r))) + section("Findings", htmlList(setFindings(r))) +
                             section("Agreement along the depth", linePlot(names, series, "dB")) + section("Blocks", htmlTable(blocksTable(r))) +
                             section("Assumptions", htmlList(assumptionsOf(r))) + section("Where this comes from", htmlList(setProvenance(r)));
    return htmlPage(r.head.file, r.verdict, setHeadline(r), body);
}

std::string toJunit(const SetReport& r) {
    JunitSuite suite("repscope verify " + r.head.file);
    for (const std::string& line : setProvenance(r)) suite.property(line);
    for (const InputResult& i : r.inputs)
        suite.add("repscope.inputs", i.name, i.error.empty() ? i.verdict : Verdict::refused, i.error.empty() ? std::string("see the blocks") : i.error);
    for (const BlockSummary& b : r.blocks)
        suite.add("repscope.blocks", b.name, b.verdict, fmt::format("{} of {} inputs failed; lowest local figure {} dB ({})", b.failed, b.measured, lowestOf(b.local), b.local.lowestAt));
    for (const auto& [f, count] : r.findings)
        if (f.severity != Finding::Severity::note)
            suite.add("repscope.findings", f.code + (f.block.empty() ? "" : " in " + f.block), f.severity == Finding::Severity::fail ? Verdict::fail : Verdict::warn, f.message);
    return suite.text();
}

std::string toJson(const SetReport& r) {
    Json root{{"verdict", toString(r.verdict)},
              {"file", r.head.file},
              {"variant", r.head.variant},
              {"preprocessing", r.head.preprocessing},
              {"inputs", std::ssize(r.inputs)},
              {"unusable", r.broken},
              {"output", toObject(r.output)},
              {"topChanged", {{"inputs", r.classified}, {"changed", r.changed}}}};
    root["accuracy"] = r.labelled == 0 ? Json(nullptr)
                                       : Json{{"labelled", r.labelled}, {"train", r.correct[0]}, {"eval", r.correct[1]}, {"deploy", r.correct[2]}};
    root["noLabels"] = r.labelled == 0 ? Json(r.noLabels) : Json(nullptr);
    root["blocks"] = Json::array();
    for (const BlockSummary& b : r.blocks)
        root["blocks"].push_back({{"name", b.name},
                                  {"verdict", toString(b.verdict)},
                                  {"inputs", b.measured},
                                  {"failed", b.failed},
                                  {"local", toObject(b.local)},
                                  {"localMaxAbs", std::isfinite(b.localMax) ? Json(b.localMax) : Json(nullptr)},
                                  {"boundShare", std::isfinite(b.worstShare) ? Json(b.worstShare) : Json(nullptr)},
                                  {"boundShareAt", b.worstShareAt},
                                  {"cumulative", toObject(b.cumulative)},
                                  {"algebra", toObject(b.algebra)},
                                  {"stored", toObject(b.stored)}});
    root["samples"] = Json::array();
    for (const InputResult& i : r.inputs) {
        Json sample{{"name", i.name}, {"label", i.label}, {"error", i.error.empty() ? Json(nullptr) : Json(i.error)}};
        if (i.error.empty()) {
            sample["verdict"] = toString(i.verdict);
            sample["outputDb"] = i.outputDb ? Json(*i.outputDb) : Json(nullptr);
            for (std::size_t p = 0; p < i.top1.size(); ++p)
                sample["top1"][std::string(toString(static_cast<Phase>(p)))] = i.top1[p] ? Json(*i.top1[p]) : Json(nullptr);
        }
        root["samples"].push_back(std::move(sample));
    }
    std::vector<Finding> findings;
    for (const auto& [f, count] : r.findings) findings.push_back(f);
    root["findings"] = toJson(findings);
    for (std::size_t i = 0; i < r.findings.size(); ++i) root["findings"][i]["inputs"] = r.findings[i].second;
    root["assumptions"] = toJson(r.head.assumptions);
    root["reproduce"] = r.head.reproduce;
    root["seeds"] = r.head.seeds;
    root["versions"] = r.head.versions;
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

using SetWriter = std::string (*)(const SetReport&);

/// Throws `usage` for a name that tells no format of a set's report; the viewers' formats are of one run.
SetWriter writerFor(const std::filesystem::path& target) {
    constexpr std::array<std::pair<std::string_view, SetWriter>, 7> writers{{{".netron.json", nullptr}, {".explorer.json", nullptr}, {".html", toHtml},
                                                                             {".md", toMarkdown}, {".csv", toCsv}, {".xml", toJunit}, {".json", toJson}}};
    const std::string name = target.filename().string();
    const auto row = std::ranges::find_if(writers, [&](const auto& writer) { return name.ends_with(writer.first); });
    if (row != writers.end() && row->second) return row->second;
    throw Error(ErrorCode::usage, {"--report " + name, "a name that ends in .html, .md, .csv, .xml or .json",
                                   row != writers.end() ? std::string(row->first) + ", which is of one input" : target.has_extension() ? target.extension().string() : "no suffix", ""});
}

} // namespace

void requireReportName(const std::filesystem::path& target) {
    writerFor(target);
}

void writeReport(const SetReport& report, const std::filesystem::path& target) {
    io::writeText(target, writerFor(target)(report));
}

} // namespace rp::verify
