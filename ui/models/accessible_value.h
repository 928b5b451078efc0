// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAccessible>
#include <QString>

namespace rp::ui {

/// A picture of numbers that a screen reader can ask what is at its cursor: row, column and value.
class HasAccessibleValue {
public:
    virtual ~HasAccessibleValue() = default;
    virtual QString accessibleValue() const = 0;
    virtual QAccessible::Role accessibleRole() const { return QAccessible::Graphic; }
};

/// From now on such widgets answer with it through QAccessibleInterface; once is enough.
void installAccessibleValues();
/// Says that the widget's value is another one.
void tellAccessibleValue(QWidget& widget);

} // namespace rp::ui
