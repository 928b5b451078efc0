// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/lane.h"

#include <QSignalSpy>
#include <QTest>

#include <semaphore>
#include <stdexcept>

using namespace rp;
using rp::ui::Lane;
using rp::ui::Outcome;
using rp::ui::Priority;
using rp::ui::Worker;

class TestLane : public QObject {
    Q_OBJECT

    std::shared_ptr<Worker> m_worker;
    std::unique_ptr<Lane> m_lane;

    /// Runs until it is asked to stop.
    static std::function<int(const Job&)> endless(std::binary_semaphore& started) {
        return [&started](const Job& job) {
            started.release();
            while (true)
                job.step(0.5, "turning");
            return 0;
        };
    }

private slots:
    void init() {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_worker = std::make_shared<Worker>();
        m_lane = std::make_unique<Lane>(m_worker, Priority::background);
    }
    void cleanup() {
        m_lane.reset();
        m_worker.reset();
    }

    void deliversItsResultOnTheOwnersThread() {
        int result = 0;
        QThread* thread = nullptr;
        m_lane->start<int>([](const Job&) { return 42; },
                           [&](const Outcome<int>& outcome) {
                               result = std::get<int>(outcome);
                               thread = QThread::currentThread();
                           });
        QVERIFY(m_lane->isBusy());
        QTRY_COMPARE(result, 42);
        QCOMPARE(thread, QThread::currentThread());
        QVERIFY(!m_lane->isBusy());
    }

    void dropsTheOlderResultWhenANewerJobStarts() {
        std::binary_semaphore gate(0), started(0);
        std::vector<int> results;
        auto keep = [&results](const Outcome<int>& outcome) {
            results.push_back(std::holds_alternative<int>(outcome) ? std::get<int>(outcome) : -1);
        };
        m_lane->start<int>(
            [&](const Job&) {
                started.release();
                gate.acquire();
                return 1;
            },
            keep);
        started.acquire();
        m_lane->start<int>([](const Job&) { return 2; }, keep);
        gate.release();
        QTRY_VERIFY(!m_lane->isBusy());
        QCOMPARE(results, std::vector<int>{2});
    }

    void cancelDeliversTheErrorCancelled() {
        std::binary_semaphore started(0);
        std::optional<ErrorCode> code;
        m_lane->start<int>(endless(started),
                           [&](const Outcome<int>& outcome) { code = std::get<Error>(outcome).code(); });
        started.acquire();
        m_lane->cancel();
        QTRY_VERIFY(code.has_value());
        QVERIFY(*code == ErrorCode::cancelled);
    }

    void cancelledBeforeItStartsItNeverEntersItsBody() {
        std::binary_semaphore gate(0);
        bool entered = false;
        std::optional<ErrorCode> code;
        m_worker->post(Priority::background, [&] { gate.acquire(); });
        m_lane->start<int>(
            [&](const Job&) {
                entered = true;
                return 1;
            },
            [&](const Outcome<int>& outcome) { code = std::get<Error>(outcome).code(); });
        m_lane->cancel();
        gate.release();
        QTRY_VERIFY(code.has_value());
        QVERIFY(*code == ErrorCode::cancelled);
        QVERIFY(!entered);
    }

    void canBeDeletedWhileItsJobRuns() {
        std::binary_semaphore started(0);
        bool called = false;
        m_lane->start<int>(endless(started), [&](const Outcome<int>&) { called = true; });
        started.acquire();
        m_lane.reset();   // asks the job to stop
        m_worker.reset(); // would hang if it did not
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void exceptionsBecomeErrors_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::newRow("an error of core keeps its code") << 0 << static_cast<int>(ErrorCode::keyMissing);
        QTest::newRow("a standard exception is internal") << 1 << static_cast<int>(ErrorCode::internal);
        QTest::newRow("memory is a limit") << 2 << static_cast<int>(ErrorCode::limitExceeded);
        QTest::newRow("anything else is internal") << 3 << static_cast<int>(ErrorCode::internal);
    }
    void exceptionsBecomeErrors() {
        QFETCH(int, kind);
        QFETCH(int, code);
        std::optional<Error> error;
        auto work = [kind](const Job&) -> int {
            if (kind == 0) throw Error(ErrorCode::keyMissing, {"a.pth", "stage0", "nothing", ""});
            if (kind == 1) throw std::runtime_error("what");
            if (kind == 2) throw std::bad_alloc();
            throw 7;
        };
        m_lane->start<int>(work, [&](const Outcome<int>& outcome) { error = std::get<Error>(outcome); });
        QTRY_VERIFY(error.has_value());
        QCOMPARE(static_cast<int>(error->code()), code);
    }

    void reportsProgressOfACurrentJob() {
        std::binary_semaphore gate(0);
        QSignalSpy spy(m_lane.get(), &Lane::progressed);
        bool done = false;
        m_lane->start<int>(
            [&](const Job& job) {
                job.step(0.25, "folding");
                gate.acquire();
                return 1;
            },
            [&](const Outcome<int>&) { done = true; });
        QVERIFY(spy.wait());
        QCOMPARE(spy.front().at(0).toDouble(), 0.25);
        QCOMPARE(spy.front().at(1).toString(), QStringLiteral("folding"));
        gate.release();
        QTRY_VERIFY(done);
    }

    void reportsFarFewerTimesThanTheJobSteps() {
        QSignalSpy spy(m_lane.get(), &Lane::progressed);
        bool done = false;
        m_lane->start<int>(
            [](const Job& job) {
                for (int i = 0; i < 200000; ++i)
                    job.step(i / 200000.0, "counting");
                return 1;
            },
            [&](const Outcome<int>&) { done = true; });
        QTRY_VERIFY(done);
        QVERIFY(spy.size() < 2000);
    }
};

QTEST_GUILESS_MAIN(TestLane)
#include "tst_lane.moc"
