// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/block_filter.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace rp::ui {

/// A line for the language of `BlockFilter`. What is wrong with it stands below; the filter before stays in force until
/// it is mended.
class FilterField : public QWidget {
    Q_OBJECT

public:
    explicit FilterField(QWidget* parent = nullptr);
    QLineEdit* edit() { return m_edit; }
    QString error() const;
    const BlockFilter& filter() const { return m_filter; }

signals:
    void filterChanged();

private:
    void read(const QString& text);

    QLineEdit* m_edit;
    QLabel* m_error;
    BlockFilter m_filter;
};

} // namespace rp::ui
