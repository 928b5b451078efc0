// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/engine.h"
#include "core/fusion/fuse.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <memory>
#include <optional>
#include <vector>

namespace rp::ui {

/// Numbers that can be changed: four axes always, so that all of them are shown alike. Norms are [4, channels, 1, 1] in the
/// order γ, β, μ, var.
struct PlaygroundField {
    enum class Kind { kernel, bias, norm, eps, input } kind = Kind::kernel;
    QString name; ///< "3x3", "3x3.bn", "eps", "input"
    TensorD values;
};

/// A block of two channels in which every number can be changed. All consequences are computed at once, by the same core
/// code that folds and runs models: an expression, `fusion::fuse`, the float64 engine.
class Playground : public QObject {
    Q_OBJECT

public:
    enum class Example { repvgg, chain };

    struct Result {
        fusion::FuseResult fused;
        TensorD branches, deploy, difference; ///< outputs of both forms [1, 2, h, w], and deploy − branches
        double largest = 0;                   ///< |difference|
    };

    explicit Playground(QObject* parent = nullptr);

    Example example() const { return m_example; }
    void setExample(Example example); ///< with its first numbers; undo forgets
    const std::vector<PlaygroundField>& fields() const { return m_fields; }
    const Result& result() const { return m_result; }
    ExprPtr body() const;
    QUndoStack& undoStack() { return m_undo; }

    /// Takes a number as somebody typed it; a message says why not, and nothing changes then.
    std::optional<QString> enter(std::size_t field, std::int64_t element, const QString& text);
    void reset(); ///< first numbers again, as one step that can be undone

signals:
    void exampleChanged();
    void changed();

private:
    friend class PlaygroundEdit;
    void take(std::vector<PlaygroundField> fields);
    void compute();
    std::optional<QString> refusal(const PlaygroundField& field, std::int64_t element, double value) const;

    Example m_example = Example::repvgg;
    std::vector<PlaygroundField> m_fields;
    Result m_result;
    QUndoStack m_undo;
    std::unique_ptr<Engine> m_engine;
};

} // namespace rp::ui
