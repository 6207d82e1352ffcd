#!/usr/bin/env bash
# The Debian packages: installs them, compiles an example with pkg-config and runs it, looks at the manual, and takes them away again,
# with nothing left. Wants root and `make deb` before. Usage: tests/packages.sh
set -u
cd "$(dirname "$0")/.."
passed=0 failed=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
check() { if "${@:2}" >"$out/log" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $1"; sed 's/^/    /' "$out/log" | tail -n 10; fi; }
left() { ! find /usr -xdev \( -name '*bourse*' -o -path '*/bourse/*' \) ! -path '/usr/local/*' ! -path '/usr/share/doc/*' | grep .; }
names="bourse libbourse-dev libbourse0.1"
check "nothing is installed before" left
packages=$(ls build/deb/*.deb | grep -v dbgsym)
# shellcheck disable=SC2086
check "installs" dpkg -i $packages
# shellcheck disable=SC2046
check "an example compiles" env -u PKG_CONFIG_PATH sh -c 'cc examples/03_order.c $(pkg-config --cflags --libs bourse) -o '"$out"'/order'
check "it runs" env -u LD_LIBRARY_PATH "$out/order"
check "the program runs" env -u LD_LIBRARY_PATH bourse ticker paper BTC/USDT
check "manual of the program" man -w 1 bourse
check "manual of the library" man -w 3 libbourse
check "manual of a header" man -w 3 bourse_stream
# shellcheck disable=SC2086
check "goes away" dpkg -P $names
check "nothing is left" left
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
