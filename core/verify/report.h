// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/verify.h"

#include <filesystem>
#include <string>

namespace rp::verify {

/// The object of `verify --json` (design section 6).
std::string toJson(const Report& report);
std::string toMarkdown(const Report& report);
std::string toCsv(const Report& report);  ///< one line per block
std::string toJunit(const Report& report);
std::string toHtml(const Report& report); ///< self-contained: plots and kernels as SVG, no script, nothing is fetched
/// An attachment that Netron shows beside the nodes and tensors of the model that is open (drop it on the window).
std::string toNetron(const Report& report);
/// Node data for Model Explorer: output dB of each block, coloured by verdict.
std::string toModelExplorer(const Report& report);
std::string toText(const Report& report); ///< the table that the command line prints

/// By suffix: .html .md .csv .xml .json .netron.json .explorer.json. Atomic. Throws `usage` for another suffix.
void writeReport(const Report& report, const std::filesystem::path& target);

} // namespace rp::verify
