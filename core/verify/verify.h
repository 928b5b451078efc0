// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
#include "core/verify/bisection.h"
#include "core/verify/certificate.h"
#include "core/verify/compare.h"
#include "core/verify/diagnosis/diagnosis.h"
#include "core/verify/precision.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

using rp::toString; // shapes are std::vector, so lookup by argument does not find it

enum class Verdict { pass, warn, fail, refused };
std::string_view toString(Verdict verdict);
Verdict worse(Verdict a, Verdict b);

/// One of the five questions of design section 5: the answer, a figure, and a sentence.
struct Answer {
    Verdict verdict = Verdict::pass;
    std::string sentence;
    std::optional<double> value; ///< its figure: dB for algebra and drift, share of the bound for rounding …
    bool asked = true;           ///< false when the question does not apply
};

struct Questions {
    Answer structure, algebra, rounding, drift, decision;
};

/// How much each position of a kernel's window counts: sqrt(sum over channels of K^2), [kh, kw].
struct KernelNorms {
    std::string name; ///< of the branch; empty for the fused kernel
    TensorD norms;
};

struct BlockReport {
    std::string name;
    std::string family;
    bool fusable = false;
    bool left = false; ///< could be merged, but should not
    std::string reason;
    Verdict verdict = Verdict::pass;
    fusion::Exactness exactness = fusion::Exactness::notAffine;
    std::vector<std::string> branches;
    Shape input, output;
    std::optional<Comparison> local;      ///< eval against deploy, float32, same input
    std::optional<Comparison> cumulative; ///< eval against deploy, float32, each on its own outputs
    std::optional<Comparison> algebra;    ///< float64, unrounded kernel against branches
    std::optional<Comparison> stored;     ///< float64, kernel as stored against branches
    std::optional<Comparison> train;      ///< phase train against eval, cumulative, float64
    std::optional<Comparison> against;    ///< somebody else's kernel against ours (verify --against)
    std::optional<Certificate> certificate; ///< for inputs up to the largest magnitude that the block met here
    std::optional<BlockPrecision> precision; ///< what storage formats cost (verify --precision)
    std::vector<KernelNorms> kernels;     ///< fused, then each branch embedded in the same window
    std::string fusedKey;                 ///< module of the fused kernel in the source's own deploy layout
    double roundingBound = 0;             ///< float32: 8 · 2^-23 · sqrt(K) · M, see design section 5
    double algebraBound = 0;              ///< float64: the same with 2^-52
};

struct Top {
    std::int64_t index = 0;
    double value = 0; ///< logit
    double share = 0; ///< softmax
};

/// What one phase costs and gives (the per-model report of what differs between the phases).
struct PhaseReport {
    Phase phase = Phase::eval;
    std::vector<std::vector<Top>> top; ///< per sample, best first, up to 5
    std::int64_t convolutions = 0, norms = 0, additions = 0; ///< operations of the body
    std::int64_t parameters = 0, macs = 0;
    std::string statistics; ///< "batch, 50176 samples per channel at first" / "running" / "none"
    std::string problem;    ///< why this phase could not run (train with one value per channel)
};

struct Report {
    std::string file, variant, input;
    Verdict verdict = Verdict::pass;
    Questions questions;
    std::vector<BlockReport> blocks; ///< in the model's order; one only with `VerifyOptions::block`
    std::array<PhaseReport, 3> phases; ///< train, eval, deploy
    std::vector<Finding> findings;
    std::optional<Bisection> bisection; ///< which blocks move the output, when asked for
    std::vector<Diagnosis> diagnoses; ///< causes of differences from somebody else's kernels or output, with runners-up
    std::vector<Assumption> assumptions;
    std::vector<std::string> classNames;
    std::string preprocessing;
    std::string reproduce; ///< the command line that gives this report
    std::int64_t classes = 0; ///< of the output; 0 when it is no classification
    std::string seeds;     ///< of every random number in it
    std::string versions;  ///< of this program, its libraries and instruction sets
};

struct VerifyOptions {
    std::optional<std::string> block; ///< one block only
    std::string inputName; ///< for the report
    bool inputIsNoise = false; ///< a seeded input: the decision is not asked
    bool precision = false;    ///< measure storage formats, too
    bool certify = true;       ///< state bounds for every input of a range, too
    std::string reproduce;
};

/// The seeds of the noise that every verification uses, for reports.
inline constexpr std::string_view kSeeds = "1 for the noise of the algebra check, 2 for the certificate's";

/// Runs both forms in both engines on `input` [n, c, h, w] and answers the five questions.
/// Throws `nothingToFuse` for a state dict in deploy or plain form.
Report verifyModel(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const TensorD& input,
                   const VerifyOptions& options, const Job& job = {});

/// Seeded random input of a shape: standard normal, the same on every machine.
TensorD seededInput(const Shape& shape, std::uint64_t seed = 0);

/// Largest product of reduction lengths along any branch (K in the rounding bound).
double reductionLength(const Expr& expr);

std::vector<Top> topOf(std::span<const double> logits, std::size_t count = 5);

/// Classes of an output that is one number per class, [n, classes] or [n, classes, 1, 1]; 0 for any other.
std::int64_t classesOf(const TensorD& output);
/// `topOf` of each sample; empty when the output is no classification.
std::vector<std::vector<Top>> topsOf(const TensorD& output);

} // namespace rp::verify
