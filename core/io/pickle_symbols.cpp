// SPDX-License-Identifier: Apache-2.0
#include "core/io/pickle_symbols.h"

#include "core/base/error.h"
#include "core/io/pickle_arguments.h"

#include <array>

#include <fmt/format.h>

namespace rp::io {
namespace {

/// Protocol 2 maps module names to Python 2's; NumPy 2 moved its own.
std::string normalModule(std::string_view module) {
    if (module == "__builtin__") return "builtins";
    if (module == "copy_reg") return "copyreg";
    if (module == "torch.cuda") return "torch"; // torch.cuda.FloatStorage of old files
    if (module.starts_with("numpy._core")) return "numpy.core" + std::string(module.substr(11));
    return std::string(module);
}

constexpr std::array<TypeName, 10> kStorageTypes{{{"FloatStorage", DType::f32},
                                                  {"HalfStorage", DType::f16},
                                                  {"BFloat16Storage", DType::bf16},
                                                  {"DoubleStorage", DType::f64},
                                                  {"LongStorage", DType::i64},
                                                  {"IntStorage", DType::i32},
                                                  {"ShortStorage", DType::i16},
                                                  {"CharStorage", DType::i8},
                                                  {"ByteStorage", DType::u8},
                                                  {"BoolStorage", DType::boolean}}};

constexpr std::array<TypeName, 19> kElementTypes{{{"float32", DType::f32},
                                                  {"float", DType::f32},
                                                  {"float16", DType::f16},
                                                  {"half", DType::f16},
                                                  {"bfloat16", DType::bf16},
                                                  {"float64", DType::f64},
                                                  {"double", DType::f64},
                                                  {"int64", DType::i64},
                                                  {"long", DType::i64},
                                                  {"int32", DType::i32},
                                                  {"int", DType::i32},
                                                  {"int16", DType::i16},
                                                  {"short", DType::i16},
                                                  {"int8", DType::i8},
                                                  {"uint8", DType::u8},
                                                  {"uint16", DType::u16},
                                                  {"uint32", DType::u32},
                                                  {"uint64", DType::u64},
                                                  {"bool", DType::boolean}}};

} // namespace

PickleSymbols::Symbol PickleSymbols::lookUp(std::string_view rawModule, std::string_view name) {
    struct Row {
        std::string_view symbol;
        Kind kind;
    };
    static constexpr std::array<Row, 16> kRows{{
        {"builtins.eval", Kind::evaluate},
        {"collections.OrderedDict", Kind::orderedDict},
        {"torch._utils._rebuild_tensor", Kind::rebuildTensor},
        {"torch._utils._rebuild_tensor_v2", Kind::rebuildTensor},
        {"torch._utils._rebuild_tensor_v3", Kind::rebuildTensorV3},
        {"torch._utils._rebuild_parameter", Kind::rebuildParameter},
        {"torch._utils._rebuild_parameter_with_state", Kind::rebuildParameter},
        {"torch._tensor._rebuild_from_type_v2", Kind::rebuildFromType},
        {"torch.device", Kind::inert},
        {"torch.Tensor", Kind::inert},
        {"torch.nn.parameter.Parameter", Kind::rebuildParameter}, // called so before PyTorch 0.4
        {"_codecs.encode", Kind::encode},
        {"numpy.core.multiarray.scalar", Kind::numpyScalar},
        {"numpy.core.multiarray._reconstruct", Kind::numpyReconstruct},
        {"numpy.ndarray", Kind::numpyArrayType},
        {"numpy.dtype", Kind::numpyDtype},
    }};
    const std::string module = normalModule(rawModule);
    const std::string symbol = fmt::format("{}.{}", module, name);
    for (const Row& row : kRows)
        if (row.symbol == symbol) return {row.kind, {}, {}};
    if (module == "torch") {
        if (name == "Size") return {Kind::container, {}, Sequence::Kind::tuple};
        if (auto type = typeNamed(kStorageTypes, name)) return {Kind::storageType, type, {}};
        if (auto type = typeNamed(kElementTypes, name)) return {Kind::elementType, type, {}};
        if (name.ends_with("Storage")) return {Kind::storageType, {}, {}};
    }
    if (symbol == "torch.storage.UntypedStorage") return {Kind::storageType, DType::u8, {}};
    if (module == "builtins") {
        if (name == "list") return {Kind::container, {}, Sequence::Kind::list};
        if (name == "tuple") return {Kind::container, {}, Sequence::Kind::tuple};
        if (name == "set" || name == "frozenset") return {Kind::container, {}, Sequence::Kind::set};
    }
    return {};
}

ValuePtr PickleSymbols::global(std::string_view module, std::string_view name) {
    const Symbol symbol = lookUp(module, name);
    std::string text = fmt::format("{}.{}", module, name);
    m_pool.charge(text.size());
    if (symbol.kind == Kind::unknown) m_opaque.insert(text);
    ValuePtr node = m_pool.make(Opaque{std::move(text), {}});
    m_meanings.emplace(node.get(), symbol);
    return node;
}

ValuePtr PickleSymbols::call(const ValuePtr& callable, const ValuePtr& arguments) {
    const auto* list = arguments->as<Sequence>();
    if (!list || list->kind != Sequence::Kind::tuple)
        throwMalformed(symbolOf(callable), "a tuple of arguments", std::string(kindOf(*arguments)));
    if (!callable->as<Opaque>()) throwMalformed("call", "a symbol", std::string(kindOf(*callable)));
    const auto* symbol = meaningOf<Symbol>(callable);
    return symbol ? callKnown(*symbol, callable, *list) : opaqueCall(callable, list->items);
}

ValuePtr PickleSymbols::callKnown(const Symbol& symbol, const ValuePtr& callable, const Sequence& arguments) {
    switch (symbol.kind) {
    case Kind::orderedDict:
        return makeOrderedDict(callable, arguments);
    case Kind::evaluate:
        if (ValuePtr tensor = paddleTensor(arguments)) return tensor;
        m_opaque.insert(symbolOf(callable));
        break;
    case Kind::container:
        if (ValuePtr tensor = paddleTensor(arguments)) return tensor;
        return makeContainer(symbol.container, arguments);
    case Kind::rebuildTensor:
        return makeTensor(callable, arguments, false);
    case Kind::rebuildTensorV3:
        return makeTensor(callable, arguments, true);
    case Kind::rebuildParameter:
        return makeParameter(callable, arguments);
    case Kind::rebuildFromType: {
        // (function, type, arguments, state). The function must be another one, so this nests once.
        requireArguments(arguments, 3, symbolOf(callable));
        const auto* inner = meaningOf<Symbol>(arguments.items[0]);
        if (inner && inner->kind == Kind::rebuildFromType)
            throwMalformed(symbolOf(callable), "a tensor's rebuild function", "itself");
        return call(arguments.items[0], arguments.items[2]);
    }
    case Kind::encode:
        return makeBlob(arguments);
    case Kind::numpyDtype:
        return makeNumpyType(callable, arguments);
    case Kind::numpyScalar:
        return makeNumpyScalar(callable, arguments);
    case Kind::numpyReconstruct: {
        ValuePtr node = m_pool.make(Opaque{"numpy.ndarray", {}});
        m_meanings.emplace(node.get(), NumpyArray{});
        return node;
    }
    case Kind::unknown:
    case Kind::inert:
    case Kind::storageType:
    case Kind::elementType:
    case Kind::numpyArrayType:
        break;
    }
    return opaqueCall(callable, arguments.items);
}

ValuePtr PickleSymbols::opaqueCall(const ValuePtr& callable, const std::vector<ValuePtr>& arguments) {
    Opaque node{symbolOf(callable), {}};
    // The result of an earlier call keeps what it was called with.
    if (!callable->as<Opaque>()->parts.empty()) node.parts.push_back(callable);
    node.parts.insert(node.parts.end(), arguments.begin(), arguments.end());
    m_pool.charge(node.symbol.size() + node.parts.size() * sizeof(ValuePtr));
    return m_pool.make(std::move(node));
}

/// Empty, or (Python 2) made from a list of pairs.
ValuePtr PickleSymbols::makeOrderedDict(const ValuePtr& callable, const Sequence& arguments) {
    Dict dict{true, {}};
    if (!arguments.items.empty()) {
        const auto* pairs = arguments.items[0]->as<Sequence>();
        if (!pairs || arguments.items.size() > 1) return opaqueCall(callable, arguments.items);
        m_pool.charge(pairs->items.size() * 2 * sizeof(ValuePtr));
        for (const ValuePtr& item : pairs->items) {
            const auto* pair = item->as<Sequence>();
            if (!pair || pair->items.size() != 2)
                throwMalformed(symbolOf(callable), "pairs of key and value", std::string(kindOf(*item)));
            dict.items.emplace_back(pair->items[0], pair->items[1]);
        }
    }
    return m_pool.make(std::move(dict));
}

/// How Paddle writes a tensor that is not an entry of a plain state dict (families.md 8.5):
/// tuple((name, array)), or eval('data', {'data': array}), of which exactly this shape is understood and no
/// text ever evaluated. Null for anything else.
ValuePtr PickleSymbols::paddleTensor(const Sequence& arguments) const {
    const std::vector<ValuePtr>& items = arguments.items;
    if (items.size() == 1) {
        const auto* pair = items[0]->as<Sequence>();
        const bool named = pair && pair->kind == Sequence::Kind::tuple && pair->items.size() == 2 &&
                           pair->items[0]->as<std::string>() && pair->items[1]->as<StoredTensor>();
        return named ? pair->items[1] : nullptr;
    }
    if (items.size() != 2) return nullptr;
    const auto* expression = items[0]->as<std::string>();
    const auto* variables = items[1]->as<Dict>();
    if (!expression || *expression != "data" || !variables || variables->items.size() != 1) return nullptr;
    const ValuePtr* data = variables->find("data");
    return data && (*data)->as<StoredTensor>() ? *data : nullptr;
}

ValuePtr PickleSymbols::makeContainer(Sequence::Kind kind, const Sequence& arguments) {
    Sequence result{kind, {}};
    if (!arguments.items.empty()) {
        const auto* source = arguments.items[0]->as<Sequence>();
        if (!source || arguments.items.size() > 1)
            throwMalformed("container", "one sequence", std::string(kindOf(*arguments.items[0])));
        result.items = source->items;
        m_pool.charge(result.items.size() * sizeof(ValuePtr));
    }
    return m_pool.make(std::move(result));
}

ValuePtr PickleSymbols::makeTensor(const ValuePtr& callable, const Sequence& arguments, bool untyped) {
    const std::string where = symbolOf(callable);
    requireArguments(arguments, untyped ? 7 : 4, where);
    const auto* storage = meaningOf<Storage>(arguments.items[0]);
    if (!storage) return opaqueCall(callable, arguments.items); // complex, quantised: no type that we know
    DType type = storage->ref.dtype;
    if (untyped) {
        const auto* element = meaningOf<Symbol>(arguments.items[6]);
        if (!element || element->kind != Kind::elementType) return opaqueCall(callable, arguments.items);
        type = *element->dtype;
    }
    StoredTensor tensor =
        StoredTensor::view(type, sizes(*arguments.items[2], where), sizes(*arguments.items[3], where),
                           integer(arguments, 1, where), storage->bytes, where, m_maxSurplus);
    countView(tensor);
    return m_pool.make(std::move(tensor));
}

/// Views may overlap (tied weights) or repeat (expand). What they hold in all may exceed what is stored by
/// the limit only, or a small file could make its readers allocate without bound.
void PickleSymbols::countView(const StoredTensor& tensor) {
    m_viewed += static_cast<std::uint64_t>(tensor.count()) * sizeOf(tensor.dtype());
    if (m_viewed > m_stored && m_viewed - m_stored > m_maxSurplus)
        throw Error(
            ErrorCode::limitExceeded,
            {"tensors", fmt::format("views that exceed their storages by at most {} bytes", m_maxSurplus),
             fmt::format("{} bytes more", m_viewed - m_stored), "raise the limit if the file is trusted"});
}

ValuePtr PickleSymbols::makeParameter(const ValuePtr& callable, const Sequence& arguments) {
    if (arguments.items.empty() || !arguments.items[0]->as<StoredTensor>())
        return opaqueCall(callable, arguments.items);
    return arguments.items[0];
}

ValuePtr PickleSymbols::makeBlob(const Sequence& arguments) {
    const std::string where = "_codecs.encode";
    requireArguments(arguments, 1, where);
    const auto* text = arguments.items[0]->as<std::string>();
    const auto* codec = arguments.items.size() > 1 ? arguments.items[1]->as<std::string>() : nullptr;
    if (!text || !codec || (*codec != "latin1" && *codec != "latin-1"))
        throwMalformed(where, "text and 'latin1'", "something else");
    m_pool.charge(text->size());
    return m_pool.make(Blob{ownBytes(latin1(*text, where))});
}

void PickleSymbols::build(const ValuePtr& target, const ValuePtr& state) {
    if (meaningOf<NumpyType>(target)) return buildNumpyType(target, *state);
    if (meaningOf<NumpyArray>(target)) return buildNumpyArray(target, *state);
    if (auto* opaque = target->as<Opaque>()) {
        m_pool.charge(sizeof(ValuePtr));
        opaque->parts.push_back(state);
        return;
    }
    // A dict's state is its `_metadata`, a tensor's its Python attributes: neither changes a number.
    if (target->as<Dict>() || target->as<StoredTensor>()) return;
    throwMalformed("state", "an object, dict or tensor to give it to", std::string(kindOf(*target)));
}

ValuePtr PickleSymbols::persistent(const ValuePtr& id) {
    const std::string where = "storage";
    const auto* items = id->as<Sequence>();
    if (!items) throwMalformed(where, "a tuple as persistent id", std::string(kindOf(*id)));
    requireArguments(*items, 2, where);
    const auto* tag = items->items[0]->as<std::string>();
    if (tag && *tag == "storage") return makeStorage(*items);
    if (tag && *tag == "module") return items->items[1]; // the class itself; its source text is of no use
    throwMalformed(where, "a persistent id of a storage", tag ? *tag : "something else");
}

ValuePtr PickleSymbols::makeStorage(const Sequence& id) {
    const std::string where = "storage";
    requireArguments(id, 5, where);
    const auto* key = id.items[2]->as<std::string>();
    if (!key) throwMalformed(where, "a text as key", std::string(kindOf(*id.items[2])));
    const auto* symbol = meaningOf<Symbol>(id.items[1]);
    if (!symbol || symbol->kind != Kind::storageType || !symbol->dtype)
        return m_pool.make(Opaque{symbolOf(id.items[1]), {}}); // complex, quantised …
    StorageRef ref{*symbol->dtype, *key, integer(id, 4, where)};
    if (ref.elements < 0)
        throwMalformed(where, "a number of elements of 0 or more", fmt::format("{}", ref.elements));

    Storage& known = m_storages[ref.key];
    if (!known.bytes.owner || known.ref.dtype != ref.dtype || known.ref.elements != ref.elements) {
        known = {ref, m_storage(ref)};
        m_stored += known.bytes.size();
    }
    Storage storage = known;
    if (const auto* view = id.items.size() > 5 ? id.items[5]->as<Sequence>() : nullptr) {
        // Before PyTorch 0.4: (key of the view, offset, elements); the storage is a part of the one named.
        requireArguments(*view, 3, where);
        const std::int64_t offset = integer(*view, 1, where);
        const std::int64_t elements = integer(*view, 2, where);
        if (offset < 0 || elements < 0 || offset > ref.elements || elements > ref.elements - offset)
            throwMalformed(where, fmt::format("a view of {} elements", ref.elements),
                           fmt::format("{} from {} on", elements, offset));
        const std::uint64_t width = sizeOf(ref.dtype);
        storage.bytes = storage.bytes.slice(static_cast<std::uint64_t>(offset) * width,
                                            static_cast<std::uint64_t>(elements) * width, where);
    }
    ValuePtr node = m_pool.make(Opaque{symbolOf(id.items[1]), {}});
    m_meanings.emplace(node.get(), std::move(storage));
    return node;
}

} // namespace rp::io
