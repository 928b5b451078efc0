// SPDX-License-Identifier: Apache-2.0
#include "core/verify/report.h"

#include "core/base/error.h"
#include "core/families/assumptions.h"
#include "core/io/atomic_file.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::verify {
namespace {

struct NamedAnswer {
    std::string_view name;
    std::string_view question;
    const Answer* answer;
};

std::array<NamedAnswer, 5> answersOf(const Questions& q) {
    return {{{"structure", "can it be equal?", &q.structure},
             {"algebra", "is the kernel right?", &q.algebra},
             {"rounding", "does float32 behave?", &q.rounding},
             {"drift", "what reaches the output?", &q.drift},
             {"decision", "does it matter?", &q.decision}}};
}

std::string verdictOf(const Answer& a) { return a.asked ? std::string(toString(a.verdict)) : "-"; }

std::string number(double value) { return fmt::format("{:.2e}", value); }
std::string snrOf(const std::optional<Comparison>& c) {
    if (!c) return "-";
    return c->snr ? fmt::format("{:.1f}", *c->snr) : "exact";
}
std::string maxOf(const std::optional<Comparison>& c) { return c ? number(c->maxAbs) : "-"; }

/// What the kernel as stored may differ by for any input of the block's range, and what float32 arithmetic may add.
std::string certified(const BlockReport& b) {
    if (!b.certificate || b.certificate->formats.empty()) return "-";
    const FormatCertificate& f = b.certificate->formats.front();
    return number(f.border ? std::max(f.inside.largestSymmetric(), f.border->largestSymmetric()) : f.inside.largestSymmetric());
}
std::string certifiedRounding(const BlockReport& b) { return b.certificate && !b.certificate->formats.empty() ? number(b.certificate->largestFloat32Rounding()) : "-"; }

std::string topText(const Report& report, const Top& top) {
    const auto index = static_cast<std::size_t>(top.index);
    const std::string name = index < report.classNames.size() ? report.classNames[index] : fmt::format("class {}", top.index);
    return fmt::format("{} {:.2f} %", name, 100 * top.share);
}

/// Rows of cells; the first row is the heading. One table, written in every format.
using Table = std::vector<std::vector<std::string>>;

Table blockTable(const Report& report) {
    Table table{{"block", "verdict", "exactness", "algebra dB", "stored dB", "local dB", "local max", "bound", "cumul. dB",
                 "cumul. max", "certified", "+ float32"}};
    const bool against = std::ranges::any_of(report.blocks, [](const BlockReport& b) { return b.against.has_value(); });
    if (against) table.front().push_back("against dB");
    for (const BlockReport& b : report.blocks) {
        std::vector<std::string> row{b.name, std::string(toString(b.verdict)), std::string(fusion::toString(b.exactness)),
                                     snrOf(b.algebra), snrOf(b.stored), snrOf(b.local), maxOf(b.local),
                                     b.local ? number(b.roundingBound) : "-", snrOf(b.cumulative), maxOf(b.cumulative), certified(b), certifiedRounding(b)};
        if (against) row.push_back(snrOf(b.against));
        table.push_back(std::move(row));
    }
    return table;
}

Table phaseTable(const Report& report) {
    Table table{{"", "train", "eval", "deploy"}};
    auto row = [&](std::string title, auto cell) {
        std::vector<std::string> cells{std::move(title)};
        for (const PhaseReport& p : report.phases) cells.push_back(cell(p));
        table.push_back(std::move(cells));
    };
    auto separated = [](std::int64_t n) {
        std::string digits = std::to_string(n);
        for (auto at = std::ssize(digits) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
        return digits;
    };
    row("convolutions", [](const PhaseReport& p) { return fmt::format("{}", p.convolutions); });
    row("batch norms", [](const PhaseReport& p) { return fmt::format("{}", p.norms); });
    row("additions of branches", [](const PhaseReport& p) { return fmt::format("{}", p.additions); });
    row("parameters", [&](const PhaseReport& p) { return separated(p.parameters); });
    row("MACs", [&](const PhaseReport& p) { return p.macs ? separated(p.macs) : "-"; });
    row("statistics", [](const PhaseReport& p) { return p.problem.empty() ? p.statistics : "not run"; });
    std::size_t samples = 0;
    for (const PhaseReport& p : report.phases) samples = std::max(samples, p.top.size());
    for (std::size_t n = 0; n < samples; ++n)
        for (std::size_t rank = 0; rank < 5; ++rank)
            row(samples > 1 ? fmt::format("sample {}, top-{}", n, rank + 1) : fmt::format("top-{}", rank + 1), [&](const PhaseReport& p) {
                return n < p.top.size() && rank < p.top[n].size() ? topText(report, p.top[n][rank]) : std::string("-");
            });
    return table;
}

/// Display width: code points, not bytes.
std::size_t widthOf(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string alignedText(const Table& table) {
    std::vector<std::size_t> widths;
    for (const auto& row : table)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() <= i) widths.push_back(0);
            widths[i] = std::max(widths[i], widthOf(row[i]));
        }
    std::string text;
    for (const auto& row : table) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) line += row[i] + std::string(widths[i] - widthOf(row[i]) + 2, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string markdownTable(const Table& table) {
    std::string text;
    for (std::size_t r = 0; r < table.size(); ++r) {
        text += fmt::format("| {} |\n", fmt::join(table[r], " | "));
        if (r == 0) {
            text += "|";
            for (std::size_t i = 0; i < table[r].size(); ++i) text += " --- |";
            text += "\n";
        }
    }
    return text;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default:
            // XML 1.0 has no way to write control characters.
            out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
        }
    }
    return out;
}

std::string htmlTable(const Table& table) {
    std::string text = "<table>\n";
    for (std::size_t r = 0; r < table.size(); ++r) {
        text += "<tr>";
        for (const std::string& cell : table[r])
            text += fmt::format("<{0}>{1}</{0}>", r == 0 ? "th" : "td", escaped(cell));
        text += "</tr>\n";
    }
    return text + "</table>\n";
}

std::string csvField(const std::string& field) {
    if (field.find_first_of(",\"\n") == std::string::npos) return field;
    std::string quoted = "\"";
    for (char c : field) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

std::vector<std::string> findingLines(const Report& report) {
    std::vector<std::string> lines;
    for (const Finding& f : report.findings)
        lines.push_back(fmt::format("{} {}{}: {}{}", toString(f.severity), f.code, f.block.empty() ? "" : " in " + f.block, f.message,
                                    f.remedy.empty() ? "" : " (" + f.remedy + ")"));
    for (const PhaseReport& p : report.phases)
        if (!p.problem.empty()) lines.push_back(fmt::format("note phase {} was not run: {}", toString(p.phase), p.problem));
    return lines;
}

std::string headline(const Report& report) {
    return fmt::format("{}: {} ({}), input {}", toString(report.verdict), report.file, report.variant, report.input);
}

} // namespace

std::string toText(const Report& report) {
    std::string text = headline(report) + "\n\n";
    for (const NamedAnswer& a : answersOf(report.questions))
        text += fmt::format("{:<10} {:<8} {}\n", a.name, verdictOf(*a.answer), a.answer->sentence);
    text += "\n" + alignedText(blockTable(report)) + "\nWhat differs between the phases\n" + alignedText(phaseTable(report));
    const auto findings = findingLines(report);
    if (!findings.empty()) text += fmt::format("\nFindings\n  {}\n", fmt::join(findings, "\n  "));
    text += fmt::format("\nAssumptions\n  {}\n", fmt::join(families::summarize(report.assumptions, report.blocks.size()), "\n  "));
    if (!report.preprocessing.empty()) text += fmt::format("\nInput  {}\n", report.preprocessing);
    if (!report.reproduce.empty()) text += fmt::format("\nReproduce  {}\n", report.reproduce);
    return text;
}

std::string toMarkdown(const Report& report) {
    std::string text = fmt::format("# Repscope report: {}\n\n", headline(report));
    Table questions{{"question", "", "verdict", "answer"}};
    for (const NamedAnswer& a : answersOf(report.questions))
        questions.push_back({std::string(a.name), std::string(a.question), verdictOf(*a.answer), a.answer->sentence});
    text += markdownTable(questions) + "\n## Blocks\n\n" + markdownTable(blockTable(report)) +
            "\n## What differs between the phases\n\n" + markdownTable(phaseTable(report)) + "\n## Findings\n\n";
    const auto findings = findingLines(report);
    text += findings.empty() ? "None.\n" : fmt::format("* {}\n", fmt::join(findings, "\n* "));
    text += fmt::format("\n## Assumptions\n\n* {}\n", fmt::join(families::summarize(report.assumptions, report.blocks.size()), "\n* "));
    text += fmt::format("\nInput: {}\n\nReproduce: `{}`\n\nRepscope {}\n", report.preprocessing, report.reproduce, REPSCOPE_VERSION);
    return text;
}

std::string toCsv(const Report& report) {
    std::string text = "block,family,fusable,verdict,exactness,algebra_db,stored_db,local_db,local_max_abs,local_mean_abs,"
                       "local_relative_l2,bound,cumulative_db,cumulative_max_abs,train_db,reason\n";
    auto plain = [](const std::optional<Comparison>& c, double Comparison::*field) { return c ? fmt::format("{:.9g}", (*c).*field) : ""; };
    auto snr = [](const std::optional<Comparison>& c) { return !c ? "" : c->snr ? fmt::format("{:.3f}", *c->snr) : "exact"; };
    for (const BlockReport& b : report.blocks) {
        const std::vector<std::string> fields{
            b.name, b.family, b.fusable ? "true" : "false", std::string(toString(b.verdict)), std::string(fusion::toString(b.exactness)),
            snr(b.algebra), snr(b.stored), snr(b.local), plain(b.local, &Comparison::maxAbs), plain(b.local, &Comparison::meanAbs),
            plain(b.local, &Comparison::relativeL2), fmt::format("{:.9g}", b.roundingBound), snr(b.cumulative),
            plain(b.cumulative, &Comparison::maxAbs), snr(b.train), b.reason};
        std::string line;
        for (const std::string& field : fields) line += (line.empty() ? "" : ",") + csvField(field);
        text += line + "\n";
    }
    return text;
}

std::string toJunit(const Report& report) {
    std::string cases;
    int failures = 0, skipped = 0, tests = 0;
    auto add = [&](std::string_view group, std::string_view name, Verdict verdict, const std::string& message) {
        ++tests;
        std::string inner;
        if (verdict == Verdict::fail) {
            ++failures;
            inner = fmt::format("<failure message=\"{}\"/>", escaped(message));
        } else if (verdict == Verdict::refused) {
            ++skipped;
            inner = fmt::format("<skipped message=\"{}\"/>", escaped(message));
        } else if (verdict == Verdict::warn) {
            inner = fmt::format("<system-out>{}</system-out>", escaped("warn: " + message));
        }
        cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">{}</testcase>\n", group, escaped(name), inner);
    };
    for (const NamedAnswer& a : answersOf(report.questions))
        if (a.answer->asked) add("repscope.questions", a.name, a.answer->verdict, a.answer->sentence);
    for (const BlockReport& b : report.blocks)
        add("repscope.blocks", b.name, b.verdict,
            b.local ? fmt::format("max |Δ| {:.3g}, bound {:.3g}", b.local->maxAbs, b.roundingBound) : b.reason);
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"repscope verify {}\" tests=\"{}\" "
                       "failures=\"{}\" skipped=\"{}\" errors=\"0\">\n{}  </testsuite>\n</testsuites>\n",
                       escaped(report.file), tests, failures, skipped, cases);
}

std::string toHtml(const Report& report) {
    std::string body = fmt::format("<h1 class=\"{}\">{}</h1>\n", toString(report.verdict), escaped(headline(report)));
    Table questions{{"question", "", "verdict", "answer"}};
    for (const NamedAnswer& a : answersOf(report.questions))
        questions.push_back({std::string(a.name), std::string(a.question), verdictOf(*a.answer), a.answer->sentence});
    body += htmlTable(questions) + "<h2>Blocks</h2>\n" + htmlTable(blockTable(report)) + "<h2>What differs between the phases</h2>\n" +
            htmlTable(phaseTable(report)) + "<h2>Findings</h2>\n<ul>\n";
    for (const std::string& line : findingLines(report)) body += fmt::format("<li>{}</li>\n", escaped(line));
    body += "</ul>\n<h2>Assumptions</h2>\n<ul>\n";
    for (const std::string& line : families::summarize(report.assumptions, report.blocks.size()))
        body += fmt::format("<li>{}</li>\n", escaped(line));
    body += fmt::format("</ul>\n<p>Input: {}</p>\n<p>Reproduce: <code>{}</code></p>\n<p>Repscope {}</p>\n", escaped(report.preprocessing),
                        escaped(report.reproduce), REPSCOPE_VERSION);
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Repscope report: {}</title>\n"
                       "<style>body{{font:15px/1.5 sans-serif;max-width:75em;margin:2em auto;padding:0 1em}}"
                       "table{{border-collapse:collapse}}td,th{{padding:.2em .8em;text-align:left;border-bottom:1px solid #ccc}}"
                       "h1.pass{{color:#15713a}}h1.warn{{color:#8a5a00}}h1.fail{{color:#b3261e}}</style></head>\n<body>\n{}</body>\n</html>\n",
                       escaped(report.file), body);
}

void writeReport(const Report& report, const std::filesystem::path& target) {
    using Writer = std::string (*)(const Report&);
    constexpr std::array<std::pair<std::string_view, Writer>, 5> writers{
        {{".html", toHtml}, {".md", toMarkdown}, {".csv", toCsv}, {".xml", toJunit}, {".json", toJson}}};
    const std::string suffix = target.extension().string();
    for (const auto& [name, write] : writers)
        if (suffix == name) return io::writeText(target, write(report));
    throw Error(ErrorCode::usage, {"--report " + target.string(), "a name that ends in .html, .md, .csv, .xml or .json",
                                   suffix.empty() ? "no suffix" : suffix, ""});
}

} // namespace rp::verify
