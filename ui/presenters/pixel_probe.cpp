// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/pixel_probe.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include <algorithm>

namespace rp::ui {
namespace {

/// The convolution that phase deploy runs, or would run if the block were merged; null when there is none.
ExprPtr fusedOf(const LoadedModel& model, const Derivation& derivation) {
    const auto block = static_cast<std::size_t>(derivation.block);
    if (const fusion::Fused* fused = derivation.result.fused())
        if (!derivation.storedInFile) return fusion::toStoredConv(*fused, "fused");
    return model.forms[block].fused;
}

} // namespace

PixelProbe::PixelProbe(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_lane(document.addLane(Priority::interactive)) {
    connect(&document, &Document::blockChanged, this, [this] { m_isPlaced = false; });
    connect(&document, &Document::detailChanged, this, &PixelProbe::refresh);
    connect(&document, &Document::derivationChanged, this, &PixelProbe::refresh);
    connect(&document, &Document::sampleChanged, this, &PixelProbe::refresh);
}

PixelProbe::~PixelProbe() {
    delete m_lane; // with what it would have told us
}

void PixelProbe::setActive(bool isActive) {
    if (isActive == m_isActive) return;
    m_isActive = isActive;
    if (isActive) refresh();
}

void PixelProbe::choose(std::int64_t channel, std::int64_t y, std::int64_t x) {
    m_isPlaced = true;
    m_place = {m_document.sample(), channel, y, x};
    refresh();
}

Shape PixelProbe::outShape() const {
    const BlockDetailPtr& detail = m_document.detail();
    const BlockMap* sum = detail ? detail->find(BlockMap::Role::sum) : nullptr;
    return sum ? sum->values.shape() : Shape{0, 0, 0, 0};
}

void PixelProbe::clamp() {
    const Shape shape = outShape();
    if (shape[0] == 0) return;
    if (!m_isPlaced) m_place = {0, 0, shape[2] / 2, shape[3] / 2};
    m_place.sample = std::clamp<std::int64_t>(m_document.sample(), 0, shape[0] - 1);
    m_place.channel = std::clamp<std::int64_t>(m_place.channel, 0, shape[1] - 1);
    m_place.y = std::clamp<std::int64_t>(m_place.y, 0, shape[2] - 1);
    m_place.x = std::clamp<std::int64_t>(m_place.x, 0, shape[3] - 1);
}

void PixelProbe::refresh() {
    clamp();
    if (!m_isActive) return;
    m_pixel.reset();
    m_problem.reset();
    m_lane->drop();
    const BlockDetailPtr& detail = m_document.detail();
    const DerivationPtr& derivation = m_document.derivation();
    const bool isReady = detail && derivation && detail->block == derivation->block && !detail->problem && !derivation->problem &&
                         derivation->kernel() && detail->find(BlockMap::Role::input) && detail->find(BlockMap::Role::sum);
    if (isReady) {
        auto work = [model = m_document.model(), detail, derivation, place = m_place](const Job& job) -> PixelPtr {
            job.step(0, "taking a pixel apart");
            const ExprPtr fused = fusedOf(*model, *derivation);
            const fusion::Fused* folded = derivation->storedInFile ? nullptr : derivation->result.fused();
            return std::make_shared<fusion::PixelExplanation>(
                fusion::explainPixel(derivation->result.branches, std::get<Conv>(fused->op), folded ? folded->rim : 0,
                                     detail->find(BlockMap::Role::input)->values, place));
        };
        m_lane->start<PixelPtr>(std::move(work), [this](Outcome<PixelPtr> outcome) {
            if (auto* pixel = std::get_if<PixelPtr>(&outcome))
                m_pixel = std::move(*pixel);
            else
                m_problem = std::get<Error>(outcome);
            emit changed();
        });
    }
    emit changed();
}

QString PixelProbe::message() const {
    if (m_pixel) return {};
    if (m_problem) return toSentence(toProblem(*m_problem));
    if (!m_document.model()) return tr("Open a model, then click an element in the activations.");
    const DerivationPtr& derivation = m_document.derivation();
    if (derivation && derivation->problem) return toSentence(toProblem(*derivation->problem));
    if (derivation && !derivation->kernel() && derivation->result.refusal())
        return toSentence(*derivation->result.refusal());
    const BlockDetailPtr& detail = m_document.detail();
    if (detail && detail->problem) return toSentence(toProblem(*detail->problem));
    return m_document.isBusy() ? tr("Computing…") : tr("No block is selected.");
}

std::optional<double> PixelProbe::mapValue() const {
    const Shape shape = outShape();
    if (!m_pixel || shape[0] == 0) return std::nullopt;
    const fusion::PixelPlace& p = m_pixel->place;
    return m_document.detail()->find(BlockMap::Role::sum)->values[((p.sample * shape[1] + p.channel) * shape[2] + p.y) * shape[3] + p.x];
}

} // namespace rp::ui
