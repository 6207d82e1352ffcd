#!/usr/bin/env bash
# Runs the measurements built in $BUILD/bench and prints ratios. $1: only decode, sign, rest or idle. BENCH_CASES: only decode
# cases whose name matches this extended regular expression.
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

for part in decode sign rest idle; do
  if [ -z "$only" ] || [ "$only" = $part ]; then $part; fi
done
printf '\n%d over target\n' "$over"
