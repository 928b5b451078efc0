// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/worker.h"

#include <QTest>

#include <atomic>
#include <latch>
#include <memory>
#include <semaphore>
#include <string>

using rp::ui::Priority;
using rp::ui::Worker;

class TestWorker : public QObject {
    Q_OBJECT

private slots:
    void runsInteractiveTasksBeforeBackgroundOnes() {
        Worker worker;
        std::binary_semaphore gate(0);
        std::latch done(3);
        std::string order;
        worker.post(Priority::background,
                    [&] { gate.acquire(); }); // holds the thread while the others queue up
        worker.post(Priority::background, [&] { order += 'b', done.count_down(); });
        worker.post(Priority::interactive, [&] { order += 'i', done.count_down(); });
        worker.post(Priority::interactive, [&] { order += 'j', done.count_down(); });
        gate.release();
        done.wait();
        QCOMPARE(order, std::string("ijb"));
    }

    void runsInteractiveTasksInTheMiddleOfABackgroundTaskThatYields() {
        Worker worker;
        std::binary_semaphore started(0), queued(0);
        std::latch done(1);
        std::string order;
        std::thread::id background, interactive;
        worker.post(Priority::background, [&] {
            order += '1';
            background = std::this_thread::get_id();
            started.release();
            queued.acquire();
            worker.yieldToInteractive();
            order += '2';
            done.count_down();
        });
        started.acquire();
        worker.post(Priority::interactive, [&] {
            order += 'i';
            interactive = std::this_thread::get_id();
        });
        queued.release();
        done.wait();
        QCOMPARE(order, std::string("1i2"));
        QVERIFY(background == interactive); // engines allow one thread only
    }

    void dropsTasksThatWaitWhenItEnds() {
        auto payload = std::make_shared<int>(1);
        std::binary_semaphore started(0), gate(0);
        auto worker = std::make_unique<Worker>();
        worker->post(Priority::background, [&] {
            started.release();
            gate.acquire();
        });
        started.acquire();
        worker->post(Priority::background, [payload] {});
        QCOMPARE(payload.use_count(), 2L);
        std::jthread ending([&] { worker.reset(); }); // waits for the first task, which waits for us
        QTRY_COMPARE(payload.use_count(), 1L);        // so the second was dropped, not run
        gate.release();
    }
};

QTEST_APPLESS_MAIN(TestWorker)
#include "tst_worker.moc"
