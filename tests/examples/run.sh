#!/usr/bin/env bash
# Builds every example against a libbourse installed under PREFIX, as its users would, runs it and looks at what it says.
# Usage: tests/examples/run.sh PREFIX. CC may be set; EXTRA_CFLAGS too (a library with sanitizers wants them here).
set -u
prefix=${1:?usage: tests/examples/run.sh PREFIX}
cd "$(dirname "$0")/../.."
prefix=$(cd "$prefix" && pwd) || exit 2
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
strict="-std=c11 -O2 -Wall -Wextra -Wpedantic -Werror ${EXTRA_CFLAGS:-}"
passed=0 failed=0

check() { # what, command...
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED $what"
    sed 's/^/    /' "$out/log" | tail -n 40
  fi
}

build() { # source without .c, further libraries...
  local name=$1
  shift
  mkdir -p "$out/loops"
  # shellcheck disable=SC2046,SC2086
  ${CC:-cc} $strict "examples/$name.c" $(pkg-config --cflags --libs bourse) "$@" -o "$out/$name" >"$out/log" 2>&1
}

runs() { # expected exit status, program, arguments...
  local want=$1 name=$2 status
  shift 2
  timeout 60 "$out/$name" "$@" >"$out/log" 2>&1
  status=$?
  [ "$status" -eq "$want" ] || { echo "exit status $status, not $want" >>"$out/log"; return 1; }
}

says() { grep -qE -- "$1" "$out/log"; }
says_times() { [ "$(grep -cE -- "$1" "$out/log")" -eq "$2" ]; }

# The first one shows how little it takes.
check "01_ticker is under 25 lines" test "$(wc -l <examples/01_ticker.c)" -lt 25
check "01_ticker builds" build 01_ticker
check "01_ticker runs" runs 0 01_ticker
check "01_ticker prints a price" says '^BTC/USDT [0-9]+(\.[0-9]+)?$'
check "01_ticker takes a symbol" runs 0 01_ticker paper ETH/USDT
check "01_ticker prints that symbol's price" says '^ETH/USDT [0-9]+(\.[0-9]+)?$'
check "01_ticker refuses an unknown exchange" runs 1 01_ticker nowhere
check "01_ticker names the unknown exchange" says '^unknown_name: .*"nowhere"'
check "01_ticker refuses an unknown symbol" runs 1 01_ticker paper NO/SUCH
check "01_ticker names the unknown symbol" says '^unknown_symbol: .*NO/SUCH'

candle='^20[0-9-]{8}T[0-9:]{6}00\.000000000Z( [0-9]+(\.[0-9]+)?){5}'
check "02_candles builds" build 02_candles
check "02_candles runs" runs 0 02_candles
check "02_candles prints candles" says "$candle"
check "02_candles counts what it prints" says "^$(grep -cE "$candle" "$out/log") candles in [3-9] pages$"
check "02_candles repeats none" test "$(grep -E "$candle" "$out/log" | cut -d' ' -f1 | sort | uniq -d | wc -l)" -eq 0
check "02_candles are in order of time" sort -c <(grep -E "$candle" "$out/log" | cut -d' ' -f1)
check "02_candles refuses a time that is none" runs 2 02_candles paper BTC/USDT 1m yesterday
check "02_candles refuses a timeframe that is none" runs 1 02_candles paper BTC/USDT 7x

check "03_order builds" build 03_order
check "03_order runs" runs 0 03_order
check "03_order refuses digits beyond tick and step" says '^  failed: precision, outcome not_sent: .*nearest allowed'
check "03_order rounds" says '^rounded to 0\.0123[0-9]* at 58123\.45[0-9]*$'
check "03_order has a resting order" says '^  open as b[0-9a-z]{25}, filled 0[.0]*$'
check "03_order buys by cost" says '^fill bought 0\.01[0]* at 60001\.00, fee'
check "03_order has a waiting stop loss" says '^  untriggered sell 0\.005[0]* at 59000'
check "03_order is refused for funds" says '^  failed: insufficient_funds, outcome rejected'
check "03_order has two open orders, then none" test "$(grep '^open orders' "$out/log" | tr -dc '0-9')" = 20
check "03_order sells when the stop fires" says '^fill sold 0\.005[0]* at 58990\.00, fee'

check "04_async builds" build 04_async
check "04_async runs" runs 0 04_async
check "04_async calls back" says '^callback ticker with callback: BTC/USDT [0-9.]+$'
check "04_async has a ticker in the queue" says '^queue ticker: ETH/USDT [0-9.]+$'
check "04_async has a book in the queue" says '^queue order book: 1 records$'
check "04_async cancels" says '^queue time, canceled: canceled$'
check "04_async runs out of time" says '^queue time, limited to 300 ms: timeout$'
check "04_async completes each once" says_times '^(queue|callback) ' 5

check "05_own_adapter builds" build 05_own_adapter
check "05_own_adapter runs" runs 0 05_own_adapter
check "05_own_adapter loads markets first" says '^> GET https://api\.corner\.example/v1/markets$'
check "05_own_adapter asks for the market by its id" says '^> GET https://api\.corner\.example/v1/ticker\?market=BTC-USDT$'
check "05_own_adapter keeps digits" says '^BTC/USDT 60000\.10$'
check "05_own_adapter signs" says_times '^> signed with 64 hex digits$' 2
check "05_own_adapter keeps large ids" says '^first: accepted as 9007199254740993$'
check "05_own_adapter is checked before sending" says '^too-fine: precision, not_sent: '
check "05_own_adapter maps errors" says '^too-much: insufficient_funds, rejected: '
check "05_own_adapter passes on the exchange's words" says 'NO_MONEY: 9000 BTC is more than you have$'

for loop in poll epoll libuv libev; do
  libs=
  [ "$loop" = libuv ] && libs=-luv
  [ "$loop" = libev ] && libs=-lev
  # shellcheck disable=SC2086
  check "loops/$loop builds" build "loops/$loop" $libs
  check "loops/$loop runs and ends" runs 0 "loops/$loop"
  check "loops/$loop gets three tickers" says_times '^(BTC/USDT|ETH/USDT|ETH/BTC) ok [0-9.]+$' 3
  check "loops/$loop gets its order" says '^order ok [0-9.]+$'
done

check "the Makefile builds all" make -s -C examples OUT="$out/made" CC="${CC:-cc}" CFLAGS="$strict"
check "the list names every example" test -z "$(cd examples && for f in *.c loops/*.c; do grep -q "($f)" README.md || echo "$f"; done)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
