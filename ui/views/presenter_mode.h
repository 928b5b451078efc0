// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QFont>
#include <QObject>

class QMainWindow;

namespace rp::ui {

/// For a projector: large type, and of the panes only the lessons.
class PresenterMode : public QObject {
    Q_OBJECT

public:
    static constexpr double kFactor = 1.5;

    explicit PresenterMode(QMainWindow& window);
    bool isOn() const { return m_isOn; }
    void setOn(bool isOn);

private:
    void scale(double factor);

    QMainWindow& m_window;
    QByteArray m_panes; ///< as they were
    bool m_isOn = false;
};

} // namespace rp::ui
