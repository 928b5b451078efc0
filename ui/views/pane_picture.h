// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

class QWidget;

namespace rp::ui {

/// What a pane shows as a picture; the file's name says which kind: .png in the pane's own pixels, .svg or .pdf (one page of
/// the pane's size), in which plots, text and diagrams are lines and letters. Atomic. Throws `writeFailed`, and `usage`
/// for another suffix.
void savePicture(QWidget& pane, const std::filesystem::path& target);

} // namespace rp::ui
