// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

#include "core/verify/verify.h"

namespace rp::cli {

/// `verify` over a folder, over probes, or over a part of either.
struct SetRun {
    InputOptions input;
    io::Limits limits;
    bool probes = false;
    std::optional<std::string> shard;
    std::vector<std::string> reports;
    bool json = false;
    verify::VerifyOptions verify;
};

/// Prints the report over all inputs, or with `shard` the lines for `merge`; returns the exit code. An input that cannot be used is reported, the
/// others are done.
int verifySet(const SetRun& run, families::OpenedModel& opened, const fusion::ModelFusion& fusion);

} // namespace rp::cli
