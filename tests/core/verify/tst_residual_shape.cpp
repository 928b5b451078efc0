// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/residual_shape.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace rp;
using namespace rp::verify;

/// Figures by hand on maps of 4 x 4: a ring of 12 pixels around 4.
class TestResidualShape : public QObject {
    Q_OBJECT

    static TensorD map(const std::vector<double>& channel0, const std::vector<double>& channel1) {
        std::vector<double> values = channel0;
        values.insert(values.end(), channel1.begin(), channel1.end());
        return TensorD(Shape{1, 2, 4, 4}, std::move(values));
    }
    static TensorD zeros() { return TensorD(Shape{1, 2, 4, 4}); }

private slots:
    void aDifferenceOfPaddingIsInTheRing() {
        const std::vector<double> ring{8, 8, 8, 8, 8, 1, 1, 8, 8, 1, 1, 8, 8, 8, 8, 8}, none(16);
        const ResidualShape shape = residualShape(zeros(), map(ring, none));
        // Squares: 12 * 64 over 24 elements of the ring, 4 over 8 of the rest.
        QVERIFY(std::abs(*shape.rimOverInside - std::sqrt(32.0) / std::sqrt(0.5)) < 1e-12);
        QVERIFY(describe(shape).find("differ 8 times as much") != std::string::npos);
        const std::vector<double> only{1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1};
        const ResidualShape corners = residualShape(zeros(), map(only, none));
        QVERIFY(std::isinf(*corners.rimOverInside));
        QVERIFY(describe(corners).find("only the outermost pixels") != std::string::npos);
    }

    void aForgottenBiasIsOneNumberPerChannel() {
        const ResidualShape shape = residualShape(map(std::vector<double>(16, 1), std::vector<double>(16, 2)),
                                                  map(std::vector<double>(16, 1.5), std::vector<double>(16, -1)));
        QVERIFY(std::abs(shape.constantShare - 1) < 1e-12);
        QVERIFY(std::abs(*shape.rimOverInside - 1) < 1e-12);
        QVERIFY(describe(shape).find("100 % of the difference") != std::string::npos);
    }

    void whatStandsOutInNoWayIsNotDescribed() {
        std::vector<double> checks(16);
        for (std::size_t i = 0; i < 16; ++i) checks[i] = (i / 4 + i) % 2 ? 1 : -1;
        const ResidualShape shape = residualShape(zeros(), map(checks, checks));
        QVERIFY(shape.constantShare < 1e-12);
        QVERIFY(std::abs(*shape.rimOverInside - 1) < 1e-12);
        QVERIFY(describe(shape).empty());
    }

    void equalMapsMapsWithoutInsideAndNaNAreNoTrouble() {
        QVERIFY(!residualShape(zeros(), zeros()).rimOverInside);
        QVERIFY(describe(residualShape(zeros(), zeros())).empty());
        const TensorD pixel(Shape{2, 1, 1, 1}, {1.0, 1.0});
        const ResidualShape shape = residualShape(TensorD(Shape{2, 1, 1, 1}), pixel);
        QVERIFY(!shape.rimOverInside);
        QVERIFY(std::abs(shape.constantShare - 1) < 1e-12);
        std::vector<double> broken(16, 1);
        broken[5] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(std::isfinite(*residualShape(zeros(), map(broken, broken)).rimOverInside));
    }
};

QTEST_GUILESS_MAIN(TestResidualShape)
#include "tst_residual_shape.moc"
