// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/step_player.h"

#include <algorithm>
#include <utility>

namespace rp::ui {

StepPlayer::StepPlayer(QObject* parent) : QObject(parent) {
    m_clock.setInterval(kMsPerStep);
    connect(&m_clock, &QTimer::timeout, this, &StepPlayer::advance);
}

void StepPlayer::setCount(int count) {
    setPlaying(false);
    m_count = count;
    m_step = count > 0 ? 0 : -1;
    emit countChanged(count);
    emit stepChanged(m_step);
}

void StepPlayer::setStep(int step) {
    const int kept = m_count > 0 ? std::clamp(step, 0, m_count - 1) : -1;
    if (std::exchange(m_step, kept) != kept) emit stepChanged(kept);
}

void StepPlayer::forward() {
    setPlaying(false);
    setStep(m_step + 1);
}

void StepPlayer::back() {
    setPlaying(false);
    setStep(m_step - 1);
}

void StepPlayer::setPlaying(bool isPlaying) {
    if (isPlaying == this->isPlaying() || (isPlaying && m_count == 0)) return;
    if (isPlaying && m_step == m_count - 1) setStep(0);
    if (isPlaying)
        m_clock.start();
    else
        m_clock.stop();
    emit playingChanged(isPlaying);
}

void StepPlayer::advance() {
    setStep(m_step + 1);
    if (m_step == m_count - 1) setPlaying(false);
}

} // namespace rp::ui
