// SPDX-License-Identifier: Apache-2.0
#include "core/io/torch_legacy.h"

#include "core/base/checked.h"
#include "core/base/error.h"
#include "core/io/pickle.h"
#include "core/io/weight_sets.h"

#include <map>

#include <fmt/format.h>

namespace rp::io {
namespace {

constexpr std::int64_t kProtocolVersion = 1001;

[[noreturn]] void throwMalformed(std::string where, std::string expected, std::string found) {
    throw Error(ErrorCode::malformed,
                {std::move(where), std::move(expected), std::move(found), "the file is damaged"});
}

class Reader {
public:
    Reader(SharedBytes file, const Limits& limits) : m_file(std::move(file)), m_limits(limits) {}

    PickleResult run() {
        pickle("magic number", noStorage);
        readVersion();
        readByteOrder();
        const std::size_t object = m_at;
        // Where a storage lies follows from the element types of those before it, which only the object
        // tells: the first pass learns them and gives every storage the right size in a wrong place.
        pickle("object", [this](const StorageRef& ref) { return announced(ref); });
        locateStorages();
        m_at = object;
        return pickle("object", [this](const StorageRef& ref) { return m_storages.at(ref.key); });
    }

    std::uint64_t bytesBehind() const { return m_file.size() - m_end; }

private:
    static SharedBytes noStorage(const StorageRef& ref) {
        throwMalformed("header", "plain values", fmt::format("a tensor's storage '{}'", ref.key));
    }

    PickleResult pickle(const char* what, const StorageLookup& storage) {
        PickleResult result =
            readPickle(m_file.slice(m_at, m_file.size() - m_at, what), what, storage, m_limits.decodedBytes);
        m_at += result.bytesUsed;
        return result;
    }

    void readVersion() {
        const PickleResult version = pickle("protocol version", noStorage);
        const auto* number = version.value->as<std::int64_t>();
        if (!number || *number != kProtocolVersion)
            throw Error(ErrorCode::unsupported,
                        {"protocol version", fmt::format("{}", kProtocolVersion),
                         number ? fmt::format("{}", *number) : std::string(kindOf(*version.value)),
                         "load it with PyTorch and save it again"});
    }

    void readByteOrder() {
        const PickleResult info = pickle("system info", noStorage);
        const auto* dict = info.value->as<Dict>();
        const ValuePtr* found = dict ? dict->find("little_endian") : nullptr;
        const bool* little = found ? (*found)->as<bool>() : nullptr;
        if (!little)
            throwMalformed("system info", "a dict with little_endian", std::string(kindOf(*info.value)));
        m_bigEndian = !*little;
    }

    static std::uint64_t bytesOf(const StorageRef& ref) {
        const auto bytes =
            checkedMul<std::uint64_t>(static_cast<std::uint64_t>(ref.elements), sizeOf(ref.dtype));
        if (!bytes)
            throwMalformed(fmt::format("storage '{}'", ref.key), "a size below 2^64 bytes", "a larger one");
        return *bytes;
    }

    SharedBytes announced(const StorageRef& ref) {
        const auto [known, fresh] = m_refs.emplace(ref.key, ref);
        if (!fresh && (known->second.dtype != ref.dtype || known->second.elements != ref.elements))
            throwMalformed(fmt::format("storage '{}'", ref.key), "one type and size", "two");
        return m_file.slice(0, bytesOf(ref), fmt::format("storage '{}'", ref.key));
    }

    void locateStorages() {
        const PickleResult keys = pickle("storage keys", noStorage);
        const auto* list = keys.value->as<Sequence>();
        if (!list) throwMalformed("storage keys", "a list", std::string(kindOf(*keys.value)));
        std::uint64_t swapped = 0;
        m_end = m_at;
        for (const ValuePtr& item : list->items) {
            const auto* key = item->as<std::string>();
            const auto ref = key ? m_refs.find(*key) : m_refs.end();
            if (ref == m_refs.end())
                throwMalformed("storage keys", "keys of storages whose element type is known",
                               key ? fmt::format("'{}'", *key) : std::string(kindOf(*item)));
            const std::string where = fmt::format("storage '{}'", *key);
            ByteReader in(m_file.slice(m_end, m_file.size() - m_end, where).bytes, where);
            const std::uint64_t count = in.u64();
            if (count != static_cast<std::uint64_t>(ref->second.elements))
                throwMalformed(where, fmt::format("{} elements", ref->second.elements),
                               fmt::format("{}", count));
            const std::uint64_t bytes = bytesOf(ref->second);
            SharedBytes stored = m_file.slice(m_end + 8, bytes, where);
            m_end += 8 + bytes;
            if (m_bigEndian && sizeOf(ref->second.dtype) > 1) {
                swapped += bytes;
                if (swapped > m_limits.decodedBytes)
                    throw Error(ErrorCode::limitExceeded,
                                {where,
                                 fmt::format("at most {} bytes of big-endian data", m_limits.decodedBytes),
                                 "more", "raise the limit if the file is trusted"});
                stored = swappedBytes(stored.bytes, sizeOf(ref->second.dtype));
            }
            if (!m_storages.emplace(*key, std::move(stored)).second)
                throwMalformed("storage keys", "every key once", fmt::format("'{}' twice", *key));
        }
        for (const auto& [key, ref] : m_refs)
            if (!m_storages.contains(key))
                throwMalformed(fmt::format("storage '{}'", key), "its key in the list of storages", "none");
    }

    SharedBytes m_file;
    const Limits& m_limits;
    std::size_t m_at = 0;  ///< of the next pickle
    std::size_t m_end = 0; ///< of the last storage
    bool m_bigEndian = false;
    std::map<std::string, StorageRef> m_refs;
    std::map<std::string, SharedBytes> m_storages;
};

} // namespace

Checkpoint readTorchLegacy(const std::filesystem::path& path, SharedBytes file, const Limits& limits) {
    Checkpoint checkpoint;
    checkpoint.path = path;
    checkpoint.format = Format::torchLegacy;
    checkpoint.fileBytes = file.size();
    Reader reader(std::move(file), limits);
    const PickleResult result = reader.run();
    if (reader.bytesBehind() > 0)
        checkpoint.notes.push_back(
            fmt::format("{} bytes behind the last storage are not read", reader.bytesBehind()));
    findWeightSets(checkpoint, result.value, result.opaqueSymbols);
    return checkpoint;
}

} // namespace rp::io
