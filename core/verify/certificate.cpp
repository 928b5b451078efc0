// SPDX-License-Identifier: Apache-2.0
#include "core/verify/certificate.h"

#include "core/base/error.h"
#include "core/exec/forward.h"
#include "core/verify/pullback.h"
#include "core/verify/verify.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr std::array kCertified{KernelFormat::float32, KernelFormat::float16, KernelFormat::bfloat16, KernelFormat::int8};

/// An output pixel of a map of one size.
struct Place {
    Shape in; ///< [1, ic, h, w]
    std::int64_t y = 0, x = 0;
};

/// Side lengths come from strides and windows, which a file may state at will.
constexpr double kMostElements = 1 << 24;
constexpr std::size_t kMostMaps = 400; ///< sizes of a map that are looked at for a block that differs at the border
constexpr double kMostBorderWork = 2e10; ///< seconds, not hours, for a file that asks for more
bool isSmall(const Shape& map) {
    return std::accumulate(map.begin(), map.end(), 1.0, [](double product, std::int64_t size) { return product * static_cast<double>(size); }) <= kMostElements;
}

/// One axis of the fused window.
struct Axis {
    std::int64_t kernel, stride, before, after, rim;

    /// First output whose window, and whatever the branches make of a border, lies inside.
    std::int64_t inside() const { return std::max((std::max<std::int64_t>(before, 0) + stride - 1) / stride, rim); }
    /// The smallest map in which `inside()` is just as far from the end.
    std::int64_t size() const {
        return inside() * stride - before + kernel + std::max<std::int64_t>(-after, 0) + (rim > 0 ? rim + 1 : 0) * stride;
    }
    /// Fewest rows that a window loses at the beginning and at the end of a map, over all sizes of a map; 0 when it never loses one.
    std::int64_t leastCutBefore() const { return before > 0 ? (before - 1) % stride + 1 : 0; }
    std::int64_t leastCutAfter() const { return after > 0 ? 1 : 0; }
};

struct Window {
    Axis rows, columns;
    std::int64_t channels;

    Window(const Block& block, const fusion::BlockFusion& fused) : rows(), columns(), channels(block.inChannels) {
        const auto& conv = std::get<Conv>(fused.stored->op);
        const Shape& w = conv.weight.shape();
        rows = {w[2], conv.stride.h, conv.padding.top, conv.padding.bottom, fused.rim};
        columns = {w[3], conv.stride.w, conv.padding.left, conv.padding.right, fused.rim};
    }
    Place inside() const { return {{1, channels, rows.size(), columns.size()}, rows.inside(), columns.inside()}; }
    bool isPadded() const { return rows.before > 0 || rows.after > 0 || columns.before > 0 || columns.after > 0; }

    /// Sizes of maps among which every case of a border occurs. Where both forms see the same pixels a smaller map only hides more
    /// of them, so that it cannot be worse; else the rims of two sides may meet, and every smaller map is a case of its own.
    std::vector<Shape> borderMaps(bool isExact) const {
        std::vector<Shape> maps;
        auto first = [isExact](const Axis& axis) { return isExact ? axis.size() : std::max<std::int64_t>(1, axis.kernel - axis.before - axis.after); };
        for (std::int64_t h = first(rows); h < rows.size() + rows.stride; ++h)
            for (std::int64_t w = first(columns); w < columns.size() + columns.stride && maps.size() <= kMostMaps; ++w) maps.push_back({1, channels, h, w});
        return maps;
    }
    /// Multiplications that the border cases take, at most: every pixel, through chains no wider than the block's widest end.
    double borderWork(bool isExact, double outChannels) const {
        double area = 0;
        for (const Shape& map : borderMaps(isExact)) area += static_cast<double>(map[2]) * static_cast<double>(map[3]);
        const auto wide = static_cast<double>(channels);
        return area * outChannels * wide * std::max(wide, outChannels) * static_cast<double>(rows.kernel * columns.kernel);
    }
    bool hasTooManyCases(bool isExact, double outChannels) const {
        return borderMaps(isExact).size() > kMostMaps || borderWork(isExact, outChannels) > kMostBorderWork;
    }
};

/// Both forms of a block on maps of one size.
struct Pair {
    Pullback branches, kernel;

    Pair(const ExprPtr& body, const ExprPtr& stored, const Shape& in) : branches(body, in), kernel(stored, in) {}
    Functional difference(std::int64_t channel, std::int64_t y, std::int64_t x) const { return combined(kernel.of(channel, y, x), -1, branches.of(channel, y, x)); }
};

/// Calls `function(pair, y, x)` for every pixel of every map among which the cases of a border are, but the one that is inside.
template<class Function>
void forEachBorder(const Block& block, const ExprPtr& kernel, const Window& window, bool isExact, Function function) {
    const Place inside = window.inside();
    for (const Shape& in : window.borderMaps(isExact)) {
        const std::optional<Pair> pair = [&]() -> std::optional<Pair> {
            try {
                return Pair(block.body, kernel, in);
            } catch (const Error& error) { // too small for one of the branches: no such map can be run
                if (error.code() != ErrorCode::shapeMismatch || (in[2] >= inside.in[2] && in[3] >= inside.in[3])) throw;
                return std::nullopt;
            }
        }();
        if (!pair) continue;
        for (std::int64_t y = 0; y < pair->kernel.output()[2]; ++y)
            for (std::int64_t x = 0; x < pair->kernel.output()[3]; ++x)
                if (y != inside.y || x != inside.x || in[2] < inside.in[2] || in[3] < inside.in[3]) function(*pair, y, x);
    }
}

double gamma(double roundings, double unit) { return roundings * unit / (1 - roundings * unit); }

/// Sums of the positive and of the negative part, r = 1.
struct Parts {
    double up = 0, down = 0, constant = 0;

    Parts() = default;
    explicit Parts(const Functional& f) : constant(f.constant) {
        for (double w : f.weights) (w > 0 ? up : down) += std::abs(w);
    }
};

Bounds sized(std::size_t channels) { return {std::vector<double>(channels, 0.0), std::vector<double>(channels, 0.0), std::vector<double>(channels, 0.0)}; }

void widen(Bounds& bounds, std::size_t channel, const Parts& parts, double range, bool first) {
    const double symmetric = range * (parts.up + parts.down) + std::abs(parts.constant);
    const double low = parts.constant - range * parts.down, high = parts.constant + range * parts.up;
    bounds.symmetric[channel] = first ? symmetric : std::max(bounds.symmetric[channel], symmetric);
    bounds.low[channel] = first ? low : std::min(bounds.low[channel], low);
    bounds.high[channel] = first ? high : std::max(bounds.high[channel], high);
}

/// Parts of a difference without `cut` rows (or columns) of its window at one end. The difference itself has no rows
/// that neither form sees, so positions count from the window's own first row.
Parts without(const Functional& f, Shape window, std::int64_t top, std::int64_t left, std::int64_t bottom, std::int64_t right) {
    Parts parts;
    parts.constant = f.constant;
    for (std::int64_t y = f.row; y < f.row + f.rows; ++y)
        for (std::int64_t x = f.column; x < f.column + f.columns; ++x) {
            if (y < window[0] + top || x < window[1] + left || y >= window[2] - bottom || x >= window[3] - right) continue;
            const double* w = &f.weights[f.at(y, x, f.channel)];
            for (std::int64_t c = 0; c < f.channels; ++c) (w[c] > 0 ? parts.up : parts.down) += std::abs(w[c]);
        }
    return parts;
}

class Certifier {
public:
    Certifier(const Block& block, const fusion::BlockFusion& fused, double range)
        : m_block(block), m_fused(fused), m_range(range), m_window(block, fused), m_channels(static_cast<std::size_t>(block.outChannels)) {}

    Certificate run();

private:
    ExprPtr kernelIn(KernelFormat format) const;
    void checkAgainstForward(const std::vector<Functional>& exact, const Place& place, const std::vector<double>& tolerance) const;
    void addFormat(KernelFormat format, const Place& place, const std::vector<Functional>& exact, Certificate& certificate) const;
    void addRim(FormatCertificate& result, const ExprPtr& kernel) const;
    void roundings(const Pullback& branches, const Place& place, Certificate& certificate) const;

    const Block& m_block;
    const fusion::BlockFusion& m_fused;
    const double m_range;
    const Window m_window;
    const std::size_t m_channels;
};

ExprPtr Certifier::kernelIn(KernelFormat format) const {
    const std::optional<Conv> conv = rounded(std::get<Conv>(m_fused.stored->op), format);
    return conv ? makeExpr(m_block.name, *conv) : nullptr;
}

/// The branches read backwards must say what the float64 engine computes; else nothing may be stated.
void Certifier::checkAgainstForward(const std::vector<Functional>& exact, const Place& place, const std::vector<double>& tolerance) const {
    const std::unique_ptr<Engine> engine = makeReferenceEngine();
    for (const TensorD& x : {TensorD(place.in), seededInput(place.in, 2)}) {
        double largest = 0;
        for (double v : x.values()) largest = std::max(largest, std::abs(v));
        const TensorD y = engine->read(forward(m_block.body, Phase::eval, engine->load(x), *engine));
        for (std::size_t o = 0; o < m_channels; ++o) {
            const Functional& f = exact[o];
            double sum = f.constant;
            for (std::int64_t row = f.row; row < f.row + f.rows; ++row)
                for (std::int64_t column = f.column; column < f.column + f.columns; ++column)
                    for (std::int64_t c = f.channel; c < f.channel + f.channels; ++c)
                        sum += f.weights[f.at(row, column, c)] * x[(c * place.in[2] + row) * place.in[3] + column];
            const double there = y[(static_cast<std::int64_t>(o) * y.size(2) + place.y) * y.size(3) + place.x];
            if (!(std::abs(sum - there) <= std::max(1.0, largest / m_range) * tolerance[o]))
                throw Error(ErrorCode::unsupported, {m_block.name, fmt::format("{:.17g} in output channel {}", there, o), fmt::format("{:.17g}", sum), ""});
        }
    }
}

void Certifier::roundings(const Pullback& branches, const Place& place, Certificate& certificate) const {
    const Pullback kernel(m_fused.stored, place.in);
    certificate.float32Rounding.resize(m_channels);
    certificate.float64Rounding.resize(m_channels);
#pragma omp parallel for schedule(static) // channels do not meet: the same figures for any number of threads
    for (std::size_t o = 0; o < m_channels; ++o) {
        auto magnitude = [&](const Pullback& form) {
            const Functional f = form.of(static_cast<std::int64_t>(o), place.y, place.x, true);
            double sum = f.constant;
            for (double w : f.weights) sum += m_range * w;
            return sum;
        };
        const double a = magnitude(branches), b = magnitude(kernel);
        certificate.float32Rounding[o] = gamma(branches.roundings(), 0x1p-24) * a + gamma(kernel.roundings(), 0x1p-24) * b;
        // Twice: once for the forward passes, once for reading the branches backwards.
        certificate.float64Rounding[o] = 2 * (gamma(branches.roundings(), 0x1p-53) * a + gamma(kernel.roundings(), 0x1p-53) * b);
    }
}

void Certifier::addFormat(KernelFormat format, const Place& place, const std::vector<Functional>& exact, Certificate& certificate) const {
    FormatCertificate result{format, {}, {}, {}};
    const ExprPtr kernel = kernelIn(format);
    if (!kernel) {
        result.none = fmt::format("a number of the kernel is too large for {}", toString(format));
        certificate.formats.push_back(std::move(result));
        return;
    }
    const Pullback rounded(kernel, place.in);
    const Axis &rows = m_window.rows, &columns = m_window.columns;
    const std::int64_t top = place.y * rows.stride - rows.before, left = place.x * columns.stride - columns.before;
    const Shape window{top, left, top + rows.kernel, left + columns.kernel};
    const bool isExact = m_fused.exactness == fusion::Exactness::everywhere;
    const std::int64_t cuts[4] = {rows.leastCutBefore(), columns.leastCutBefore(), rows.leastCutAfter(), columns.leastCutAfter()};
    const bool padded = std::ranges::any_of(cuts, [](std::int64_t cut) { return cut > 0; });
    result.inside = sized(m_channels);
    if (padded) result.border = sized(m_channels);
#pragma omp parallel for schedule(static)
    for (std::size_t o = 0; o < m_channels; ++o) {
        const Functional difference = combined(rounded.of(static_cast<std::int64_t>(o), place.y, place.x), -1, exact[o]);
        widen(result.inside, o, Parts(difference), m_range, true);
        bool first = true;
        // Zero padding only removes terms, so the worst border is the one that loses least, on one side.
        for (std::size_t side = 0; isExact && side < 4; ++side) {
            if (cuts[side] == 0) continue;
            auto cut = [&](std::size_t s) { return s == side ? cuts[s] : 0; };
            widen(*result.border, o, without(difference, window, cut(0), cut(1), cut(2), cut(3)), m_range, first);
            first = false;
        }
    }
    if (padded && !isExact && m_window.hasTooManyCases(false, static_cast<double>(m_channels)))
        result = {format, fmt::format("a {}x{} window with stride {}x{} gives too many cases of the border", rows.kernel, columns.kernel, rows.stride, columns.stride), {}, {}};
    else if (padded && !isExact)
        addRim(result, kernel);
    certificate.formats.push_back(std::move(result));
}

/// Where the forms differ at the border each case is a map of its own, in its weights as well as in its constant.
void Certifier::addRim(FormatCertificate& result, const ExprPtr& kernel) const {
    bool first = true;
    forEachBorder(m_block, kernel, m_window, false, [&](const Pair& pair, std::int64_t y, std::int64_t x) {
#pragma omp parallel for schedule(static)
        for (std::size_t o = 0; o < m_channels; ++o) widen(*result.border, o, Parts(pair.difference(static_cast<std::int64_t>(o), y, x)), m_range, first);
        first = false;
    });
}

Certificate Certifier::run() {
    Certificate certificate;
    certificate.range = m_range;
    const Place place = m_window.inside();
    if (!isSmall(place.in)) {
        certificate.none = fmt::format("its windows are too large or too far apart: a map of {} would be needed", toString(place.in));
        return certificate;
    }
    const Pullback branches(m_block.body, place.in);
    roundings(branches, place, certificate);
    std::vector<Functional> exact(m_channels);
#pragma omp parallel for schedule(static)
    for (std::size_t o = 0; o < m_channels; ++o) exact[o] = branches.of(static_cast<std::int64_t>(o), place.y, place.x);
    checkAgainstForward(exact, place, certificate.float64Rounding);
    for (KernelFormat format : kCertified) addFormat(format, place, exact, certificate);
    return certificate;
}

} // namespace

std::size_t Bounds::worst() const { return static_cast<std::size_t>(std::ranges::max_element(symmetric) - symmetric.begin()); }
double Bounds::largestSymmetric() const { return symmetric.empty() ? 0 : symmetric[worst()]; }
double Bounds::largestNonNegative() const {
    double most = 0;
    for (std::size_t o = 0; o < low.size(); ++o) most = std::max({most, std::abs(low[o]), std::abs(high[o])});
    return most;
}
double FormatCertificate::largest() const { return std::max(inside.largestSymmetric(), border ? border->largestSymmetric() : 0.0); }
double Certificate::largestFloat32Rounding() const { return float32Rounding.empty() ? 0 : std::ranges::max(float32Rounding); }

Certificate certify(const Block& block, const fusion::BlockFusion& stored, double range) {
    try {
        return Certifier(block, stored, range).run();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::unsupported && error.code() != ErrorCode::shapeMismatch) throw;
        Certificate none;
        none.range = range;
        none.none = error.code() == ErrorCode::shapeMismatch
                        ? fmt::format("the block does not take a map of the window's size: {}", error.what())
                        : fmt::format("the branches read backwards do not give what the forward pass computes: {}", error.what());
        return none;
    }
}

namespace {

/// The bound of a difference, and the sign of Δy that leads to it.
struct Extreme {
    double bound = 0, sign = 1;

    Extreme(const Parts& parts, double range, InputRange kind) {
        const double low = parts.constant - range * parts.down, high = parts.constant + range * parts.up;
        const bool isSymmetric = kind == InputRange::symmetric;
        sign = (isSymmetric ? parts.constant >= 0 : std::abs(high) >= std::abs(low)) ? 1 : -1;
        bound = isSymmetric ? range * (parts.up + parts.down) + std::abs(parts.constant) : std::max(std::abs(low), std::abs(high));
    }
};

/// A map and for each channel a pixel of it.
struct WorstPlaces {
    Shape in;
    std::vector<std::array<std::int64_t, 2>> at;
};

WorstPlaces worstBorder(const Block& block, const ExprPtr& kernel, const Window& window, bool isExact, double range, InputRange kind) {
    WorstPlaces best;
    double largest = -1;
    WorstPlaces places;
    std::vector<double> bounds;
    const auto channels = static_cast<std::size_t>(block.outChannels);
    auto finish = [&] {
        const double most = bounds.empty() ? -1 : std::ranges::max(bounds);
        if (most > largest) {
            largest = most;
            best = places;
        }
    };
    forEachBorder(block, kernel, window, isExact, [&](const Pair& pair, std::int64_t y, std::int64_t x) {
        if (places.in != pair.kernel.input()) {
            finish();
            places = {pair.kernel.input(), std::vector<std::array<std::int64_t, 2>>(channels)};
            bounds.assign(channels, -1.0);
        }
        for (std::size_t o = 0; o < channels; ++o) {
            const double bound = Extreme(Parts(pair.difference(static_cast<std::int64_t>(o), y, x)), range, kind).bound;
            if (bound <= bounds[o]) continue;
            bounds[o] = bound;
            places.at[o] = {y, x};
        }
    });
    finish();
    return best;
}

} // namespace

WorstInputs worstInputs(const Block& block, const fusion::BlockFusion& stored, double range, InputRange kind, KernelFormat format, Pixels pixels) {
    const std::optional<Conv> conv = rounded(std::get<Conv>(stored.stored->op), format);
    if (!conv) throw Error(ErrorCode::unsupported, {block.name, "a kernel that fits the format", std::string(toString(format)), ""});
    const ExprPtr kernel = makeExpr(block.name, *conv);
    const Window window(block, stored);
    const Place inside = window.inside();
    const Shape all{block.outChannels, inside.in[1], inside.in[2] + window.rows.stride - 1, inside.in[3] + window.columns.stride - 1};
    if (!isSmall(all))
        throw Error(ErrorCode::limitExceeded, {block.name, fmt::format("inputs of at most {:.0f} numbers", kMostElements), toString(all), ""});
    WorstPlaces places{inside.in, std::vector<std::array<std::int64_t, 2>>(static_cast<std::size_t>(block.outChannels), {inside.y, inside.x})};
    if (pixels == Pixels::border) {
        const bool isExact = stored.exactness == fusion::Exactness::everywhere;
        if (!window.isPadded() || window.hasTooManyCases(isExact, static_cast<double>(block.outChannels)))
            throw Error(ErrorCode::unsupported, {block.name, "a border with a certificate", window.isPadded() ? "too many cases" : "a block that does not pad", ""});
        places = worstBorder(block, kernel, window, isExact, range, kind);
    }
    const Pair pair(block.body, kernel, places.in);
    WorstInputs result{TensorD({block.outChannels, places.in[1], places.in[2], places.in[3]}), places.at, {}};
    const std::span<double> values = result.inputs.edit();
    const std::int64_t area = places.in[2] * places.in[3];
    for (std::int64_t o = 0; o < block.outChannels; ++o) {
        const auto [row, column] = places.at[static_cast<std::size_t>(o)];
        const Functional f = pair.difference(o, row, column);
        const Extreme extreme(Parts(f), range, kind);
        result.bounds.push_back(extreme.bound);
        for (std::int64_t y = f.row; y < f.row + f.rows; ++y)
            for (std::int64_t x = f.column; x < f.column + f.columns; ++x)
                for (std::int64_t c = f.channel; c < f.channel + f.channels; ++c) {
                    const double w = extreme.sign * f.weights[f.at(y, x, c)];
                    const double value = w > 0 ? range : kind == InputRange::symmetric && w < 0 ? -range : 0;
                    values[static_cast<std::size_t>((o * places.in[1] + c) * area + y * places.in[3] + x)] = value;
                }
    }
    return result;
}

} // namespace rp::verify
