// SPDX-License-Identifier: Apache-2.0
#include "core/families/described_block.h"

#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/families/assumptions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace rp::families {
namespace {

using Json = nlohmann::json;
using When = Plan::Identity::When;

constexpr int kDeepest = 16;
constexpr int kMostRepeats = 4096;
constexpr std::uint64_t kLargestFile = 1 << 20;

[[noreturn]] void fail(const std::string& where, std::string expected, std::string found) {
    throw Error(ErrorCode::malformed, {where, std::move(expected), std::move(found), "see docs/described-blocks.md"});
}

void allowOnly(const Json& object, const std::string& where, std::initializer_list<std::string_view> names) {
    if (!object.is_object()) fail(where, "an object", object.type_name());
    for (const auto& item : object.items())
        if (std::ranges::find(names, item.key()) == names.end()) fail(where, fmt::format("one of {}", fmt::join(names, ", ")), "'" + item.key() + "'");
}

std::string textAt(const Json& object, const char* name, const std::string& where, std::string preset = {}) {
    if (!object.contains(name)) return preset;
    if (!object[name].is_string()) fail(where + "." + name, "text", object[name].type_name());
    return object[name];
}

double numberAt(const Json& object, const char* name, const std::string& where, double preset, double least, double most) {
    if (!object.contains(name)) return preset;
    if (!object[name].is_number() || object[name] < least || object[name] > most)
        fail(where + "." + name, fmt::format("a number from {} to {}", least, most), object[name].dump());
    return object[name];
}

bool flagAt(const Json& object, const char* name, const std::string& where) {
    if (!object.contains(name)) return false;
    if (!object[name].is_boolean()) fail(where + "." + name, "true or false", object[name].type_name());
    return object[name];
}

Extent extentAt(const Json& value, const std::string& where) {
    const bool pair = value.is_array() && value.size() == 2 && value[0].is_number_integer() && value[1].is_number_integer();
    if (!pair && !value.is_number_integer()) fail(where, "a size, or [height, width]", value.dump());
    const Extent extent = pair ? Extent{value[0], value[1]} : Extent{value, value};
    if (extent.h < 1 || extent.w < 1 || extent.h > 1024 || extent.w > 1024) fail(where, "sizes from 1 to 1024", value.dump());
    return extent;
}

/// Reads one step. Without `keys` it only checks the text: every optional step is read, every repetition once.
class StepReader {
public:
    StepReader(const BlockKeys* keys, std::string number) : m_keys(keys), m_number(std::move(number)) {}

    Plan read(const Json& step, const std::string& where, int depth) const;

private:
    std::vector<Plan> list(const Json& steps, const std::string& where, int depth) const;
    std::string key(const Json& step, const char* name, const std::string& where) const {
        std::string text = textAt(step, name, where);
        for (std::size_t at; !m_number.empty() && (at = text.find('#')) != std::string::npos;) text.replace(at, 1, m_number);
        return text;
    }
    Plan conv(const Json& step, const std::string& where) const;
    bool present(const Json& step, const std::string& where) const;

    const BlockKeys* m_keys;
    std::string m_number; ///< in place of `#`
};

Plan StepReader::conv(const Json& step, const std::string& where) const {
    allowOnly(step, where, {"conv", "weight", "bias", "name", "dilation", "stride", "padding", "optional"});
    Plan plan = plan::conv(key(step, "conv", where));
    auto& conv = std::get<Plan::Conv>(plan.what);
    if (step.contains("weight")) conv.weight = key(step, "weight", where);
    if (step.contains("bias")) {
        conv.bias = key(step, "bias", where);
        conv.needsBias = !conv.bias.empty();
    }
    if (step.contains("dilation")) conv.dilation = extentAt(step["dilation"], where + ".dilation");
    if (step.contains("stride")) conv.stride = extentAt(step["stride"], where + ".stride");
    if (step.contains("padding")) {
        const double p = numberAt(step, "padding", where, 0, 0, 1024);
        conv.padding = Padding::same(static_cast<std::int64_t>(p));
    }
    return plan;
}

/// Whether an optional step's tensor is in the file: the weight of a convolution, the mean of a norm, a scale's factor.
bool StepReader::present(const Json& step, const std::string& where) const {
    if (!m_keys || !step.is_object() || !flagAt(step, "optional", where)) return true;
    if (step.contains("conv")) return m_keys->has(step.contains("weight") ? key(step, "weight", where) : key(step, "conv", where) + ".weight");
    if (step.contains("norm")) return m_keys->hasNorm(key(step, "norm", where));
    if (step.contains("scale")) return m_keys->has(key(step, "scale", where));
    if (step.contains("chain") && step["chain"].is_array())
        return std::ranges::all_of(step["chain"], [&](const Json& inner) {
            Json asked = inner;
            if (asked.is_object()) asked["optional"] = true;
            return present(asked, where);
        });
    return true;
}

std::vector<Plan> StepReader::list(const Json& steps, const std::string& where, int depth) const {
    if (!steps.is_array() || steps.empty()) fail(where, "a list of steps", steps.is_array() ? "an empty one" : steps.type_name());
    std::vector<Plan> plans;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::string here = fmt::format("{}[{}]", where, i);
        const Json& step = steps[i];
        if (!step.is_object() || !step.contains("each")) {
            if (present(step, here)) plans.push_back(read(step, here, depth));
            continue;
        }
        allowOnly(step, here, {"each", "step"});
        const std::string each = textAt(step, "each", here);
        const std::size_t at = each.find('#');
        if (at == std::string::npos || !step.contains("step")) fail(here, "a key with # in `each`, and a `step`", step.dump());
        const int count = m_keys ? std::min(kMostRepeats, m_keys->countOf(each.substr(0, at), each.substr(at + 1))) : 1;
        for (int n = 0; n < count; ++n) plans.push_back(StepReader(m_keys, std::to_string(n)).read(step["step"], here + ".step", depth));
    }
    return plans;
}

Plan StepReader::read(const Json& step, const std::string& where, int depth) const {
    if (depth > kDeepest) fail(where, fmt::format("at most {} steps inside each other", kDeepest), "more");
    if (!step.is_object()) fail(where, "an object", step.type_name());
    Plan plan{{}, Plan::Chain{}};
    if (step.contains("conv")) {
        plan = conv(step, where);
    } else if (step.contains("norm")) {
        allowOnly(step, where, {"norm", "name", "optional"});
        plan = plan::norm(key(step, "norm", where));
    } else if (step.contains("scale") || step.contains("offset")) {
        allowOnly(step, where, {"scale", "offset", "name", "optional"});
        plan = plan::scale(key(step, "scale", where), key(step, "offset", where));
    } else if (step.contains("times")) {
        allowOnly(step, where, {"times", "name"});
        plan = plan::times(numberAt(step, "times", where, 1, -1e6, 1e6));
    } else if (step.contains("pool")) {
        allowOnly(step, where, {"pool", "name"});
        plan = plan::pool("pool", extentAt(step["pool"], where + ".pool"));
    } else if (step.contains("border")) {
        allowOnly(step, where, {"border", "name"});
        const std::string value = key(step, "border", where);
        plan = plan::border(value == "zero-image" ? std::string() : value);
    } else if (step.contains("identity")) {
        allowOnly(step, where, {"identity", "name"});
        const std::string when = textAt(step, "identity", where);
        constexpr std::array<std::string_view, 3> kWhen{"always", "where-equal", "on-request"};
        const auto found = std::ranges::find(kWhen, when);
        if (found == kWhen.end()) fail(where + ".identity", fmt::format("one of {}", fmt::join(kWhen, ", ")), "'" + when + "'");
        plan = plan::identity(static_cast<When>(found - kWhen.begin()));
    } else if (step.contains("chain")) {
        allowOnly(step, where, {"chain", "name", "optional"});
        plan = plan::chain("chain", list(step["chain"], where + ".chain", depth + 1));
    } else if (step.contains("sum")) {
        allowOnly(step, where, {"sum", "name"});
        plan = plan::sum(list(step["sum"], where + ".sum", depth + 1));
    } else if (step.contains("concat")) {
        allowOnly(step, where, {"concat", "name"});
        plan = plan::concat(list(step["concat"], where + ".concat", depth + 1));
    } else {
        fail(where, "one of conv, norm, scale, times, pool, border, identity, chain, sum, concat", step.dump().substr(0, 80));
    }
    if (step.contains("name")) plan.name = key(step, "name", where);
    return plan;
}

BlockKind kindOf(const Json& block, const std::string& where) {
    allowOnly(block, where, {"family", "keys", "where", "body", "fused", "eps", "momentum", "stride", "depthwise", "activation"});
    BlockKind kind;
    kind.family = textAt(block, "family", where, "described");
    kind.origin = "described " + kind.family;
    kind.layout = "described";
    if (!block.contains("keys") || !block["keys"].is_array() || block["keys"].empty()) fail(where + ".keys", "a list of at least one key", "none");
    for (const Json& key : block["keys"]) {
        if (!key.is_string() || key.get<std::string>().empty()) fail(where + ".keys", "keys as text", key.dump());
        kind.signature.push_back(key);
    }
    if (!block.contains("body")) fail(where, "a body", "none");
    if (!block.contains("fused")) fail(where, "`fused`, the name of the convolution that replaces the branches", "none");
    kind.fused = textAt(block, "fused", where);
    kind.fusedIsTelling = false;
    kind.presets.eps = numberAt(block, "eps", where, 1e-5, 1e-30, 1e6);
    kind.presets.momentum = numberAt(block, "momentum", where, 0.1, 0, 1);
    kind.presets.stride = static_cast<std::int64_t>(numberAt(block, "stride", where, 1, 1, 1024));
    kind.presets.depthwise = flagAt(block, "depthwise", where);
    kind.presets.activation = textAt(block, "activation", where, "none");
    if (!activationFrom(kind.presets.activation)) fail(where + ".activation", "an activation as --assume takes it", "'" + kind.presets.activation + "'");
    StepReader(nullptr, "0").read(block["body"], where + ".body", 0);
    const Json body = block["body"];
    kind.body = [body, where](BlockKeys& keys, Presets&) { return StepReader(&keys, "").read(body, where + ".body", 0); };
    if (const std::string pattern = textAt(block, "where", where); !pattern.empty())
        kind.fits = [pattern](const BlockKeys& keys) {
            const std::string& p = keys.prefix();
            return matchesPattern(pattern, p.empty() ? "." : p.substr(0, p.size() - 1));
        };
    return kind;
}

} // namespace

std::vector<BlockKind> describedBlocks(std::string_view text, const std::string& where) {
    Json root;
    try {
        root = Json::parse(text);
    } catch (const Json::exception& error) { // a number beyond all doubles is no parse_error
        fail(where, "JSON", error.what());
    }
    allowOnly(root, where, {"blocks", "$schema"});
    if (!root.contains("blocks") || !root["blocks"].is_array()) fail(where, "a list `blocks`", "none");
    std::vector<BlockKind> kinds;
    for (std::size_t i = 0; i < root["blocks"].size(); ++i) kinds.push_back(kindOf(root["blocks"][i], fmt::format("{}: blocks[{}]", where, i)));
    return kinds;
}

std::vector<BlockKind> describedBlocksFile(const std::filesystem::path& path) {
    const SharedBytes bytes = mapFile(path);
    if (bytes.size() > kLargestFile) throw Error(ErrorCode::limitExceeded, {path.string(), "at most 1 MB of JSON", fmt::format("{} bytes", bytes.size()), ""});
    return describedBlocks({reinterpret_cast<const char*>(bytes.bytes.data()), bytes.bytes.size()}, path.string());
}

} // namespace rp::families
