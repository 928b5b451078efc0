// SPDX-License-Identifier: Apache-2.0
#include "ui/views/settings_bar.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <array>

namespace rp::ui {

SettingsBar::SettingsBar(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_phases(new QButtonGroup(this)), m_engine(new QComboBox(this)),
      m_dispatch(new QComboBox(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 0);
    buildPhases(layout);
    for (EngineKind kind : {EngineKind::float32, EngineKind::float64})
        m_engine->addItem(toQString(toString(kind)));
    for (DispatchMethod method : {DispatchMethod::state, DispatchMethod::fusion, DispatchMethod::decorator})
        m_dispatch->addItem(toQString(toString(method)));
    m_engine->setToolTip(tr("float32: as users' runtimes compute. float64: the reference."));
    m_dispatch->setToolTip(tr("How each block is switched between its two computations"));
    auto* engineLabel = new QLabel(tr("&Engine"), this);
    engineLabel->setBuddy(m_engine);
    auto* dispatchLabel = new QLabel(tr("&Dispatch"), this);
    dispatchLabel->setBuddy(m_dispatch);
    layout->addSpacing(12);
    for (QWidget* widget : std::initializer_list<QWidget*>{engineLabel, m_engine, dispatchLabel, m_dispatch})
        layout->addWidget(widget);
    connect(m_engine, &QComboBox::currentIndexChanged, this, &SettingsBar::applySettings);
    connect(m_dispatch, &QComboBox::currentIndexChanged, this, &SettingsBar::applySettings);
    connect(m_phases, &QButtonGroup::idClicked, this,
            [this](int id) { m_document.setPhase(static_cast<Phase>(id)); });
    connect(&document, &Document::settingsChanged, this, &SettingsBar::showSettings);
    connect(&document, &Document::phaseChanged, this, &SettingsBar::showSettings);
    showSettings();
}

void SettingsBar::buildPhases(QLayout* into) {
    into->addWidget(new QLabel(tr("Phase"), this));
    const std::array<QString, 3> tips{tr("Branches, with the statistics of this input (1)"),
                                      tr("Branches, with running statistics (2)"),
                                      tr("Fused kernels (3)")};
    auto* group = new QWidget(this);
    // Fusion's pressed look is hard to tell from the normal one on dark palettes.
    group->setStyleSheet(QStringLiteral(
        "QToolButton { padding: 3px 10px; border: 1px solid palette(mid); background: palette(button); }"
        "QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); "
        "font-weight: bold; }"
        "QToolButton:focus { border: 1px solid palette(highlight); }"));
    auto* row = new QHBoxLayout(group);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (Phase phase : {Phase::train, Phase::eval, Phase::deploy}) {
        const int id = static_cast<int>(phase);
        auto* button = new QToolButton(group);
        button->setText(toQString(toString(phase)));
        button->setToolTip(tips[static_cast<std::size_t>(id)]);
        button->setCheckable(true);
        button->setMinimumWidth(62);
        m_phases->addButton(button, id);
        row->addWidget(button);
    }
    into->addWidget(group);
}

void SettingsBar::applySettings() {
    m_document.setSettings({static_cast<EngineKind>(m_engine->currentIndex()),
                            static_cast<DispatchMethod>(m_dispatch->currentIndex())});
}

void SettingsBar::showSettings() {
    const RunSettings settings = m_document.settings();
    m_phases->button(static_cast<int>(m_document.phase()))->setChecked(true);
    const QSignalBlocker quietEngine(m_engine), quietDispatch(m_dispatch);
    m_engine->setCurrentIndex(static_cast<int>(settings.engine));
    m_dispatch->setCurrentIndex(static_cast<int>(settings.dispatch));
}

} // namespace rp::ui
