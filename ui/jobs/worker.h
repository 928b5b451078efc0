// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace rp::ui {

/// What somebody waits for goes before what merely has to be done.
enum class Priority { interactive, background };

/// One thread for everything that touches an engine: oneDNN's OpenMP keeps a team of threads per calling
/// thread, and an engine is not thread-safe. Posting is thread-safe.
class Worker {
public:
    using Task = std::function<void()>;

    Worker();
    /// Waits for the task that runs (cancel it first) and drops those that wait.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void post(Priority priority, Task task);

    /// Runs the interactive tasks that wait. A long background task calls it between its steps, so that a
    /// click is answered in the middle of a verification, yet on the same thread.
    void yieldToInteractive();

private:
    void loop(const std::stop_token& stop);
    Task takeInteractive();
    void dropWaiting();

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_interactive, m_background;
    std::jthread m_thread; ///< last: starts when all else is there
};

} // namespace rp::ui
