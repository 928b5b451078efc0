#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every command of repscope-cli on the bundled model, and its exit codes.
set -eu
cli=$1
demo=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() { # expected exit code, then the command
  wanted=$1
  shift
  code=0
  "$@" >"$work/out" 2>"$work/err" || code=$?
  if [ "$code" -ne "$wanted" ]; then
    echo "expected exit code $wanted, found $code: $*"
    cat "$work/out" "$work/err"
    exit 1
  fi
}

model="$demo/repvgg-shapes.pth"
picture="$demo/star-640x480.jpg"
expect 0 "$cli" --version
expect 0 "$cli" inspect "$model"
expect 0 "$cli" inspect "$model" --json
expect 0 "$cli" run "$model" --input "$picture" --phase eval --output "$work/eval.npy"
grep -q "top-1   star" "$work/out"
expect 0 "$cli" run "$model" --input "$picture" --phase deploy --dispatch fusion --trace
grep -q forwardInfer "$work/out"
expect 0 "$cli" verify "$model" --input "$picture" --report "$work/report.html" --report "$work/report.md" --report "$work/report.csv" --report "$work/report.xml" --report "$work/report.json"
expect 0 "$cli" verify "$model" --input "$picture" --expect "$work/eval.npy"
expect 0 "$cli" fuse "$model" --output "$work/fused.safetensors"
expect 0 "$cli" fuse "$model" --output "$work/fused.pth"
expect 0 "$cli" verify "$model" --input "$picture" --against "$work/fused.pth"
expect 0 "$cli" verify "$demo/ecbsr-x2.pth" --input "$picture"
expect 3 "$cli" verify "$work/fused.pth"
expect 3 "$cli" fuse "$work/fused.pth" --output "$work/again.pth"
test ! -e "$work/again.pth"
expect 3 "$cli" inspect "$work/nothing.pth"
expect 2 "$cli" verify "$model" --block nowhere
expect 2 "$cli" verify "$model" --probes --shard 1/2 --json
expect 2 "$cli" verify "$model" --probes --report "$work/set.netron.json"
expect 2 "$cli" verify "$model" --probes --worst-inputs "$work/worst.npy"
expect 2 "$cli" inspect
expect 2 "$cli" nonsense
expect 2 "$cli" fuse "$model" --output "$work/fused.txt"
expect 3 "$cli" run "$model" --input "$model"
echo "all commands behave"
