// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include <QAbstractItemModel>

#include <array>

namespace rp::ui {

/// A table as it is shown, headers first, as RFC 4180 CSV in UTF-8.
QByteArray csvOf(const QAbstractItemModel& table);
/// Best classes of each phase for one sample: numbers in full, with a point whatever the locale.
QByteArray csvOfTop(const Model& model, const std::array<PhaseRunPtr, 3>& runs, int sample);

} // namespace rp::ui
