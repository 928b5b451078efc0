#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Includes against the arrows of docs/architecture.md, and heavy headers in headers, fail.
set -eu
cd "$1"
bad=0

forbid() { # folder, extended regular expression, why
  if grep -rnE "$2" "$1" --include='*.h' --include='*.cpp' --include='*.inc'; then
    echo "^ $3"
    bad=1
  fi
}

above() { # folder of core, the folders that it must not include
  forbid "core/$1" "#include \"core/($2)/" "core/$1 includes what lies above or beside it"
}

above base 'tensor|io|model|families|exec|fusion|graph|verify|picture'
above tensor 'io|model|families|exec|fusion|graph|verify|picture'
above io 'model|families|exec|fusion|graph|verify|picture'
above model 'io|families|exec|fusion|graph|verify|picture'
above families 'exec|fusion|verify|picture'
above exec 'io|families|fusion|graph|verify|picture'
above fusion 'families|exec|graph|verify|picture'
above graph 'families|verify|picture'
above verify 'picture'
above picture 'io|model|families|exec|fusion|graph|verify'
forbid core '#include [<"](Q[A-Z]|ui/|app/)' 'core includes Qt or a program'
forbid app/cli '#include [<"](Q[A-Z]|ui/)' 'the command line includes Qt or the window'

if grep -rnE '#include <(Eigen|opencv2|dnnl|onnx|nlohmann/json\.hpp|qcustomplot)' core ui app --include='*.h'; then
  echo '^ heavy headers belong in sources'
  bad=1
fi
exit $bad
