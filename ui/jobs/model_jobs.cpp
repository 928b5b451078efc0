// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/model_jobs.h"

#include "core/base/shell.h"
#include "core/io/image.h"
#include "core/verify/against.h"
#include "core/verify/expect.h"

#include <cmath>

namespace rp::ui {

LoadedModelPtr loadModel(const std::filesystem::path& path, const families::OpenOptions& options,
                         const Job& job) {
    job.step(0, "opening " + path.filename().string());
    auto loaded = std::make_shared<LoadedModel>();
    loaded->opened = families::openModel(path, options);
    loaded->options = options;
    loaded->fusion = fusion::fuseModel(loaded->model(), {}, job.part(0.1, 1));
    loaded->forms = loaded->fusion.forms(loaded->model());
    loaded->cost = fusion::costOf(loaded->model(), loaded->fusion, loaded->model().defaultInput);
    return loaded;
}

InputPtr loadInput(const LoadedModel& model, const std::filesystem::path& path, const Job& job) {
    job.step(0, "reading the input");
    auto input = std::make_shared<InputSnapshot>();
    if (path.empty()) {
        const Shape& shape = model.model().defaultInput;
        input->values = verify::seededInput(shape);
        input->name = QStringLiteral("seeded normal %1").arg(QString::fromStdString(toString(shape)));
        return input;
    }
    const io::Preprocessing& recipe = model.opened.preprocessing;
    input->values = io::readInputs({path}, recipe);
    input->path = QString::fromStdString(path.string());
    input->name = QString::fromStdString(path.filename().string());
    if (path.extension() != ".npy") input->description = QString::fromStdString(recipe.describe());
    return input;
}

namespace {

double sumOfMagnitudes(const TensorD& values) {
    double sum = 0;
    for (double v : values.values())
        sum += std::abs(v);
    return sum;
}

std::vector<double> sharesOf(const std::vector<std::pair<std::string, fusion::Kernel>>& branches) {
    std::vector<double> shares;
    double total = 0;
    for (const auto& [name, kernel] : branches)
        total += shares.emplace_back(sumOfMagnitudes(kernel.weight));
    for (double& share : shares)
        share = total > 0 ? share / total : 0;
    return shares;
}

std::optional<fusion::Kernel> kernelOf(const Expr& expr) {
    const Conv* conv = std::get_if<Conv>(&expr.op);
    if (!conv) return std::nullopt;
    fusion::Kernel kernel{conv->weight.toDouble(), TensorD(Shape{conv->weight.shape()[0]}), conv->groups};
    if (conv->bias) kernel.bias = conv->bias->toDouble();
    return kernel;
}

} // namespace

DerivationPtr deriveKernel(const LoadedModel& model, int block, const Job& job) {
    job.step(0, "deriving the kernel");
    auto derivation = std::make_shared<Derivation>();
    derivation->block = block;
    const Block& source = model.model().blocks[static_cast<std::size_t>(block)];
    try {
        if (!source.body)
            derivation->result.outcome = fusion::Refusal{source.name, source.refusal.value_or("no body")};
        else if (source.form == Form::deploy)
            derivation->storedInFile = kernelOf(*source.body);
        else
            derivation->result = fusion::fuse(*source.body, source.inChannels);
        derivation->branchShares = sharesOf(derivation->result.branches);
        for (const auto& [name, kernel] : derivation->result.branches)
            derivation->positionNorms.push_back(fusion::positionNorms(kernel));
        if (const fusion::Kernel* kernel = derivation->kernel())
            derivation->positionNorms.push_back(fusion::positionNorms(*kernel));
    } catch (const Error& error) {
        derivation->problem = error;
    }
    return derivation;
}

namespace {

/// With whole paths: it is for this machine's user to copy.
std::string reproducingLine(const LoadedModel& model, const InputSnapshot& input,
                            const std::filesystem::path& against) {
    std::vector<std::string> words{"repscope-cli", "verify", model.opened.checkpoint->path.string()};
    auto add = [&words](const char* option, const std::string& value) {
        words.insert(words.end(), {option, value});
    };
    if (model.options.weights) add("--weights", *model.options.weights);
    for (const std::string& text : model.options.assumptions)
        add("--assume", text);
    if (!input.path.isEmpty()) add("--input", input.path.toStdString());
    if (!against.empty()) add("--against", against.string());
    return shellLine(words);
}

} // namespace

ReportPtr verifyOn(const LoadedModel& model, const InputSnapshot& input, const std::filesystem::path& against,
                   const Job& job) {
    verify::VerifyOptions options;
    options.inputName = input.name.toStdString();
    options.inputIsNoise = input.path.isEmpty();
    options.reproduce = reproducingLine(model, input, against);
    const bool otherSideOnly = model.fusion.fusedCount() == 0 && !against.empty();
    auto report = std::make_shared<verify::Report>(
        otherSideOnly ? verify::reportWithoutFusion(model.opened, options)
                      : verify::verifyModel(model.opened, model.fusion, input.values, options, job));
    if (!against.empty()) {
        families::OpenOptions other;
        other.deployOf = &model.opened.model;
        verify::addAgainst(*report, model.opened, model.fusion, families::openModel(against, other), input.values, {}, job);
    }
    return report;
}

} // namespace rp::ui
