// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/base/job.h"

#include <functional>
#include <new>
#include <variant>

namespace rp::ui {

/// What a job brings back. Exceptions lose their type between threads, so they become values in the worker.
template<class T>
using Outcome = std::variant<T, Error>;

Error toError(const std::exception& exception);

template<class T>
Outcome<T> guarded(const std::function<T(const Job&)>& work, const Job& job) {
    try {
        return work(job);
    } catch (const Error& error) {
        return error;
    } catch (const std::exception& exception) {
        return toError(exception);
    } catch (...) {
        return Error(ErrorCode::internal,
                     {"background job", "a result", "an unknown exception", "please report it"});
    }
}

} // namespace rp::ui
