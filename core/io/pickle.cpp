// SPDX-License-Identifier: Apache-2.0
#include "core/io/pickle.h"

#include "core/base/error.h"
#include "core/io/pickle_opcodes.h"
#include "core/io/pickle_symbols.h"
#include "core/io/utf8.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <unordered_map>

#include <fmt/format.h>

namespace rp::io {
namespace {

/// What a stack slot or memo entry costs, roughly: a pointer, and a node of the hash table.
constexpr std::uint64_t kBytesPerSlot = sizeof(ValuePtr);
constexpr std::uint64_t kBytesPerMemo = 64;
constexpr std::size_t kLongestLine = 1000; ///< of a GLOBAL's module or name

class Machine {
public:
    Machine(SharedBytes bytes, const std::string& where, const StorageLookup& storage, std::uint64_t maxBytes)
        : m_bytes(std::move(bytes)), m_in(m_bytes.bytes, where), m_pool(maxBytes, where), 
          m_symbols(m_pool, storage, m_bytes.size(), maxBytes) {}

    PickleResult run() {
        for (;;) {
            m_at = m_in.offset();
            m_op = m_in.u8();
            if (m_op == kStop) break;
            if (!scalar() && !text() && !container() && !memo() && !symbol()) failOpcode();
        }
        PickleResult result{pop(), m_symbols.opaqueSymbols(), m_in.offset()};
        m_pool.release(result.value);
        return result;
    }

private:
    // --- numbers -------------------------------------------------------------------------------------
    bool scalar() {
        switch (m_op) {
        case kNone:
            return push(std::monostate{});
        case kNewTrue:
            return push(true);
        case kNewFalse:
            return push(false);
        case kBinInt:
            return push(std::int64_t{m_in.i32()});
        case kBinInt1:
            return push(std::int64_t{m_in.u8()});
        case kBinInt2:
            return push(std::int64_t{m_in.u16()});
        case kLong1:
            return push(longOf(m_in.u8()));
        case kLong4:
            return push(longOf(signedLength()));
        case kBinFloat:
            return push(bigEndianDouble());
        case kProto:
            return protocol();
        case kFrame:
            return frame();
        default:
            return false;
        }
    }

    bool protocol() {
        const int version = m_in.u8();
        if (version > 5) fail("a protocol of at most 5", fmt::format("{}", version));
        return true;
    }

    bool frame() {
        const std::uint64_t length = m_in.u64();
        if (length > m_in.left()) failTruncated(length);
        return true;
    }

    /// Two's complement, little-endian, any length; what no int64 holds stays a visible symbol.
    Value::Data longOf(std::uint64_t length) {
        const Bytes digits = m_in.take(length);
        if (length > 8) return Opaque{fmt::format("int of {} bytes", length), {}};
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < digits.size(); ++i)
            value |= std::to_integer<std::uint64_t>(digits[i]) << (8 * i);
        if (length > 0 && length < 8 && (digits.back() & std::byte{0x80}) != std::byte{0})
            value |= ~std::uint64_t{0} << (8 * length);
        return static_cast<std::int64_t>(value);
    }

    std::uint64_t signedLength() {
        const std::int32_t length = m_in.i32();
        if (length < 0) fail("a length of 0 or more", fmt::format("{}", length));
        return static_cast<std::uint64_t>(length);
    }

    double bigEndianDouble() {
        std::uint64_t bits = 0;
        for (std::byte byte : m_in.take(8))
            bits = bits << 8 | std::to_integer<std::uint64_t>(byte);
        return std::bit_cast<double>(bits);
    }

    // --- text and bytes ------------------------------------------------------------------------------
    bool text() {
        switch (m_op) {
        case kShortBinUnicode:
            return pushText(m_in.u8());
        case kBinUnicode:
            return pushText(m_in.u32());
        case kBinUnicode8:
            return pushText(m_in.u64());
        case kShortBinString:
            return pushPython2String(m_in.u8());
        case kBinString:
            return pushPython2String(signedLength());
        case kShortBinBytes:
            return pushBytes(m_in.u8());
        case kBinBytes:
            return pushBytes(m_in.u32());
        case kBinBytes8:
        case kByteArray8:
            return pushBytes(m_in.u64());
        default:
            return false;
        }
    }

    bool pushText(std::uint64_t length) {
        const std::string_view text = m_in.text(length);
        if (!isUtf8(text)) fail("UTF-8 text", "other bytes");
        m_pool.charge(length);
        return push(std::string(text));
    }

    /// Python 2's str is text or bytes; only the content can tell.
    bool pushPython2String(std::uint64_t length) {
        const std::string_view text = m_in.text(length);
        m_pool.charge(length);
        if (isUtf8(text)) return push(std::string(text));
        return push(Blob{ownBytes(std::string(text))});
    }

    bool pushBytes(std::uint64_t length) {
        const std::size_t from = m_in.offset();
        m_in.take(length);
        return push(Blob{m_bytes.slice(from, length, m_in.where())});
    }

    // --- containers ----------------------------------------------------------------------------------
    bool container() {
        switch (m_op) {
        case kEmptyDict:
            return push(Dict{});
        case kEmptyList:
            return push(Sequence{Sequence::Kind::list, {}});
        case kEmptySet:
            return push(Sequence{Sequence::Kind::set, {}});
        case kEmptyTuple:
            return push(Sequence{Sequence::Kind::tuple, {}});
        case kTuple1:
            return pushSequence(Sequence::Kind::tuple, popMany(1));
        case kTuple2:
            return pushSequence(Sequence::Kind::tuple, popMany(2));
        case kTuple3:
            return pushSequence(Sequence::Kind::tuple, popMany(3));
        case kTuple:
            return pushSequence(Sequence::Kind::tuple, popToMark());
        case kFrozenSet:
            return pushSequence(Sequence::Kind::set, popToMark());
        case kMark:
            m_pool.charge(kBytesPerSlot);
            m_marks.push_back(m_stack.size());
            return true;
        case kAppend:
            return addItems(popMany(1));
        case kAppends:
        case kAddItems:
            return addItems(popToMark());
        case kSetItem:
            return addPairs(popMany(2));
        case kSetItems:
            return addPairs(popToMark());
        default:
            return false;
        }
    }

    bool pushSequence(Sequence::Kind kind, std::vector<ValuePtr> items) {
        m_pool.charge(items.size() * kBytesPerSlot);
        return push(Sequence{kind, std::move(items)});
    }

    bool addItems(std::vector<ValuePtr> items) {
        Value& target = *top();
        m_pool.charge(items.size() * kBytesPerSlot);
        if (auto* sequence = target.as<Sequence>(); sequence && sequence->kind != Sequence::Kind::tuple)
            append(sequence->items, items);
        else if (auto* opaque = target.as<Opaque>()) // an unknown class derived from list or set
            append(opaque->parts, items);
        else
            fail("a list or set to add to", std::string(kindOf(target)));
        return true;
    }

    bool addPairs(std::vector<ValuePtr> items) {
        Value& target = *top();
        if (items.size() % 2 != 0) fail("pairs of key and value", fmt::format("{} values", items.size()));
        m_pool.charge(items.size() * kBytesPerSlot);
        if (auto* dict = target.as<Dict>()) {
            for (std::size_t i = 0; i < items.size(); i += 2)
                dict->items.emplace_back(std::move(items[i]), std::move(items[i + 1]));
        } else if (auto* opaque = target.as<Opaque>()) { // an unknown class derived from dict
            append(opaque->parts, items);
        } else {
            fail("a dict to add to", std::string(kindOf(target)));
        }
        return true;
    }

    static void append(std::vector<ValuePtr>& to, const std::vector<ValuePtr>& items) {
        to.insert(to.end(), items.begin(), items.end());
    }

    // --- memo ----------------------------------------------------------------------------------------
    bool memo() {
        switch (m_op) {
        case kBinPut:
            return put(m_in.u8());
        case kLongBinPut:
            return put(m_in.u32());
        case kMemoize:
            return put(static_cast<std::uint32_t>(m_memo.size()));
        case kBinGet:
            return get(m_in.u8());
        case kLongBinGet:
            return get(m_in.u32());
        default:
            return false;
        }
    }

    bool put(std::uint32_t id) {
        m_pool.charge(kBytesPerMemo);
        m_memo[id] = top();
        return true;
    }

    bool get(std::uint32_t id) {
        const auto it = m_memo.find(id);
        if (it == m_memo.end()) fail("a memo entry that was written before", fmt::format("entry {}", id));
        return pushNode(it->second);
    }

    // --- symbols -------------------------------------------------------------------------------------
    bool symbol() {
        switch (m_op) {
        case kGlobal: {
            const std::string_view module = line();
            return pushNode(m_symbols.global(module, line()));
        }
        case kStackGlobal: {
            const std::vector<ValuePtr> names = popMany(2);
            const auto* module = names[0]->as<std::string>();
            const auto* name = names[1]->as<std::string>();
            if (!module || !name)
                fail("module and name as text", std::string(kindOf(*names[module ? 1 : 0])));
            return pushNode(m_symbols.global(*module, *name));
        }
        case kReduce:
        case kNewObj: {
            const std::vector<ValuePtr> parts = popMany(2);
            return interpret([&] { return m_symbols.call(parts[0], parts[1]); });
        }
        case kNewObjEx: {
            const std::vector<ValuePtr> parts = popMany(3); // class, arguments, keyword arguments
            return interpret([&] { return m_symbols.call(parts[0], parts[1]); });
        }
        case kBinPersId: {
            const ValuePtr id = pop();
            return interpret([&] { return m_symbols.persistent(id); });
        }
        case kBuild: {
            const ValuePtr state = pop();
            const ValuePtr target = top();
            return located([&] { m_symbols.build(target, state); });
        }
        default:
            return false;
        }
    }

    std::string_view line() {
        const Bytes rest = m_in.rest().first(std::min(m_in.left(), kLongestLine + 1));
        const auto end = std::ranges::find(rest, std::byte{'\n'});
        if (end == rest.end() && rest.size() <= kLongestLine) failTruncated(rest.size() + 1);
        if (end == rest.end())
            fail(fmt::format("a symbol of at most {} bytes", kLongestLine), "a longer one");
        const std::string_view text = m_in.text(static_cast<std::uint64_t>(end - rest.begin()));
        m_in.u8();
        if (!isUtf8(text)) fail("UTF-8 text", "other bytes");
        return text;
    }

    template<class Make>
    bool interpret(Make make) {
        ValuePtr made;
        located([&] { made = make(); });
        return pushNode(made);
    }

    /// Names the dict key under which the failing value would have stood.
    template<class Do>
    bool located(Do action) {
        try {
            action();
        } catch (const Error& error) {
            const std::string key = nearestKey();
            throw(key.empty() ? error : error.within(fmt::format("'{}'", key))).within(m_in.where());
        }
        return true;
    }

    /// A value under construction lies a few slots above its key: the symbols that will wrap it come between.
    std::string nearestKey() const {
        constexpr std::size_t kReach = 6;
        for (std::size_t i = 0; i < kReach && i < m_stack.size(); ++i)
            if (const auto* text = m_stack[m_stack.size() - 1 - i]->as<std::string>();
                text && *text != "storage")
                return text->substr(0, 200);
        return {};
    }

    // --- stack ---------------------------------------------------------------------------------------
    std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }

    bool push(Value::Data data) { return pushNode(m_pool.make(std::move(data))); }

    bool pushNode(ValuePtr value) {
        m_pool.charge(kBytesPerSlot);
        m_stack.push_back(std::move(value));
        return true;
    }

    const ValuePtr& top() const {
        if (m_stack.size() <= floor()) fail("a value on the stack", "none");
        return m_stack.back();
    }

    ValuePtr pop() {
        ValuePtr value = top();
        m_stack.pop_back();
        return value;
    }

    std::vector<ValuePtr> popMany(std::size_t count) {
        if (m_stack.size() - floor() < count)
            fail(fmt::format("{} values on the stack", count), fmt::format("{}", m_stack.size() - floor()));
        return takeFrom(m_stack.size() - count);
    }

    std::vector<ValuePtr> popToMark() {
        if (m_marks.empty()) fail("a MARK on the stack", "none");
        const std::size_t from = m_marks.back();
        m_marks.pop_back();
        return takeFrom(from);
    }

    std::vector<ValuePtr> takeFrom(std::size_t from) {
        const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(from);
        std::vector<ValuePtr> values(std::make_move_iterator(first), std::make_move_iterator(m_stack.end()));
        m_stack.resize(from);
        return values;
    }

    // --- errors --------------------------------------------------------------------------------------
    std::string here() const { return fmt::format("{}: byte {}: opcode 0x{:02x}", m_in.where(), m_at, m_op); }

    [[noreturn]] void fail(std::string expected, std::string found) const {
        throw Error(ErrorCode::malformed,
                    {here(), std::move(expected), std::move(found), "the pickle is damaged"});
    }

    [[noreturn]] void failTruncated(std::uint64_t length) const {
        throw Error(ErrorCode::truncated, {here(), fmt::format("{} more bytes", length),
                                           fmt::format("{} left", m_in.left()), "the file is cut short"});
    }

    [[noreturn]] void failOpcode() const {
        fail("an opcode that data of protocol 2 to 5 needs", fmt::format("0x{:02x}", m_op));
    }

    SharedBytes m_bytes;
    ByteReader m_in;
    ValuePool m_pool; ///< before everything that holds values, so that it is destroyed last
    PickleSymbols m_symbols;
    std::vector<ValuePtr> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint32_t, ValuePtr> m_memo;
    std::size_t m_at = 0;
    std::uint8_t m_op = 0;
};

} // namespace

PickleResult readPickle(SharedBytes bytes, const std::string& where, const StorageLookup& storage,
                        std::uint64_t maxBytes) {
    return Machine(std::move(bytes), where, storage, maxBytes).run();
}

} // namespace rp::io
