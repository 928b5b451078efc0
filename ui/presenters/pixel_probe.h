// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include "core/fusion/pixel.h"

#include <QObject>
#include <QPointer>

namespace rp::ui {

class Document;
class Lane;

using PixelPtr = std::shared_ptr<const fusion::PixelExplanation>;

/// One output element of the selected block's body, taken apart. Follows block, phase and sample; computes while
/// somebody looks.
class PixelProbe : public QObject {
    Q_OBJECT

public:
    explicit PixelProbe(Document& document, QObject* parent = nullptr);
    ~PixelProbe() override;

    void setActive(bool isActive);
    /// The nearest element that there is; the sample is the document's.
    void choose(std::int64_t channel, std::int64_t y, std::int64_t x);

    const fusion::PixelPlace& place() const { return m_place; }
    Shape outShape() const;   ///< [n, c, h, w] of the body's output; zeros while there is none
    const PixelPtr& explanation() const { return m_pixel; }
    QString message() const;  ///< why there is none; empty with one
    /// What the map of the phase in view holds at the place.
    std::optional<double> mapValue() const;

signals:
    void changed();

private:
    void refresh();
    void clamp();

    Document& m_document;
    QPointer<Lane> m_lane;
    fusion::PixelPlace m_place;
    bool m_isPlaced = false; ///< by the user; else the middle of channel 0
    bool m_isActive = false;
    PixelPtr m_pixel;
    std::optional<Error> m_problem;
};

} // namespace rp::ui
