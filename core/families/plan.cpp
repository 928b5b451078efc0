// SPDX-License-Identifier: Apache-2.0
#include "core/families/plan.h"

#include "core/families/block_kind.h"

namespace rp::families::plan {

Plan conv(const std::string& name) { return {name, Plan::Conv{name + ".weight", name + ".bias", false, {}, {}, {}, {}, {}}}; }

Plan biasedConv(const std::string& name) { return tensors(name, name + ".weight", name + ".bias"); }

Plan tensors(std::string name, std::string weight, std::string bias) {
    return {std::move(name), Plan::Conv{std::move(weight), std::move(bias), true, {}, {}, {}, {}, {}}};
}

Plan linear(BlockKeys& keys, const std::string& name) {
    const Param weight = keys.take(name + ".weight", {-1, -1});
    const std::int64_t out = weight.shape()[0];
    Plan layer = made(name, weight.reshaped({out, weight.shape()[1], 1, 1}));
    if (keys.has(name + ".bias")) std::get<Plan::Conv>(layer.what).madeBias = keys.take(name + ".bias", {out});
    return layer;
}

Plan made(std::string name, Param weight, std::optional<Param> bias) {
    return {std::move(name), Plan::Conv{{}, {}, false, std::move(weight), std::move(bias), {}, {}, {}}};
}

Plan norm(const std::string& prefix) { return norms(prefix, {prefix}); }

Plan norms(std::string name, std::vector<std::string> prefixes) { return {std::move(name), Plan::Norm{std::move(prefixes)}}; }

Plan scale(const std::string& factor, const std::string& offset) {
    return {factor.empty() ? offset : factor, Plan::Scale{factor, offset, 1}};
}

Plan times(double factor) { return {factor < 0 ? "minus" : "times", Plan::Scale{{}, {}, factor}}; }

Plan pool(std::string name, Extent kernel) { return {std::move(name), Plan::Pool{kernel}}; }

Plan border(std::string value) { return {"pad", Plan::Border{std::move(value)}}; }

Plan identity(Plan::Identity::When when) { return {"identity", Plan::Identity{when}}; }

Plan chain(std::string name, std::vector<Plan> steps) { return {std::move(name), Plan::Chain{std::move(steps)}}; }

Plan sum(std::vector<Plan> terms) { return {"sum", Plan::Sum{std::move(terms)}}; }

Plan concat(std::vector<Plan> parts) { return {"concat", Plan::Concat{std::move(parts)}}; }

Plan convNorm(const std::string& name, const std::string& convName, const std::string& normName) {
    return chain(name, {conv(name + "." + convName), norm(name + "." + normName)});
}

} // namespace rp::families::plan
