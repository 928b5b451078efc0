# SPDX-License-Identifier: Apache-2.0
# `cpack -G DEB` in the build folder makes a Debian package that depends on what the programs link.
set(CPACK_PACKAGE_NAME repscope)
set(CPACK_PACKAGE_VENDOR "The Repscope developers")
set(CPACK_PACKAGE_CONTACT "The Repscope developers <repscope@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGE_DESCRIPTION "Repscope loads a checkpoint and a picture, runs the multi-branch and the fused form of networks such as
RepVGG, shows what every branch contributes and how the fused kernel comes about, and says whether both agree.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/core)
# Loaded while running, so nothing links them: pictures of the SVG kind, any font at all.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6svg6, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-wqy-microhei, qt6-translations-l10n")
include(CPack)
