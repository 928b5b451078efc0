// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/affine.h"
#include "core/model/expr.h"
#include "core/model/operation.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace rp {

/// A map in an engine's own precision and layout: [n, c, h, w] in affine expressions, any rank between operations.
/// Immutable once made.
class Map {
public:
    virtual ~Map() = default;
    const Shape& shape() const { return m_shape; }

protected:
    explicit Map(Shape shape) : m_shape(std::move(shape)) {}

private:
    Shape m_shape;
};
using MapPtr = std::shared_ptr<const Map>;

/// Mean and biased variance of each channel over n, h, w.
struct Moments {
    std::vector<double> mean, var;
    std::int64_t samples = 0; ///< n h w
};

/// What an engine may apply while it still holds an element, in this order: affine, addend, activation.
struct Epilogue {
    const ChannelAffine* affine = nullptr;
    MapPtr addend;
    const Activation* activation = nullptr;
};

enum class EngineKind { float32, float64 };
std::string_view toString(EngineKind kind);

/// The few operations that both engines offer; everything above them (phases, expressions, dispatch, capture)
/// is written once. Not thread-safe: one engine, one worker thread.
class Engine {
public:
    virtual ~Engine() = default;
    virtual EngineKind kind() const = 0;

    virtual MapPtr load(const TensorD& values) = 0; ///< any rank
    virtual TensorD read(const MapPtr& map) = 0;

    /// `conv` is an `Expr` holding a `Conv`. The float32 engine keeps its packed weights as long as it lives, under
    /// the node's identity, so the same node is cheap to run again.
    virtual MapPtr convolve(const ExprPtr& conv, const MapPtr& x, const Epilogue& epilogue) = 0;
    /// x itself with the epilogue applied: norms, scales, additions, activations.
    virtual MapPtr apply(const MapPtr& x, const Epilogue& epilogue) = 0;
    virtual Moments moments(const MapPtr& x) = 0;
    virtual MapPtr averagePool(const AvgPool& pool, const MapPtr& x) = 0;
    /// A border of `value[c]`; negative padding crops.
    virtual MapPtr pad(const Padding& padding, std::span<const double> value, const MapPtr& x) = 0;
    virtual MapPtr concat(std::span<const MapPtr> parts) = 0;
    virtual MapPtr globalAverage(const MapPtr& x) = 0;                    ///< [n, c, 1, 1]
    virtual MapPtr gate(const MapPtr& x, const MapPtr& factors) = 0;      ///< x * factors [n, c, 1, 1]
    /// Any other operation, by the loops of tensor_ops in the engine's precision.
    virtual MapPtr evaluate(const Operation& operation, std::span<const MapPtr> inputs) = 0;
};

/// Reference: float64, written for reading (Eigen). The same bits for any thread count.
std::unique_ptr<Engine> makeReferenceEngine();
/// float32 as users' runtimes compute (oneDNN).
std::unique_ptr<Engine> makeFloat32Engine();
std::unique_ptr<Engine> makeEngine(EngineKind kind);

/// Threads that both engines use from now on (default: all cores).
void setEngineThreads(int threads);
int engineThreads();

} // namespace rp
