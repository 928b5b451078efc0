// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/verify.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rp::verify {

/// What is the same for every input of a set.
struct SetHead {
    std::string file, variant;
    std::int64_t inputs = 0; ///< of the whole set
    std::string preprocessing, reproduce, seeds, versions;
    std::vector<std::string> blocks, classNames;
    std::vector<std::string> labels; ///< folder names, sorted; empty when the files stand in none
    std::vector<Assumption> assumptions;
};

/// Figures of one block on one input. Decibels are none where both sides are equal to the last bit.
struct BlockFigures {
    Verdict verdict = Verdict::pass;
    bool measured = false;
    std::optional<double> localDb, cumulativeDb, algebraDb, storedDb;
    double localMax = 0, bound = 0, cumulativeMax = 0;
};

struct InputResult {
    std::int64_t index = 0; ///< in the whole set
    std::string name, label;
    std::string error; ///< why this input could not be used; all else is empty then
    Verdict verdict = Verdict::pass;
    std::vector<BlockFigures> blocks; ///< as in the head
    std::optional<double> outputDb;   ///< float32, deploy against eval
    std::int64_t classes = 0;         ///< of the output; 0 when it is no classification
    std::array<std::optional<std::int64_t>, 3> top1; ///< by phase; none for other outputs
    std::vector<Finding> findings;
};

InputResult resultOf(const Report& report, std::int64_t index, std::string name, std::string label);
/// All but `inputs` and `labels`.
SetHead headOf(const families::OpenedModel& opened, const VerifyOptions& options);

/// One line of JSON each, for a shard's file: the head, the inputs, and an end that tells a whole file from a cut one.
std::string headLine(const SetHead& head);
std::string inputLine(const InputResult& result);
std::string endLine(std::int64_t inputs);

/// What an aggregate says of a figure over all inputs.
struct Spread {
    std::int64_t count = 0;      ///< inputs with a figure
    double lowest = 0, mean = 0; ///< dB; over inputs that are not equal to the last bit
    std::string lowestAt;        ///< the input
};

struct BlockSummary {
    std::string name;
    Verdict verdict = Verdict::pass;
    std::int64_t measured = 0, failed = 0;
    Spread local, cumulative, algebra, stored;
    double localMax = 0, worstShare = 0; ///< of the rounding bound
    std::string worstShareAt;
};

struct SetReport {
    SetHead head;
    Verdict verdict = Verdict::pass;
    std::vector<InputResult> inputs; ///< in order; broken ones among them
    std::vector<BlockSummary> blocks;
    Spread output;
    std::int64_t broken = 0, classified = 0, changed = 0; ///< top-1 of deploy differs from eval's
    std::int64_t labelled = 0;
    std::array<std::int64_t, 3> correct{}; ///< by phase, of `labelled`
    std::string noLabels;                  ///< why folders are not taken as labels
    std::vector<std::pair<Finding, std::int64_t>> findings; ///< each once, with the number of inputs
};

/// The report of a set from its results, in any order. Inputs that are missing make it fail. Throws `malformed` for an input that is there twice.
SetReport summarize(SetHead head, std::vector<InputResult> inputs);
/// The same from the files that shards wrote. Throws what reading throws, and `malformed` for files that are cut, or not of one set.
SetReport mergeShards(const std::vector<std::filesystem::path>& files);

std::string toJson(const SetReport& report);
std::string toText(const SetReport& report);
std::string toMarkdown(const SetReport& report);
std::string toCsv(const SetReport& report); ///< one line for each block
std::string toHtml(const SetReport& report);
std::string toJunit(const SetReport& report); ///< a case for each input and each block
/// By suffix, as for one input. Throws `usage`.
/// Throws `usage` for a name that `writeReport` would refuse: better before a long run than behind it.
void requireReportName(const std::filesystem::path& target);
void writeReport(const SetReport& report, const std::filesystem::path& target);

} // namespace rp::verify
