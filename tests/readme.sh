#!/usr/bin/env bash
# Holds the README's table of capabilities against what the conformance suite prints. With --write it takes that over.
# $BUILD: where the suite is.
set -u
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"${BUILD:-build}/tests/conformance" tests/fixtures --table | sed -n '/^| operation |/,/^$/p' >"$new"
[ "$(wc -l <"$new")" -gt 10 ] || { echo "no table"; echo "0 passed, 1 failed"; exit 1; }
old() { sed -n '/^| operation |/,/^$/p' README.md; }
if [ "${1:-}" = --write ]; then
  awk -v table="$new" '/^\| operation \|/ { while ((getline line < table) > 0) print line; inside = 1 }
    inside && /^$/ { inside = 0; next } !inside' README.md >"$new.md" && mv "$new.md" README.md
fi
if old | diff - "$new" >"$new.diff"; then
  echo "1 passed, 0 failed"
  rm -f "$new.diff"
else
  echo "the README's table of capabilities is not what the suite prints (make readme writes it):"
  cat "$new.diff"
  rm -f "$new.diff"
  echo "0 passed, 1 failed"
  exit 1
fi
