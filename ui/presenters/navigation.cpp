// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/navigation.h"

#include "ui/presenters/document.h"
#include "ui/presenters/verdict_summary.h"

#include <algorithm>

namespace rp::ui {

void stepBlock(Document& document, int by) {
    if (!document.model()) return;
    const int last = static_cast<int>(document.model()->model().blocks.size()) - 1;
    document.setBlock(std::clamp(document.block() + by, 0, std::max(0, last)));
}

void goToWorst(Document& document) {
    if (document.report()) document.setBlock(worstBlock(*document.report()));
}

Phase otherForm(Phase phase) {
    return phase == Phase::deploy ? Phase::eval : Phase::deploy;
}

} // namespace rp::ui
