// SPDX-License-Identifier: Apache-2.0
// Figures for viewers that people already use. Facts: lutzroeder/netron source/metadata.js (signature, lists `metadata` and `metrics` of
// {kind, target, name, value}; a target is a name up to its first line break; one that is not in the model is dropped silently) and
// google-ai-edge/model-explorer node_data_builder.py ({graph id: {results: {node key: {value, bgColor}}, thresholds}}).
#include "core/verify/report.h"

#include <nlohmann/json.hpp>

namespace rp::verify {
namespace {

using Json = nlohmann::ordered_json;

std::string_view colourOf(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass: return "#cfe8d5";
    case Verdict::warn: return "#fbe3b0";
    case Verdict::fail: return "#f5c4c0";
    case Verdict::refused: return "#dddddd";
    }
    return "#dddddd";
}

std::string oneLine(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Names under which a block stands in its models: its own (nodes of the deploy graph that `fuse` writes), and its fused module's.
std::vector<std::string> targetsOf(const BlockReport& b) {
    std::vector<std::string> targets{oneLine(b.name)};
    if (!b.fusedKey.empty() && b.fusedKey != b.name) targets.push_back(oneLine(b.fusedKey));
    return targets;
}

} // namespace

std::string toNetron(const Report& report) {
    Json metadata = Json::array(), metrics = Json::array();
    auto add = [](Json& list, std::string_view kind, const std::string& target, std::string_view name, Json value) {
        list.push_back({{"kind", kind}, {"target", target}, {"name", name}, {"value", std::move(value)}});
    };
    add(metadata, "model", "", "repscope verdict", toString(report.verdict));
    add(metadata, "model", "", "repscope input", oneLine(report.input));
    add(metadata, "model", "", "repscope reproduce", report.reproduce);
    add(metadata, "model", "", "repscope versions", report.versions);
    for (const BlockReport& b : report.blocks)
        for (const std::string& target : targetsOf(b)) {
            add(metadata, "node", target, "repscope verdict", toString(b.verdict));
            add(metadata, "node", target, "repscope exactness", fusion::toString(b.exactness));
            if (!b.reason.empty()) add(metadata, "node", target, "repscope reason", oneLine(b.reason));
            // A figure that is not there is left out; an exact match has no decibels.
            auto decibels = [&](std::string_view name, const std::optional<Comparison>& c) {
                if (c && c->snr) add(metrics, "node", target, name, *c->snr);
            };
            decibels("algebra (dB)", b.algebra);
            decibels("stored kernel (dB)", b.stored);
            decibels("local float32 (dB)", b.local);
            decibels("cumulative float32 (dB)", b.cumulative);
            if (b.local) add(metrics, "node", target, "local max |Δ|", b.local->maxAbs);
            if (b.certificate && b.certificate->none.empty()) {
                add(metrics, "node", target, "certified max |Δ|", b.certificate->formats.front().largest());
                add(metrics, "node", target, "certified for |x| up to", b.certificate->range);
            }
            if (b.precision)
                for (const FormatDamage& f : b.precision->formats) decibels("output as " + std::string(toString(f.format)) + " (dB)", f.output);
        }
    const Json root{{"signature", "netron:attachment"}, {"metadata", std::move(metadata)}, {"metrics", std::move(metrics)}};
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string toModelExplorer(const Report& report) {
    Json results = Json::object();
    for (const BlockReport& b : report.blocks) {
        if (!b.local) continue;
        const double value = b.local->snr.value_or(999); // exact: above any figure, and JSON has no infinity
        for (const std::string& target : targetsOf(b)) results[target] = {{"value", value}, {"bgColor", colourOf(b.verdict)}};
    }
    const Json root{{"main", {{"results", std::move(results)}}}};
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace rp::verify
