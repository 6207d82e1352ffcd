#!/usr/bin/env bash
# Runs all test programs and sums up. Arguments: unit test programs. $BUILD: where the others are.
# Every program ends with a line "... N passed, N failed[, N skipped]"; one that does not counts as a failure.
set -u
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() { # name, command...
  local name=$1 status summary p f s
  shift
  "$@" >"$log" 2>&1
  status=$?
  summary=$(grep -aoE '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$log" | tail -n 1)
  if [ -z "$summary" ]; then
    echo "FAILED $name: exit $status, no summary"
    tail -n 40 "$log"
    failed=$((failed + 1))
    return
  fi
  p=${summary%% passed*}
  f=${summary#*passed, }
  f=${f%% failed*}
  s=0
  case $summary in *skipped) s=${summary##*failed, } && s=${s%% skipped} ;; esac
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  if [ "$f" -ne 0 ] || [ "$status" -ne 0 ]; then
    [ "$f" -eq 0 ] && failed=$((failed + 1))
    echo "FAILED $name: $summary, exit $status"
    tail -n 60 "$log"
  else
    echo "ok $name: $summary"
  fi
}

for t in "$@"; do run "${t#"$BUILD"/}" "$t"; done
for script in tests/check.d/*.sh; do
  [ -e "$script" ] || continue
  . "$script"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
