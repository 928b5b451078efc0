// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include "core/fusion/anatomy.h"

#include <QObject>
#include <QPointer>

namespace rp::ui {

class Document;
class Lane;

/// What is where in the selected block's kernels.
struct Anatomy {
    struct Part {
        QString name; ///< of a branch; empty for the fused kernel
        fusion::ChannelEnergies energies;
        fusion::WeightSpread spread;
    };
    std::vector<Part> branches; ///< empty for a block in deploy form
    Part fused;
    std::size_t channels() const { return fused.energies.centre.size(); }
};
using AnatomyPtr = std::shared_ptr<const Anatomy>;

/// What output channels are sorted by, largest first.
enum class AnatomyOrder { stored, energy, centre, branchShare };
std::vector<std::size_t> orderOf(const Anatomy& anatomy, AnatomyOrder by, std::size_t branch = 0);

/// Takes the kernels of the selected block apart while somebody looks.
class AnatomyProbe : public QObject {
    Q_OBJECT

public:
    explicit AnatomyProbe(Document& document, QObject* parent = nullptr);
    ~AnatomyProbe() override;
    void setActive(bool isActive);
    const AnatomyPtr& anatomy() const { return m_anatomy; }
    QString message() const; ///< why there is none; empty with one

signals:
    void changed();

private:
    void refresh();

    Document& m_document;
    QPointer<Lane> m_lane;
    AnatomyPtr m_anatomy;
    std::optional<Error> m_problem;
    bool m_isActive = false;
};

} // namespace rp::ui
