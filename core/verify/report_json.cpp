// SPDX-License-Identifier: Apache-2.0
#include "core/verify/json_parts.h"
#include "core/verify/report.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace rp::verify {
namespace {

using Json = nlohmann::ordered_json;

template<class T>
Json orNull(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json toObject(const Comparison& c) {
    return {{"maxAbs", c.maxAbs},       {"maxAt", c.maxAt},
            {"reference", c.referenceThere}, {"other", c.otherThere},
            {"meanAbs", c.meanAbs},     {"relativeL2", c.relativeL2},
            {"snrDb", orNull(c.snr)},   {"cosine", 1 - c.oneMinusCosine},
            {"oneMinusCosine", c.oneMinusCosine}, {"referenceMax", c.referenceMax},
            {"count", c.count},         {"nonFinite", c.nonFinite},
            {"exact", c.exact}};
}

Json toObject(const std::optional<Comparison>& c) { return c ? toObject(*c) : Json(nullptr); }

Json toObject(const Answer& a) {
    return {{"verdict", a.asked ? Json(toString(a.verdict)) : Json(nullptr)}, {"sentence", a.sentence}, {"value", orNull(a.value)}};
}

Json toObject(const Bounds& bounds) {
    return {{"symmetric", {{"bound", bounds.largestSymmetric()}, {"channel", bounds.worst()}}},
            {"nonNegative", {{"bound", bounds.largestNonNegative()}, {"low", std::ranges::min(bounds.low)}, {"high", std::ranges::max(bounds.high)}}}};
}

/// Figures by channel are given for the kernel as `fuse` stores it; the other formats give their worst channel.
Json toObject(const std::optional<Certificate>& c) {
    if (!c) return nullptr;
    if (!c->none.empty()) return {{"range", c->range}, {"none", c->none}};
    Json formats = Json::array();
    for (const FormatCertificate& f : c->formats) {
        Json entry{{"format", toString(f.format)}};
        if (f.none.empty()) {
            entry["inside"] = toObject(f.inside);
            entry["border"] = f.border ? toObject(*f.border) : Json(nullptr);
            if (f.format == KernelFormat::float32)
                entry["channels"] = {{"symmetric", f.inside.symmetric}, {"low", f.inside.low}, {"high", f.inside.high}};
        } else {
            entry["none"] = f.none;
        }
        formats.push_back(std::move(entry));
    }
    return {{"range", c->range}, {"formats", std::move(formats)}, {"float32Rounding", c->largestFloat32Rounding()},
            {"float32RoundingChannels", c->float32Rounding}};
}

/// A comparison without what only makes sense at one place of one map.
Json toFigures(const std::optional<Comparison>& c) {
    if (!c) return nullptr;
    return {{"snrDb", orNull(c->snr)}, {"exact", c->exact}, {"maxAbs", c->maxAbs}, {"relativeL2", c->relativeL2}};
}

Json toObject(const std::optional<BlockPrecision>& precision) {
    if (!precision) return nullptr;
    Json formats = Json::array();
    for (const FormatDamage& f : precision->formats) {
        Json outliers = Json::array();
        for (const OutlierChannel& o : f.outliers)
            outliers.push_back({{"channel", o.channel}, {"share", o.share}, {"largest", o.largest}, {"timesMedian", o.timesMedian}, {"timesSpread", o.timesSpread}, {"atCentre", o.atCentre}});
        formats.push_back({{"format", toString(f.format)},
                           {"none", f.none.empty() ? Json(nullptr) : Json(f.none)},
                           {"weight", toFigures(f.weight)},
                           {"output", toFigures(f.output)},
                           {"branchWeight", toFigures(f.branchWeight)},
                           {"branchOutput", toFigures(f.branchOutput)},
                           {"executed", toFigures(f.executed)},
                           {"executedBy", f.executed ? Json(f.executedBy) : Json(nullptr)},
                           {"outliers", std::move(outliers)}});
    }
    return formats;
}

Json toObject(const Bisection& b) {
    Json alone = Json::array();
    for (const auto& [block, moved] : b.alone) alone.push_back({{"block", block}, {"moved", moved}});
    return {{"tolerance", b.tolerance}, {"kernels", b.kernels}, {"all", b.all}, {"smallest", b.smallest}, {"proven", b.proven}, {"why", b.why}, {"moved", b.moved},
            {"alone", std::move(alone)}, {"runs", b.runs}};
}

Json toObject(const Diagnosis& d) {
    constexpr std::array names{"agrees", "explained", "partly", "unexplained"};
    Json ranked = Json::array();
    for (const Explanation& e : d.ranked)
        ranked.push_back({{"code", e.code}, {"sentence", e.sentence}, {"remedy", e.remedy}, {"decibels", e.decibels},
                          {"behind", d.ranked.front().decibels - e.decibels}, {"complete", e.complete}, {"faults", e.faults}});
    return {{"block", d.block.empty() ? Json(nullptr) : Json(d.block)}, {"outcome", names[static_cast<std::size_t>(d.outcome)]},
            {"decibels", d.decibels}, {"ranked", std::move(ranked)}};
}

Json toObject(const BlockReport& b) {
    Json local = toObject(b.local);
    if (b.local) local["bound"] = b.roundingBound;
    return {{"name", b.name},
            {"family", b.family},
            {"fusable", b.fusable},
            {"reason", b.reason},
            {"verdict", toString(b.verdict)},
            {"exactness", fusion::toString(b.exactness)},
            {"branches", b.branches},
            {"input", b.input},
            {"output", b.output},
            {"local", std::move(local)},
            {"cumulative", toObject(b.cumulative)},
            {"algebra", toObject(b.algebra)},
            {"stored", toObject(b.stored)},
            {"train", toObject(b.train)},
            {"against", toObject(b.against)},
            {"certificate", toObject(b.certificate)},
            {"precision", toObject(b.precision)}};
}

Json toObject(const PhaseReport& p, const std::vector<std::string>& names) {
    Json samples = Json::array();
    for (const std::vector<Top>& sample : p.top) {
        Json tops = Json::array();
        for (const Top& top : sample) {
            Json entry{{"index", top.index}, {"logit", top.value}, {"share", top.share}};
            if (static_cast<std::size_t>(top.index) < names.size()) entry["name"] = names[static_cast<std::size_t>(top.index)];
            tops.push_back(std::move(entry));
        }
        samples.push_back(std::move(tops));
    }
    return {{"phase", toString(p.phase)},
            {"convolutions", p.convolutions},
            {"norms", p.norms},
            {"additions", p.additions},
            {"parameters", p.parameters},
            {"macs", p.macs},
            {"statistics", p.statistics},
            {"problem", p.problem.empty() ? Json(nullptr) : Json(p.problem)},
            {"top", std::move(samples)}};
}

} // namespace

nlohmann::ordered_json toJson(const std::vector<Finding>& findings) {
    Json all = Json::array();
    for (const Finding& f : findings)
        all.push_back({{"code", f.code},
                       {"severity", toString(f.severity)},
                       {"block", f.block.empty() ? Json(nullptr) : Json(f.block)},
                       {"message", f.message},
                       {"remedy", f.remedy}});
    return all;
}

nlohmann::ordered_json toJson(const std::vector<Assumption>& assumptions) {
    Json all = Json::array();
    for (const Assumption& a : assumptions)
        all.push_back({{"block", a.block}, {"key", a.key}, {"value", a.value}, {"origin", a.origin}});
    return all;
}

std::string toJson(const Report& report) {
    const Questions& q = report.questions;
    Json root{{"verdict", toString(report.verdict)},
              {"file", report.file},
              {"variant", report.variant},
              {"input", report.input},
              {"preprocessing", report.preprocessing},
              {"questions",
               {{"structure", toObject(q.structure)},
                {"algebra", toObject(q.algebra)},
                {"rounding", toObject(q.rounding)},
                {"drift", toObject(q.drift)},
                {"decision", toObject(q.decision)}}}};
    root["blocks"] = Json::array();
    for (const BlockReport& block : report.blocks) root["blocks"].push_back(toObject(block));
    root["phases"] = Json::array();
    for (const PhaseReport& phase : report.phases) root["phases"].push_back(toObject(phase, report.classNames));
    root["findings"] = toJson(report.findings);
    root["diagnoses"] = Json::array();
    for (const Diagnosis& d : report.diagnoses) root["diagnoses"].push_back(toObject(d));
    if (report.bisection) root["bisection"] = toObject(*report.bisection);
    root["assumptions"] = toJson(report.assumptions);
    root["reproduce"] = report.reproduce;
    root["seeds"] = report.seeds;
    root["versions"] = report.versions;
    root["version"] = REPSCOPE_VERSION;
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace rp::verify
