// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

namespace rp::ui {

class Document;

/// Selects the block `by` places further along the depth; stays at the ends.
void stepBlock(Document& document, int by);
/// Selects the block that is closest to its limit; nothing happens before there is a report.
void goToWorst(Document& document);
/// The form to hold beside the one that is shown: eval beside deploy, else deploy.
Phase otherForm(Phase phase);

} // namespace rp::ui
