#!/bin/sh
# Bytes of machine code (.text) of the library: what every program has, and of each exchange. Usage: tests/bench/footprint.sh [BUILD]
build=${1:-build}
text() { size -A "$@" 2>/dev/null | awk '$1 ~ /^\.text/ { sum += $2 } END { printf "%d", (sum + 512) / 1024 }'; }
echo "| part | KiB |"
echo "|---|--:|"
echo "| core: all but exchanges | $(text "$build"/obj/lib/core/*.o "$build"/obj/lib/store/*.o "$build"/obj/lib/sign/*.o "$build"/obj/lib/net/*.o "$build"/obj/lib/book/*.o "$build"/obj/lib/api/*.o) |"
for folder in lib/exchange/*/; do
  name=$(basename "$folder")
  echo "| $name | $(text "$build/obj/lib/exchange/$name"/*.o) |"
done
