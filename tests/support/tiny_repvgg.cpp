// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tiny_repvgg.h"

#include "core/io/torch_zip.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

namespace rp::test {
namespace {

using Layout = TinyRepVgg::Layout;

struct Names {
    std::string dense, denseNorm, one, oneNorm, identity, fused, seDown, seUp;
};

Names namesFor(Layout layout) {
    switch (layout) {
    case Layout::timm:
        return {"conv_kxk.conv", "conv_kxk.bn", "conv_1x1.conv", "conv_1x1.bn", "identity", "reparam_conv", "attn.fc1", "attn.fc2"};
    case Layout::mmpretrain:
        return {"branch_3x3.conv", "branch_3x3.norm", "branch_1x1.conv", "branch_1x1.norm", "branch_norm", "branch_reparam",
                "se_layer.conv1.conv", "se_layer.conv2.conv"};
    case Layout::official:
    case Layout::paddle: break;
    }
    return {"rbr_dense.conv", "rbr_dense.bn", "rbr_1x1.conv", "rbr_1x1.bn", "rbr_identity", "rbr_reparam", "se.down", "se.up"};
}

std::string blockName(Layout layout, std::size_t stage, int index) {
    switch (layout) {
    case Layout::timm: return stage == 0 ? "stem" : fmt::format("stages.{}.{}", stage - 1, index);
    case Layout::mmpretrain: return stage == 0 ? "backbone.stem" : fmt::format("backbone.stage_{}.{}", stage, index);
    case Layout::official:
    case Layout::paddle: break;
    }
    return stage == 0 ? "stage0" : fmt::format("stage{}.{}", stage, index);
}

class Builder {
public:
    explicit Builder(const TinyRepVgg& spec) : m_spec(spec), m_names(namesFor(spec.layout)), m_generator(spec.seed) {}

    std::vector<NamedTensor> build() {
        std::int64_t in = 3;
        int global = 0;
        for (std::size_t stage = 0; stage < m_spec.widths.size(); ++stage)
            for (int i = 0; i < (stage == 0 ? 1 : m_spec.depths[stage - 1]); ++i, ++global) {
                const std::int64_t groups = global > 0 && global % 2 == 0 ? m_spec.groups : 1;
                block(blockName(m_spec.layout, stage, i) + ".", in, m_spec.widths[stage], groups, i > 0);
                in = m_spec.widths[stage];
            }
        const bool paddle = m_spec.layout == Layout::paddle;
        const std::string head = m_spec.layout == Layout::official || paddle ? "linear" : "head.fc";
        const Shape shape = paddle ? Shape{in, m_spec.classes} : Shape{m_spec.classes, in};
        add(head + ".weight", normal(shape, 0.3F));
        add(head + ".bias", normal({m_spec.classes}, 0.1F));
        return std::move(m_tensors);
    }

private:
    void add(const std::string& name, const TensorF& values) { m_tensors.push_back({name, StoredTensor::of(values)}); }
    TensorF normal(const Shape& shape, float deviation, float mean = 0) {
        std::normal_distribution<float> distribution(mean, deviation);
        TensorF tensor(shape);
        for (float& v : tensor.edit()) v = distribution(m_generator);
        return tensor;
    }
    TensorF uniform(const Shape& shape, float low, float high) {
        std::uniform_real_distribution<float> distribution(low, high);
        TensorF tensor(shape);
        for (float& v : tensor.edit()) v = distribution(m_generator);
        return tensor;
    }
    void norm(const std::string& prefix, std::int64_t channels) {
        const bool paddle = m_spec.layout == Layout::paddle;
        add(prefix + ".weight", normal({channels}, 0.3F, 0.7F));
        add(prefix + ".bias", normal({channels}, 0.2F));
        add(prefix + (paddle ? "._mean" : ".running_mean"), normal({channels}, 0.2F));
        add(prefix + (paddle ? "._variance" : ".running_var"), uniform({channels}, 0.3F, 2));
        if (!paddle)
            m_tensors.push_back({prefix + ".num_batches_tracked",
                                 StoredTensor::dense(DType::i64, {}, ownBytes(std::string("\x07\0\0\0\0\0\0\0", 8)), prefix)});
    }
    void block(const std::string& prefix, std::int64_t in, std::int64_t out, std::int64_t groups, bool identity) {
        const auto fan = static_cast<float>(in / groups * 9);
        if (m_spec.deploy) {
            add(prefix + m_names.fused + ".weight", normal({out, in / groups, 3, 3}, 1.4F / std::sqrt(fan)));
            add(prefix + m_names.fused + ".bias", normal({out}, 0.2F));
        } else {
            add(prefix + m_names.dense + ".weight", normal({out, in / groups, 3, 3}, 1.0F / std::sqrt(fan)));
            norm(prefix + m_names.denseNorm, out);
            add(prefix + m_names.one + ".weight", normal({out, in / groups, 1, 1}, 3.0F / std::sqrt(fan)));
            norm(prefix + m_names.oneNorm, out);
            if (identity) norm(prefix + m_names.identity, in);
        }
        if (!m_spec.se) return;
        add(prefix + m_names.seDown + ".weight", normal({4, out, 1, 1}, 0.5F));
        add(prefix + m_names.seDown + ".bias", normal({4}, 0.2F));
        add(prefix + m_names.seUp + ".weight", normal({out, 4, 1, 1}, 0.5F));
        add(prefix + m_names.seUp + ".bias", normal({out}, 0.2F));
    }

    const TinyRepVgg& m_spec;
    Names m_names;
    std::mt19937_64 m_generator;
    std::vector<NamedTensor> m_tensors;
};

} // namespace

std::vector<NamedTensor> tensorsOf(const TinyRepVgg& spec) { return Builder(spec).build(); }

std::string writeTinyRepVgg(const std::string& folder, const TinyRepVgg& spec, const std::string& name) {
    const std::string path = folder + "/" + name;
    io::writeTorchZip(path, tensorsOf(spec), "state_dict", true, {});
    return path;
}

void replace(std::vector<NamedTensor>& tensors, const std::string& name, const TensorF& values) {
    for (NamedTensor& tensor : tensors)
        if (tensor.name == name) tensor.tensor = StoredTensor::of(values);
}

void erase(std::vector<NamedTensor>& tensors, const std::string& name) {
    std::erase_if(tensors, [&](const NamedTensor& tensor) { return tensor.name == name; });
}

} // namespace rp::test
