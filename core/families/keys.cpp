// SPDX-License-Identifier: Apache-2.0
#include "core/families/keys.h"

#include "core/base/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::families {
namespace {

bool fits(const Shape& shape, const Shape& expected) {
    return std::ranges::equal(shape, expected, [](std::int64_t a, std::int64_t b) { return b < 0 || a == b; });
}

std::string pattern(const Shape& expected) {
    std::string text = toString(expected);
    for (std::size_t at; (at = text.find("-1")) != std::string::npos;) text.replace(at, 2, "?");
    return text;
}

/// The numbers of a batch norm are looked at when the file is opened.
TensorD scanned(const Param& param) {
    try {
        return param.toDouble();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid) throw;
        throw BlockDefect{"nan", error.what()};
    }
}

bool allEqual(const TensorD& values, double to) {
    return std::ranges::all_of(values.values(), [to](double v) { return v == to; });
}

} // namespace

Param KeyTaker::take(const std::string& key, const Shape& expected) {
    const StoredTensor* tensor = m_tensors.find(key);
    if (!tensor) throw BlockDefect{"incomplete-block", fmt::format("{}: expected a tensor {}, found no such key", key, pattern(expected))};
    if (!fits(tensor->shape(), expected))
        throw BlockDefect{"incomplete-block", fmt::format("{}: expected shape {}, found {}", key, pattern(expected), toString(tensor->shape()))};
    m_taken.insert(key);
    return Param(key, *tensor);
}

Param KeyTaker::take(const std::string& key, const Shape& expected, std::vector<std::string>& into) {
    Param param = take(key, expected);
    if (std::ranges::find(into, key) == into.end()) into.push_back(key);
    return param;
}

void KeyTaker::ignore(const std::string& key) { m_taken.insert(key); }

std::vector<std::string> KeyTaker::unused() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        std::string name(m_tensors.nameOf(i));
        if (!m_taken.contains(name)) names.push_back(std::move(name));
    }
    return names;
}

Param perChannel(const Param& stored, std::int64_t channels, const std::string& key) {
    if (stored.count() != 1 && stored.count() != channels)
        throw BlockDefect{"incomplete-block", key + ": expected one value, or one for each of " + std::to_string(channels) + " channels, found shape " +
                                                  toString(stored.shape())};
    if (stored.count() == channels) return stored.reshaped({channels});
    return Param({channels}, stored.keys(), [stored, channels] {
        return TensorD({channels}, std::vector<double>(static_cast<std::size_t>(channels), stored.toDouble()[0]));
    });
}

Norm takeNorm(KeyTaker& keys, const std::string& prefix, std::int64_t channels, double eps,
              std::vector<std::string>& into, std::vector<Finding>& findings, const std::string& block) {
    const bool paddle = keys.has(prefix + "._mean");
    Norm norm;
    norm.eps = eps;
    norm.biasedUpdate = paddle;
    norm.mean = keys.take(prefix + (paddle ? "._mean" : ".running_mean"), {channels}, into);
    norm.var = keys.take(prefix + (paddle ? "._variance" : ".running_var"), {channels}, into);
    if (keys.has(prefix + ".weight") || keys.has(prefix + ".bias")) {
        norm.gamma = keys.take(prefix + ".weight", {channels}, into);
        norm.beta = keys.take(prefix + ".bias", {channels}, into);
    }
    const std::string counter = prefix + ".num_batches_tracked";
    if (keys.has(counter)) {
        keys.ignore(counter);
        into.push_back(counter);
    }
    const TensorD mean = scanned(norm.mean), var = scanned(norm.var);
    if (norm.gamma) scanned(*norm.gamma);
    if (norm.beta) scanned(*norm.beta);
    for (std::int64_t c = 0; c < channels; ++c)
        if (var[c] < 0)
            throw BlockDefect{"negative-variance", fmt::format("{}: expected variances of 0 or more, found {:.6g} at channel {}",
                                                               norm.var.keys().front(), var[c], c)};
    if (allEqual(mean, 0) && allEqual(var, 1))
        findings.push_back({Finding::Severity::warn, "untouched-bn", block,
                            fmt::format("{}: every running mean is 0 and every variance is 1, as if no batch had passed", prefix),
                            "check that buffers were saved, not parameters only"});
    return norm;
}

} // namespace rp::families
