// SPDX-License-Identifier: Apache-2.0
// Results as lines of JSON, and back.
#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/verify/json_parts.h"
#include "core/verify/set_report.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace rp::verify {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 8;                             ///< of a line's objects
constexpr std::size_t kLongest = std::size_t{64} << 20; ///< bytes of a line
constexpr std::int64_t kMostInputs = 100'000'000;

Json orNull(const std::optional<double>& v) { return v && std::isfinite(*v) ? Json(*v) : Json(nullptr); }

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::optional<double> number(const Json& json) { return json.is_null() ? std::nullopt : std::optional(json.get<double>()); }

Verdict verdictFrom(const std::string& text) {
    for (Verdict v : {Verdict::pass, Verdict::warn, Verdict::fail, Verdict::refused})
        if (text == toString(v)) return v;
    throw Error(ErrorCode::malformed, {"verdict", "pass, warn, fail or refused", text, ""});
}

Finding::Severity severityFrom(const std::string& text) {
    for (auto s : {Finding::Severity::note, Finding::Severity::warn, Finding::Severity::fail})
        if (text == toString(s)) return s;
    throw Error(ErrorCode::malformed, {"severity", "note, warn or fail", text, ""});
}

/// Infinity and NaN have no JSON; a difference that is not finite is a failure that its verdict states.
double finite(const Json& json) { return json.is_null() ? std::numeric_limits<double>::infinity() : json.get<double>(); }
Json finite(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }

SetHead headFrom(const Json& line) {
    SetHead head;
    head.file = line.at("file").get<std::string>();
    head.variant = line.at("variant").get<std::string>();
    head.inputs = line.at("inputs").get<std::int64_t>();
    if (head.inputs < 0 || head.inputs > kMostInputs)
        throw Error(ErrorCode::malformed, {"inputs", fmt::format("0 to {}", kMostInputs), fmt::format("{}", head.inputs), ""});
    head.preprocessing = line.at("preprocessing").get<std::string>();
    head.reproduce = line.at("reproduce").get<std::string>();
    head.seeds = line.at("seeds").get<std::string>();
    head.versions = line.at("versions").get<std::string>();
    head.blocks = line.at("blocks").get<std::vector<std::string>>();
    head.classNames = line.at("classNames").get<std::vector<std::string>>();
    head.labels = line.at("labels").get<std::vector<std::string>>();
    for (const Json& a : line.at("assumptions"))
        head.assumptions.push_back({a.at("block").get<std::string>(), a.at("key").get<std::string>(), a.at("value").get<std::string>(), a.at("origin").get<std::string>()});
    return head;
}

InputResult inputFrom(const Json& line, const SetHead& head) {
    InputResult result;
    result.index = line.at("index").get<std::int64_t>();
    result.name = line.at("name").get<std::string>();
    result.label = line.at("label").get<std::string>();
    if (result.index < 0 || result.index >= head.inputs)
        throw Error(ErrorCode::malformed, {"index", fmt::format("below {}", head.inputs), fmt::format("{}", result.index), ""});
    if (!line.at("error").is_null()) {
        result.error = line.at("error").get<std::string>();
        return result;
    }
    result.verdict = verdictFrom(line.at("verdict").get<std::string>());
    for (const Json& b : line.at("blocks"))
        result.blocks.push_back({verdictFrom(b.at("verdict").get<std::string>()), b.at("measured").get<bool>(), number(b.at("localDb")), number(b.at("cumulativeDb")),
                                 number(b.at("algebraDb")), number(b.at("storedDb")), finite(b.at("localMax")), finite(b.at("bound")), finite(b.at("cumulativeMax"))});
    if (result.blocks.size() != head.blocks.size())
        throw Error(ErrorCode::malformed, {"blocks", fmt::format("{}", head.blocks.size()), fmt::format("{}", result.blocks.size()), ""});
    result.outputDb = number(line.at("outputDb"));
    result.classes = line.at("classes").get<std::int64_t>();
    const Json& top1 = line.at("top1");
    for (std::size_t p = 0; p < result.top1.size(); ++p)
        if (!top1.at(p).is_null()) result.top1[p] = top1.at(p).get<std::int64_t>();
    for (const Json& f : line.at("findings"))
        result.findings.push_back({severityFrom(f.at("severity").get<std::string>()), f.at("code").get<std::string>(),
                                   f.at("block").is_null() ? std::string() : f.at("block").get<std::string>(), f.at("message").get<std::string>(), f.at("remedy").get<std::string>()});
    return result;
}

/// Reads one shard's file; appends to `inputs`.
SetHead readShard(const std::filesystem::path& file, std::vector<InputResult>& inputs) {
    const SharedBytes bytes = mapFile(file);
    std::string_view rest(reinterpret_cast<const char*>(bytes.bytes.data()), bytes.size());
    std::optional<SetHead> head;
    std::optional<std::int64_t> stated;
    std::int64_t count = 0, at = 0;
    auto defect = [&](const std::string& found) {
        return Error(ErrorCode::malformed, {fmt::format("{}: line {}", file.string(), at), "what `verify --shard` writes", found, ""});
    };
    while (!rest.empty()) {
        const std::string_view text = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), text.size() + 1));
        ++at;
        if (text.size() > kLongest) throw defect("a line that is too long");
        try {
            const Json line = Json::parse(text, [&](int depth, Json::parse_event_t, Json&) {
                if (depth > kDeepest) throw defect("nested too deeply");
                return true;
            });
            const auto kind = line.at("kind").get<std::string>();
            if (stated) throw defect("a line behind the end");
            if (kind == "head" && !head)
                head = headFrom(line);
            else if (kind == "input" && head) {
                inputs.push_back(inputFrom(line, *head));
                ++count;
            } else if (kind == "end" && head)
                stated = line.at("inputs").get<std::int64_t>();
            else
                throw defect(kind);
        } catch (const nlohmann::json::exception& error) {
            throw defect(error.what());
        } catch (const Error& error) {
            if (error.parts().where.starts_with(file.string())) throw;
            throw error.within(fmt::format("{}: line {}", file.string(), at));
        }
    }
    if (!stated || *stated != count)
        throw Error(ErrorCode::truncated, {file.string(), stated ? fmt::format("{} inputs", *stated) : std::string("an end line"), fmt::format("{} inputs", count),
                                           "run that shard again"});
    return *head;
}

} // namespace

std::string headLine(const SetHead& head) {
    return dumped({{"kind", "head"},
                   {"file", head.file},
                   {"variant", head.variant},
                   {"inputs", head.inputs},
                   {"preprocessing", head.preprocessing},
                   {"reproduce", head.reproduce},
                   {"seeds", head.seeds},
                   {"versions", head.versions},
                   {"blocks", head.blocks},
                   {"classNames", head.classNames},
                   {"labels", head.labels},
                   {"assumptions", toJson(head.assumptions)}});
}

std::string inputLine(const InputResult& result) {
    Json line{{"kind", "input"}, {"index", result.index}, {"name", result.name}, {"label", result.label}};
    line["error"] = result.error.empty() ? Json(nullptr) : Json(result.error);
    if (!result.error.empty()) return dumped(line);
    line["verdict"] = toString(result.verdict);
    Json blocks = Json::array();
    for (const BlockFigures& b : result.blocks)
        blocks.push_back({{"verdict", toString(b.verdict)},
                          {"measured", b.measured},
                          {"localDb", orNull(b.localDb)},
                          {"cumulativeDb", orNull(b.cumulativeDb)},
                          {"algebraDb", orNull(b.algebraDb)},
                          {"storedDb", orNull(b.storedDb)},
                          {"localMax", finite(b.localMax)},
                          {"bound", finite(b.bound)},
                          {"cumulativeMax", finite(b.cumulativeMax)}});
    line["blocks"] = std::move(blocks);
    line["outputDb"] = orNull(result.outputDb);
    line["classes"] = result.classes;
    Json top1 = Json::array();
    for (const auto& t : result.top1) top1.push_back(t ? Json(*t) : Json(nullptr));
    line["top1"] = std::move(top1);
    line["findings"] = toJson(result.findings);
    return dumped(line);
}

std::string endLine(std::int64_t inputs) { return dumped({{"kind", "end"}, {"inputs", inputs}}); }

SetReport mergeShards(const std::vector<std::filesystem::path>& files) {
    std::vector<InputResult> inputs;
    std::optional<SetHead> head;
    std::string firstLine;
    std::set<std::string> versions; // machines may differ; what was verified may not
    for (const std::filesystem::path& file : files) {
        SetHead next = readShard(file, inputs);
        versions.insert(next.versions);
        SetHead comparable = next;
        comparable.versions.clear();
        const std::string line = headLine(comparable);
        if (!head) {
            firstLine = line;
            head = std::move(next);
            continue;
        }
        if (line != firstLine)
            throw Error(ErrorCode::malformed, {file.string(), fmt::format("a shard of {} on the same {} inputs with the same options", head->file, head->inputs),
                                               fmt::format("{} on {} inputs: {}", next.file, next.inputs, next.reproduce), ""});
    }
    if (!head) throw Error(ErrorCode::usage, {"merge", "at least one file that `verify --shard` wrote", "none", ""});
    head->versions = fmt::format("{}", fmt::join(versions, " | "));
    return summarize(std::move(*head), std::move(inputs));
}

} // namespace rp::verify
