// SPDX-License-Identifier: Apache-2.0
#include "core/io/npy.h"

#include "core/base/error.h"
#include "core/io/atomic_file.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::io {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint64_t kMaxHeader = 10'000; ///< NumPy's own limit
constexpr std::size_t kMaxRank = 64;

struct Header {
    std::string descr;
    bool fortran = false;
    Shape shape;
};

/// Parses exactly the dict literal that NumPy writes: three known keys, a text, a boolean and a tuple.
class HeaderParser {
public:
    HeaderParser(std::string_view text, const std::string& where) : m_text(text), m_where(where) {}

    Header run() {
        Header header;
        bool descr = false, fortran = false, shape = false;
        expect('{');
        while (!accept('}')) {
            const std::string key = quoted();
            expect(':');
            bool* seen = key == "descr"           ? &descr
                         : key == "fortran_order" ? &fortran
                         : key == "shape"         ? &shape
                                                  : nullptr;
            if (!seen || *seen) fail("descr, fortran_order and shape, once each", key);
            *seen = true;
            if (seen == &descr) header.descr = quoted();
            if (seen == &fortran) header.fortran = boolean();
            if (seen == &shape) header.shape = tuple();
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (m_at != m_text.size()) fail("nothing behind the dict", std::string(m_text.substr(m_at, 20)));
        if (!descr || !fortran || !shape) fail("descr, fortran_order and shape", "one of them missing");
        return header;
    }

private:
    void skipSpace() {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n'))
            ++m_at;
    }

    bool accept(char wanted) {
        skipSpace();
        if (m_at == m_text.size() || m_text[m_at] != wanted) return false;
        ++m_at;
        return true;
    }

    void expect(char wanted) {
        if (!accept(wanted)) fail(fmt::format("'{}'", wanted), std::string(m_text.substr(m_at, 20)));
    }

    std::string quoted() {
        skipSpace();
        const char quote = accept('\'') ? '\'' : '"';
        if (quote == '"') {
            if (m_at < m_text.size() && m_text[m_at] == '[') fail("a plain element type", "a structured one");
            expect('"');
        }
        const std::size_t end = m_text.find(quote, m_at);
        if (end == std::string_view::npos) fail("a closed text", "none");
        std::string text(m_text.substr(m_at, end - m_at));
        m_at = end + 1;
        return text;
    }

    bool boolean() {
        skipSpace();
        for (const auto& [word, value] : {std::pair("True", true), std::pair("False", false)})
            if (m_text.substr(m_at).starts_with(word)) {
                m_at += std::string_view(word).size();
                return value;
            }
        fail("True or False", std::string(m_text.substr(m_at, 20)));
    }

    Shape tuple() {
        Shape shape;
        expect('(');
        while (!accept(')')) {
            if (shape.size() == kMaxRank) fail(fmt::format("at most {} axes", kMaxRank), "more");
            shape.push_back(number());
            if (accept(',')) continue;
            if (shape.size() == 1) fail("a tuple", "a number in brackets");
            expect(')');
            break;
        }
        return shape;
    }

    std::int64_t number() {
        skipSpace();
        std::int64_t value = 0;
        const char* begin = m_text.data() + m_at;
        const auto [end, error] = std::from_chars(begin, m_text.data() + m_text.size(), value);
        if (error != std::errc() || value < 0)
            fail("a size from 0 to 2^63-1", std::string(m_text.substr(m_at, 20)));
        m_at += static_cast<std::size_t>(end - begin);
        if (m_at < m_text.size() && m_text[m_at] == 'L') ++m_at; // Python 2
        return value;
    }

    [[noreturn]] void fail(std::string expected, std::string found) const {
        throw Error(ErrorCode::malformed, {m_where + ": header", std::move(expected), std::move(found),
                                           "write the array with numpy.save"});
    }

    std::string_view m_text;
    const std::string& m_where;
    std::size_t m_at = 0;
};

constexpr std::array<std::pair<std::string_view, DType>, 12> kTypes{{{"f4", DType::f32},
                                                                     {"f8", DType::f64},
                                                                     {"f2", DType::f16},
                                                                     {"i8", DType::i64},
                                                                     {"i4", DType::i32},
                                                                     {"i2", DType::i16},
                                                                     {"i1", DType::i8},
                                                                     {"u1", DType::u8},
                                                                     {"u2", DType::u16},
                                                                     {"u4", DType::u32},
                                                                     {"u8", DType::u64},
                                                                     {"b1", DType::boolean}}};

struct ElementType {
    DType type;
    bool bigEndian;
};

ElementType elementType(const std::string& descr, const std::string& where) {
    if (descr.size() == 3 && std::string_view("<>|=").find(descr[0]) != std::string_view::npos)
        for (const auto& [name, type] : kTypes)
            if (descr.ends_with(name)) {
                if (descr[0] == '|' && sizeOf(type) > 1) break; // no byte order given where one is needed
                return {type, descr[0] == '>'};
            }
    throw Error(ErrorCode::unsupported, {where, "numbers (f2 f4 f8, i1 to i8, u1 to u8, b1)",
                                         fmt::format("'{}'", descr), "convert it: array.astype('float32')"});
}

std::string_view headerText(ByteReader& in) {
    if (in.text(kMagic.size()) != kMagic)
        throw Error(ErrorCode::formatUnknown,
                    {in.where(), "a NumPy array (.npy)", "something else", "write it with numpy.save"});
    const int major = in.u8();
    const int minor = in.u8();
    if (major < 1 || major > 3 || minor != 0)
        throw Error(ErrorCode::unsupported, {in.where(), "version 1.0, 2.0 or 3.0",
                                             fmt::format("{}.{}", major, minor), "write it with numpy.save"});
    const std::uint64_t length = major == 1 ? in.u16() : in.u32();
    if (length > kMaxHeader)
        throw Error(ErrorCode::limitExceeded,
                    {in.where(), fmt::format("a header of at most {} bytes", kMaxHeader),
                     fmt::format("{}", length), "write it with numpy.save"});
    return in.text(length);
}

/// Column-major data is a row-major view of the reversed axes: nothing has to be moved.
Shape strides(const Shape& shape, bool fortran) {
    Shape result(shape.size(), 0);
    if (countOf(shape) == 0) return result;
    std::int64_t step = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t axis = fortran ? i : shape.size() - 1 - i;
        result[axis] = step;
        step *= shape[axis];
    }
    return result;
}

void write(const std::filesystem::path& path, const StoredTensor& tensor) {
    AtomicFile file(path);
    file.write(npyHeader(tensor.dtype(), tensor.shape(), path.string()));
    file.write(tensor.bytes().bytes);
    file.commit();
}

} // namespace

bool isNpy(Bytes head) {
    const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
    return text.starts_with(kMagic);
}

StoredTensor readNpy(SharedBytes file, const std::string& where) {
    ByteReader in(file.bytes, where);
    const Header header = HeaderParser(headerText(in), where).run();
    const ElementType element = elementType(header.descr, where);
    const std::size_t width = sizeOf(element.type);
    const auto count = static_cast<std::uint64_t>(checkedCount(header.shape, where));
    if (count > in.left() / width)
        throw Error(ErrorCode::truncated, {where, fmt::format("{} elements of {} bytes", count, width),
                                           fmt::format("{} bytes", in.left()), "the file is cut short"});
    if (count * width != in.left())
        throw Error(ErrorCode::malformed, {where, fmt::format("{} bytes of data", count * width),
                                           fmt::format("{}", in.left()), "save one array per file"});
    SharedBytes data = file.slice(in.offset(), in.left(), where);
    if (element.bigEndian && width > 1) data = swappedBytes(data.bytes, width);
    return StoredTensor::view(element.type, header.shape, strides(header.shape, header.fortran), 0,
                              std::move(data), where);
}

StoredTensor readNpyFile(const std::filesystem::path& path) {
    return readNpy(mapFile(path), path.string());
}

std::string npyHeader(DType type, const Shape& shape, const std::string& where) {
    const auto row = std::ranges::find(kTypes, type, &std::pair<std::string_view, DType>::second);
    if (row == kTypes.end())
        throw Error(ErrorCode::unsupported, {where, "an element type that NumPy has", std::string(toString(type)),
                                             "choose float16 or float32, or write .safetensors"});
    const std::string header =
        fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}{}), }}", sizeOf(type) > 1 ? '<' : '|',
                    row->first, fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
    const std::size_t before = kMagic.size() + 4;
    const std::size_t size = (before + header.size() + 64) / 64 * 64 - before; // with the newline, a multiple of 64
    std::string text(kMagic);
    text += {'\1', '\0', static_cast<char>(size & 0xff), static_cast<char>(size >> 8)};
    text += header;
    text.append(size - header.size() - 1, ' ');
    return text + '\n';
}

void writeNpy(const std::filesystem::path& path, const TensorF& tensor) {
    write(path, StoredTensor::of(tensor));
}

void writeNpy(const std::filesystem::path& path, const TensorD& tensor) {
    write(path, StoredTensor::of(tensor));
}

} // namespace rp::io
