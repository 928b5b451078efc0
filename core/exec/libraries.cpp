// SPDX-License-Identifier: Apache-2.0
#include "core/exec/libraries.h"

#include "core/exec/engine.h"
#include "core/exec/float32_engine.h"
#include "core/exec/gemm_f64.h"

#include <Eigen/Core>
#include <fmt/format.h>
#include <opencv2/core/version.hpp>

namespace rp {

std::string librariesText() {
    return fmt::format("Repscope {}\n"
                       "float32 engine   oneDNN {} ({})\n"
                       "float64 engine   Eigen {}.{}.{} ({})\n"
                       "pictures         OpenCV {}\n"
                       "threads          {}\n",
                       REPSCOPE_VERSION, float32LibraryVersion(), float32InstructionSet(), EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION,
                       EIGEN_MINOR_VERSION, gemmInstructionSet(), CV_VERSION, engineThreads());
}

std::string versionsLine() {
    std::string line;
    bool space = false;
    for (char c : librariesText()) {
        if (c == '\n')
            line += "; ";
        else if (c != ' ' || !space)
            line += c;
        space = c == ' ' || c == '\n';
    }
    return line.substr(0, line.size() - 2);
}

} // namespace rp
