// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/map_pair.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include "core/tensor/elementwise.h"

#include <algorithm>
#include <functional>

namespace rp::ui {
namespace {

using Role = BlockMap::Role;

/// What the difference map of this detail compares the sum with, as a name; empty without one.
QString otherName(const BlockDetail& detail) {
    if (!detail.find(Role::difference) || !detail.find(Role::sum)) return {};
    const Phase other = detail.phase == Phase::eval ? Phase::deploy : Phase::eval;
    return MapPair::tr("sum, phase %1").arg(toQString(toString(other)));
}

const BlockMap* mapOf(const BlockDetail& detail, const QString& name) {
    for (const std::vector<BlockMap>* maps : {&detail.maps, &detail.steps}) {
        const auto found = std::ranges::find(*maps, name, &BlockMap::name);
        if (found != maps->end()) return &*found;
    }
    return nullptr;
}

/// By name; the other form's sum is put together from this one's and the difference.
TensorD valuesOf(const BlockDetail& detail, const QString& name) {
    if (const BlockMap* map = mapOf(detail, name)) return map->values;
    const TensorD& sum = detail.find(Role::sum)->values;
    const TensorD& difference = detail.find(Role::difference)->values; // deploy - eval, or train - eval
    return detail.phase == Phase::eval ? combined(sum, difference, std::plus<>()) : combined(sum, difference, std::minus<>());
}

} // namespace

MapPair::MapPair(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_lane(document.addLane(Priority::interactive)) {
    connect(&document, &Document::detailChanged, this, &MapPair::refresh);
}

MapPair::~MapPair() {
    delete m_lane; // with what it would have told us
}

void MapPair::setActive(bool isActive) {
    if (isActive == m_isActive) return;
    m_isActive = isActive;
    if (isActive) refresh();
}

void MapPair::choose(const QString& a, const QString& b) {
    m_wantedA = a;
    m_wantedB = b;
    refresh();
}

void MapPair::readNames() {
    m_names.clear();
    m_a.clear();
    m_b.clear();
    const BlockDetailPtr& detail = m_document.detail();
    if (!detail || detail->problem) return;
    const QString other = otherName(*detail);
    for (const BlockMap& map : detail->maps) {
        if (map.values.shape().size() != 4 || m_names.contains(map.name)) continue;
        m_names << map.name;
        if (map.role == Role::sum && !other.isEmpty()) m_names << other;
    }
    for (const BlockMap& step : detail->steps)
        if (step.values.shape().size() == 4 && !m_names.contains(step.name)) m_names << step.name;
    if (m_names.isEmpty()) return;
    const BlockMap* sum = detail->find(Role::sum);
    m_a = m_names.contains(m_wantedA) ? m_wantedA : sum ? sum->name : m_names.front();
    m_b = m_names.contains(m_wantedB) ? m_wantedB : !other.isEmpty() ? other : m_names.back();
}

void MapPair::refresh() {
    if (!m_isActive) return;
    readNames();
    emit namesChanged();
    m_maps.reset();
    m_problem.reset();
    m_lane->drop();
    if (!m_names.isEmpty()) {
        auto work = [detail = m_document.detail(), a = m_a, b = m_b](const Job& job) -> ComparedMapsPtr {
            job.step(0, "comparing two maps");
            auto maps = std::make_shared<ComparedMaps>();
            maps->nameA = a;
            maps->nameB = b;
            maps->a = valuesOf(*detail, a);
            maps->b = valuesOf(*detail, b);
            maps->range = picture::commonRange({&maps->a, &maps->b});
            if (maps->a.shape() == maps->b.shape()) {
                maps->difference = combined(maps->a, maps->b, std::minus<>());
                maps->differenceRange = picture::commonRange({&*maps->difference});
            }
            return maps;
        };
        m_lane->start<ComparedMapsPtr>(std::move(work), [this](Outcome<ComparedMapsPtr> outcome) {
            if (auto* maps = std::get_if<ComparedMapsPtr>(&outcome))
                m_maps = std::move(*maps);
            else
                m_problem = std::get<Error>(outcome);
            emit changed();
        });
    }
    emit changed();
}

QString MapPair::message() const {
    if (m_maps) return {};
    if (m_problem) return toSentence(toProblem(*m_problem));
    if (!m_document.model()) return tr("Open a model to compare its maps.");
    const BlockDetailPtr& detail = m_document.detail();
    if (detail && detail->problem) return toSentence(toProblem(*detail->problem));
    return m_document.isBusy() ? tr("Computing…") : tr("No block is selected.");
}

} // namespace rp::ui
