// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/outcome.h"
#include "ui/jobs/worker.h"

#include <QFutureWatcher>
#include <QObject>
#include <QPromise>

#include <memory>
#include <stop_token>

namespace rp::ui {

/// One kind of job of one owner. At most one job of a lane is current: starting another drops the older one
/// with its result. Nothing here blocks; results and progress arrive on the lane's thread, and none after its
/// end.
class Lane : public QObject {
    Q_OBJECT

public:
    Lane(std::shared_ptr<Worker> worker, Priority priority, QObject* parent = nullptr);
    ~Lane() override;

    /// `work` runs on the worker and captures values and shared snapshots only, never a QObject. `done` gets
    /// its result, or the error it threw (`cancelled` after `cancel`).
    template<class T>
    void start(std::function<T(const Job&)> work, std::function<void(Outcome<T>)> done);

    void cancel(); ///< asks the current job to stop; `done` is called with `cancelled`
    void drop();   ///< the same, and forgets it: `done` is not called
    bool isBusy() const { return m_watcher != nullptr; }
    double progress() const { return m_progress; }
    const QString& progressText() const { return m_text; }

signals:
    void progressed(double fraction, const QString& what); ///< at most about 20 times a second
    void busyChanged(bool busy);

private:
    /// Reports to `promise` now and then, and lets interactive tasks run in between.
    template<class T>
    static Job makeJob(const std::shared_ptr<QPromise<T>>& promise, const std::stop_token& stop,
                       Worker* yieldTo);
    void watch(QFutureWatcherBase* watcher, std::stop_source stop);
    void finished();
    void onProgress(int value, const QString& text);

    std::shared_ptr<Worker> m_worker;
    Priority m_priority;
    QFutureWatcherBase* m_watcher = nullptr;
    std::stop_source m_stop{std::nostopstate};
    double m_progress = 0;
    QString m_text;
};

/// Lets through one report in 50 ms.
class ReportThrottle {
public:
    bool isDue();

private:
    qint64 m_lastMs = -1000;
};

inline constexpr int kProgressSteps = 1000;

template<class T>
Job Lane::makeJob(const std::shared_ptr<QPromise<T>>& promise, const std::stop_token& stop, Worker* yieldTo) {
    promise->setProgressRange(0, kProgressSteps);
    return Job(stop, [promise, yieldTo,
                      throttle = std::make_shared<ReportThrottle>()](double fraction, std::string_view what) {
        if (yieldTo) yieldTo->yieldToInteractive();
        if (!throttle->isDue()) return;
        promise->setProgressValueAndText(static_cast<int>(fraction * kProgressSteps),
                                         QString::fromUtf8(what.data(), static_cast<qsizetype>(what.size())));
    });
}

template<class T>
void Lane::start(std::function<T(const Job&)> work, std::function<void(Outcome<T>)> done) {
    drop();
    auto promise = std::make_shared<QPromise<Outcome<T>>>();
    std::stop_source stop;
    auto* watcher = new QFutureWatcher<Outcome<T>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, done = std::move(done)] {
        const QFuture<Outcome<T>> future = watcher->future();
        finished(); // first: `done` may start the next job of this lane
        done(future.resultCount() > 0
                 ? future.result()
                 : Outcome<T>(Error(ErrorCode::cancelled, {"background job", "", "cancelled", ""})));
    });
    watch(watcher, stop);
    watcher->setFuture(promise->future());
    Worker* worker = m_worker.get(); // the task runs on it, so it is alive then
    Worker* yieldTo = m_priority == Priority::background ? worker : nullptr;
    worker->post(m_priority, [promise, stop, yieldTo, work = std::move(work)] {
        promise->start();
        if (!stop.stop_requested())
            promise->addResult(guarded<T>(work, makeJob(promise, stop.get_token(), yieldTo)));
        promise->finish();
    });
}

} // namespace rp::ui
