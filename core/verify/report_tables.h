// SPDX-License-Identifier: Apache-2.0
// What all formats of a report share: its tables and sentences, each made once.
#pragma once

#include "core/verify/verify.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace rp::verify {

struct NamedAnswer {
    std::string_view name;
    std::string_view question;
    const Answer* answer;
};
std::array<NamedAnswer, 5> answersOf(const Questions& questions);
std::string verdictOf(const Answer& answer); ///< "-" when it was not asked

/// Rows of cells; the first row is the heading. One table, written in every format.
using Table = std::vector<std::vector<std::string>>;
struct TitledTable {
    std::string title, text; ///< `text` explains it in one paragraph; may be empty
    Table table;
};

Table questionTable(const Report& report);
/// Blocks, phases and, where they were measured, storage formats and the channels that suffer from them; `brief`: a verdict of
/// each format and the blocks that it costs most.
std::vector<TitledTable> tablesOf(const Report& report, bool brief = false);
/// One line for each storage format: verdict by verification.md D.4 (none is published for int4), lowest output figure, and where.
Table formatTable(const Report& report);
std::vector<std::string> findingLines(const Report& report);
/// Input, seeds, versions, and the command that gives this report again: one line each.
std::vector<std::string> provenanceLines(const Report& report);
std::string headline(const Report& report);

std::string alignedText(const Table& table); ///< columns lined up with spaces
std::string markdownTable(const Table& table);
std::string htmlTable(const Table& table);
std::string htmlList(const std::vector<std::string>& lines);
std::string csvLine(const std::vector<std::string>& fields);
/// A page around a body, with the headline in the verdict's colour.
std::string htmlPage(const std::string& file, Verdict verdict, const std::string& headline, const std::string& body);
std::string escapedXml(std::string_view text); ///< for XML and HTML, attributes included

/// A JUnit file with one suite: refused cases are skipped, warnings are output.
class JunitSuite {
public:
    explicit JunitSuite(std::string name) : m_name(std::move(name)) {}
    void property(const std::string& line); ///< "Name: value", or a value alone
    void add(std::string_view group, std::string_view name, Verdict verdict, const std::string& message);
    std::string text() const;

private:
    std::string m_name, m_properties, m_cases;
    int m_tests = 0, m_failures = 0, m_skipped = 0;
};

} // namespace rp::verify
