// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/tiny_files.h"
#include "ui/models/roles.h"
#include "ui/models/top_model.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/presenters/verdict_summary.h"

#include "core/exec/network.h"
#include "core/io/image.h"

#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rp;
using namespace rp::ui;

class TestDocument : public QObject {
    Q_OBJECT

    static constexpr int kPatience = 60000; ///< upper bound for a loaded machine; nothing waits that long
    QTemporaryDir m_folder;
    QString m_model, m_deploy, m_picture, m_garbage, m_cut;

    QString write(const QString& name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(name));
        file.write(bytes);
        return file.fileName();
    }
    static bool settle(Document& document) {
        QSignalSpy settled(&document, &Document::settled);
        return !document.isBusy() || settled.wait(kPatience);
    }
    static bool hasProblem(const Document& document, const QString& code) {
        return std::ranges::any_of(document.problems(), [&](const Problem& p) { return p.code == code; });
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(m_model.toStdString());
        m_deploy = m_folder.filePath(QStringLiteral("deploy.pth"));
        test::writeTinyFile(m_deploy.toStdString(), {.deploy = true});
        m_picture = m_folder.filePath(QStringLiteral("picture.png"));
        QImage picture(40, 30, QImage::Format_RGB32);
        for (int y = 0; y < 30; ++y)
            for (int x = 0; x < 40; ++x)
                picture.setPixel(x, y, qRgb(6 * x, 8 * y, (x * y) % 256));
        QVERIFY(picture.save(m_picture));
        m_garbage = write(QStringLiteral("garbage.pth"), QByteArray(300, 'x'));
        QFile whole(m_model);
        QVERIFY(whole.open(QIODevice::ReadOnly));
        m_cut = write(QStringLiteral("cut.pth"), whole.readAll().left(900));
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void startsEmptyAndIdle() {
        Document document;
        QVERIFY(!document.model());
        QVERIFY(!document.isBusy());
        QCOMPARE(document.activity().state, Activity::State::idle);
        QVERIFY(document.problems().empty());
    }

    void openingAModelRunsAllPhasesAndVerifies() {
        Document document;
        QSignalSpy models(&document, &Document::modelChanged);
        document.openModel(m_model);
        QCOMPARE(document.activity().state, Activity::State::loading);
        QVERIFY(settle(document));
        QCOMPARE(models.size(), 1);
        for (Phase phase : {Phase::train, Phase::eval, Phase::deploy}) {
            QVERIFY(document.run(phase));
            QVERIFY(!document.run(phase)->problem);
            QCOMPARE(document.run(phase)->trace.size(), std::size_t{5});
        }
        QVERIFY(document.report());
        QCOMPARE(document.report()->blocks.size(), std::size_t{5});
        QVERIFY(document.detail());
        QVERIFY(document.derivation());
        QCOMPARE(document.activity().state, Activity::State::idle);
        QCOMPARE(summarize(document).tone, toneOf(document.report()->verdict));
    }

    void topFiveIsWhatCoreComputes() {
        Document document;
        TopModel top;
        connect(&document, &Document::modelChanged, &top, [&] { top.setModel(document.model()); });
        connect(&document, &Document::runChanged, &top,
                [&](Phase phase) { top.setRun(phase, document.run(phase)); });
        document.openPicture(m_picture);
        document.openModel(m_model);
        QVERIFY(settle(document));

        const families::OpenedModel opened = families::openModel(m_model.toStdString());
        const ModelForms forms = fusion::fuseModel(opened.model).forms(opened.model);
        const auto engine = makeReferenceEngine(); // another engine than the window's
        Network network(opened.model, forms, *engine);
        const MapPtr input = engine->load(io::readInputs({m_picture.toStdString()}, opened.preprocessing));
        for (Phase phase : {Phase::train, Phase::eval, Phase::deploy}) {
            const TensorD output = engine->read(network.run(input, phase));
            const int column = static_cast<int>(phase);
            std::vector<double> sorted(output.values().begin(), output.values().end());
            std::ranges::sort(sorted, std::greater<>());
            for (int rank = 0; rank < 5; ++rank) {
                const double shown = top.index(rank, column).data(ValueRole).toDouble();
                const double expected = sorted[static_cast<std::size_t>(rank)];
                QVERIFY2(std::abs(shown - expected) < 1e-4 * (1 + std::abs(expected)),
                         qPrintable(QStringLiteral("%1 shown, %2 computed").arg(shown).arg(expected)));
                const auto index =
                    static_cast<std::int64_t>(top.index(rank, column).data(ClassRole).toLongLong());
                QVERIFY(std::abs(output[index] - expected) < 1e-4 * (1 + std::abs(expected)));
            }
        }
        // Train takes the statistics of this picture, so it must not look like eval.
        QVERIFY(std::abs(top.index(0, 0).data(ValueRole).toDouble() -
                         top.index(0, 1).data(ValueRole).toDouble()) > 1e-3);
    }

    void branchesAddUpToTheSumAndDeployReplacesThem() {
        Document document;
        document.openModel(m_model);
        QVERIFY(settle(document));
        document.setBlock(2); // stage1.1, three branches
        QVERIFY(settle(document));
        QCOMPARE(document.detail()->block, 2);
        std::vector<double> added;
        const TensorD* sum = nullptr;
        for (const BlockMap& map : document.detail()->maps) {
            if (map.role == BlockMap::Role::branch) {
                added.resize(static_cast<std::size_t>(map.values.count()));
                for (std::size_t i = 0; i < added.size(); ++i)
                    added[i] += map.values.values()[i];
            }
            if (map.role == BlockMap::Role::sum) sum = &map.values;
        }
        QVERIFY(sum);
        QCOMPARE(added.size(), static_cast<std::size_t>(sum->count()));
        for (std::size_t i = 0; i < added.size(); ++i)
            QVERIFY(std::abs(added[i] - sum->values()[i]) < 1e-4);
        const TensorD evalSum = *sum;

        document.setPhase(Phase::deploy);
        QVERIFY(settle(document));
        QVERIFY(document.detail()->phase == Phase::deploy);
        int branches = 0;
        for (const BlockMap& map : document.detail()->maps) {
            branches += map.role == BlockMap::Role::branch;
            if (map.role == BlockMap::Role::sum) QCOMPARE(map.values.shape(), evalSum.shape());
            if (map.role == BlockMap::Role::difference)
                for (double v : map.values.values())
                    QVERIFY(std::abs(v) < 1e-4);
        }
        QCOMPARE(branches, 0);
        QCOMPARE(document.currentRun()->trace.front().function, std::string("forwardInfer"));
    }

    void anotherEngineRunsAgainWithTheSameVerdict() {
        Document document;
        document.openModel(m_model);
        QVERIFY(settle(document));
        const ReportPtr report = document.report();
        document.setSettings({EngineKind::float64, DispatchMethod::decorator});
        QVERIFY(document.isBusy());
        QVERIFY(settle(document));
        QVERIFY(document.currentRun()->settings.engine == EngineKind::float64);
        QVERIFY(document.detail()->settings.engine == EngineKind::float64);
        QVERIFY(document.currentRun()->trace.front().method == DispatchMethod::decorator);
        QCOMPARE(document.report(), report); // verification uses both engines anyway
    }

    void selectingWhileTheEngineChangesIsSafe() {
        Document document;
        document.openModel(m_model);
        QVERIFY(settle(document));
        document.setSettings({EngineKind::float64, DispatchMethod::state});
        document.setBlock(4); // maps of the old engine must not reach the new one
        QVERIFY(settle(document));
        QCOMPARE(document.detail()->block, 4);
        QVERIFY(document.detail()->settings.engine == EngineKind::float64);
    }

    void aBrokenFileIsAProblemWithCodeExpectedAndFound_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("code");
        QTest::newRow("no format at all") << m_garbage << QStringLiteral("formatUnknown");
        QTest::newRow("cut off") << m_cut << QString();
        QTest::newRow("missing") << m_folder.filePath(QStringLiteral("nothing.pth"))
                                 << QStringLiteral("fileMissing");
    }
    void aBrokenFileIsAProblemWithCodeExpectedAndFound() {
        QFETCH(QString, path);
        QFETCH(QString, code);
        Document document;
        document.openModel(path);
        QVERIFY(settle(document));
        QVERIFY(document.openError());
        QCOMPARE(document.activity().state, Activity::State::failed);
        QCOMPARE(document.problems().size(), std::size_t{1});
        const Problem problem = document.problems().front();
        QVERIFY(!problem.code.isEmpty());
        QVERIFY2(problem.where.contains(path), qPrintable(problem.where));
        QVERIFY(!problem.expected.isEmpty());
        QVERIFY(!problem.found.isEmpty());
        if (!code.isEmpty()) QCOMPARE(problem.code, toQString(toString(document.openError()->code())));
        QVERIFY(!document.model());
    }

    void aBrokenFileLeavesTheOpenModelInPlace() {
        Document document;
        document.openModel(m_model);
        QVERIFY(settle(document));
        const LoadedModelPtr before = document.model();
        document.openModel(m_garbage);
        QVERIFY(settle(document));
        QCOMPARE(document.model(), before);
        QVERIFY(document.report());
        QVERIFY(document.openError());
    }

    void aBrokenPictureLeavesTheSeededInput() {
        Document document;
        document.openPicture(m_garbage);
        document.openModel(m_model);
        QVERIFY(settle(document));
        QVERIFY(hasProblem(document, QStringLiteral("input-invalid")) || document.openError());
        QVERIFY(document.input());
        QVERIFY(document.input()->path.isEmpty());
        QVERIFY(document.report());
    }

    void fileKindIsToldByContent() {
        Document document;
        document.openFiles({m_model});
        QVERIFY(settle(document));
        document.openFiles({m_picture});
        QVERIFY(settle(document));
        QCOMPARE(document.input()->path, m_picture);
        QVERIFY(document.model());
    }

    void aDeployFormHasKernelsButNothingToCompare() {
        Document document;
        document.openModel(m_deploy);
        QVERIFY(settle(document));
        QVERIFY(!document.report());
        QVERIFY(document.verifyProblem());
        QVERIFY(document.verifyProblem()->code() == ErrorCode::nothingToFuse);
        QCOMPARE(summarize(document).tone, Tone::note);
        QVERIFY(document.derivation()->storedInFile);
        QVERIFY(!document.run(Phase::eval)->problem);
    }

    void oneValuePerChannelIsAProblemOfPhaseTrainOnly() {
        const QString path = m_folder.filePath(QStringLiteral("small.pth"));
        test::TinyFile options;
        options.inputSide = 4; // three blocks of stride 2 leave one pixel
        test::writeTinyFile(path.toStdString(), options);
        Document document;
        document.openModel(path);
        QVERIFY(settle(document));
        QVERIFY(document.run(Phase::train)->problem);
        QVERIFY(!document.run(Phase::eval)->problem);
        QVERIFY(!document.run(Phase::deploy)->problem);
        QVERIFY(std::ranges::any_of(
            document.problems(), [](const Problem& p) { return p.where.contains(QStringLiteral("train")); }));
    }

    void anIncompleteBlockIsNamedAndTheOthersAreShown() {
        const QString path = m_folder.filePath(QStringLiteral("incomplete.pth"));
        test::TinyFile options;
        options.incomplete = true;
        test::writeTinyFile(path.toStdString(), options);
        Document document;
        document.openModel(path);
        QVERIFY(settle(document));
        QVERIFY(hasProblem(document, QStringLiteral("incomplete-block")));
        document.setBlock(4);
        QVERIFY(settle(document));
        QVERIFY(document.detail());
        QVERIFY(document.detail()->seeded); // the network as a whole cannot run
        document.setBlock(2);
        QVERIFY(settle(document));
        QVERIFY(document.detail()->problem);
        QVERIFY(document.derivation()->result.refusal());
    }

    void aNewerModelReplacesTheOneBeingLoaded() {
        Document document;
        QSignalSpy models(&document, &Document::modelChanged);
        document.openModel(m_deploy);
        document.openModel(m_model);
        QVERIFY(settle(document));
        QCOMPARE(models.size(), 1);
        QVERIFY(document.model()->opened.checkpoint->path == m_model.toStdString());
    }

    void cancellingLeavesNothingBusy() {
        Document document;
        document.openModel(m_model);
        QVERIFY(QTest::qWaitFor(
            [&] { return document.activity().state == Activity::State::running || document.report(); },
            kPatience));
        document.cancel();
        QVERIFY(settle(document));
        QVERIFY(!document.isBusy());
        document.verifyAgain();
        QVERIFY(settle(document));
        QVERIFY(document.report());
    }

    void canBeDeletedAtAnyMoment_data() {
        QTest::addColumn<int>("state");
        QTest::newRow("while loading") << static_cast<int>(Activity::State::loading);
        QTest::newRow("while running") << static_cast<int>(Activity::State::running);
        QTest::newRow("while verifying") << static_cast<int>(Activity::State::verifying);
    }
    void canBeDeletedAtAnyMoment() {
        QFETCH(int, state);
        auto document = std::make_unique<Document>();
        document->openModel(m_model);
        QVERIFY(QTest::qWaitFor(
            [&] { return static_cast<int>(document->activity().state) >= state || document->report(); },
            kPatience));
        document.reset();
        QCoreApplication::processEvents();
    }
};

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
