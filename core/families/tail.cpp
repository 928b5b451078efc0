// SPDX-License-Identifier: Apache-2.0
#include "core/families/tail.h"

namespace rp::families {

Operation takeSe(KeyTaker& keys, const std::string& down, const std::string& up, std::int64_t channels) {
    SqueezeExcite se;
    Conv first, second;
    first.weight = keys.take(down + ".weight", {-1, channels, 1, 1});
    const std::int64_t inner = first.weight.shape()[0];
    first.bias = keys.take(down + ".bias", {inner});
    second.weight = keys.take(up + ".weight", {channels, inner, 1, 1});
    second.bias = keys.take(up + ".bias", {channels});
    se.down = makeExpr("se.down", first);
    se.up = makeExpr("se.up", second);
    return {"se", std::move(se)};
}

std::vector<Operation> readTail(const TailPlan& plan, Extent stride, const std::string& activated, const std::string& origin, std::int64_t channels,
                                BlockKeys& keys, Attributes& attributes) {
    KeyTaker& taker = keys.taker();
    const std::string& prefix = keys.prefix();
    const bool before = !plan.seDown.empty() && keys.has(plan.seDown + ".weight");
    const bool after = !before && !plan.postDown.empty() && keys.has(plan.postDown + ".weight");
    std::string place = before ? "before" : after ? "after" : "none";
    if (before || after) place = attributes.text("se", place, "from keys");

    const bool idle = plan.notAtStride2 && stride == Extent{2, 2};
    const std::string preset = idle ? "none" : activated;
    Activation activation;
    const bool slopes = !plan.slopes.empty() && keys.has(plan.slopes);
    activation = *activationFrom(attributes.text("activation", slopes ? "prelu" : preset, slopes ? "from keys" : origin));
    if (activation.kind == Activation::Kind::prelu) {
        if (plan.slopes.empty()) throw BlockDefect{"incomplete-block", prefix + ": this kind of block has no slopes for activation prelu"};
        activation.slopes = perChannel(taker.take(prefix + plan.slopes, keys.shapeOf(plan.slopes)), channels, prefix + plan.slopes);
    }
    std::optional<Operation> se;
    if (before && place != "none") se = takeSe(taker, prefix + plan.seDown, prefix + plan.seUp, channels);
    if (after && place != "none") se = takeSe(taker, prefix + plan.postDown, prefix + plan.postUp, channels);

    std::vector<Operation> tail;
    if (se && place == "before") tail.push_back(*se);
    if (activation.kind != Activation::Kind::none) tail.push_back({"activation", activation});
    if (!plan.scaleFactor.empty() && keys.has(plan.scaleFactor)) { // tensors of a layer that is not run are known all the same
        const Scale scale{perChannel(taker.take(prefix + plan.scaleFactor, keys.shapeOf(plan.scaleFactor)), channels, prefix + plan.scaleFactor),
                          perChannel(taker.take(prefix + plan.scaleOffset, keys.shapeOf(plan.scaleOffset)), channels, prefix + plan.scaleOffset)};
        if (!idle) tail.push_back({"scale", scale});
    }
    if (se && place == "after") tail.push_back(*se);
    return tail;
}

} // namespace rp::families
