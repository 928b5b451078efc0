// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QButtonGroup;
class QComboBox;

namespace rp::ui {

class Document;

/// Phase, engine and dispatch method.
class SettingsBar : public QWidget {
    Q_OBJECT

public:
    explicit SettingsBar(Document& document, QWidget* parent = nullptr);
    QButtonGroup* phases() { return m_phases; } ///< ids are the phases

private:
    void buildPhases(QLayout* into);
    void applySettings();
    void showSettings();

    Document& m_document;
    QButtonGroup* m_phases;
    QComboBox *m_engine, *m_dispatch;
};

} // namespace rp::ui
