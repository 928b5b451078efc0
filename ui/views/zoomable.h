// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rp::ui {

/// A view whose picture can be magnified; the window's zoom actions go to the tab that is seen.
class Zoomable {
public:
    virtual ~Zoomable() = default;
    virtual void zoomBy(double factor) = 0;
    virtual void zoomToFit() = 0;
};

} // namespace rp::ui
