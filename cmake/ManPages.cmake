# SPDX-License-Identifier: Apache-2.0
# repscope_man_page(NAME TARGET [COMMAND]): a manual page from the program's --help and docs/man/NAME.h2m.
find_program(HELP2MAN help2man)
if(NOT HELP2MAN)
  message(STATUS "help2man not found: no manual pages")
endif()
function(repscope_man_page name target)
  if(NOT HELP2MAN)
    return()
  endif()
  set(extra ${PROJECT_SOURCE_DIR}/docs/man/${name}.h2m)
  set(page ${CMAKE_CURRENT_BINARY_DIR}/${name}.1)
  list(JOIN ARGN " " command)
  string(STRIP "'$<TARGET_FILE:${target}>' ${command}" program)
  # The page must not depend on when and by whom it is made.
  add_custom_command(OUTPUT ${page}
    COMMAND ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=1767225600 LC_ALL=C.UTF-8
            ${HELP2MAN} --no-info --locale=C.UTF-8 --section=1 --include=${extra} --version-string=${PROJECT_VERSION}
            --output=${page} ${program}
    DEPENDS ${target} ${extra} VERBATIM)
  add_custom_target(man-${name} ALL DEPENDS ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endfunction()
