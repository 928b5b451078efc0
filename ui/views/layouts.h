// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>
#include <Qt>

#include <array>
#include <vector>

namespace rp::ui {

/// What the window is used for: understanding a checkpoint, showing it to others, deciding about a
/// conversion.
enum class LayoutId { inspect, teach, verify };
inline constexpr std::array kLayouts{LayoutId::inspect, LayoutId::teach, LayoutId::verify};
QString nameOf(LayoutId layout); ///< as it is kept in settings and sessions: "inspect", "teach", "verify"

/// Where panes stand in a layout at first.
struct DockPlace {
    QString dock; ///< object name
    Qt::DockWidgetArea area;
    int share; ///< of the area's length, percent
};

struct LayoutSpec {
    QString tab;                    ///< object name of the tab in the centre that it starts with
    QStringList tabs;               ///< those in the centre; the others appear when they are asked for by name
    std::vector<DockPlace> places;  ///< all other panes are hidden
    double bottomShare;             ///< of the window's height
    int sideWidth;                  ///< of the panes at the left and right, pixels
    bool sideReachesBottom = false; ///< the pane at the left goes down beside those at the bottom
};

LayoutSpec layoutSpec(LayoutId layout);

} // namespace rp::ui
