// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/lane.h"

#include <chrono>

namespace rp::ui {
namespace {

qint64 nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

Error toError(const std::exception& exception) {
    if (dynamic_cast<const std::bad_alloc*>(&exception))
        return Error(ErrorCode::limitExceeded,
                     {"memory", "enough memory", "none left", "close other programs or use a smaller input"});
    return Error(ErrorCode::internal, {"background job", "a result", exception.what(), "please report it"});
}

bool ReportThrottle::isDue() {
    const qint64 now = nowMs();
    if (now - m_lastMs < 50) return false;
    m_lastMs = now;
    return true;
}

Lane::Lane(std::shared_ptr<Worker> worker, Priority priority, QObject* parent)
    : QObject(parent), m_worker(std::move(worker)), m_priority(priority) {}

Lane::~Lane() {
    m_stop.request_stop();
}

void Lane::cancel() {
    m_stop.request_stop();
}

void Lane::drop() {
    if (!m_watcher) return;
    m_stop.request_stop();
    m_watcher->disconnect(this);
    finished();
}

void Lane::watch(QFutureWatcherBase* watcher, std::stop_source stop) {
    m_watcher = watcher;
    m_stop = std::move(stop);
    m_progress = 0;
    m_text.clear();
    connect(watcher, &QFutureWatcherBase::progressValueChanged, this,
            [this, watcher](int value) { onProgress(value, watcher->progressText()); });
    emit busyChanged(true);
}

void Lane::finished() {
    m_watcher->deleteLater(); // we may be inside one of its signals
    m_watcher = nullptr;
    m_stop = std::stop_source(std::nostopstate);
    emit busyChanged(false);
}

void Lane::onProgress(int value, const QString& text) {
    m_progress = static_cast<double>(value) / kProgressSteps;
    m_text = text;
    emit progressed(m_progress, m_text);
}

} // namespace rp::ui
