#!/bin/sh
# KiB of machine code (the .text sections of the objects) of the library: what every program has, and of each exchange; and of
# resident memory at rest, where `make bench` has built what measures it. Usage: tests/bench/footprint.sh [BUILD]
build=${1:-build}
text() { size -A "$@" 2>/dev/null | awk '$1 ~ /^\.text/ { sum += $2 } END { printf "%d", (sum + 512) / 1024 }'; }
echo "| part | KiB |"
echo "|---|--:|"
echo "| core: all but exchanges | $(text "$build"/obj/lib/core/*.o "$build"/obj/lib/store/*.o "$build"/obj/lib/sign/*.o "$build"/obj/lib/net/*.o "$build"/obj/lib/book/*.o "$build"/obj/lib/api/*.o) |"
for folder in lib/exchange/*/; do
  name=$(basename "$folder")
  echo "| $name | $(text "$build/obj/lib/exchange/$name"/*.o) |"
done
if [ -x "$build/bench/idle" ]; then
  middle() { for _ in 1 2 3 4 5 6 7 8 9; do "$build/bench/idle" "$1"; done | sort -n | sed -n 5p; }
  echo "| resident at rest, beyond libcurl's handles | $(($(middle bourse) - $(middle curl))) |"
fi
