// SPDX-License-Identifier: Apache-2.0
#include "core/verify/compare.h"

#include "core/base/error.h"

#include <cmath>

namespace rp::verify {
namespace {

struct Sums {
    double difference2 = 0, reference2 = 0, other2 = 0, product = 0, absolute = 0;
    std::int64_t worst = 0;
};

void finish(Comparison& c, const Sums& s) {
    const std::int64_t finite = c.count - c.nonFinite;
    c.meanAbs = finite ? s.absolute / static_cast<double>(finite) : 0;
    if (s.reference2 > 0)
        c.relativeL2 = std::sqrt(s.difference2 / s.reference2);
    else
        c.relativeL2 = s.difference2 > 0 ? std::numeric_limits<double>::infinity() : 0;
    const double lengths = std::sqrt(s.reference2) * std::sqrt(s.other2);
    c.oneMinusCosine = lengths > 0 ? 1 - s.product / lengths : (c.exact ? 0 : 1);
    // 1 - cos of nearly equal vectors cancels; |a - b|^2 / (2 |a| |b|) is the same to second order and does not.
    if (lengths > 0 && c.relativeL2 < 1e-4) {
        const double gap = std::sqrt(s.reference2) - std::sqrt(s.other2);
        c.oneMinusCosine = std::max(0.0, (s.difference2 - gap * gap) / (2 * lengths));
    }
    if (!c.exact) c.snr = c.relativeL2 > 0 ? -20 * std::log10(c.relativeL2) : 0;
}

} // namespace

Comparison compare(const TensorD& reference, const TensorD& other) {
    if (reference.shape() != other.shape())
        throw Error(ErrorCode::shapeMismatch, {"comparison", toString(reference.shape()), toString(other.shape()), ""});
    Comparison c;
    c.count = reference.count();
    c.exact = true;
    Sums s;
    for (std::int64_t i = 0; i < c.count; ++i) {
        const double a = reference[i], b = other[i];
        if (!std::isfinite(a) || !std::isfinite(b)) {
            ++c.nonFinite;
            c.exact = false;
            continue;
        }
        const double d = std::abs(b - a);
        c.exact = c.exact && d == 0;
        s.absolute += d;
        s.difference2 += d * d;
        s.reference2 += a * a;
        s.other2 += b * b;
        s.product += a * b;
        c.referenceMax = std::max(c.referenceMax, std::abs(a));
        if (d > c.maxAbs) {
            c.maxAbs = d;
            s.worst = i;
        }
    }
    if (c.count > 0) {
        c.maxAt = positionOf(s.worst, reference.shape());
        c.referenceThere = reference[s.worst];
        c.otherThere = other[s.worst];
    }
    finish(c, s);
    return c;
}

double cosine(std::span<const double> a, std::span<const double> b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

} // namespace rp::verify
