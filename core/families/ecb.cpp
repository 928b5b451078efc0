// SPDX-License-Identifier: Apache-2.0
#include "core/families/ecb.h"

namespace rp::families {
namespace {

using plan::biasedConv, plan::border, plan::chain, plan::identity, plan::made, plan::sum, plan::tensors;

/// scale [c, 1, 1, 1] times the stored mask [c, 1, 3, 3].
Param masked(BlockKeys& keys, const std::string& name) {
    const Param mask = keys.take(name + ".mask", {-1, 1, -1, -1});
    const std::int64_t channels = mask.shape()[0];
    const Param scale = keys.take(name + ".scale", {channels, 1, 1, 1});
    return Param(mask.shape(), {scale.keys().front(), mask.keys().front()}, [mask, scale] {
        TensorD kernel = mask.toDouble();
        const TensorD factors = scale.toDouble();
        const std::span<double> values = kernel.edit();
        const std::size_t area = values.size() / static_cast<std::size_t>(factors.count());
        for (std::size_t i = 0; i < values.size(); ++i) values[i] *= factors[static_cast<std::int64_t>(i / area)];
        return kernel;
    });
}

Plan body(BlockKeys& keys, Presets&) {
    std::vector<Plan> terms{biasedConv("conv3x3"),
                            chain("conv1x1_3x3", {tensors("conv1x1_3x3.0", "conv1x1_3x3.k0", "conv1x1_3x3.b0"), border(),
                                                  tensors("conv1x1_3x3.1", "conv1x1_3x3.k1", "conv1x1_3x3.b1")})};
    for (const std::string name : {"conv1x1_sbx", "conv1x1_sby", "conv1x1_lpl"}) {
        if (!keys.has(name + ".k0")) continue;
        const Param kernel = masked(keys, name);
        terms.push_back(chain(name, {tensors(name + ".0", name + ".k0", name + ".b0"), border(),
                                     made(name + ".1", kernel, keys.take(name + ".bias", {kernel.shape()[0]}))}));
    }
    terms.push_back(identity(Plan::Identity::When::onRequest)); // with_idt, off in the published networks
    return sum(std::move(terms));
}

} // namespace

std::vector<BlockKind> ecbKinds() {
    BlockKind kind;
    kind.family = "ECB";
    kind.origin = "ECBSR";
    kind.layout = "official";
    kind.signature = {"conv1x1_3x3.k0", "conv3x3.weight"};
    kind.fused = "conv3x3"; // the same name as a branch
    kind.body = &body;
    kind.tail.slopes = "act.weight";
    // In deploy form it is told by its name and shape alone.
    kind.fits = [](const BlockKeys& keys) {
        const Shape shape = keys.shapeOf("conv3x3.weight");
        return shape.size() == 4 && shape[2] == 3 && shape[3] == 3 && keys.has("conv3x3.bias");
    };
    return {kind};
}

} // namespace rp::families
