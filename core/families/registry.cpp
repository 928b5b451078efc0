// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/families/family.h"
#include "core/families/repvgg.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rp::families {
namespace {

std::string familyNames() {
    std::string names;
    for (const Family& family : allFamilies()) names += fmt::format("{}{}", names.empty() ? "" : ", ", family.name);
    return names;
}

} // namespace

std::span<const Family> allFamilies() {
    static const std::array<Family, 1> families{{
        {"RepVGG", &recognisesRepVgg, &assembleRepVgg},
    }};
    return families;
}

Model assembleModel(const StateDict& tensors, const Assumptions& user) {
    const auto stated = user.valueFor("", "family");
    if (stated && std::ranges::find(allFamilies(), *stated, &Family::name) == allFamilies().end())
        throw Error(ErrorCode::usage, {"--assume family=" + *stated, "one of " + familyNames(), "'" + *stated + "'", ""});
    for (const Family& family : allFamilies())
        if (stated ? family.name == *stated && family.recognises(tensors) : family.recognises(tensors)) {
            Model model = family.assemble({tensors, user});
            for (const std::string& note : user.unused())
                model.findings.push_back({Finding::Severity::note, "assumption-unused", "", note, ""});
            return model;
        }
    throw Error(ErrorCode::unsupported,
                {"keys", fmt::format("the keys of a known family ({})", familyNames()),
                 tensors.size() == 0 ? std::string("no tensors")
                                     : fmt::format("{} tensors, the first is '{}'", tensors.size(), tensors.tensors().front().name),
                 "check that this is the model's own state dict"});
}

} // namespace rp::families
