// SPDX-License-Identifier: Apache-2.0
// How quickly the window answers: paint events of a mosaic of 2,560 channels, the longest event on the GUI thread
// while a model loads, runs, verifies and is looked through, and the time to the first frame. See README.md.
#include "ui/presenters/document.h"
#include "ui/views/main_window.h"
#include "ui/views/map_pane.h"
#include "ui/views/theme.h"

#include <QAction>
#include <QApplication>
#include <QMouseEvent>
#include <QStyleFactory>
#include <QTabWidget>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <unistd.h>

#include <fmt/format.h>

using namespace rp;
using namespace rp::ui;

namespace {

/// Time of this thread, so that other programs on the machine do not count; --wall takes the clock's instead.
bool isWall = false;

class Stopwatch {
public:
    double milliseconds() const { return 1000 * (now() - m_start); }

private:
    static double now() {
        timespec t{};
        clock_gettime(isWall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    }
    double m_start = now();
};

double percentile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size() - 1)))];
}

std::string summary(const std::vector<double>& ms) {
    return fmt::format("median {:6.2f} ms, 99th percentile {:6.2f} ms, longest {:6.2f} ms ({} events)", percentile(ms, 0.5),
                       percentile(ms, 0.99), percentile(ms, 1), ms.size());
}

/// Every event with the time that it took, by kind; nested ones count within the outer one.
class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        if (m_depth > 0) return QApplication::notify(receiver, event);
        const QEvent::Type type = event->type();
        const std::string name = receiver->metaObject()->className();
        const Stopwatch timer;
        ++m_depth;
        const bool handled = QApplication::notify(receiver, event);
        --m_depth;
        m_times.push_back(timer.milliseconds());
        double& worst = m_worst[fmt::format("{} to {}", static_cast<int>(type), name)];
        worst = std::max(worst, m_times.back());
        return handled;
    }
    std::vector<double> takeTimes() { return std::exchange(m_times, {}); }
    void reset() {
        m_times.clear();
        m_worst.clear();
    }
    /// The slowest kinds of events.
    std::vector<std::pair<double, std::string>> slowest(std::size_t count) const {
        std::vector<std::pair<double, std::string>> all;
        for (const auto& [name, ms] : m_worst) all.emplace_back(ms, name);
        std::ranges::sort(all, std::greater<>());
        all.resize(std::min(all.size(), count));
        return all;
    }

private:
    int m_depth = 0;
    std::vector<double> m_times;
    std::map<std::string, double> m_worst;
};

/// A pane that times its own paint events, flush to the screen excluded.
class TimedPane : public MapPane {
public:
    using MapPane::MapPane;
    std::vector<double> times;

protected:
    void paintEvent(QPaintEvent* event) override {
        const Stopwatch timer;
        MapPane::paintEvent(event);
        times.push_back(timer.milliseconds());
    }
};

TensorD waves(std::int64_t channels, std::int64_t side) {
    TensorD map(Shape{1, channels, side, side});
    const std::span<double> values = map.edit();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i) * 0.37) * std::cos(static_cast<double>(i) * 0.011);
    return map;
}

void benchPaint(std::int64_t side) {
    MapViewState state;
    TimedPane pane(state);
    pane.resize(1920, 1080);
    pane.show(QStringLiteral("mosaic"), {}, waves(2560, side), {{-1, 1}});
    pane.QWidget::show();
    QApplication::processEvents();
    auto repaint = [&] { pane.repaint(); };
    auto report = [&](const char* what) {
        fmt::print("  {:3} x {:3}  {:22} {}\n", side, side, what, summary(pane.times));
        pane.times.clear();
    };
    report("first picture");
    for (int i = 0; i < 500; ++i) {
        QMouseEvent move(QEvent::MouseMove, QPointF(20 + i * 3, 60 + i), pane.mapToGlobal(QPointF(20 + i * 3, 60 + i)), Qt::NoButton,
                         Qt::NoButton, {});
        QApplication::sendEvent(&pane, &move);
        repaint();
    }
    report("hover");
    for (int i = 0; i < 500; ++i) {
        state.setWindow({1 + 0.02 * i, {0.3 + 0.0005 * i, 0.5}});
        repaint();
    }
    report("zoom and pan");
    for (int i = 0; i < 200; ++i) {
        state.setWindow({60 + 0.1 * i, {0.3 + 0.001 * i, 0.5}});
        repaint();
    }
    report("zoom with numbers");
}

/// Runs the event loop until nothing is under way.
void settle(Document& document) {
    QEventLoop loop;
    QObject::connect(&document, &Document::settled, &loop, &QEventLoop::quit);
    if (document.isBusy()) loop.exec();
    QTimer::singleShot(100, &loop, &QEventLoop::quit); // the paint events that follow
    loop.exec();
}

void benchEvents(TimedApplication& application, const QString& model, const QString& picture) {
    Document document;
    MainWindow window(document);
    window.resize(1920, 1080);
    window.show();
    QApplication::processEvents();
    auto* tabs = window.centralWidget()->findChild<QTabWidget*>();
    auto report = [&](const std::string& what) {
        fmt::print("  {:28} {}\n", what, summary(application.takeTimes()));
    };
    application.reset();
    if (!picture.isEmpty()) document.openPicture(picture);
    document.openModel(model);
    // While everything is under way somebody looks around: every block, tab and phase.
    QTimer busy;
    int step = 0;
    QObject::connect(&busy, &QTimer::timeout, [&] {
        if (!document.model()) return;
        const auto blocks = static_cast<int>(document.model()->model().blocks.size());
        ++step;
        document.setBlock(step % blocks);
        if (step % 3 == 0) tabs->setCurrentIndex(step / 3 % tabs->count());
        if (step % 5 == 0) document.setPhase(static_cast<Phase>(step / 5 % 3));
    });
    busy.start(150);
    settle(document);
    busy.stop();
    report(fmt::format("load, run, verify, {} looks", step));
    settle(document);
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        for (int block = 0; block < static_cast<int>(document.model()->model().blocks.size()); block += 3)
            for (Phase phase : {Phase::eval, Phase::deploy}) {
                document.setBlock(block);
                document.setPhase(phase);
                settle(document);
            }
        report(tabs->tabText(tab).toStdString());
    }
    for (const auto& [ms, what] : application.slowest(6)) fmt::print("    {:7.1f} ms  event {}\n", ms, what);
}

/// Seconds since this process was started, from the kernel's clock ticks (10 ms apart).
double processAge() {
    std::ifstream file("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    for (int i = 3; i <= 22; ++i) fields >> field; // starttime is the 22nd of the line
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 -
           std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace

int main(int argc, char** argv) {
    isWall = argc > 1 && std::string_view(argv[1]) == "--wall";
    const std::vector<char*> names(argv + (isWall ? 2 : 1), argv + argc);
    if (names.empty()) {
        fmt::print(stderr, "usage: bench_window [--wall] MODEL [PICTURE]\n");
        return 2;
    }
    const double started = processAge();
    TimedApplication application(argc, argv);
    const double initialised = processAge();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(lightPalette());
    {
        Document document;
        MainWindow window(document);
        window.show();
        QApplication::processEvents();
        window.repaint();
        fmt::print("first frame {:.0f} ms after the start of the process (to 10 ms); main at {:.0f}, Qt ready at {:.0f}\n",
                   1000 * processAge(), 1000 * started, 1000 * initialised);
    }
    fmt::print("paint events of 2,560 channels at 1920x1080\n");
    for (std::int64_t side : {7, 14, 56}) benchPaint(side);
    fmt::print("events on the GUI thread, window of 1920x1080\n");
    benchEvents(application, QString::fromLocal8Bit(names[0]), names.size() > 1 ? QString::fromLocal8Bit(names[1]) : QString());
}
