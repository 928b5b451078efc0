// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace rp::ui {

class Document;

/// What is on screen as `repscope-cli` commands, quoted for a POSIX shell; empty without a model. Paths are as they were
/// opened.

/// `run`: model, input, phase, engine, dispatch and assumptions, and the chosen map as a capture. A block that is shown on
/// a seeded input is run by itself.
QString runCommand(const Document& document);
/// `verify`: with the file that it is compared against.
QString verifyCommand(const Document& document);

} // namespace rp::ui
