// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/state_dict.h"

#include <random>
#include <string>
#include <vector>

namespace rp::test {

/// A state dict written tensor by tensor with random numbers: norms have gammas of both signs, variances from 0.01 to 3.
struct TinyState {
    std::vector<NamedTensor> tensors;

    TinyState& tensor(const std::string& name, Shape shape) { return fill(name, std::move(shape), -0.5F, 0.5F); }
    TinyState& conv(const std::string& name, std::int64_t oc, std::int64_t perGroup, std::int64_t k, bool bias = false) {
        tensor(name + ".weight", {oc, perGroup, k, k});
        return bias ? tensor(name + ".bias", {oc}) : *this;
    }
    TinyState& norm(const std::string& name, std::int64_t c) {
        fill(name + ".weight", {c}, -1.5F, 1.5F);
        fill(name + ".bias", {c}, -0.5F, 0.5F);
        fill(name + ".running_mean", {c}, -0.5F, 0.5F);
        return fill(name + ".running_var", {c}, 0.01F, 3);
    }
    /// Other numbers for a tensor that is there.
    TinyState& set(const std::string& name, Shape shape) {
        std::erase_if(tensors, [&](const NamedTensor& t) { return t.name == name; });
        return tensor(name, std::move(shape));
    }

private:
    TinyState& fill(const std::string& name, Shape shape, float low, float high) {
        TensorF values(std::move(shape));
        std::uniform_real_distribution<float> draw(low, high);
        for (float& v : values.edit()) v = draw(m_generator);
        tensors.push_back({name, StoredTensor::of(values)});
        return *this;
    }
    std::mt19937_64 m_generator{17};
};

} // namespace rp::test
