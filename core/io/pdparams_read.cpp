// SPDX-License-Identifier: Apache-2.0
#include "core/io/pdparams.h"

#include "core/base/error.h"
#include "core/io/pickle.h"
#include "core/io/pickle_arguments.h"
#include "core/io/weight_sets.h"

#include <unordered_map>

#include <fmt/format.h>

namespace rp::io {
namespace {

constexpr std::string_view kNameTable = "StructuredToParameterName@@";
constexpr std::string_view kSplitTable = "UnpackBigParamInfor@@";

using Entry = std::pair<ValuePtr, ValuePtr>;

bool hasKey(const Entry& entry, std::string_view key) {
    const auto* text = entry.first->as<std::string>();
    return text && *text == key;
}

/// Joins arrays that were written as several: each stands where its first slice was, the others leave.
class Joiner {
public:
    explicit Joiner(Dict& dict) : m_dict(dict), m_taken(dict.items.size(), false) {
        for (std::size_t i = 0; i < dict.items.size(); ++i)
            if (const auto* name = dict.items[i].first->as<std::string>()) m_places.emplace(*name, i);
    }

    void join(const std::string& name, const Dict& info) {
        const std::string where = fmt::format("'{}'", name);
        const ValuePtr* shapeValue = info.find("OriginShape");
        const ValuePtr* slicesValue = info.find("slices");
        const auto* slices = slicesValue ? (*slicesValue)->as<Sequence>() : nullptr;
        if (!shapeValue || !slices || slices->items.empty())
            throwMalformed(where, "OriginShape and slices", "one of them missing");
        Shape shape = sizes(**shapeValue, where);
        std::string bytes;
        std::optional<DType> type;
        std::optional<std::size_t> first;
        for (const ValuePtr& item : slices->items) {
            const std::size_t place = placeOf(*item, where);
            const auto* tensor = m_dict.items[place].second->as<StoredTensor>();
            if (!tensor || (type && *type != tensor->dtype()))
                throwMalformed(where, "slices that are arrays of one type", "another");
            // No slice is taken twice, so what is joined never exceeds what the file holds.
            m_taken[place] = true;
            type = tensor->dtype();
            const SharedBytes part = tensor->bytes();
            bytes.append(reinterpret_cast<const char*>(part.bytes.data()), part.size());
            if (!first) first = place;
        }
        const auto count = static_cast<std::uint64_t>(checkedCount(shape, where));
        if (bytes.size() % sizeOf(*type) != 0 || bytes.size() / sizeOf(*type) != count)
            throw Error(ErrorCode::shapeMismatch,
                        {where, fmt::format("slices for shape {}", rp::toString(shape)),
                         fmt::format("{} bytes", bytes.size()), "the file is damaged"});
        m_joined.emplace_back(
            *first, Entry{makeValue(name), makeValue(StoredTensor::dense(
                                               *type, std::move(shape), ownBytes(std::move(bytes)), where))});
    }

    void finish() {
        for (auto& [place, entry] : m_joined) {
            m_dict.items[place] = std::move(entry);
            m_taken[place] = false;
        }
        std::size_t at = 0;
        std::erase_if(m_dict.items, [&](const Entry&) { return m_taken[at++]; });
    }

private:
    std::size_t placeOf(const Value& key, const std::string& where) const {
        const auto* name = key.as<std::string>();
        const auto found = name ? m_places.find(*name) : m_places.end();
        if (found == m_places.end() || m_taken[found->second])
            throwMalformed(where, fmt::format("a slice '{}', once", name ? *name : std::string(kindOf(key))),
                           "none");
        return found->second;
    }

    Dict& m_dict;
    std::vector<bool> m_taken;
    std::unordered_map<std::string, std::size_t> m_places;
    std::vector<std::pair<std::size_t, Entry>> m_joined;
};

/// Undoes what paddle.save does to a state dict.
void restore(Dict& dict, bool& sawBfloat) {
    std::erase_if(dict.items, [](const Entry& entry) { return hasKey(entry, kNameTable); });
    if (const ValuePtr* found = dict.find(kSplitTable)) {
        const ValuePtr table = *found;
        std::erase_if(dict.items, [](const Entry& entry) { return hasKey(entry, kSplitTable); });
        const auto* splits = table->as<Dict>();
        if (!splits) throwMalformed(std::string(kSplitTable), "a dict", std::string(kindOf(*table)));
        Joiner joiner(dict);
        for (const auto& [key, info] : splits->items) {
            const auto* name = key->as<std::string>();
            const auto* parts = info->as<Dict>();
            if (!name || !parts)
                throwMalformed(std::string(kSplitTable), "names and their slices", "something else");
            joiner.join(*name, *parts);
        }
        joiner.finish();
    }
    for (auto& [key, value] : dict.items) {
        const auto* tensor = value->as<StoredTensor>();
        if (!tensor || tensor->dtype() != DType::u16) continue;
        value = makeValue(tensor->as(DType::bf16));
        sawBfloat = true;
    }
}

SharedBytes noStorage(const StorageRef& ref) {
    throwMalformed("pickle", "arrays inside the pickle",
                   fmt::format("a reference to a storage '{}'", ref.key));
}

} // namespace

Checkpoint readPdparams(const std::filesystem::path& path, SharedBytes file, const Limits& limits) {
    Checkpoint checkpoint;
    checkpoint.path = path;
    checkpoint.format = Format::pdparams;
    checkpoint.fileBytes = file.size();
    const std::size_t size = file.size();
    const PickleResult result = readPickle(std::move(file), "pickle", noStorage, limits.decodedBytes);
    if (result.bytesUsed != size)
        throwMalformed("pickle", "nothing behind its end", fmt::format("{} bytes", size - result.bytesUsed));
    bool sawBfloat = false;
    if (auto* root = result.value->as<Dict>()) {
        restore(*root, sawBfloat);
        for (const auto& [key, value] : root->items)
            if (auto* nested = value->as<Dict>()) restore(*nested, sawBfloat);
    }
    if (sawBfloat) checkpoint.notes.push_back("16-bit unsigned arrays are read as bfloat16, as Paddle does");
    findWeightSets(checkpoint, result.value, result.opaqueSymbols);
    return checkpoint;
}

} // namespace rp::io
