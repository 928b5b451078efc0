// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/anatomy_probe.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include <algorithm>
#include <numeric>

namespace rp::ui {
namespace {

Anatomy::Part partOf(const QString& name, const fusion::Kernel& kernel) {
    return {name, fusion::channelEnergies(kernel), fusion::spreadOf(kernel.weight.values())};
}

} // namespace

std::vector<std::size_t> orderOf(const Anatomy& anatomy, AnatomyOrder by, std::size_t branch) {
    std::vector<std::size_t> order(anatomy.channels());
    std::iota(order.begin(), order.end(), std::size_t{0});
    auto all = [&](std::size_t c) {
        double sum = 0;
        for (const Anatomy::Part& part : anatomy.branches) sum += part.energies.of(c);
        return anatomy.branches.empty() ? anatomy.fused.energies.of(c) : sum;
    };
    auto shareOf = [](double part, double whole) { return whole > 0 ? part / whole : 0; };
    auto key = [&](std::size_t c) {
        switch (by) {
        case AnatomyOrder::stored: return 0.0;
        case AnatomyOrder::energy: return all(c);
        case AnatomyOrder::centre: return shareOf(anatomy.fused.energies.centre[c], anatomy.fused.energies.of(c));
        case AnatomyOrder::branchShare: return branch < anatomy.branches.size() ? shareOf(anatomy.branches[branch].energies.of(c), all(c)) : 0.0;
        }
        return 0.0;
    };
    std::ranges::stable_sort(order, std::greater<>(), key);
    return order;
}

AnatomyProbe::AnatomyProbe(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_lane(document.addLane(Priority::interactive)) {
    connect(&document, &Document::derivationChanged, this, &AnatomyProbe::refresh);
}

AnatomyProbe::~AnatomyProbe() {
    delete m_lane; // with what it would have told us
}

void AnatomyProbe::setActive(bool isActive) {
    if (isActive == m_isActive) return;
    m_isActive = isActive;
    if (isActive) refresh();
}

void AnatomyProbe::refresh() {
    if (!m_isActive) return;
    m_anatomy.reset();
    m_problem.reset();
    m_lane->drop();
    const DerivationPtr& derivation = m_document.derivation();
    if (derivation && derivation->kernel()) {
        auto work = [derivation](const Job& job) -> AnatomyPtr {
            job.step(0, "taking the kernels apart");
            auto anatomy = std::make_shared<Anatomy>();
            for (const auto& [name, kernel] : derivation->result.branches) {
                job.step(0.5, name);
                anatomy->branches.push_back(partOf(toQString(name), kernel));
            }
            anatomy->fused = partOf({}, *derivation->kernel());
            return anatomy;
        };
        m_lane->start<AnatomyPtr>(std::move(work), [this](Outcome<AnatomyPtr> outcome) {
            if (auto* anatomy = std::get_if<AnatomyPtr>(&outcome))
                m_anatomy = std::move(*anatomy);
            else
                m_problem = std::get<Error>(outcome);
            emit changed();
        });
    }
    emit changed();
}

QString AnatomyProbe::message() const {
    if (m_anatomy) return {};
    if (m_problem) return toSentence(toProblem(*m_problem));
    const DerivationPtr& derivation = m_document.derivation();
    if (derivation && derivation->problem) return toSentence(toProblem(*derivation->problem));
    if (derivation && !derivation->kernel() && derivation->result.refusal())
        return toSentence(*derivation->result.refusal());
    if (!m_document.model()) return tr("Open a model to see what its branches hold.");
    return m_document.isBusy() ? tr("Computing…") : tr("No block is selected.");
}

} // namespace rp::ui
