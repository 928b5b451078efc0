#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a desktop is told of the program is valid by the desktop's own tools, as `cmake --install` lays it down.
#   sh tests/smoke/desktop_files.sh CMAKE BUILD_FOLDER
set -eu
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
"$1" --install "$2" --prefix "$target" > "$target/log"
share=$target/share
for tool in desktop-file-validate appstreamcli update-mime-database mandoc help2man; do
  command -v $tool > /dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done

desktop-file-validate "$share/applications/org.repscope.Repscope.desktop"
appstreamcli validate --no-net "$share/metainfo/org.repscope.Repscope.metainfo.xml"
update-mime-database "$share/mime"
grep -q "application/x-repscope-session:\*.repscope" "$share/mime/globs"
# The menu entry names a program and an icon that are there, and opens types that are declared.
test -x "$target/bin/$(sed -n 's/^Exec=\([^ ]*\).*/\1/p' "$share/applications/org.repscope.Repscope.desktop")"
test -f "$share/icons/hicolor/scalable/apps/$(sed -n 's/^Icon=//p' "$share/applications/org.repscope.Repscope.desktop").svg"
for type in $(sed -n 's/^MimeType=//p' "$share/applications/org.repscope.Repscope.desktop" | tr ';' ' '); do
  grep -q "$type:" "$share/mime/globs" || { echo "$type is not declared"; exit 1; }
done

pages=0
for page in "$share"/man/man1/*.1; do
  mandoc -T lint -W error "$page" || { echo "$page is no proper page"; exit 1; }
  pages=$((pages + 1))
done
test "$pages" -eq 8
# A page knows the options of its program, and its dashes are dashes that can be copied.
grep -qF '\-\-worst\-inputs' "$share/man/man1/repscope-cli-verify.1"
