// SPDX-License-Identifier: Apache-2.0
#include "core/io/pdparams.h"

#include "core/base/error.h"
#include "core/io/pickle_writer.h"

namespace rp::io {
namespace {

/// NumPy's name for the element type; Paddle keeps bfloat16 as 16-bit unsigned.
std::string_view numpyName(DType type) {
    switch (type) {
    case DType::boolean:
        return "b1";
    case DType::u8:
        return "u1";
    case DType::i8:
        return "i1";
    case DType::u16:
    case DType::bf16:
        return "u2";
    case DType::i16:
        return "i2";
    case DType::u32:
        return "u4";
    case DType::i32:
        return "i4";
    case DType::u64:
        return "u8";
    case DType::i64:
        return "i8";
    case DType::f16:
        return "f2";
    case DType::f32:
        return "f4";
    case DType::f64:
        return "f8";
    }
    return "";
}

/// _reconstruct(ndarray, (0,), b'b') and BUILD with (1, shape, dtype, False, payload), the payload left to
/// the caller.
void beginArray(PickleWriter& out, const StoredTensor& tensor) {
    out.symbol("numpy.core.multiarray", "_reconstruct");
    out.symbol("numpy", "ndarray");
    out.sizes({0});
    out.op("C\x01"
           "b\x87R(");
    out.integer(1);
    out.sizes(tensor.shape());
    out.symbol("numpy", "dtype");
    out.string(numpyName(tensor.dtype()));
    out.op("\x89\x88\x87R("); // align False, copy True
    out.integer(3);
    out.string(sizeOf(tensor.dtype()) > 1 ? "<" : "|");
    out.op("NNN");
    out.integer(-1);
    out.integer(-1);
    out.integer(0);
    out.op("tb\x89\x8e");
    out.little(static_cast<std::uint64_t>(tensor.count()) * sizeOf(tensor.dtype()), 8);
}

} // namespace

void writePdparams(AtomicFile& file, const std::vector<NamedTensor>& tensors) {
    PickleWriter out(4);
    out.beginDict(false);
    out.op("(");
    for (const auto& [name, tensor] : tensors) {
        if (tensor.dtype() == DType::u16)
            throw Error(ErrorCode::unsupported,
                        {"'" + name + "'", "an element type that Paddle has",
                         std::string(toString(tensor.dtype())), "write .safetensors instead"});
        out.string(name);
        beginArray(out, tensor);
        file.write(out.take());
        file.write(tensor.bytes().bytes);
        out.op("tb");
    }
    // Paddle's own names of the parameters are lost with the program that made them; ours say what they are.
    out.string("StructuredToParameterName@@");
    out.beginDict(false);
    out.op("(");
    for (const NamedTensor& named : tensors) {
        out.string(named.name);
        out.string(named.name);
    }
    out.op("uu.");
    file.write(out.take());
}

} // namespace rp::io
