#!/usr/bin/env bash
# The bindings in examples/bindings against a libbourse installed under PREFIX: each runs its examples, and the scenario against a
# simulated exchange, where all must say the same. A language that is not on this machine is skipped, and said to be.
# Usage: tests/ffi/run.sh PREFIX
set -u
prefix=$(cd "${1:?usage: tests/ffi/run.sh PREFIX}" && pwd) || exit 2
cd "$(dirname "$0")/../.."
root=$PWD
out=$(mktemp -d)
export BOURSE_PREFIX=$prefix PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
passed=0 failed=0 skipped=0

"$prefix/bin/bourse" sim binance --seed 1 >"$out/sim" 2>&1 &
sim=$!
trap 'kill $sim 2>/dev/null; rm -rf "$out"' EXIT
for _ in $(seq 50); do grep -q '^address:' "$out/sim" && break; sleep 0.1; done
address=$(sed -nE 's/^address: +(http[^ ]+).*/\1/p' "$out/sim")

check() { # what, command...
  local what=$1
  shift
  if "$@" >"$out/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED $what"
    sed 's/^/    /' "$out/log" | tail -n 20
  fi
}
skip() { echo "skipped $1"; skipped=$((skipped + 1)); }
prints() { "${@:2}" | tee "$out/said" && grep -qE -- "$1" "$out/said"; }
same() { diff "$root/tests/ffi/scenario.txt" <("$@" binance "$address" sim-key sim-secret 2>&1); }

language() { # name, file of the first example, function that runs an example by name
  local name=$1 first=$2
  shift 2
  check "$name: a ticker takes at most 15 lines" test "$(wc -l <"$first")" -le 15
  check "$name: 01_ticker" prints '^BTC/USDT\s[0-9.]+$' "$@" 01_ticker
  check "$name: 02_candles" prints '(\s[0-9]+\.[0-9]+){5}$' "$@" 02_candles
  check "$name: 03_order" prints 'insufficient_funds\s+rejected\s+b[0-9a-z]{25}$' "$@" 03_order
  check "$name: 04_several" prints '^unknown_symbol: Paper lists no spot market called "NO/SUCH"$' "$@" 04_several
  check "$name: 05_live_ticker" prints '^BTC/USDT\s[0-9.]+$' "$@" 05_live_ticker binance BTC/USDT "$address"
  check "$name: 06_live_book" prints '^[0-9.]+ at [0-9.]+, [0-9.]+ at [0-9.]+$' "$@" 06_live_book binance BTC/USDT "$address"
  check "$name: scenario" same "$@" scenario
}

python=
for p in python3 /usr/bin/python3; do "$p" -c 'import cffi' 2>/dev/null && python=$p && break; done
if [ -n "$python" ]; then
  check "cffi takes the declarations; sizes, offsets and constants are those of C" "$python" tests/ffi/layout.py "$prefix"
  hints() { "$prefix/bin/bourse" api --json | "$python" examples/bindings/python/stub.py | diff - examples/bindings/python/bourse.pyi; }
  check "python: the type hints are those of this library (stub.py makes them)" hints
  run_python() { local name=$1; shift; (cd "$root/examples/bindings/python" && timeout 60 "$python" -B "$name.py" "$@"); }
  language python examples/bindings/python/01_ticker.py run_python
else
  skip "python: no python3 with cffi"
fi
if command -v luajit >/dev/null; then
  run_lua() { local name=$1; shift; (cd "$root/examples/bindings/luajit" && timeout 60 luajit "$name.lua" "$@"); }
  language luajit examples/bindings/luajit/01_ticker.lua run_lua
else
  skip "luajit: not here"
fi
if command -v g++ >/dev/null; then
  for example in 01_ticker 02_candles 03_order 04_several 05_live_ticker 06_live_book scenario; do
    # shellcheck disable=SC2046
    check "cpp: $example compiles" g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror "examples/bindings/cpp/$example.cpp" \
      $(pkg-config --cflags --libs bourse) -o "$out/cpp_$example"
  done
  run_cpp() { local name=$1; shift; timeout 60 "$out/cpp_$name" "$@"; }
  language cpp examples/bindings/cpp/01_ticker.cpp run_cpp
else
  skip "cpp: no g++"
fi
if command -v go >/dev/null; then
  mkdir -p "$out/go"
  check "go: builds" env -C examples/bindings/go GOFLAGS=-mod=mod GOPROXY=off go build -o "$out/go/" ./...
  run_go() { local name=$1; shift; timeout 60 "$out/go/$name" "$@"; }
  language go examples/bindings/go/01_ticker/main.go run_go
else
  skip "go: not here"
fi
if command -v npm >/dev/null && cp -r examples/bindings/node "$out/node" &&
  (cd "$out/node" && rm -rf node_modules && timeout 60 npm install --no-audit --no-fund --loglevel=error >"$out/npm" 2>&1); then
  run_node() { local name=$1; shift; timeout 60 node "$out/node/$name.mjs" "$@"; }
  language node examples/bindings/node/01_ticker.mjs run_node
else
  skip "node: no npm, or koffi could not be installed"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
