#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` lays down works from where it stands, and says so where a part of it is missing.
#   sh tests/smoke/installed.sh CMAKE BUILD_FOLDER DEMO_FOLDER
set -eu
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
"$1" --install "$2" --prefix "$target" > "$target/log"
cd "$3"
show() { "$target/bin/repscope-cli" run repvgg-shapes.pth --input star-640x480.jpg --phase deploy; }
show | grep -q star || { echo "the installed program does not see a star"; exit 1; }
find "$target" -name '*picture-decoder*' -delete
if show 2> "$target/error"; then echo "the picture decoder was found elsewhere"; exit 1; fi
grep -q "picture-decoder.*install Repscope again" "$target/error" || { cat "$target/error"; exit 1; }
