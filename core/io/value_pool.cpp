// SPDX-License-Identifier: Apache-2.0
#include "core/io/value_pool.h"

#include "core/base/error.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace rp::io {
namespace {

/// What one value costs beside its text: the node, its control block and the pointers to it.
constexpr std::uint64_t kBytesPerValue = sizeof(Value) + 64;

void rejectDoubleKeys(const Dict& dict, const std::string& where) {
    std::unordered_set<std::string_view> seen;
    for (const auto& [key, value] : dict.items) {
        const auto* text = key->as<std::string>();
        if (text && !seen.insert(*text).second)
            throw Error(ErrorCode::malformed,
                        {fmt::format("{}: '{}'", where, *text), "every key of a dict once", "the key twice",
                         "the file is damaged"});
    }
}

/// Depth-first over a graph that may have cycles, with its own stack.
class Untangler {
public:
    Untangler(std::unordered_set<const Value*>& done, const std::string& where)
        : m_done(done), m_where(where) {}

    void run(const ValuePtr& root) {
        enter(root);
        while (!m_path.empty()) {
            Frame& frame = m_path.back();
            if (frame.next < frame.children.size()) {
                ValuePtr& child = *frame.children[frame.next++];
                descend(child);
            } else {
                leave();
            }
        }
    }

private:
    struct Frame {
        Value* value;
        std::vector<ValuePtr*> children;
        std::size_t next = 0;
        int height = 1;
    };

    void descend(ValuePtr& child) {
        if (m_onPath.contains(child.get())) {
            // Still owned by the pool, so letting go of it here destroys nothing.
            child = makeValue(Opaque{"a reference to an enclosing value", {}});
        }
        if (m_done.contains(child.get()))
            raise(m_heights[child.get()] + 1);
        else
            enter(child);
    }

    void enter(const ValuePtr& value) {
        if (m_path.size() >= kMaxNesting) throwTooDeep();
        Frame frame{value.get(), {}};
        if (const auto* dict = value->as<Dict>()) rejectDoubleKeys(*dict, m_where);
        forEachChild(*value, [&frame](ValuePtr& child) { frame.children.push_back(&child); });
        m_onPath.insert(value.get());
        m_path.push_back(std::move(frame));
    }

    void leave() {
        const Frame frame = std::move(m_path.back());
        m_path.pop_back();
        m_onPath.erase(frame.value);
        m_done.insert(frame.value);
        m_heights[frame.value] = frame.height;
        raise(frame.height + 1);
    }

    /// A value shared by two parents may lie deeper than the path that reached it first.
    void raise(int height) {
        if (height > kMaxNesting) throwTooDeep();
        if (!m_path.empty()) m_path.back().height = std::max(m_path.back().height, height);
    }

    [[noreturn]] void throwTooDeep() const {
        throw Error(ErrorCode::limitExceeded,
                    {m_where, fmt::format("at most {} levels of nesting", kMaxNesting), "more",
                     "save a plain state dict"});
    }

    std::unordered_set<const Value*>& m_done;
    std::unordered_set<const Value*> m_onPath;
    std::unordered_map<const Value*, int> m_heights;
    std::vector<Frame> m_path;
    const std::string& m_where;
};

} // namespace

ValuePool::~ValuePool() {
    takeApart();
}

ValuePtr ValuePool::make(Value::Data data) {
    charge(kBytesPerValue);
    m_values.push_back(makeValue(std::move(data)));
    return m_values.back();
}

void ValuePool::charge(std::uint64_t bytes) {
    if (bytes > m_left)
        throw Error(ErrorCode::limitExceeded,
                    {m_where, "plain data within the limit for decoded bytes", "more than that",
                     "save a plain state dict, or raise the limit if the file is trusted"});
    m_left -= bytes;
}

void ValuePool::release(const ValuePtr& root) {
    std::unordered_set<const Value*> reachable;
    Untangler(reachable, m_where).run(root);
    m_kept = std::move(reachable);
    takeApart();
}

void ValuePool::takeApart() {
    // While m_values holds every value, emptying one never destroys another.
    for (const ValuePtr& value : m_values)
        if (!m_kept.contains(value.get())) value->data() = std::monostate{};
    m_values.clear();
    m_kept.clear();
}

} // namespace rp::io
