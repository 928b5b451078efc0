// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/worker.h"

#include <utility>

namespace rp::ui {

Worker::Worker() : m_thread([this](const std::stop_token& stop) { loop(stop); }) {}

Worker::~Worker() {
    dropWaiting();
    m_thread.request_stop();
    m_thread.join();
}

void Worker::dropWaiting() {
    std::deque<Task> interactive, background; // destroyed outside the lock: tasks own promises that call back
    const std::lock_guard lock(m_mutex);
    interactive.swap(m_interactive);
    background.swap(m_background);
}

void Worker::post(Priority priority, Task task) {
    {
        const std::lock_guard lock(m_mutex);
        (priority == Priority::interactive ? m_interactive : m_background).push_back(std::move(task));
    }
    m_wake.notify_one();
}

Worker::Task Worker::takeInteractive() {
    const std::lock_guard lock(m_mutex);
    if (m_interactive.empty()) return {};
    Task task = std::move(m_interactive.front());
    m_interactive.pop_front();
    return task;
}

void Worker::yieldToInteractive() {
    while (const Task task = takeInteractive())
        task();
}

void Worker::loop(const std::stop_token& stop) {
    while (true) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return !m_interactive.empty() || !m_background.empty(); });
            if (stop.stop_requested()) return;
            std::deque<Task>& queue = m_interactive.empty() ? m_background : m_interactive;
            task = std::move(queue.front());
            queue.pop_front();
        }
        task();
    }
}

} // namespace rp::ui
