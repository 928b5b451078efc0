// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace rp::ui {

/// The patterns of the sentences that core makes, as they stand in its sources.
std::span<const char* const> coreSentences();

} // namespace rp::ui
