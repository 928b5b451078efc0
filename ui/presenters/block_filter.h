// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/block_facts.h"

#include <QString>
#include <QStringList>

#include <variant>
#include <vector>

namespace rp::ui {

/// Which blocks a line of text lets through: terms with blanks between, all of which must hold.
///
///     k=3 groups>1 snr<100 name~stage3 exactness!=everywhere 1x1
///
/// A term is `figure operator value`, or a word that name, family or form contains. Numbers compare with = != < <= > >=
/// and may end in k, M or G; `k` also takes `3x1`; `exact` is an infinite SNR. Texts compare with = != (whole) and ~ !~ (contains),
/// without regard to case; a value with blanks stands in "quotes". A block of which a figure is not known
/// fulfils no term about it.
class BlockFilter {
public:
    BlockFilter() = default; ///< lets everything through
    explicit BlockFilter(const QString& text);

    bool isValid() const { return m_error.isEmpty(); }
    const QString& error() const { return m_error; } ///< what is wrong with which term, for the user
    bool accepts(const BlockFacts& facts) const;     ///< precondition: valid

    static QStringList figures(); ///< the names that terms may use
    static QString help();        ///< the language in a few lines

private:
    enum class Operator { equal, unequal, less, atMost, more, atLeast, contains, lacks };
    using Value = std::variant<double, QString>;
    struct Term {
        int figure = -1; ///< into the table of figures; -1: a word
        Operator op = Operator::contains;
        Value value;
    };
    void addTerm(const QString& text);
    static std::optional<double> numberFrom(QString text);
    static bool holds(const Term& term, const BlockFacts& facts);

    std::vector<Term> m_terms;
    QString m_error;
};

} // namespace rp::ui
