#!/usr/bin/env bash
# Every header compiles alone, as C99, C11, C++11 and C++20, with each compiler that is here and every warning an error; and its comments
# tell of each function what a caller must know. Usage: tests/ffi/headers.sh [INCLUDE]
set -u
cd "$(dirname "$0")/../.."
include=${1:-include}
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
strict="-Wall -Wextra -Wpedantic -Werror -fsyntax-only"
for header in bourse.h $(cd "$include" && ls bourse/*.h bourse/sys/*.h); do
  for language in "c c99" "c c11" "c++ c++11" "c++ c++20"; do
    for compiler in gcc clang; do
      command -v $compiler >/dev/null || continue
      # shellcheck disable=SC2086
      if printf '#include <%s>\n' "$header" | $compiler -x ${language% *} -std=${language#* } $strict -I"$include" - >"$log" 2>&1; then
        passed=$((passed + 1))
      else
        failed=$((failed + 1))
        echo "FAILED $header as ${language#* } with $compiler"
        head -n 5 "$log" | sed 's/^/    /'
      fi
    done
  done
done
# Comments: of every public function, and shown to catch one that is missing.
if awk -f tests/abi/comments.awk "$include"/bourse/*.h 2>"$log"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
if sed '/^\/\* Version of the library/d' "$include/bourse/base.h" | awk -f tests/abi/comments.awk >/dev/null 2>&1; then
  failed=$((failed + 1))
  echo "FAILED a function without a comment is not found"
else
  passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
