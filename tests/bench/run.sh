#!/usr/bin/env bash
# Runs the measurements built in $BUILD/bench and prints ratios. $1: only decode, sign, rest, idle, stream or ccxt. BENCH_CASES: only decode
# and stream cases whose name matches this extended regular expression.
#
# Instruction counts are callgrind's, of what happens inside one function; they hardly vary. Times are medians of batches of
# ours and theirs in turns. "-" in a column: there is no target, or nothing to say.
set -u
cd "$(dirname "$0")/../.."
# Copying and clearing by "rep movsb" would be counted as an instruction a byte.
export GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=100000000:glibc.cpu.x86_rep_stosb_threshold=100000000
bench=${BUILD:-build}/bench
only=${1:-}
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
over=0
recorded=

row() { # case, unit, ours, peer, target ratio ("-": none)
  awk -v name="$1" -v unit="$2" -v ours="$3" -v peer="$4" -v target="$5" 'BEGIN {
    ratio = peer > 0 ? ours / peer : 0
    verdict = target == "-" ? "-" : ratio <= target ? "ok" : "OVER"
    printf "%-52s %4s %12.0f %12.0f %7.3f %7s  %s\n", name, unit, ours, peer, ratio, target, verdict
    exit verdict == "OVER" }' || over=$((over + 1))
}

limit() { # case, unit, value, most
  awk -v name="$1" -v unit="$2" -v value="$3" -v most="$4" 'BEGIN {
    printf "%-52s %4s %12.3f %12s %7s %7s  %s\n", name, unit, value, "-", "-", most, value <= most ? "ok" : "OVER"
    exit value > most }' || over=$((over + 1))
}

heading() { printf '\n%s\n%-52s %4s %12s %12s %7s %7s\n' "$1" case unit ours peer ratio target; }

# Instructions of one run: functions to count in (separated by commas), program, arguments.
instructions() {
  local toggles=() functions=$1 times collected f
  shift
  for f in ${functions//,/ }; do toggles+=("--toggle-collect=$f"); done
  times=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$temporary/log" "${toggles[@]}" "$@") || return 1
  collected=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$temporary/log" | head -n 1)
  [ -n "$collected" ] && [ -n "$times" ] && echo $((collected / (times + ${extra:-0})))
}

unpack() {
  local from=../shared/recordings/binance/rest f
  [ -d "$from" ] || return
  recorded=$temporary/recorded
  mkdir -p "$recorded"
  for f in instruments.get-v3-exchange-info.json instruments.get-v3-exchange-info-2021.json; do
    [ -e "$from/$f.gz" ] && gzip -dc "$from/$f.gz" >"$recorded/$f"
  done
  cp "$from/orderbook.get-v3-depth-symbol-nknusdt-limit-1000-2021.json" "$recorded/" 2>/dev/null
}

value_of() { awk -v name="$1" '$1 == name { print $2 }' "$temporary/times"; }

target_of() {
  case $1 in
    cjson) echo 0.25 ;;
    simdjson) echo 1.2 ;;
    *) echo - ;;
  esac
}

decode() {
  local name size ours judged peer who small=
  unpack
  echo "simdjson's kernel here: $("$bench/decode" kernel)"
  heading "Decoding to unified records (all of it), beside parsing alone; instructions"
  while read -r name size; do
    [[ $name =~ ${BENCH_CASES:-.} ]] || continue
    ours=$(instructions measured_ours "$bench/decode" count "$name" ours $recorded) || continue
    judged=
    if [ "$name" = ticker_1 ]; then
      # The run that warms up is counted here too, for it goes through the same function: one more than the program tells.
      judged=$(extra=1 instructions bourse__binance_parse_tickers "$bench/decode" count "$name" ours $recorded)
    fi
    for who in cjson jsmn rapidjson simdjson; do
      peer=$(instructions measured_$who "$bench/decode" count "$name" $who $recorded) || continue
      # One small reply: the call around it (checks, copies, arenas) costs as much as reading it; each is told by itself.
      [ -n "$judged" ] && row "$name, reply to records / $who" ins "$judged" "$peer" "$(target_of $who)"
      row "$name ($size bytes), all / $who" ins "$ours" "$peer" "$([ -n "$judged" ] && echo - || target_of $who)"
    done
    case $name in
      exchange_info_300_short | exchange_info_300) small=$ours ;;
      exchange_info_3000_short | exchange_info_3000)
        [ -n "$small" ] && row "$name, a symbol, beside one of 300" ins $((ours / 3000)) $((small / 300)) 1.1 ;;
    esac
  done < <("$bench/decode" list $recorded)
  heading "The same; time"
  "$bench/decode" time $recorded >"$temporary/times"
  while read -r name size; do
    [[ $name =~ ${BENCH_CASES:-.} ]] || continue
    ours=$(awk -v n="$name" '$1 == n && $2 == "ours" { print $3 }' "$temporary/times")
    for who in cjson jsmn rapidjson simdjson; do
      row "$name / $who" ns "$ours" "$(awk -v n="$name" -v w=$who '$1 == n && $2 == w { print $3 }' "$temporary/times")" \
        "$(target_of $who)"
    done
    case $name in exchange_info_3000*) limit "$name, milliseconds" ms "$(awk -v t="$ours" 'BEGIN { print t / 1e6 }')" 10 ;; esac
  done < <("$bench/decode" list $recorded)
}

sign() {
  local submit build hmac
  heading "An order on its way to the wire, beside mbedTLS HMAC-SHA256 over the bytes signed; instructions"
  hmac=$(instructions measured_hmac "$bench/sign" count hmac) || return
  build=$(instructions bourse__running_build,bourse__running_send "$bench/sign" count submit) || return
  submit=$(instructions measured_submit "$bench/sign" count submit) || return
  row "build, sign, hand to the transport" ins "$build" "$hmac" 1.5
  row "bourse_submit as a whole (checks, copies, budgets too)" ins "$submit" "$hmac" -
  heading "The same; time"
  "$bench/sign" time >"$temporary/times"
  row "bourse_submit as a whole" ns "$(value_of submit)" "$(value_of hmac)" -
  row "bourse_sign alone (guarded key opened and closed)" ns "$(value_of sign)" "$(value_of hmac)" -
  heading "bourse_sign by kind of key: mbedTLS, beside make CRYPTO=openssl; time"
  "$bench/sign" keys >"$temporary/times"
  "$bench/sign_openssl" keys >"$temporary/openssl"
  while read -r kind ns; do
    row "$kind" ns "$ns" "$(awk -v name="$kind" '$1 == name { print $2 }' "$temporary/openssl")" -
  done <"$temporary/times"
  heading "A request of Coinbase's with ES256, its token new and kept: mbedTLS, beside make CRYPTO=openssl; time"
  "$bench/sign" tokens >"$temporary/times"
  "$bench/sign_openssl" tokens >"$temporary/openssl"
  while read -r kind ns; do
    row "$kind" ns "$ns" "$(awk -v name="$kind" '$1 == name { print $2 }' "$temporary/openssl")" -
  done <"$temporary/times"
}

rest() {
  local ours peer delay
  for delay in 500 0; do
    heading "A kept-alive GET over loopback, answered after $delay microseconds, beside bare libcurl"
    ours=$(instructions measured_library "$bench/rest" count $delay library) || return
    peer=$(instructions measured_curl "$bench/rest" count $delay curl) || return
    row "bourse_fetch_time / curl_easy_perform" ins "$ours" "$peer" 1.05
    "$bench/rest" time $delay >"$temporary/times"
    row "the same; time" ns "$(value_of library)" "$(value_of curl)" 1.05
    row "the same; time the calling thread worked" ns "$(value_of library_cpu)" "$(value_of curl_cpu)" -
  done
}

median_of() { for _ in 1 2 3 4 5 6 7 8 9; do "$@"; done | sort -n | sed -n 5p; }

idle() {
  local ours peer
  heading "Resident memory at rest, KiB: a context and a handle with keys, beside libcurl's multi and easy handle"
  ours=$(median_of "$bench/idle" bourse)
  peer=$(median_of "$bench/idle" curl)
  row "resident" KiB "$ours" "$peer" -
  limit "beyond libcurl's own" KiB $((ours - peer)) 2048
}

# Cases of streams, a line each: name, exchange, text that a message must hold ("-": all), files.
stream_cases() {
  local from=../shared/recordings session name
  if [ ! -d $from ]; then
    from=tests/fixtures/sessions
    echo "session:binance binance - $from/binance-spot.jsonl"
    echo "session:binance-usdm binance-usdm - $from/binance-linear.jsonl"
    echo "session:kraken kraken - $from/kraken-spot.jsonl"
    echo "session:kraken-futures kraken-futures - $from/kraken-futures.jsonl"
    [ ! -e $from/okx.jsonl ] || echo "session:okx okx - $from/okx.jsonl"
    return
  fi
  for name in binance binance-usdm bybit coinbase kraken kraken-futures kucoin okx; do
    for session in $from/$name/ws/stream.*.jsonl.gz; do
      case $session in *stream.v1-* | */bybit/*stream.v2-*) continue ;; esac # interfaces that are no more
      echo "session:$name:$(basename "$session" .jsonl.gz | cut -d. -f2) $name - $session"
    done
  done
  for name in binance binance-usdm; do
    session=$from/$name/ws/stream.btcusdt-2024.jsonl.gz
    echo "depth:$name $name @depth $session"
    echo "depth:$name:small $name @depth $from/$name/ws/stream.cryptofeed-2021.jsonl.gz"
    echo "trade:$name $name @trade $session"
    echo "aggTrade:$name $name @aggTrade $from/$name/ws/stream.cryptofeed-2021.jsonl.gz"
    echo "bookTicker:$name $name @bookTicker $session"
    echo "kline:$name $name @kline $from/$name/ws/stream.cryptofeed-2021.jsonl.gz"
  done
  echo "ticker:binance binance - $(echo $from/binance/ws/ticker.{24hr-ticker,btcusdt-ticker,spot-ticker-24hr}.json)"
  echo "ticker:binance-usdm binance-usdm - $(echo $from/binance-usdm/ws/ticker.{btcusdt-ticker,ticker-stream}.json)"
  echo "ticker:kraken kraken - $(echo $from/kraken/ws/ticker.ticker-{snapshot,update}.json)"
  echo "trade:kraken kraken - $(echo $from/kraken/ws/trades.trade-snapshot.json)"
  echo "ohlc:kraken kraken - $(echo $from/kraken/ws/klines.ohlc*.json)"
  echo "book:bybit bybit orderbook.500 $from/bybit/ws/stream.v5-orderbook500-xrpusdt-2024.jsonl.gz"
  echo "kline:bybit bybit - $(echo $from/bybit/ws/klines.kline.json)"
  echo "ticker:coinbase coinbase - $(echo $from/coinbase/ws/ticker.ticker.json)"
  echo "trade:coinbase coinbase - $(echo $from/coinbase/ws/trades.market-trades.json)"
  echo "ticker:kucoin kucoin - $(echo $from/kucoin/ws/ticker.market-ticker-btc-usdt.json)"
  echo "ticker:okx okx - $(ls $from/okx/ws/ticker.*.json 2>/dev/null | head -n 3 | tr '\n' ' ')"
  echo "trade:okx okx - $(ls $from/okx/ws/trades.*.json 2>/dev/null | head -n 3 | tr '\n' ' ')"
  session=$from/kraken-futures/ws/stream.cryptofeed-2021.jsonl.gz
  echo "book:kraken-futures kraken-futures \"feed\":\"book $session"
  echo "trade:kraken-futures kraken-futures \"feed\":\"trade\" $session"
  echo "ticker:kraken-futures kraken-futures - $(echo $from/kraken-futures/ws/ticker.{futures-ticker,ticker-2,ticker}.json)"
}

stream() {
  local name exchange class files ours peer
  heading "From frame bytes to a callback, books applied, a message, beside parsing alone by a good parser (simdjson's DOM x 1.15); instructions"
  : >"$temporary/ratios"
  while read -r name exchange class files; do
    [[ $name =~ ${BENCH_CASES:-.} ]] || continue
    [ "$class" = - ] && class=
    # shellcheck disable=SC2086
    ours=$(instructions measured_ours "$bench/stream" count ours "$exchange" "$class" $files) || continue
    # shellcheck disable=SC2086
    peer=$(instructions measured_simdjson "$bench/stream" count simdjson "$exchange" "$class" $files) || continue
    peer=$(awk -v p="$peer" 'BEGIN { print p * 1.15 }')
    row "$name" ins "$ours" "$peer" 1.5
    awk -v o="$ours" -v p="$peer" 'BEGIN { print o / p }' >>"$temporary/ratios"
  done < <(stream_cases)
  limit "geometric mean" "" "$(awk '{ s += log($1) } END { print exp(s / NR) }' "$temporary/ratios")" 1.0
  heading "Allocations in the second half of the messages, all together"
  while read -r name exchange class files; do
    [[ $name =~ ${BENCH_CASES:-.} ]] || continue
    [ "$class" = - ] && class=
    # shellcheck disable=SC2086
    "$bench/stream" allocations "$exchange" "$class" $files >"$temporary/times" || continue
    limit "$name: through the context's allocator" "" "$(value_of library)" 0
    limit "$name: malloc, calloc, realloc" "" "$(value_of malloc)" 0
  done < <(stream_cases)
  heading "A message, of 3000 books beside 10; time"
  "$bench/stream" books 10 3000 >"$temporary/times"
  row "3000 books / 10 books" ns "$(value_of 3000)" "$(value_of 10)" 3
}

# ccxt is not a package of Debian's: make bench-ccxt installs it under $BUILD.
ccxt() {
  local name exchange class files
  heading "The same messages through ccxt's own handlers, and ours; time. The ratio is theirs to ours"
  : >"$temporary/ratios"
  while read -r name exchange class files; do
    [[ $name =~ ${BENCH_CASES:-.} ]] || continue
    [ "$class" = - ] && class=
    # shellcheck disable=SC2086
    node tests/bench/ccxt.js "$bench/../ccxt" "$bench/stream" "$exchange" "$class" $files >"$temporary/times" || continue
    awk -v name="$name" -v o="$(value_of ours)" -v c="$(value_of ccxt)" 'BEGIN {
      printf "%-52s %4s %12.0f %12.0f %7.1f %7s  %s\n", name, "ns", o, c, c / o, 12, (c / o >= 12 ? "ok" : "UNDER")
      exit (c / o < 12) }' || over=$((over + 1))
    awk -v o="$(value_of ours)" -v c="$(value_of ccxt)" 'BEGIN { print c / o }' >>"$temporary/ratios"
  done < <(stream_cases)
  awk '{ s += log($1) } END { m = exp(s / NR)
    printf "%-52s %4s %12s %12s %7.1f %7s  %s\n", "geometric mean", "", "-", "-", m, 25, (m >= 25 ? "ok" : "UNDER"); exit (m < 25) }' \
    "$temporary/ratios" || over=$((over + 1))
}

[ "$only" = ccxt ] && ccxt
for part in decode sign rest idle stream; do
  if [ -z "$only" ] || [ "$only" = $part ]; then $part; fi
done
printf '\n%d over target\n' "$over"
