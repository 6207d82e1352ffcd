#!/bin/sh
# tests/net/overhead.sh PROGRAM - instructions a kept-alive GET, and the ratio of ours to libcurl alone.
# Answers take 5 ms, as over a network, so that the wait for them is part of it. The client's instructions for 50 and for
# 550 requests are taken: the difference is 500 requests without start and end.
set -e
count() {
  out=$(mktemp)
  valgrind --tool=callgrind --trace-children=no --callgrind-out-file="$out.%p" "$1" "$2" "$3" 5000 >/dev/null 2>"$out"
  # The last total is the client's: the server's child is killed before it would write one.
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$out" | tail -1
  rm -f "$out" "$out".*
}
for mode in easy multi ours; do
  few=$(count "$1" $mode 50)
  many=$(count "$1" $mode 550)
  each=$(( (many - few) / 500 ))
  [ $mode = multi ] && multi=$each
  echo "$mode: $each instructions a request"
done
echo "ours / multi: $(( each * 1000 / multi )) per mille"
