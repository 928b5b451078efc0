// SPDX-License-Identifier: Apache-2.0
#include "ui/views/layouts.h"

namespace rp::ui {
namespace {

constexpr auto kLeft = Qt::LeftDockWidgetArea;
constexpr auto kBottom = Qt::BottomDockWidgetArea;

DockPlace place(const char* dock, Qt::DockWidgetArea area, int share) {
    return {QString::fromLatin1(dock), area, share};
}

} // namespace

QString nameOf(LayoutId layout) {
    switch (layout) {
    case LayoutId::inspect:
        return QStringLiteral("inspect");
    case LayoutId::teach:
        return QStringLiteral("teach");
    case LayoutId::verify:
        return QStringLiteral("verify");
    }
    return {};
}

LayoutSpec layoutSpec(LayoutId layout) {
    const DockPlace model = place("modelDock", kLeft, 100);
    switch (layout) {
    case LayoutId::inspect:
        return {QStringLiteral("diagramTab"),
                {model, place("depthDock", kBottom, 32), place("topDock", kBottom, 31),
                 place("detailsDock", kBottom, 37)},
                0.34,
                276};
    case LayoutId::teach:
        return {QStringLiteral("derivationTab"), {place("modelDock", kLeft, 55), place("lessonsDock", kLeft, 45)}, 0.3, 320};
    case LayoutId::verify:
        return {QStringLiteral("differenceTab"),
                {model, place("depthDock", kBottom, 36), place("detailsDock", kBottom, 64)},
                0.46,
                276,
                true};
    }
    return {};
}

} // namespace rp::ui
