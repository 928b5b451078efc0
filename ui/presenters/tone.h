// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"
#include "core/verify/verify.h"

namespace rp::ui {

/// What a verdict or a finding means to the eye; views turn it into a colour and a shape.
enum class Tone { none, working, note, pass, warn, fail };

constexpr Tone toneOf(verify::Verdict verdict) {
    switch (verdict) {
    case verify::Verdict::pass:
        return Tone::pass;
    case verify::Verdict::warn:
        return Tone::warn;
    case verify::Verdict::fail:
        return Tone::fail;
    case verify::Verdict::refused:
        return Tone::note;
    }
    return Tone::none;
}

constexpr Tone toneOf(Finding::Severity severity) {
    switch (severity) {
    case Finding::Severity::note:
        return Tone::note;
    case Finding::Severity::warn:
        return Tone::warn;
    case Finding::Severity::fail:
        return Tone::fail;
    }
    return Tone::none;
}

} // namespace rp::ui
