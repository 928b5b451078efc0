// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include <QObject>
#include <QPointer>

namespace rp::ui {

class Document;
class Lane;

/// Two tensors of the selected block and their difference.
struct ComparedMaps {
    QString nameA, nameB;
    TensorD a, b;
    picture::CommonRange range;                ///< of both
    std::optional<TensorD> difference;         ///< a - b; none when their shapes differ
    picture::CommonRange differenceRange{};
};
using ComparedMapsPtr = std::shared_ptr<const ComparedMaps>;

/// Chooses two of the block's tensors by name and keeps them compared, whatever is selected, while somebody looks.
class MapPair : public QObject {
    Q_OBJECT

public:
    explicit MapPair(Document& document, QObject* parent = nullptr);
    ~MapPair() override;

    void setActive(bool isActive);
    /// What there is to choose from: the block's maps, its sum as the other form has it, its steps.
    const QStringList& names() const { return m_names; }
    void choose(const QString& a, const QString& b);
    /// Those in force: the chosen ones where this block has them, else its sum in both forms.
    const QString& nameA() const { return m_a; }
    const QString& nameB() const { return m_b; }
    const ComparedMapsPtr& maps() const { return m_maps; }
    QString message() const; ///< why there are none; empty with some

signals:
    void namesChanged();
    void changed();

private:
    void readNames();
    void refresh();

    Document& m_document;
    QPointer<Lane> m_lane;
    QStringList m_names;
    QString m_wantedA, m_wantedB, m_a, m_b;
    ComparedMapsPtr m_maps;
    std::optional<Error> m_problem;
    bool m_isActive = false;
};

} // namespace rp::ui
