// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/playground.h"

#include "core/exec/forward.h"
#include "core/tensor/elementwise.h"
#include "ui/presenters/display_text.h"

#include <QLocale>
#include <QUndoCommand>

#include <algorithm>
#include <functional>
#include <cmath>

namespace rp::ui {

/// From some numbers to others; there is no finer kind of edit.
class PlaygroundEdit : public QUndoCommand {
public:
    PlaygroundEdit(Playground& playground, std::vector<PlaygroundField> after, const QString& text)
        : QUndoCommand(text), m_playground(playground), m_before(playground.fields()), m_after(std::move(after)) {}
    void undo() override { m_playground.take(m_before); }
    void redo() override { m_playground.take(m_after); }

private:
    Playground& m_playground;
    std::vector<PlaygroundField> m_before, m_after;
};

namespace {

using Kind = PlaygroundField::Kind;
using Field = PlaygroundField;
constexpr std::int64_t kSide = 5;

TensorD tensor(Shape shape, std::vector<double> values) {
    return {std::move(shape), std::move(values)};
}

Field norm(const char* name, std::vector<double> values) {
    return {Kind::norm, QString::fromLatin1(name), tensor({4, 2, 1, 1}, std::move(values))};
}

Field kernel3(const char* name) {
    return {Kind::kernel, QString::fromLatin1(name), tensor({2, 2, 3, 3}, {0.5, -0.25, 0, 1, 0.75, -0.5, 0, 0.25, 0.5, //
                                                                         -1, 0, 1, -0.5, 0, 0.5, -1, 0, 1,          //
                                                                         0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25, //
                                                                         0, -0.5, 0, -0.5, 2, -0.5, 0, -0.5, 0})};
}

Field kernel1(const char* name) {
    return {Kind::kernel, QString::fromLatin1(name), tensor({2, 2, 1, 1}, {1.5, -0.5, 0.5, 1})};
}

Field input() {
    std::vector<double> values(2 * kSide * kSide, 0.0);
    for (std::int64_t i = 0; i < kSide; ++i) {
        values[static_cast<std::size_t>(i * kSide + i)] = 1;                           // a diagonal
        values[static_cast<std::size_t>(kSide * kSide + 2 * kSide + i)] = i == 2 ? 2 : 1; // a line
    }
    return {Kind::input, QStringLiteral("input"), tensor({1, 2, kSide, kSide}, std::move(values))};
}

std::vector<Field> firstNumbers(Playground::Example example) {
    if (example == Playground::Example::chain)
        return {kernel1("1x1"), {Kind::bias, QStringLiteral("1x1 bias"), tensor({2, 1, 1, 1}, {0.5, -1})}, kernel3("3x3"),
                {Kind::bias, QStringLiteral("3x3 bias"), tensor({2, 1, 1, 1}, {0.25, 0})}, input()};
    return {kernel3("3x3"),
            norm("3x3.bn", {1, 2, 0, 0.5, 0.5, -0.5, 4, 1}),
            kernel1("1x1"),
            norm("1x1.bn", {2, 1, 0, 0, 0, 1, 1, 0.25}),
            norm("identity.bn", {1, 1, 0.5, 0, 0.25, 0, 1, 4}),
            {Kind::eps, QStringLiteral("eps"), tensor({1, 1, 1, 1}, {1e-5})},
            input()};
}

Param row(const TensorD& values, std::int64_t which) {
    const std::int64_t channels = values.size(1);
    const std::span<const double> all = values.values().subspan(static_cast<std::size_t>(which * channels), static_cast<std::size_t>(channels));
    return Param(TensorD(Shape{channels}, {all.begin(), all.end()}));
}

ExprPtr convOf(const Field& field, std::int64_t padding, const Field* bias = nullptr) {
    Conv conv;
    conv.weight = Param(field.values);
    if (bias) conv.bias = Param(bias->values.reshaped({bias->values.size(0)}));
    conv.padding = Padding::same(padding);
    return makeExpr(field.name.toStdString(), std::move(conv));
}

ExprPtr normOf(const Field& field, double eps) {
    Norm n;
    n.gamma = row(field.values, 0);
    n.beta = row(field.values, 1);
    n.mean = row(field.values, 2);
    n.var = row(field.values, 3);
    n.eps = eps;
    return makeExpr(field.name.toStdString(), std::move(n));
}

ExprPtr chainOf(const char* name, std::vector<ExprPtr> steps) {
    return makeExpr(name, Chain{std::move(steps)});
}

} // namespace

Playground::Playground(QObject* parent) : QObject(parent), m_engine(makeReferenceEngine()) {
    m_fields = firstNumbers(m_example);
    compute();
}

void Playground::setExample(Example example) {
    m_example = example;
    m_undo.clear();
    m_fields = firstNumbers(example);
    compute();
    emit exampleChanged();
    emit changed();
}

ExprPtr Playground::body() const {
    const std::vector<Field>& f = m_fields;
    if (m_example == Example::chain) return chainOf("chain", {convOf(f[0], 0, &f[1]), convOf(f[2], 1, &f[3])});
    const double eps = f[5].values[0];
    return makeExpr("block", Sum{{chainOf("3x3", {convOf(f[0], 1), normOf(f[1], eps)}), chainOf("1x1", {convOf(f[2], 0), normOf(f[3], eps)}),
                                  chainOf("identity", {normOf(f[4], eps)})}});
}

std::optional<QString> Playground::refusal(const Field& field, std::int64_t element, double value) const {
    if (!std::isfinite(value)) return tr("A finite number is expected.");
    if (std::abs(value) > 1e12) return tr("A number of at most 1e12 is expected.");
    const bool isVariance = field.kind == Kind::norm && element / field.values.size(1) == 3;
    if (field.kind == Kind::eps || isVariance) {
        if (value < 0) return isVariance ? tr("A variance cannot be negative: %1").arg(numberText(value)) : tr("eps cannot be negative: %1").arg(numberText(value));
        const double eps = field.kind == Kind::eps ? value : m_example == Example::repvgg ? m_fields[5].values[0] : 1;
        for (const Field& other : m_fields)
            if (other.kind == Kind::norm)
                for (std::int64_t c = 0; c < other.values.size(1); ++c) {
                    const std::int64_t at = 3 * other.values.size(1) + c;
                    const double var = isVariance && &other == &field && at == element ? value : other.values[at];
                    if (var + eps <= 0) return tr("var + ε must be larger than zero: it is divided by its root.");
                }
    }
    return std::nullopt;
}

std::optional<QString> Playground::enter(std::size_t field, std::int64_t element, const QString& text) {
    bool isNumber = false;
    double value = QLocale().toDouble(text.trimmed(), &isNumber);
    if (!isNumber) value = QLocale::c().toDouble(text.trimmed(), &isNumber);
    if (!isNumber) return tr("Not a number: %1").arg(text);
    if (const auto message = refusal(m_fields[field], element, value)) return message;
    if (m_fields[field].values[element] == value) return std::nullopt;
    std::vector<Field> after = m_fields;
    after[field].values.edit()[static_cast<std::size_t>(element)] = value;
    m_undo.push(new PlaygroundEdit(*this, std::move(after), tr("a number of %1").arg(m_fields[field].name)));
    return std::nullopt;
}

void Playground::reset() {
    m_undo.push(new PlaygroundEdit(*this, firstNumbers(m_example), tr("reset")));
}

void Playground::take(std::vector<PlaygroundField> fields) {
    m_fields = std::move(fields);
    compute();
    emit changed();
}

void Playground::compute() {
    const ExprPtr expr = body();
    m_result.fused = fusion::fuse(*expr, 2);
    const MapPtr x = m_engine->load(m_fields.back().values);
    m_result.branches = m_engine->read(forward(expr, Phase::eval, x, *m_engine));
    m_result.deploy = m_engine->read(forward(fusion::toStoredConv(*m_result.fused.fused(), "fused"), Phase::eval, x, *m_engine));
    m_result.difference = combined(m_result.deploy, m_result.branches, std::minus<>());
    m_result.largest = 0;
    for (double d : m_result.difference.values())
        m_result.largest = std::isfinite(d) ? std::max(m_result.largest, std::abs(d)) : HUGE_VAL; // NaN would be lost in a maximum
}

} // namespace rp::ui
