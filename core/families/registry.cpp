// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/families/family.h"
#include "core/families/repvgg.h"

#include <array>

#include <fmt/format.h>

namespace rp::families {

std::span<const Family> allFamilies() {
    static const std::array<Family, 1> families{{
        {"RepVGG", &recognisesRepVgg, &assembleRepVgg},
    }};
    return families;
}

Model assembleModel(const StateDict& tensors, const Assumptions& user) {
    for (const Family& family : allFamilies())
        if (family.recognises(tensors)) {
            Model model = family.assemble({tensors, user});
            for (const std::string& note : user.unused())
                model.findings.push_back({Finding::Severity::note, "assumption-unused", "", note, ""});
            return model;
        }
    std::string known;
    for (const Family& family : allFamilies()) known += fmt::format("{}{}", known.empty() ? "" : ", ", family.name);
    throw Error(ErrorCode::unsupported,
                {"keys", fmt::format("the keys of a known family ({})", known),
                 tensors.size() == 0 ? std::string("no tensors")
                                     : fmt::format("{} tensors, the first is '{}'", tensors.size(), tensors.tensors().front().name),
                 "check that this is the model's own state dict"});
}

} // namespace rp::families
