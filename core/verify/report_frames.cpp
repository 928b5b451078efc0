// SPDX-License-Identifier: Apache-2.0
// What stands around the content of an HTML page and of a JUnit file.
#include "core/verify/report_tables.h"

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr std::string_view kStyle =
    "body{font:15px/1.5 sans-serif;max-width:75em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "table{border-collapse:collapse;font-size:13px}td,th{padding:.2em .7em;text-align:left;border-bottom:1px solid #ccc}"
    ".scroll{overflow-x:auto}figure{display:inline-block;margin:0 1.2em 1em 0;text-align:center;font-size:12px;vertical-align:top}"
    "h1.pass{color:#15713a}h1.warn{color:#8a5a00}h1.fail{color:#b3261e}code{background:#f3f3f3;padding:.1em .3em}";

} // namespace

std::string htmlPage(const std::string& file, Verdict verdict, const std::string& headline, const std::string& body) {
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                       "<title>Repscope report: {}</title>\n<style>{}</style></head>\n<body>\n<h1 class=\"{}\">{}</h1>\n{}</body>\n</html>\n",
                       escapedXml(file), kStyle, toString(verdict), escapedXml(headline), body);
}

void JunitSuite::property(const std::string& line) {
    const std::size_t colon = line.find(": ");
    const bool named = colon != std::string::npos && colon < 20;
    m_properties += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", named ? escapedXml(line.substr(0, colon)) : "note",
                                escapedXml(named ? line.substr(colon + 2) : line));
}

void JunitSuite::add(std::string_view group, std::string_view name, Verdict verdict, const std::string& message) {
    ++m_tests;
    std::string inner;
    if (verdict == Verdict::fail) {
        ++m_failures;
        inner = fmt::format("<failure message=\"{}\"/>", escapedXml(message));
    } else if (verdict == Verdict::refused) {
        ++m_skipped;
        inner = fmt::format("<skipped message=\"{}\"/>", escapedXml(message));
    } else if (verdict == Verdict::warn) {
        inner = fmt::format("<system-out>{}</system-out>", escapedXml("warn: " + message));
    }
    m_cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">{}</testcase>\n", group, escapedXml(name), inner);
}

std::string JunitSuite::text() const {
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" "
                       "errors=\"0\">\n    <properties>\n{}    </properties>\n{}  </testsuite>\n</testsuites>\n",
                       escapedXml(m_name), m_tests, m_failures, m_skipped, m_properties, m_cases);
}

} // namespace rp::verify
