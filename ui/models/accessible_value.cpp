// SPDX-License-Identifier: Apache-2.0
#include "ui/models/accessible_value.h"

#include <QAccessibleWidget>
#include <QWidget>

namespace rp::ui {
namespace {

class Interface : public QAccessibleWidget {
public:
    Interface(QWidget* widget, const HasAccessibleValue& source) : QAccessibleWidget(widget, source.accessibleRole()), m_source(source) {}

    QString text(QAccessible::Text kind) const override {
        return kind == QAccessible::Value ? m_source.accessibleValue() : QAccessibleWidget::text(kind);
    }

private:
    const HasAccessibleValue& m_source;
};

QAccessibleInterface* make(const QString&, QObject* object) {
    auto* widget = qobject_cast<QWidget*>(object);
    const auto* source = widget ? dynamic_cast<const HasAccessibleValue*>(widget) : nullptr;
    return source ? new Interface(widget, *source) : nullptr;
}

} // namespace

void installAccessibleValues() {
    static const bool isInstalled = (QAccessible::installFactory(make), true);
    Q_UNUSED(isInstalled);
}

void tellAccessibleValue(QWidget& widget) {
    if (!QAccessible::isActive()) return;
    QAccessibleValueChangeEvent event(&widget, dynamic_cast<HasAccessibleValue&>(widget).accessibleValue());
    QAccessible::updateAccessibility(&event);
}

} // namespace rp::ui
