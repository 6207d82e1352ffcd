#!/usr/bin/env bash
# Builds every example against a libbourse installed under PREFIX, as its users would, runs it and looks at what it says.
# Usage: tests/examples/run.sh PREFIX [SERVER]; SERVER (build/tests/ws_serve) plays the exchanges that stream. CC may be set; EXTRA_CFLAGS too (a library with sanitizers wants them here).
set -u
prefix=${1:?usage: tests/examples/run.sh PREFIX [SERVER]}
server=${2:+$(realpath "$2")}
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

# Exchanges that stream, made up here and played on this machine.
line() { printf '{"t":null,"dir":"%s","url":"%s","msg":%s}\n' "$1" "$2" "$3"; }
{
  line rest https://api.binance.com/api/v3/exchangeInfo "$(tr -d '\n' <tests/fixtures/binance/markets_spot.json)"
  line rest https://api.binance.com/api/v3/depth '{"lastUpdateId":100,"bids":[["60000.00","1.5"],["59990.00","0.5"],["50000.00","9"]],"asks":[["60000.10","1.0"],["60100.00","9"]]}'
  for i in $(seq 1 25); do
    line in "" '{"e":"depthUpdate","E":1760000000000,"s":"BTCUSDT","U":'$((100 + i))',"u":'$((100 + i))',"b":[["59990.00","0.'$((500 + i))'"]],"a":[]}'
    line in "" '{"e":"24hrTicker","E":1760000000000,"s":"BTCUSDT","p":"1","P":"1","w":"1","x":"1","c":"6000'$((i % 10))'.50","Q":"1","b":"60000.00","B":"1","a":"60000.10","A":"1","o":"1","h":"1","l":"1","v":"1","q":"1","O":1,"C":1760000000000,"F":1,"L":2,"n":2}'
    line in "" '{"u":'$i',"s":"BTCUSDT","b":"60000.'$((10 + i))'","B":"1","a":"60001.00","A":"1"}'
  done
} >"$out/binance.jsonl"
{
  line rest https://api.kraken.com/0/public/AssetPairs '{"error":[],"result":{"XBTUSDT":{"altname":"XBTUSDT","wsname":"XBT/USDT","aclass_base":"currency","base":"XXBT","aclass_quote":"currency","quote":"USDT","pair_decimals":1,"cost_decimals":5,"lot_decimals":8,"lot_multiplier":1,"fees":[[0,0.4]],"fees_maker":[[0,0.25]],"ordermin":"0.00005","costmin":"0.5","tick_size":"0.1","status":"online"}}}'
  for i in $(seq 1 25); do
    line in "" '{"channel":"ticker","type":"update","data":[{"symbol":"BTC/USDT","bid":60000.0,"bid_qty":1.0,"ask":60000.'$((i % 10))',"ask_qty":1.0,"last":60000.1,"volume":1.0,"vwap":1.0,"low":1.0,"high":1.0,"change":1.0,"change_pct":1.0}]}'
  done
} >"$out/kraken.jsonl"
order='"symbol":"BTCUSDT","orderListId":-1,"price":"25000.10","origQty":"1.0","cummulativeQuoteQty":"0.0","timeInForce":"GTC","type":"LIMIT","side":"BUY","stopPrice":"0","icebergQty":"0","time":1759305600000,"updateTime":1759305600001,"isWorking":true,"workingTime":1,"origQuoteOrderQty":"0","selfTradePreventionMode":"NONE"'
{
  line rest https://testnet.binance.vision/api/v3/exchangeInfo "$(tr -d '\n' <tests/fixtures/binance/markets_spot.json)"
  line rest https://testnet.binance.vision/api/v3/time '{"serverTime":'"$(date +%s)"'000}'
  line rest https://testnet.binance.vision/api/v3/openOrders '[{"orderId":1,"clientOrderId":"before","executedQty":"0.0","status":"NEW",'"$order"'}]'
  line rest https://testnet.binance.vision/api/v3/myTrades '[]'
  line in "" '{"subscriptionId":0,"event":{"e":"executionReport","E":1760000002124,"s":"BTCUSDT","c":"a-1","S":"BUY","o":"LIMIT","f":"GTC","q":"1.00000000","p":"25000.10","P":"0.00000000","F":"0.00000000","g":-1,"C":"","x":"TRADE","X":"PARTIALLY_FILLED","r":"NONE","i":4293153,"l":"0.40000000","z":"0.40000000","L":"25000.00","n":"0.00040000","N":"BTC","T":1760000002123,"t":77,"I":8641984,"w":true,"m":true,"M":false,"O":1759999999123,"Z":"10000.00000000","Y":"10000.00000000","Q":"0.00000000","W":1760000000123,"V":"EXPIRE_MAKER"}}'
} >"$out/orders.jsonl"

serve() { # name of a recording: starts a server; its URL goes to $url
  rm -f "$out/port"
  [ -p "$out/keep" ] || mkfifo "$out/keep"
  "$server" "$out/$1.jsonl" "$out/port" 20 <"$out/keep" >"$out/heard" 2>&1 9>&- &
  [ -n "${kept:-}" ] || { exec 9>"$out/keep" && kept=1; }
  for _ in $(seq 100); do [ -e "$out/port" ] && break; sleep 0.05; done
  url=http://127.0.0.1:$(cat "$out/port")
}

for name in 06_live_ticker 07_live_book 08_several_exchanges 09_order_stream; do
  check "$name builds" build "$name"
done
if [ -n "$server" ]; then
  serve binance && binance=$url
  check "06_live_ticker runs" runs 0 06_live_ticker binance BTC/USDT "$url"
  check "06_live_ticker prints ten prices" says_times '^BTC/USDT last 6000[0-9]\.50 bid 60000\.00 ask 60000\.10$' 10
  check "06_live_ticker tells states" says '^live$'
  check "07_live_book runs" runs 0 07_live_book binance BTC/USDT "$url"
  check "07_live_book prints ten changes" says_times '^BTC/USDT bid 60000\.00 ask 60000\.10 near: [0-9.]+ bid, 1\.0+ offered, imbalance 0\.[0-9]{4}$' 10
  check "07_live_book weighs what is near" says 'near: 2\.0[0-9]+ bid, 1\.0+ offered, imbalance 0\.33[0-9]{2}$'
  serve kraken
  check "08_several_exchanges runs" runs 0 08_several_exchanges BTC/USDT "binance=$binance" "kraken=$url" paper
  check "08_several_exchanges goes on without paper's quotes" says '^paper has no live quotes$'
  check "08_several_exchanges compares" says '^bid 60000\.[0-9]+ at binance, offered 60000\.[0-9]+ at kraken$'
  serve orders
  feed() { { sleep 3; echo; } | API_KEY=fixture-key API_SECRET=fixture-secret runs 0 09_order_stream binance BTC/USDT testnet "$url"; }
  check "09_order_stream runs" feed
  check "09_order_stream has what came" says '^order 4293153 a-1: buy 1\.0+ at 25000\.10, open, filled 0\.40*$'
  check "09_order_stream has a fill" says '^fill 77 of order 4293153: 0\.40* at 25000\.00, fee 0\.00040* BTC'
  check "09_order_stream has what was asked by request" says '^order 1 before: buy 1\.0 at 25000\.10, open, filled 0\.0( \[whole state\])? \[reconciled\]$'
  check "09_order_stream wants a key" runs 2 09_order_stream
  exec 9>&-
  wait
fi

# One session at every exchange that the program simulates, unchanged but for the name.
check "10_any_exchange builds" build 10_any_exchange
check "10_any_exchange wants a name" runs 2 10_any_exchange
simulated() { # exchange: against the program's simulation of it, with the first keys that prints
  local name=$1 sim status
  "$prefix/bin/bourse" sim "$name" >"$out/sim" 2>&1 &
  sim=$!
  for _ in $(seq 100); do grep -q '^keys: ' "$out/sim" && break; sleep 0.05; done
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$out/sim" | head -n 1)
  export API_KEY API_SECRET API_PASSPHRASE
  API_KEY=$(awk -F '  +' '/^keys: / { print $2; exit }' "$out/sim")
  API_SECRET=$(awk -F '  +' '/^keys: / { print $3; exit }' "$out/sim")
  API_PASSPHRASE=$(awk -F '  +' '/^keys: / { if (NF > 4) print $4; exit }' "$out/sim")
  [ -n "$API_PASSPHRASE" ] || unset API_PASSPHRASE
  runs 0 10_any_exchange "$name" "$url"
  status=$?
  kill "$sim" && wait "$sim" 2>/dev/null
  unset API_KEY API_SECRET API_PASSPHRASE
  return "$status"
}
for name in $("$prefix/bin/bourse" sim --list | cut -d ' ' -f 1); do
  check "10_any_exchange runs at $name" simulated "$name"
  check "10_any_exchange at $name has balances" says '^balance BTC [0-9.]+, in orders 0'
  check "10_any_exchange at $name has prices" says '^ticker BTC/USD[TC]? last [0-9.]+$'
  check "10_any_exchange at $name has a book" says '^book best bid [0-9.]+ of [0-9.]+$'
  check "10_any_exchange at $name trades" test "$(grep -cE '^(placed: open|amended: open|canceled: canceled)$' "$out/log")" = 3
  check "10_any_exchange at $name amends" test "$(grep -cE '^(placed|amended|canceled): 0\.010* at [0-9.]+$' "$out/log")" = 3 -a \
    "$(grep -oE '^(placed|amended): 0.* at [0-9.]+$' "$out/log" | sed 's/.* at //' | sort -u | wc -l)" = 2
done

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
