// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/exec/libraries.h"

#include <cstdio>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace rp::cli {
namespace {

constexpr int kUsage = 2;
constexpr int kInternal = 4;

/// With --json exactly one object goes to standard output, also when the file is refused.
void reportError(const Error& error, bool json) {
    fmt::print(stderr, "repscope-cli: {}\n", error.what());
    if (!json || exitCodeOf(error.code()) != 3) return;
    const Error::Parts& p = error.parts();
    const nlohmann::ordered_json object{{"verdict", "refused"},
                                        {"error",
                                         {{"code", toString(error.code())},
                                          {"where", p.where},
                                          {"expected", p.expected},
                                          {"found", p.found},
                                          {"remedy", p.remedy}}}};
    print(object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

int runGuarded(const Command& command) {
    const bool json = command.common->json;
    try {
        const int code = command.run();
        if (std::fflush(stdout) != 0) {
            fmt::print(stderr, "repscope-cli: the output could not be written\n");
            return exitCodeOf(ErrorCode::writeFailed);
        }
        return code;
    } catch (const Error& error) {
        reportError(error, json);
        return exitCodeOf(error.code());
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "repscope-cli: out of memory\n");
    } catch (const std::exception& error) {
        fmt::print(stderr, "repscope-cli: internal error: {}\n", error.what());
    }
    return kInternal;
}

int main(int argc, char** argv) {
    CLI::App app{"Shows and verifies structural re-parameterization (RepVGG and its relatives).", "repscope-cli"};
    app.set_version_flag("--version", [] { return librariesText(); });
    app.require_subcommand(1);
    app.footer("Exit codes: 0 pass, 1 verification failed, 2 wrong usage, 3 file refused, 4 internal error.");
    const std::vector<Command> commands{addInspect(app), addRun(app), addFuse(app), addVerify(app), addMerge(app), addBench(app)};
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUsage;
    }
    for (const Command& command : commands)
        if (command.app->parsed()) return runGuarded(command);
    return kUsage;
}

} // namespace
} // namespace rp::cli

int main(int argc, char** argv) {
    rp::keepFreedMemory();
    return rp::cli::main(argc, argv);
}
