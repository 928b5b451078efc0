# SPDX-License-Identifier: Apache-2.0
# One target carries the flags that all of our own code is compiled with.
add_library(repscope-flags INTERFACE)
add_library(Repscope::Flags ALIAS repscope-flags)
target_include_directories(repscope-flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(repscope-flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                                -fno-math-errno
                       # false alarms of GCC 12 on std::string, PR 105651
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
option(REPSCOPE_WERROR "Treat warnings as errors" OFF)
if(REPSCOPE_WERROR)
  # GCC 12 takes members of std::variant for uninitialized once everything is inlined.
  target_compile_options(repscope-flags INTERFACE -Werror $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
endif()
set(REPSCOPE_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined")
if(REPSCOPE_SANITIZE)
  target_compile_options(repscope-flags INTERFACE -fsanitize=${REPSCOPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(repscope-flags INTERFACE -fsanitize=${REPSCOPE_SANITIZE})
endif()
