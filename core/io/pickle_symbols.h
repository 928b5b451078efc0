// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/pickle.h"
#include "core/io/value_pool.h"

#include <optional>
#include <unordered_map>

namespace rp::io {

/// What the GLOBALs of a pickle mean, for exactly the symbols of families.md 8.1 and 8.4. Everything else
/// stays an `Opaque` node that collects its arguments and state. Nothing here ever looks a name up or calls
/// it.
class PickleSymbols {
public:
    /// `pickleBytes`: how many bytes of arrays the pickle itself can hold.
    PickleSymbols(ValuePool& pool, const StorageLookup& storage, std::uint64_t pickleBytes,
                  std::uint64_t maxBytes)
        : m_pool(pool), m_storage(storage), m_maxSurplus(maxBytes), m_stored(pickleBytes) {}

    ValuePtr global(std::string_view module, std::string_view name);
    /// REDUCE, NEWOBJ, NEWOBJ_EX. Throws `malformed` when a known symbol gets arguments that it never has.
    ValuePtr call(const ValuePtr& callable, const ValuePtr& arguments);
    /// BUILD: state for an object made before.
    void build(const ValuePtr& target, const ValuePtr& state);
    /// BINPERSID: ('storage', type, key, location, numel[, view]), or ('module', class, file, source) of old
    /// files.
    ValuePtr persistent(const ValuePtr& id);

    const std::set<std::string>& opaqueSymbols() const { return m_opaque; }

private:
    enum class Kind {
        unknown,
        inert, ///< known and harmless, but only shown (torch.device, a dtype as plain data)
        orderedDict,
        container,
        evaluate,
        rebuildTensor,
        rebuildTensorV3,
        rebuildParameter,
        rebuildFromType,
        storageType,
        elementType,
        encode,
        numpyScalar,
        numpyReconstruct,
        numpyArrayType,
        numpyDtype,
    };
    struct Symbol {
        Kind kind = Kind::unknown;
        std::optional<DType> dtype; ///< of a storage or element type that is supported
        Sequence::Kind container = Sequence::Kind::list;
    };
    struct Storage {
        StorageRef ref;
        SharedBytes bytes;
    };
    struct NumpyType {
        std::optional<DType> dtype; ///< empty: objects, text, records …
        bool bigEndian = false;
    };
    struct NumpyArray {};
    using Meaning = std::variant<Symbol, Storage, NumpyType, NumpyArray>;

    static Symbol lookUp(std::string_view module, std::string_view name);
    template<class T>
    const T* meaningOf(const ValuePtr& value) const {
        const auto it = m_meanings.find(value.get());
        return it == m_meanings.end() ? nullptr : std::get_if<T>(&it->second);
    }

    ValuePtr callKnown(const Symbol& symbol, const ValuePtr& callable, const Sequence& arguments);
    ValuePtr opaqueCall(const ValuePtr& callable, const std::vector<ValuePtr>& arguments);
    ValuePtr makeOrderedDict(const ValuePtr& callable, const Sequence& arguments);
    ValuePtr makeContainer(Sequence::Kind kind, const Sequence& arguments);
    ValuePtr paddleTensor(const Sequence& arguments) const;
    ValuePtr makeTensor(const ValuePtr& callable, const Sequence& arguments, bool untyped);
    void countView(const StoredTensor& tensor);
    ValuePtr makeParameter(const ValuePtr& callable, const Sequence& arguments);
    ValuePtr makeBlob(const Sequence& arguments);
    ValuePtr makeStorage(const Sequence& id);
    // pickle_numpy.cpp
    ValuePtr makeNumpyType(const ValuePtr& callable, const Sequence& arguments);
    ValuePtr makeNumpyScalar(const ValuePtr& callable, const Sequence& arguments);
    void buildNumpyType(const ValuePtr& target, const Value& state);
    void buildNumpyArray(const ValuePtr& target, const Value& state);
    SharedBytes decode(const NumpyType& type, const Value& payload);

    ValuePool& m_pool;
    const StorageLookup& m_storage;
    std::uint64_t m_maxSurplus;
    std::uint64_t m_viewed = 0;
    std::uint64_t m_stored;
    std::unordered_map<const Value*, Meaning>
        m_meanings; ///< nodes live in the pool, so addresses stay theirs
    std::unordered_map<std::string, Storage> m_storages;
    std::set<std::string> m_opaque;
};

} // namespace rp::io
