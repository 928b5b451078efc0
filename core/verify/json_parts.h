// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace rp::verify {

/// The parts that `inspect --json` and `verify --json` share (design section 6).
nlohmann::ordered_json toJson(const std::vector<Finding>& findings);
nlohmann::ordered_json toJson(const std::vector<Assumption>& assumptions);

} // namespace rp::verify
