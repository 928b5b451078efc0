// SPDX-License-Identifier: Apache-2.0
#include "core/io/pickle_writer.h"

#include "core/base/error.h"

#include <bit>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace rp::io {
namespace {

template<class... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template<class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

} // namespace

void PickleWriter::value(const Value& value) {
    const auto write = Overloaded{
        [&](std::monostate) { m_out += 'N'; },
        [&](bool flag) { m_out += flag ? '\x88' : '\x89'; },
        [&](std::int64_t number) { integer(number); },
        [&](double number) { real(number); },
        [&](const std::string& content) { string(content); },
        [&](const Blob& content) { blob(content.text()); },
        [&](const Sequence&) { shared(value); },
        [&](const Dict&) { shared(value); },
        [&](const StoredTensor& content) {
            if (m_tensor) return m_tensor(content);
            throw Error(ErrorCode::unsupported, {"extras", "plain data", "a tensor", "leave it out"});
        },
        [&](const Opaque& opaque) {
            throw Error(ErrorCode::unsupported, {"extras", "plain data", opaque.symbol, "leave it out"});
        },
    };
    std::visit(write, value.data());
}

/// Containers go through the memo: a value that is met twice stays one value, and one that repeats
/// itself exponentially often stays small.
void PickleWriter::shared(const Value& value) {
    if (const auto known = m_memo.find(&value); known != m_memo.end()) {
        m_out += 'j';
        little(known->second, 4);
        return;
    }
    if (const auto* items = value.as<Sequence>()) sequence(*items);
    if (const auto* items = value.as<Dict>()) dict(*items);
    const auto id = static_cast<std::uint32_t>(m_memo.size());
    m_memo.emplace(&value, id);
    m_out += 'r';
    little(id, 4);
}

void PickleWriter::sequence(const Sequence& sequence) {
    if (sequence.kind == Sequence::Kind::set) symbol("__builtin__", "set");
    if (sequence.kind != Sequence::Kind::tuple) m_out += ']';
    m_out += '(';
    for (const ValuePtr& item : sequence.items)
        value(*item);
    m_out += sequence.kind == Sequence::Kind::tuple ? 't' : 'e';
    if (sequence.kind == Sequence::Kind::set) m_out += "\x85R"; // set([items])
}

void PickleWriter::dict(const Dict& dict) {
    beginDict(dict.ordered);
    m_out += '(';
    for (const auto& [key, item] : dict.items) {
        value(*key);
        value(*item);
    }
    m_out += 'u';
}

void PickleWriter::beginDict(bool ordered) {
    if (!ordered) {
        m_out += '}';
        return;
    }
    symbol("collections", "OrderedDict");
    m_out += ")R";
}

void PickleWriter::sizes(const Shape& sizes) {
    m_out += '(';
    for (std::int64_t size : sizes)
        integer(size);
    m_out += 't';
}

void PickleWriter::integer(std::int64_t number) {
    if (number >= std::numeric_limits<std::int32_t>::min() &&
        number <= std::numeric_limits<std::int32_t>::max()) {
        m_out += 'J';
        little(static_cast<std::uint64_t>(number), 4);
    } else {
        m_out += "\x8a\x08";
        little(static_cast<std::uint64_t>(number), 8);
    }
}

void PickleWriter::real(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    m_out += 'G';
    for (int i = 7; i >= 0; --i)
        m_out += static_cast<char>(bits >> (8 * i) & 0xff);
}

void PickleWriter::string(std::string_view text) {
    if (text.size() > std::numeric_limits<std::uint32_t>::max())
        throw Error(ErrorCode::limitExceeded,
                    {"extras", "texts below 4 GiB", fmt::format("{} bytes", text.size()), "leave it out"});
    m_out += 'X';
    little(text.size(), 4);
    m_out += text;
}

/// Protocol 2 has no bytes: Python writes `_codecs.encode(text, 'latin1')`.
void PickleWriter::blob(std::string_view bytes) {
    std::string utf8;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            utf8 += c;
        } else {
            utf8 += static_cast<char>(0xc0 | byte >> 6);
            utf8 += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    symbol("_codecs", "encode");
    string(utf8);
    string("latin1");
    m_out += "\x86R";
}

void PickleWriter::symbol(std::string_view module, std::string_view name) {
    m_out += fmt::format("c{}\n{}\n", module, name);
}

void PickleWriter::little(std::uint64_t number, int bytes) {
    for (int i = 0; i < bytes; ++i)
        m_out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::string PickleWriter::take() {
    return std::exchange(m_out, {});
}

} // namespace rp::io
