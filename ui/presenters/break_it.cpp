// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/break_it.h"

#include "ui/presenters/document.h"

#include <algorithm>

namespace rp::ui {

int sizeClassOf(const verify::Comparison& comparison) {
    if (comparison.nonFinite > 0) return 2;
    if (!comparison.snr || *comparison.snr >= 60) return 0;
    return *comparison.snr >= 20 ? 1 : 2;
}

BreakIt::BreakIt(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_listLane(new Lane(m_worker, Priority::interactive, this)),
      m_lane(new Lane(m_worker, Priority::interactive, this)) {
    connect(&document, &Document::blockChanged, this, &BreakIt::start);
    connect(&document, &Document::modelChanged, this, &BreakIt::start);
    connect(&document, &Document::inputChanged, this, &BreakIt::undo); // what was found held for the input before
    for (Lane* lane : {m_listLane, m_lane}) connect(lane, &Lane::busyChanged, this, &BreakIt::busyChanged);
    start();
}

int BreakIt::find(const QString& code) const {
    if (!m_faults) return -1;
    const auto found = std::ranges::find(*m_faults, code.toStdString(), &verify::Fault::code);
    return found == m_faults->end() ? -1 : static_cast<int>(found - m_faults->begin());
}

void BreakIt::start() {
    const LoadedModelPtr& model = m_document.model();
    if (m_document.block() == m_block && m_model == model) return;
    m_block = m_document.block();
    m_model = model;
    m_faults.reset();
    m_outcome.reset();
    m_problem.reset();
    m_lane->drop();
    m_listLane->drop();
    if (model && m_block >= 0)
        m_listLane->start<Faults>(
            [model, block = static_cast<std::size_t>(m_block)](const Job&) {
                const Block& source = model->model().blocks[block];
                auto faults = std::make_shared<std::vector<verify::Fault>>();
                if (source.body && source.form == Form::train) *faults = verify::faultsOf(source.body, source.inChannels);
                return Faults(faults);
            },
            [this](const Outcome<Faults>& outcome) {
                if (const Faults* faults = std::get_if<Faults>(&outcome))
                    m_faults = *faults;
                else
                    m_problem = std::get<Error>(outcome);
                emit faultsChanged();
            });
    emit faultsChanged();
    emit outcomeChanged();
}

void BreakIt::inject(int fault) {
    const BlockDetailPtr& detail = m_document.detail();
    const BlockMap* input = detail && detail->block == m_block ? detail->find(BlockMap::Role::input) : nullptr;
    const LoadedModelPtr& model = m_document.model();
    if (!model || !input || fault < 0) return;
    m_outcome.reset();
    m_problem.reset();
    emit outcomeChanged();
    m_lane->start<OutcomePtr>(
        [model, x = input->values, block = static_cast<std::size_t>(m_block), fault](const Job& job) {
            const Block& source = model->model().blocks[block];
            return OutcomePtr(std::make_shared<verify::FaultOutcome>(
                verify::injectFault(source.body, source.inChannels, static_cast<std::size_t>(fault), x, job)));
        },
        [this](const Outcome<OutcomePtr>& outcome) {
            if (const OutcomePtr* done = std::get_if<OutcomePtr>(&outcome))
                m_outcome = *done;
            else
                m_problem = std::get<Error>(outcome);
            emit outcomeChanged();
        });
}

void BreakIt::undo() {
    m_lane->drop();
    m_outcome.reset();
    m_problem.reset();
    emit outcomeChanged();
}

} // namespace rp::ui
