// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>

namespace rp::ui {

/// Where a derivation stands: a step of a fixed number of them, moved by hand or by the clock.
class StepPlayer : public QObject {
    Q_OBJECT

public:
    static constexpr int kMsPerStep = 2500;

    explicit StepPlayer(QObject* parent = nullptr);

    int count() const { return m_count; }
    int step() const { return m_step; } ///< -1 without steps
    bool isPlaying() const { return m_clock.isActive(); }

    void setCount(int count); ///< of another derivation: at its first step, at rest
    void setStep(int step);   ///< kept within the steps
    void forward();           ///< rests at the last one
    void back();
    void setPlaying(bool isPlaying); ///< from the last step it begins again

signals:
    void countChanged(int count);
    void stepChanged(int step);
    void playingChanged(bool isPlaying);

private:
    void advance();

    QTimer m_clock;
    int m_count = 0, m_step = -1;
};

} // namespace rp::ui
