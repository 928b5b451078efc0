// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include "core/base/job.h"

#include <filesystem>

namespace rp::ui {

/// Opens a checkpoint, assembles its model and fuses what can be fused.
LoadedModelPtr loadModel(const std::filesystem::path& path, const families::OpenOptions& options,
                         const Job& job);

/// A picture or `.npy` through the model's own preprocessing; without a path the seeded input of its default
/// size.
InputPtr loadInput(const LoadedModel& model, const std::filesystem::path& path, const Job& job);

/// Folds one block with its log. A refused block is a result, not an error.
DerivationPtr deriveKernel(const LoadedModel& model, int block, const Job& job);

/// The five answers; `against`, unless empty, is somebody else's deploy file that is compared as well.
ReportPtr verifyOn(const LoadedModel& model, const InputSnapshot& input, const std::filesystem::path& against,
                   const Job& job);

} // namespace rp::ui
