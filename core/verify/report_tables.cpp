// SPDX-License-Identifier: Apache-2.0
#include "core/verify/report_tables.h"

#include "core/families/assumptions.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::verify {
namespace {

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
    return number(f.largest());
}
std::string certifiedRounding(const BlockReport& b) { return b.certificate && !b.certificate->formats.empty() ? number(b.certificate->largestFloat32Rounding()) : "-"; }

std::string topText(const Report& report, const Top& top) {
    const auto index = static_cast<std::size_t>(top.index);
    const std::string name = index < report.classNames.size() ? report.classNames[index] : fmt::format("class {}", top.index);
    return fmt::format("{} {:.2f} %", name, 100 * top.share);
}

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

/// What storing a block's kernel costs, in dB: of its weights and of its output, beside the same for its branches on their own.
Table precisionTable(const Report& report) {
    Table table{{"block"}};
    for (KernelFormat format : kKernelFormats) table.front().push_back(std::string(toString(format)));
    std::vector<const BlockReport*> ranked;
    for (const BlockReport& b : report.blocks)
        if (b.precision) ranked.push_back(&b);
    std::ranges::stable_sort(ranked, {}, [](const BlockReport* b) {
        const auto& output = b->precision->of(KernelFormat::int8).output;
        return output ? output->snr.value_or(1e9) : -1e9;
    });
    for (const BlockReport* b : ranked) {
        std::vector<std::string> row{b->name};
        for (const FormatDamage& f : b->precision->formats)
            row.push_back(!f.none.empty() ? "overflow"
                                          : fmt::format("{} · {} · {}{}", snrOf(f.weight), snrOf(f.output), snrOf(f.branchOutput),
                                                        f.executed ? " · " + snrOf(f.executed) : std::string()));
        table.push_back(std::move(row));
    }
    return table;
}

Table outlierTable(const Report& report) {
    Table table{{"block", "format", "channel", "share of the error", "max |K|", "times the median channel", "times its own RMS", "at the centre"}};
    for (const BlockReport& b : report.blocks) {
        if (!b.precision) continue;
        for (KernelFormat format : {KernelFormat::int8, KernelFormat::int8Tensor})
            for (const OutlierChannel& o : b.precision->of(format).outliers)
                table.push_back({b.name, std::string(toString(format)), fmt::format("{}", o.channel), fmt::format("{:.1f} %", 100 * o.share),
                                 fmt::format("{:.3g}", o.largest), fmt::format("{:.1f}", o.timesMedian), fmt::format("{:.1f}", o.timesSpread),
                                 o.atCentre ? "yes" : "no"});
    }
    return table;
}

/// Display width: code points, not bytes.
std::size_t widthOf(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

} // namespace

std::array<NamedAnswer, 5> answersOf(const Questions& q) {
    return {{{"structure", "can it be equal?", &q.structure},
             {"algebra", "is the kernel right?", &q.algebra},
             {"rounding", "does float32 behave?", &q.rounding},
             {"drift", "what reaches the output?", &q.drift},
             {"decision", "does it matter?", &q.decision}}};
}

std::string verdictOf(const Answer& a) { return a.asked ? std::string(toString(a.verdict)) : "-"; }


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

namespace {
/// |Δ| would end the cell.
std::string escapedCell(const std::string& cell) {
    std::string out;
    for (char c : cell) out += c == '|' ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
    return out;
}
} // namespace

std::string markdownTable(const Table& table) {
    std::string text;
    for (std::size_t r = 0; r < table.size(); ++r) {
        text += "|";
        for (const std::string& cell : table[r]) text += " " + escapedCell(cell) + " |";
        text += "\n";
        if (r == 0) {
            text += "|";
            for (std::size_t i = 0; i < table[r].size(); ++i) text += " --- |";
            text += "\n";
        }
    }
    return text;
}

std::string escapedXml(std::string_view text) {
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

std::string htmlList(const std::vector<std::string>& lines) {
    std::string text = "<ul>\n";
    for (const std::string& line : lines) text += fmt::format("<li>{}</li>\n", escapedXml(line));
    return text + "</ul>\n";
}

std::string htmlTable(const Table& table) {
    std::string text = "<table>\n";
    for (std::size_t r = 0; r < table.size(); ++r) {
        text += "<tr>";
        for (const std::string& cell : table[r])
            text += fmt::format("<{0}>{1}</{0}>", r == 0 ? "th" : "td", escapedXml(cell));
        text += "</tr>\n";
    }
    return text + "</table>\n";
}

namespace {
std::string csvField(const std::string& field) {
    if (field.find_first_of(",\"\n") == std::string::npos) return field;
    std::string quoted = "\"";
    for (char c : field) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}
} // namespace

std::string csvLine(const std::vector<std::string>& fields) {
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) line += (i ? "," : "") + csvField(fields[i]);
    return line + "\n";
}

Table questionTable(const Report& report) {
    Table table{{"question", "", "verdict", "answer"}};
    for (const NamedAnswer& a : answersOf(report.questions))
        table.push_back({std::string(a.name), std::string(a.question), verdictOf(*a.answer), a.answer->sentence});
    return table;
}

Table formatTable(const Report& report) {
    struct Limit {
        KernelFormat format;
        double pass; ///< dB of a block's output
    };
    constexpr std::array<Limit, 4> kLimits{{{KernelFormat::float16, 60}, {KernelFormat::bfloat16, 45}, {KernelFormat::int8, 25}, {KernelFormat::int8Tensor, 20}}};
    Table table{{"format", "verdict", "lowest output dB", "in", "asked for", "blocks below"}};
    for (KernelFormat format : kKernelFormats) {
        if (format == KernelFormat::float32) continue;
        const auto limit = std::ranges::find(kLimits, format, &Limit::format);
        std::optional<double> lowest;
        std::string where;
        int below = 0, overflows = 0;
        for (const BlockReport& b : report.blocks) {
            if (!b.precision) continue;
            const FormatDamage& f = b.precision->of(format);
            if (!f.none.empty()) {
                if (overflows++ == 0) where = b.name;
                continue;
            }
            if (!f.output || !f.output->snr) continue; // exact
            if (limit != kLimits.end() && *f.output->snr < limit->pass) ++below;
            if (lowest && *lowest <= *f.output->snr) continue;
            lowest = f.output->snr;
            if (overflows == 0) where = b.name;
        }
        const bool judged = limit != kLimits.end();
        table.push_back({std::string(toString(format)), overflows > 0 ? "fail" : !judged ? "-" : below > 0 ? "warn" : "pass",
                         overflows > 0 ? "overflow" : lowest ? fmt::format("{:.1f}", *lowest) : "exact", where, judged ? fmt::format("{:.0f}", limit->pass) : "-",
                         judged ? fmt::format("{}", below + overflows) : "-"});
    }
    return table;
}

std::vector<TitledTable> tablesOf(const Report& report, bool brief) {
    std::vector<TitledTable> tables{{"Blocks", "", blockTable(report)}, {"What differs between the phases", "", phaseTable(report)}};
    const bool measured = std::ranges::any_of(report.blocks, [](const BlockReport& b) { return b.precision.has_value(); });
    if (!measured) return tables;
    tables.push_back({"Storage formats", "", formatTable(report)});
    tables.push_back({"Storage formats, worst block first",
                      "dB against the branches in float64: the kernel's weights, its output, the output when each branch is stored on its own instead, and (bfloat16, int8) the "
                      "output when weights and activations are really run so. Local figures, not an accuracy.",
                      precisionTable(report)});
    if (brief) {
        constexpr std::size_t kWorst = 5;
        Table& worst = tables.back().table;
        if (worst.size() > kWorst + 1) {
            tables.back().title = fmt::format("The {} blocks that int8 costs most, of {}", kWorst, worst.size() - 1);
            tables.back().text += " --report and --json hold all of them, and the channels that suffer.";
            worst.resize(kWorst + 1);
        }
        return tables;
    }
    tables.push_back({"Channels that suffer most", "", outlierTable(report)});
    return tables;
}

namespace {

/// The best explanation and how far behind it the others are.
std::string diagnosisLine(const Diagnosis& d) {
    std::string line = fmt::format("diagnosis of {}, which agrees to {:.1f} dB:", d.block.empty() ? std::string("the output") : d.block, d.decibels);
    const double best = d.ranked.front().decibels;
    for (const Explanation& e : d.ranked) {
        const bool first = &e == &d.ranked.front();
        line += first ? fmt::format(" {} ({:.1f} dB{})", e.sentence, e.decibels, e.complete ? ", explains it" : "")
                      : fmt::format("; {}: {} ({:.1f} dB behind)", &e == &d.ranked[1] ? "runners-up" : "then", e.sentence, best - e.decibels);
    }
    return line;
}

std::vector<std::string> bisectionLines(const Bisection& b) {
    std::vector<std::string> lines;
    lines.push_back(fmt::format("bisect: merging every block with kernels of {} moves the output by {:.2g} of its largest value, the tolerance is {:.2g} ({} runs)",
                                b.kernels, b.all, b.tolerance, b.runs));
    const std::string how = fmt::format("{} ({})", b.smallest.empty() ? (b.proven ? "proven" : "not proven") : b.proven ? "proven smallest" : "minimal, not proven smallest", b.why);
    lines.push_back(b.smallest.empty() ? fmt::format("bisect: no set of blocks moves it beyond that, {}", how)
                                       : fmt::format("bisect: merging {} is enough: it moves the output by {:.2g}; {}", fmt::join(b.smallest, ", "), b.moved, how));
    for (std::size_t i = 0; i < std::min<std::size_t>(b.alone.size(), 5); ++i)
        lines.push_back(fmt::format("bisect: {} alone moves it by {:.2g}", b.alone[i].first, b.alone[i].second));
    return lines;
}

} // namespace

std::vector<std::string> findingLines(const Report& report) {
    std::vector<std::string> lines;
    if (report.bisection) lines = bisectionLines(*report.bisection);
    for (const Finding& f : report.findings)
        lines.push_back(fmt::format("{} {}{}: {}{}", toString(f.severity), f.code, f.block.empty() ? "" : " in " + f.block, f.message,
                                    f.remedy.empty() ? "" : " (" + f.remedy + ")"));
    std::vector<std::string> told; // one block stands for those with the same cause
    for (const Diagnosis& d : report.diagnoses) {
        if (std::ranges::find(told, d.ranked.front().sentence) != told.end()) continue;
        told.push_back(d.ranked.front().sentence);
        lines.push_back(diagnosisLine(d));
    }
    for (const PhaseReport& p : report.phases)
        if (!p.problem.empty()) lines.push_back(fmt::format("note phase {} was not run: {}", toString(p.phase), p.problem));
    return lines;
}

std::vector<std::string> provenanceLines(const Report& report) {
    std::vector<std::string> lines{"Input: " + (report.preprocessing.empty() ? report.input : report.input + "; " + report.preprocessing)};
    if (!report.seeds.empty()) lines.push_back("Seeds: " + report.seeds);
    if (!report.reproduce.empty()) lines.push_back("Reproduce: " + report.reproduce);
    lines.push_back("Versions: " + report.versions);
    return lines;
}

std::string headline(const Report& report) {
    return fmt::format("{}: {} ({}), input {}", toString(report.verdict), report.file, report.variant, report.input);
}


} // namespace rp::verify
