// SPDX-License-Identifier: Apache-2.0
#include "ui/views/layouts.h"

namespace rp::ui {
namespace {

constexpr auto kLeft = Qt::LeftDockWidgetArea;
constexpr auto kBottom = Qt::BottomDockWidgetArea;

DockPlace place(const char* dock, Qt::DockWidgetArea area, int share) {
    return {QString::fromLatin1(dock), area, share};
}

/// "diagram kernel" as the object names of those tabs, and Output, which is there when the network makes pictures.
QStringList tabs(const char* names) {
    QStringList all;
    for (const QString& name : QString::fromLatin1(names).split(QLatin1Char(' '))) all << name + QStringLiteral("Tab");
    return all << QStringLiteral("outputTab");
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
                tabs("diagram activations kernel anatomy swipe difference pixel overview compare blocks"),
                {model, place("depthDock", kBottom, 32), place("topDock", kBottom, 31),
                 place("detailsDock", kBottom, 37)},
                0.34,
                276};
    case LayoutId::teach:
        return {QStringLiteral("derivationTab"),
                tabs("diagram activations kernel derivation breakit playground pixel"),
                {place("modelDock", kLeft, 55), place("lessonsDock", kLeft, 45)}, 0.3, 320};
    case LayoutId::verify:
        return {QStringLiteral("differenceTab"),
                tabs("diagram kernel difference overview compare blocks"),
                {model, place("depthDock", kBottom, 36), place("detailsDock", kBottom, 64)},
                0.46,
                276,
                true};
    }
    return {};
}

} // namespace rp::ui
