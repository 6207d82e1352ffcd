#!/usr/bin/env bash
# Tests of the `bourse` program: tests/cli/run.sh PROGRAM [SERVER]. Paper exchange, requests, replies and recordings; no
# network but that of this machine, where SERVER (build/tests/ws_serve) plays an exchange from a recording.
set -u
program=$(realpath "${1:-build/bourse}") || exit 1
server=$(realpath "${2:-${program%/*}/tests/ws_serve}") || exit 1
cd "$(dirname "$0")/../.."
fixtures=tests/fixtures/binance
markets=$fixtures/markets_spot.json
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export HOME=$dir LC_ALL=C
unset XDG_CONFIG_HOME BOURSE_KEYS NO_COLOR https_proxy HTTPS_PROXY all_proxy ALL_PROXY ${!BOURSE_@}

passed=0 failed=0 skipped=0
out='' err='' code=0 name=''

# Runs the program; standard input is $input if that is set.
input=/dev/null
run() {
  name="bourse $*"
  "$program" "$@" <"$input" >"$dir/out" 2>"$dir/err"
  code=$?
  out=$(tr -d '\0' <"$dir/out") err=$(tr -d '\0' <"$dir/err")
}
ok() { passed=$((passed + 1)); }
bad() {
  failed=$((failed + 1))
  printf 'FAILED %s: %s\n  exit %s\n  out: %.600s\n  err: %.600s\n' "$name" "$1" "$code" "$out" "$err"
}
exits() { if [ "$code" -eq "$1" ]; then ok; else bad "exit code is not $1"; fi; }
says() { case $out in *"$1"*) ok ;; *) bad "output lacks: $1" ;; esac; }
hides() { case $out$err in *"$1"*) bad "output has: $1" ;; *) ok ;; esac; }
warns() { case $err in *"$1"*) ok ;; *) bad "standard error lacks: $1" ;; esac; }
is() { if [ "$out" = "$1" ]; then ok; else bad "output is not: $1"; fi; }
quiet() { if [ -z "$err" ]; then ok; else bad "standard error is not empty"; fi; }
silent() { if [ -z "$out" ]; then ok; else bad "output is not empty"; fi; }
one_line() { if [ "$(wc -l <"$dir/err")" -eq 1 ]; then ok; else bad "the error is not one line"; fi; }
lines() { if [ "$(wc -l <"$dir/out")" -eq "$1" ]; then ok; else bad "output has not $1 lines"; fi; }
refuses() { # message, arguments...: a mistake of usage, told in one line
  local message=$1
  shift
  run "$@"
  exits 2
  warns "$message"
  silent
  one_line
}

api_key=K0123456789abcdefghijklmnopqrstuvwxyzK
secret=S9876543210zyxwvutsrqponmlkjihgfedcbaS
passphrase=P5555555555P
keys=$dir/keys.json
(umask 077 && printf '{"binance":{"api_key":"%s","secret":"%s","passphrase":"%s"},"binance-test":{"apiKey":"T%s","secret":"%s","environment":"testnet","kind":"hmac","more":{"a":[1]}}}' \
  "$api_key" "$secret" "$passphrase" "$api_key" "$secret" >"$keys")
order=(symbol=BTC/USDT side=buy type=limit amount=0.01 price=25000.10 client_order_id=a-1)
offline=(--markets "$markets" --now-ms 1760000000123)

# --- Help, version, lists ---
run && exits 2; warns "usage: bourse"; silent
run help; exits 0; quiet; says "bourse ticker paper BTC/USDT"
run --help; exits 0; says "usage: bourse"
run help codes; exits 0; says "5  unknown outcome"
run help keys; exits 0; says "BOURSE_KEYS"
run help operations; exits 0; says "create_order"; says "fetch_ticker"
run help create_order; exits 0; says "time_in_force"; says "good_till_canceled|"; says "(required)"; says "Gives order records"
run help edit_order; exits 0; says "order.client_order_id"
run help watch; exits 0; says "bourse watch CHANNEL EXCHANGE"; says "liquidations"
run help watch_candles; exits 0; says "bourse watch candles EXCHANGE"; says "timeframe"
run help replay; exits 0; says "Exit code 9"
run help codes; says "9  replay: gaps"
run help buy; exits 0; says "AMOUNT [PRICE|market]"
run ticker --help; exits 0; says "bourse ticker EXCHANGE SYMBOL"
refuses 'no verb or operation called "nonsense"' help nonsense
run version; exits 0; says "libbourse "
run --version; exits 0; says "libbourse "
run exchanges; exits 0; says "paper"; says "binance"
run exchanges --json; exits 0; says '{"exchange":"paper","products":"spot,linear"'
run exchanges --csv; says "exchange,products,native_operations,emulated_operations"
run capabilities binance; exits 0; says "create_order"; says "native"
run capabilities paper create_order --json; exits 0
is '{"exchange":"paper","operation":"create_order","spot":"native","cross":"no","isolated":"no","linear":"native","inverse":"no","option":"no"}'
run capabilities; exits 0; says "paper"; says "binance"
run api; exits 0; says "create_order"; says "symbol timeframe"
run api --json; exits 0; says '"name":"create_order","number":80'; says '"BOURSE_OP_CREATE_ORDER":80'; says '"name":"ticker","struct":"bourse_ticker"'
refuses 'api: unexpected "binance"' api binance
for topic in verbs exchanges operations channels "keys create_order" "keys book"; do
  # shellcheck disable=SC2086
  run __complete $topic; exits 0; quiet
  if [ -n "$out" ]; then ok; else bad "no words"; fi
done
for operation in $("$program" __complete operations); do
  run help "$operation"; exits 0; says "Arguments:"
done

# --- Mistakes of usage ---
refuses 'no verb called "tickle"' tickle
refuses 'is an operation: bourse call EXCHANGE fetch_ticker' fetch_ticker paper
refuses 'unknown option "--jsn"' --jsn exchanges
refuses 'unknown option "-x"' -x
refuses '--columns needs a value' ticker paper BTC/USDT --columns
refuses '--json takes no value' ticker paper BTC/USDT --json=yes
refuses '--keys: the value is empty' ticker paper BTC/USDT --keys=
refuses '--env: "moon" is none of: live, testnet, demo' ticker paper BTC/USDT --env moon
refuses '--product: "swap" is none of: spot, linear, inverse, option' ticker paper BTC/USDT --product swap
refuses '--margin: "x" is none of: cross, isolated' ticker paper BTC/USDT --margin x
refuses '--timeout: "soon"' ticker paper BTC/USDT --timeout soon
refuses '--timeout: "0"' ticker paper BTC/USDT --timeout 0
refuses '--timeout: "-1"' ticker paper BTC/USDT --timeout=-1
refuses '--timeout: "1e9"' ticker paper BTC/USDT --timeout 1e9
refuses '--status: "99"' decode binance fetch_time --status 99
refuses '--status: "200x"' decode binance fetch_time --status 200x
refuses '--now-ms: "x"' request binance fetch_time --now-ms x
refuses '--now-ms: "99999999999999999999"' request binance fetch_time --now-ms 99999999999999999999
refuses '--nonce: "0"' request binance fetch_time --nonce 0
refuses '--host: "nothing" is not NAME=URL' ticker paper BTC/USDT --host nothing
refuses '--setting: "=x" is not NAME=VALUE' ticker paper BTC/USDT --setting =x
refuses 'no exchange called "nope"; there are: ' ticker nope BTC/USDT
refuses 'ticker: which exchange?' ticker
refuses 'ticker: symbol is missing' ticker paper
refuses 'candles: timeframe is missing' candles paper BTC/USDT
refuses 'ticker: unexpected "again"' ticker paper BTC/USDT again
refuses 'usage: bourse call EXCHANGE OPERATION' call paper
refuses 'no operation called "fetch_nothing"' call paper fetch_nothing
refuses '"word" is not key=value' call paper fetch_ticker word
refuses '"=x" is not key=value' call paper fetch_ticker =x
refuses '"sym bol=x" is not key=value' call paper fetch_ticker 'sym bol=x'
refuses 'fetch_ticker: symbol is missing; arguments: ' call paper fetch_ticker
refuses 'fetch_ticker: unknown argument "sybol"; allowed: product, symbol (required)' call paper fetch_ticker sybol=BTC/USDT
refuses 'symbol: the value is empty' call paper fetch_ticker symbol=
refuses 'symbol is given twice' call paper fetch_ticker symbol=BTC/USDT symbol=ETH/USDT
refuses 'since is given twice' trades paper BTC/USDT since=2025-10-01 since_ns=1
refuses 'limit: "abc" is not a whole number' book paper BTC/USDT limit=abc
refuses 'limit: "0" is not a whole number from 1' book paper BTC/USDT limit=0
refuses 'limit: "-1" is not a whole number' book paper BTC/USDT limit=-1
refuses 'limit: "1.5" is not a whole number' book paper BTC/USDT limit=1.5
refuses 'limit: "4294967296" is not a whole number from 1 to 4294967295' book paper BTC/USDT limit=4294967296
refuses 'since: "yesterday" is not a time' trades paper BTC/USDT since=yesterday
refuses 'since: "-5" is not a time' trades paper BTC/USDT since=-5
refuses 'since: "2025-13-01" is not a time' trades paper BTC/USDT since=2025-13-01
refuses 'since: "99999999999999999999" is not a time' trades paper BTC/USDT since=99999999999999999999
refuses 'timer_ms: "-" is not a whole number' call paper cancel_all_orders_after timer_ms=-
refuses 'wallet: "pocket" is none of: spot, funding' balances paper pocket
refuses 'post_only: "maybe" is none of: yes, no, true, false' buy paper BTC/USDT 1 50000 post_only=maybe
refuses 'time_in_force: "gtx" is none of: ' buy paper BTC/USDT 1 50000 time_in_force=gtx
refuses 'amount: "1,5" is not a decimal number' buy paper BTC/USDT 1,5
refuses 'amount: "1e400" has more digits' buy paper BTC/USDT 1e400
refuses 'price: "cheap" is not a decimal number' buy paper BTC/USDT 1 cheap
refuses 'buy: how much?' buy paper BTC/USDT
refuses 'buy: symbol is missing' buy paper
refuses 'buy: unexpected "now"' buy paper BTC/USDT 1 50000 now
refuses 'cancel: which order?' cancel paper BTC/USDT
refuses 'one of open, closed' orders paper open closed
refuses 'symbols: entry 2 of the list is empty' tickers paper BTC/USDT,,ETH/USDT
refuses 'param.NAME=value without a name' call paper fetch_time param.=x
refuses 'param.a: not JSON' call paper fetch_time 'param.a:={"b":'
refuses 'orders: not a JSON array' call paper create_orders 'orders={}'
refuses 'orders: not a JSON array' call paper create_orders 'orders=[{"symbol":"BTC/USDT"'
refuses 'orders: not a JSON array' call paper create_orders 'orders=[1]'
refuses 'orders: the list is empty' call paper create_orders 'orders=[]'
refuses 'order 1: unknown member "colour"; allowed: symbol,' call paper create_orders 'orders=[{"colour":"red"}]'
refuses 'order 2: side: "hold" is none of: buy, sell' call paper create_orders 'orders=[{"side":"buy"},{"side":"hold"}]'
refuses 'order 1: symbol is given twice' call paper create_orders 'orders=[{"symbol":"a","symbol":"b"}]'
refuses 'order 1: symbol is neither text' call paper create_orders 'orders=[{"symbol":["a"]}]'
refuses 'orders is missing' call paper create_orders
refuses '--columns: no column "colour"; there are: symbol,' ticker paper BTC/USDT --columns symbol,colour
refuses 'argument 3 is not UTF-8' ticker paper $'BTC\xff/USDT'
refuses 'argument 3 is not UTF-8' ticker paper $'\xed\xa0\x80'
refuses 'argument 3 holds a control character' ticker paper $'BTC\x1b[31m'
refuses 'argument 3 holds a control character' ticker paper $'BTC\xc2\x9b31m'
refuses 'symbol' ticker paper "$(printf 'A%.0s' $(seq 3000))"

# --- The paper exchange ---
run ticker paper BTC/USDT; exits 0; quiet; lines 2; says "symbol"; says "BTC/USDT"
run ticker paper BTC/USDT --json --columns symbol,id; exits 0; is '{"symbol":"BTC/USDT","id":"BTCUSDT"}'
run ticker paper BTC/USDT --csv --columns id,symbol; exits 0
if printf 'id,symbol\r\nBTCUSDT,BTC/USDT\r\n' | cmp -s - "$dir/out"; then ok; else bad "not the CSV it should be"; fi
run ticker paper BTC/USDT --all-columns; exits 0; says "quote_volume"; says "member"
run ticker paper BTC/USDT:USDT --json; exits 0; says '"symbol":"BTC/USDT:USDT"'
run tickers paper BTC/USDT,ETH/USDT --csv; exits 0; lines 3
run book paper BTC/USDT limit=3; exits 0; lines 4; says "bid_amount"
run book paper BTC/USDT limit=3 --csv; exits 0; lines 7; says "side,price,amount"
run book paper BTC/USDT limit=2 --json; exits 0; lines 1; says '"bids":[{"price":"'
run candles paper BTC/USDT 1h limit=4 --json; exits 0; lines 4; says '"time_ns":"20'
run trades paper BTC/USDT limit=5; exits 0; lines 6
run balances paper; exits 0; says "USDT"; says "100000"
run balances paper --setting balance.USDT=12.50 --json --columns currency,total; exits 0; says '{"currency":"USDT","total":"12.5"}'
run positions paper; exits 0
run markets paper --json; exits 0; says '"symbol":"BTC/USDT"'; says '"active":true'
run markets paper product=linear; exits 0; hides "BTC/USDC "
run fees paper; exits 0
run fees paper BTC/USDT --json --columns symbol,maker; exits 0; is '{"symbol":"BTC/USDT","maker":"0.001"}'
run orders paper; exits 0
run orders paper BTC/USDT all; exits 0
run fills paper BTC/USDT; exits 0
run buy paper BTC/USDT 0.01 market client_order_id=cli-1 --json; exits 0; quiet; lines 1
says '"client_order_id":"cli-1"'; says '"status":"filled"'; says '"amount":"0.01'; says '"fills":[{"id":"'; says '"expire_ns":null'
run sell paper BTC/USDT 0.01 9000000 --columns side,type,status --csv; exits 0; says "sell,limit,open"
run buy paper BTC/USDT cost=100 --columns type,status --csv; exits 0; says "market,filled"
run buy paper BTC/USDT:USDT contracts=1 --columns symbol,status --csv; exits 0
run call paper create_orders --columns side,status --csv \
  'orders=[{"symbol":"BTC/USDT","side":"buy","type":"market","amount":0.01},{"symbol":"BTC/USDT","side":"sell","type":"limit","amount":"0.01","price":9000000,"post_only":true,"cost":null}]'
exits 0; says "buy,filled"; says "sell,open"
run buy paper BTC/USDT 5000 market; exits 4; silent; warns "create_order at paper refused: insufficient_funds"; warns "outcome rejected"
run buy paper BTC/USDT 0.0100000001 market; exits 4; warns "precision"; one_line
run order paper BTC/USDT 424242; exits 4; warns "order_not_found"
run cancel paper BTC/USDT client_order_id=never; exits 4; warns "order_not_found"
run ticker paper NO/PE; exits 4; warns 'fetch_ticker at paper failed: unknown_symbol'; one_line
run ticker paper NO/PE --json; exits 4; lines 1
says '{"error":{"code":-104,"name":"unknown_symbol","outcome":"not_sent","http_status":0,'; says '"field":"symbol","exchange":"paper","operation":"fetch_ticker"'
run transfer paper USDT 5 spot linear --columns amount,from,to --csv; exits 0; says "5,spot,linear"
run call paper withdraw currency=USDT amount=1 address=x; exits 4; warns "forbidden"
run call paper fetch_borrow_rate currency=USDT; exits 8; warns "unsupported"
run doctor; exits 0; says "version"; says "paper"
run doctor paper; exits 0; says "network"
run ticker paper -- BTC/USDT; exits 0
run --json -- ticker paper BTC/USDT; exits 0; says '{"symbol"'

# The same members in every line of a kind.
run markets paper --json
shapes=$(sed -E 's/"([a-z_]+)":("([^"\\]|\\.)*"|[^,}]*)/\1/g' "$dir/out" | sort -u | wc -l)
if [ "$shapes" -eq 1 ]; then ok; else bad "lines differ in shape"; fi

# --- Requests ---
run request binance fetch_ticker symbol=BTC/USDT "${offline[@]}" --json; exits 0; quiet
is '{"method":"GET","url":"https://api.binance.com/api/v3/ticker/24hr?symbol=BTCUSDT","headers":{},"body":null}'
run request binance fetch_ticker symbol=BTC/USDT "${offline[@]}"; exits 0; is 'GET https://api.binance.com/api/v3/ticker/24hr?symbol=BTCUSDT'
for since in since=2025-10-01 since=2025-10-01T00:00:00Z since=2025-10-01T02:00:00+02:00 since=1759276800000 \
  since_ns=1759276800000000000 since_ns=2025-10-01; do
  run request binance fetch_candles symbol=BTC/USDT timeframe=1h "$since" "${offline[@]}"; exits 0; says "startTime=1759276800000"
done
run request binance fetch_ticker symbol=BTC/USDT --json; exits 0; says "/api/v3/exchangeInfo"
run request binance fetch_ticker symbol=BTC/USDT --host '*=http://127.0.0.1:9' "${offline[@]}"; exits 0; says "GET http://127.0.0.1:9/api/v3/"
run request binance fetch_time param.x=1 "${offline[@]}"; exits 0; says "/api/v3/time?x=1"
run request binance fetch_ticker symbol=BTC/USDT:USDT --markets "$markets" --markets "$fixtures/markets_linear.json"; exits 0; says "https://fapi.binance.com/"
run request binance fetch_ticker symbol=NO/PE "${offline[@]}"; exits 4; silent; warns "unknown_symbol"
run request paper fetch_ticker symbol=BTC/USDT; exits 0; silent; warns "sends no request"
run request binance create_order "${order[@]}" "${offline[@]}" --json; exits 3; silent; warns "binance needs keys"
run request binance create_order "${order[@]}" "${offline[@]}" --keys "$keys" --json; exits 0; quiet
says '"method":"POST","url":"https://api.binance.com/api/v3/order"'; says '"X-MBX-APIKEY":"***"'; says 'signature=***'
says "newClientOrderId=a-1"; hides "$api_key"; hides "$secret"; hides "$passphrase"
run request binance create_order "${order[@]}" "${offline[@]}" --keys "$keys" --json --reveal; exits 0
says "\"X-MBX-APIKEY\":\"$api_key\""; hides "$secret"
body=${out#*\"body\":\"} body=${body%\"\}*}
signature=$(printf %s "${body%&signature=*}" | openssl dgst -sha256 -hmac "$secret" | sed 's/.* //')
if [ "${body##*&signature=}" = "$signature" ]; then ok; else bad "the signature is not $signature"; fi
first=$out
run request binance create_order "${order[@]}" "${offline[@]}" --keys "$keys" --json --reveal; is "$first"
run request binance create_order "${order[@]}" "${offline[@]}" --keys "$keys" --account binance-test --env testnet --reveal; exits 0
says "https://testnet.binance.vision"; says "T$api_key"
run request binance create_order "${order[@]}" amount=0.012345678 "${offline[@]}" --keys "$keys"; exits 2; warns "amount is given twice"
run request binance create_order symbol=BTC/USDT side=buy type=limit amount=0.012345678 price=25000.10 "${offline[@]}" --keys "$keys"
exits 4; silent; warns "precision"; warns "nearest"
BOURSE_KUCOIN_API_KEY=k BOURSE_KUCOIN_SECRET=s BOURSE_KUCOIN_PASSPHRASE=p run request kucoin create_order symbol=BTC/USDT:USDT \
  product=linear side=buy type=limit contracts=1.5 price=60000 --markets "${fixtures%/*}/kucoin/markets_futures.json"
exits 4; silent; warns "contracts of BTC/USDT:USDT is 1.5; the amount step is 1, the nearest allowed are 1 and 2"
run request binance create_order symbol=BTC/USDT side=buy type=limit amount=0.012345678 price=25000.10 "${offline[@]}" --keys "$keys" --no-check
exits 0; says "quantity=0.012345678"
# Key files of Coinbase as downloaded, in both their shapes.
printf '{\n  "name": "organizations/1/apiKeys/2",\n  "principal": "a",\n  "privateKey": "%s"\n}\n' \
  "$(openssl ecparam -name prime256v1 -genkey -noout | awk '{ printf "%s\\n", $0 }')" >"$dir/cdp_api_key.json"
printf '{"id":"ab-12","privateKey":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe\\/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="}' \
  >"$dir/cdp_api_key_ed25519.json"
chmod 600 "$dir"/cdp_api_key*.json
run request coinbase fetch_balances --keys "$dir/cdp_api_key.json" --now-ms 1760000000123; exits 0; quiet
says "GET https://api.coinbase.com/api/v3/brokerage/accounts"; hides "PRIVATE"
run request coinbase fetch_balances --keys "$dir/cdp_api_key_ed25519.json" --now-ms 1760000000123 --reveal; exits 0; quiet
says "Authorization: Bearer eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImFiLTEyIi" # EdDSA, and "ab-12"
run request binance edit_order order_id=7 symbol=BTC/USDT side=buy type=limit amount=0.02 price=25000 "${offline[@]}" --keys "$keys"; exits 0
run request binance cancel_order symbol=BTC/USDT client_order_id=a-1 "${offline[@]}" --keys "$keys"; exits 0; says "DELETE https://"; says "origClientOrderId=a-1"
run request binance fetch_markets; exits 0; lines 1
run request binance fetch_markets --reply "$markets" --json; exits 0; lines 2; says "/fapi/v1/exchangeInfo"
run request binance fetch_markets --reply "$markets" --reply "$fixtures/markets_linear.json" --json; exits 0; lines 3; says "/dapi/v1/exchangeInfo"
run request binance fetch_time --reply "$dir/none"; exits 1; warns "cannot be read"
run request binance call_raw method=GET path=/api/v3/account "${offline[@]}" --keys "$keys"; exits 0; says "/api/v3/account?timestamp=1760000000123"

# Files of markets
run decode binance fetch_markets product=spot --json; exits 7
input=$markets; run decode binance fetch_markets product=spot --json; exits 0; says '"symbol":"BTC/USDT"'; cp "$dir/out" "$dir/lines.jsonl"
input=$fixtures/markets_linear.json; run decode binance fetch_markets product=linear --json; exits 0; cat "$dir/out" >>"$dir/lines.jsonl"; input=/dev/null
run request binance fetch_ticker symbol=BTC/USDT --markets "$dir/lines.jsonl"; exits 0; says "symbol=BTCUSDT"
run request binance fetch_ticker symbol=BTC/USDT:USDT --markets "$dir/lines.jsonl"; exits 0; says "fapi.binance.com"
{ printf '[{"method":"GET","path":"/other","body":{"a":1}},{"path":"/api/v3/exchangeInfo","body":' && cat "$markets" && printf '}]'; } >"$dir/rows.json"
run request binance fetch_ticker symbol=BTC/USDT --markets "$dir/rows.json"; exits 0; says "symbol=BTCUSDT"
printf '[{"path":"/other","body":{"a":1}}]' >"$dir/rows.json"
run request binance fetch_ticker symbol=BTC/USDT --markets "$dir/rows.json"; exits 2; warns "none of its replies"
printf '{"symbols":"no"}' >"$dir/bad.json"
run request binance fetch_ticker symbol=BTC/USDT --markets "$dir/bad.json"; exits 2; warns "not a list of markets"
: >"$dir/empty"
run request binance fetch_ticker symbol=BTC/USDT --markets "$dir/empty"; exits 2; warns "is empty"
run request binance fetch_ticker symbol=BTC/USDT --markets "$dir/none"; exits 1; warns "cannot be read"

# --- Money verbs without and with --live ---
run buy binance BTC/USDT 0.01 25000.10 "${offline[@]}" --keys "$keys"; exits 0
says "POST https://api.binance.com/api/v3/order"; says "quantity=0.01&price=25000.10"; warns "nothing was sent; add --live"; hides "$api_key"; hides "$secret"
run buy binance BTC/USDT 0.01 "${offline[@]}" --keys "$keys"; exits 0; says "type=MARKET"
run sell binance BTC/USDT 0.01 market "${offline[@]}" --keys "$keys"; exits 0; says "side=SELL"; says "type=MARKET"
run cancel binance BTC/USDT 77 "${offline[@]}" --keys "$keys"; exits 0; says "DELETE https://api.binance.com/api/v3/order?"; says "orderId=77"
run call binance set_leverage symbol=BTC/USDT:USDT leverage=5 --markets "$fixtures/markets_linear.json" --keys "$keys"; exits 0; says "leverage=5"; warns "nothing was sent"
run transfer binance USDT 5 spot linear --markets "$markets" --keys "$keys"; exits 0; warns "nothing was sent"
run call binance call_raw method=POST path=/api/v3/order --keys "$keys"; exits 0; warns "nothing was sent"
run call binance withdraw currency=USDT amount=1 address=abc --keys "$keys"; exits 4; silent; warns "forbidden"; warns "(--allow-withdrawals)"
run request binance withdraw currency=USDT amount=1 address=abc "${offline[@]}" --keys "$keys"; exits 0; says "/sapi/v1/capital/withdraw/apply"
run call binance withdraw currency=USDT amount=1 address=abc network=TRC20 --keys "$keys" --allow-withdrawals --markets "$markets"; exits 0; warns "nothing was sent"
# --- Safety rails ---
journal=$dir/orders.journal
run buy paper BTC/USDT 0.01 market --read-only; exits 4; silent; warns "read_only"; one_line
run balances paper --read-only; exits 0
run buy paper BTC/USDT 0.01 1000 --max-notional 10; exits 0
run buy paper BTC/USDT 0.01 1010 --max-notional 10; exits 4; silent; warns "is worth 10.10 USDT, and 10 are allowed"; warns "outcome not_sent"
run buy paper BTC/USDT 0.01 market --max-notional 1; exits 4; silent; warns "max_order_notional"
run buy paper BTC/USDT 0.01 1010 --max-per-minute 10; exits 4; silent; warns "max_notional_per_minute"
run buy paper BTC/USDT 0.01 1000 --allow-symbol ETH/USDT; exits 4; silent; warns "allowed_symbols"
run buy paper BTC/USDT 0.01 1000 --allow-symbol ETH/USDT --allow-symbol BTC/USDT --max-open-orders 1; exits 0
refuses "--max-notional" buy paper BTC/USDT 1 market --max-notional -1
refuses "--max-open-orders" buy paper BTC/USDT 1 market --max-open-orders 0
run buy paper BTC/USDT 1 market --allow-symbol BTCUSDT; exits 2; warns "a unified symbol is wanted"
refuses "--journal none" halt paper --journal none
refuses "cancel-all" halt paper everything --journal "$journal"
refuses "--live" halt binance cancel-all --journal "$journal" --keys "$keys"
run buy paper BTC/USDT 0.01 market --journal "$journal"; exits 0
run halt paper cancel-all --journal "$journal"; exits 0; warns "bourse resume paper"
run buy paper BTC/USDT 0.01 market --journal "$journal"; exits 4; silent; warns "halt"
run buy paper BTC/USDT 0.01 market; exits 0
run resume paper --journal "$journal"; exits 0; silent; quiet
run buy paper BTC/USDT 0.01 market --journal "$journal"; exits 0
refuses "dead-man" dead-man paper
refuses "is not a number of seconds" dead-man paper 0
refuses "is not a number of seconds" dead-man paper never
run dead-man paper 60 --json; exits 0; says '"realization":"native"'; hides '"due_ns":null'
run dead-man paper off --json; exits 0; says '"due_ns":null'
# Port 1 of this machine answers to nobody.
nobody=(--host '*=http://127.0.0.1:1' --markets "$markets" --keys "$keys")
run buy binance BTC/USDT 0.01 25000.10 "${nobody[@]}" --live --yes; exits 7; silent; warns "connect"; warns "outcome not_sent"
run ticker binance BTC/USDT --host '*=http://127.0.0.1:1'; exits 7
for verbose in "" --verbose; do
  # shellcheck disable=SC2086
  run buy binance BTC/USDT 0.01 25000.10 "${nobody[@]}" --live --yes --json $verbose
  exits 7; says '"name":"connect"'; hides "$api_key"; hides "$secret"; hides "$passphrase"; hides "$(printf %s "$secret" | base64)"
  # shellcheck disable=SC2086
  run balances binance "${nobody[@]}" $verbose; exits 7; hides "$api_key"; hides "$secret"
done
warns "> GET http://127.0.0.1:1/"
run doctor binance "${nobody[@]}"; exits 7; says "credentials  ok"; says "network      fail"; hides "$secret"; hides "$api_key"
if command -v script >/dev/null; then
  tty() { # answer, arguments...: on a terminal
    local answer=$1
    shift
    name="bourse $* (terminal)"
    { sleep 0.3; printf '%s\n' "$answer"; sleep 0.3; } |
      script -qec "$(printf '%q ' "$program" "$@")" /dev/null >"$dir/out" 2>"$dir/err"
    code=$?
    out=$(tr -d '\0\r' <"$dir/out") err=
  }
  tty n buy binance BTC/USDT 0.01 25000.10 "${nobody[@]}" --live
  exits 1; says "create_order at binance (live): "; says "symbol=BTC/USDT side=buy type=limit"; says "Send this order? [y/N]"; says "nothing was sent"
  tty y buy binance BTC/USDT 0.01 25000.10 "${nobody[@]}" --live
  exits 7; says "Send this order?"; says "outcome not_sent"
  tty n buy binance BTC/USDT 0.01 25000.10 "${nobody[@]}" --live --yes
  exits 7; hides "Send this order?"
  tty '' buy paper BTC/USDT 0.01 market --columns side; exits 0; says $'\x1b[32mbuy'; hides "Send this"
  export NO_COLOR=1
  tty '' buy paper BTC/USDT 0.01 market --columns side; exits 0; hides $'\x1b['
  unset NO_COLOR
else
  skipped=$((skipped + 1))
fi
run buy paper BTC/USDT 0.01 market --columns side; hides $'\x1b['

# --- Replies ---
reply() { printf %s "$1" >"$dir/reply" && input=$dir/reply; }
reply '{"serverTime":1760000000123}'
run decode binance fetch_time --json; exits 0; quiet; is '{"time_ns":"2025-10-09T08:53:20.123000000Z"}'
run decode binance fetch_time; exits 0; says "2025-10-09 08:53:20.123Z"
run decode binance fetch_time --csv; exits 0; says "2025-10-09T08:53:20.123000000Z"
reply '{"symbol":"BTCUSDT","lastPrice":"104000.00000200","volume":"123456789012345678901234567890.1"}'
run decode binance fetch_ticker symbol=BTC/USDT --markets "$markets" --json --columns symbol,last,base_volume,bid; exits 0
is '{"symbol":"BTC/USDT","last":"104000.00000200","base_volume":"123456789012345678901234567890.1","bid":null}'
run decode binance fetch_ticker symbol=BTC/USDT --markets "$markets" --raw; exits 0; is '{"symbol":"BTCUSDT","lastPrice":"104000.00000200","volume":"123456789012345678901234567890.1"}'
reply '{"code":-2010,"msg":"Account has insufficient balance for requested action."}'
run decode binance create_order "${order[@]}" --markets "$markets" --status 400; exits 4; silent; one_line
warns 'bourse: create_order at binance refused: insufficient_funds (-2010 "Account has insufficient balance for requested action."), outcome rejected, client order id a-1'
run decode binance create_order "${order[@]}" --markets "$markets" --status 400 --json; exits 4
says '"name":"insufficient_funds","outcome":"rejected","http_status":400'; says '"exchange_code":"-2010"'
reply "$(printf '{"code":-2010,"msg":"\\u001b[31mred\\u0007 %b"}' '\303\251')"
run decode binance create_order "${order[@]}" --markets "$markets" --status 400; exits 4; hides $'\x1b'; hides $'\a'; warns $'\303\251'
reply '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
run decode binance fetch_balances --status 401; exits 3
reply '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}'
run decode binance fetch_balances --status 400; exits 3; warns "timestamp"
reply '{"code":-1003,"msg":"Too many requests."}'
printf 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nX-Other: a: b\r\n\r\n' >"$dir/headers"
run decode binance fetch_time --headers "$dir/headers"; exits 6; warns "try again in 7.000 s"
run decode binance fetch_time --headers "$dir/headers" --status 418; exits 6; warns "banned"
run decode binance fetch_time --headers "$dir/none"; exits 1; warns "cannot be read"
reply '{"code":-1007,"msg":"Timeout waiting for response from backend server. Send status unknown; execution status unknown."}'
run decode binance create_order "${order[@]}" --markets "$markets" --status 408; exits 5; warns "outcome unknown"
warns "bourse resolve binance a-1"
reply '<html>502</html>'
run decode binance create_order "${order[@]}" --markets "$markets" --status 502; exits 5; warns "outcome unknown"
run decode binance fetch_time --status 502; exits 7
run decode binance fetch_time; exits 7; warns "bad_reply"
reply ''
run decode binance fetch_time; exits 7
reply '{"serverTime":'
run decode binance fetch_time; exits 7
printf '{"serverTime":1,"a":"\377"}' >"$dir/reply"
run decode binance fetch_time; exits 7; warns "bad_reply"
input=/dev/null

# --- Keys ---
live=("${offline[@]}" --json --reveal)
run request binance fetch_balances "${live[@]}" --keys "$dir/none"; exits 3; warns "cannot be read"; silent
run request binance fetch_balances "${live[@]}" --keys "$keys" --account other; exits 3; warns "no account called other"
run request binance fetch_balances "${live[@]}" --keys "$keys" --env demo; exits 3; warns "no keys of binance"
run request binance fetch_balances "${live[@]}" --keys "$keys" --account binance-test --env live; exits 4; warns "forbidden"; hides "$secret"
printf 'not json %s' "$secret" >"$dir/bad.keys" && chmod 600 "$dir/bad.keys"
run request binance fetch_balances "${live[@]}" --keys "$dir/bad.keys"; exits 3; warns "not a key file"; hides "$secret"
printf '{"api_key":"%s"}' "$api_key" >"$dir/half" && chmod 600 "$dir/half"
run request binance fetch_balances "${live[@]}" --keys "$dir/half"; exits 3; warns "has no secret"
printf '{"api_key":"%s","api_key":"x","secret":"y"}' "$api_key" >"$dir/twice" && chmod 600 "$dir/twice"
run request binance fetch_balances "${live[@]}" --keys "$dir/twice"; exits 3; warns "given twice"
printf '{"api_key":"F%s","secret":"%s"}' "$api_key" "$secret" >"$dir/flat" && chmod 600 "$dir/flat"
run request binance fetch_balances "${live[@]}" --keys "$dir/flat"; exits 0; quiet; says "F$api_key"
printf '{"mine":{"exchange":"binance","api_key":"M%s","secret":"%s"},"okx":{"api_key":"a","secret":"b"}}' "$api_key" "$secret" >"$dir/named" && chmod 600 "$dir/named"
run request binance fetch_balances "${live[@]}" --keys "$dir/named"; exits 0; says "M$api_key"
run request binance fetch_balances "${live[@]}" --keys "$dir/named" --account okx; exits 3; warns "is not of binance"
printf '{"binance-a":{"api_key":"a","secret":"b"},"binance-b":{"api_key":"c","secret":"d"}}' >"$dir/two" && chmod 600 "$dir/two"
run request binance fetch_balances "${live[@]}" --keys "$dir/two"; exits 3; warns "choose one with --account: binance-a, binance-b"
run request binance fetch_balances "${live[@]}" --keys <(cat "$keys"); exits 0; says "\"$api_key\""
run buy binance BTC/USDT 0.01 25000.10 "${offline[@]}" --reveal --keys <(cat "$keys"); exits 0; says "$api_key"
BOURSE_KEYS=$keys run request binance fetch_balances "${live[@]}"; exits 0; says "\"$api_key\""
mkdir -p "$dir/.config/bourse" && cp -p "$dir/flat" "$dir/.config/bourse/keys.json"
run request binance fetch_balances "${live[@]}"; exits 0; says "F$api_key"
XDG_CONFIG_HOME=$dir/xdg run request binance fetch_balances "${live[@]}"; exits 3; warns "needs keys"
export BOURSE_BINANCE_API_KEY=E$api_key BOURSE_BINANCE_SECRET=$secret
run request binance fetch_balances "${live[@]}"; exits 0; says "E$api_key"
run request binance fetch_balances "${live[@]}" --keys "$keys"; exits 0; says "\"$api_key\""
BOURSE_BINANCE_ENVIRONMENT=testnet run request binance fetch_balances "${live[@]}"; exits 0; says "testnet.binance.vision"
BOURSE_BINANCE_ENVIRONMENT=moon run request binance fetch_balances "${live[@]}"; exits 3; warns "none of: live, testnet, demo"
unset BOURSE_BINANCE_SECRET
run request binance fetch_balances "${live[@]}"; exits 3; warns "only one of the key and the secret"
if openssl genpkey -algorithm ed25519 -out "$dir/pem" 2>/dev/null; then
  BOURSE_BINANCE_SECRET=$(awk '{printf "%s\\n", $0}' "$dir/pem") run request binance fetch_balances "${live[@]}"; exits 0; says "signature="
else
  skipped=$((skipped + 1))
fi
unset BOURSE_BINANCE_API_KEY
rm -r "$dir/.config"
printf '{' >"$dir/bad.keys"
BOURSE_KEYS=$dir/bad.keys run ticker paper BTC/USDT; exits 0
chmod 644 "$keys"
run request binance fetch_balances "${offline[@]}" --keys "$keys"; exits 0; warns "chmod 600"
run buy binance BTC/USDT 0.01 25000.10 "${nobody[@]}" --live --yes; exits 3; warns "chmod 600"; silent
chmod 600 "$keys"

# --- Recordings ---
depth=$fixtures/recordings/depth.jsonl gap=$fixtures/recordings/gap.jsonl
book=tests/fixtures/kraken/recordings/book.jsonl corrupt=tests/fixtures/kraken/recordings/corrupt.jsonl
whole='6 messages, 5 records, 4 book updates, 2 quiet, 0 gaps, 0 checksum failures, 0 undecoded'
run replay binance "$depth"; exits 0; says "order_book  2026-01-01 00:00:00.800Z  BTCUSDT"; says "trades "; says "60000.20"
if [ "$err" = "$whole" ]; then ok; else bad "the summary is not: $whole"; fi
run replay binance "$depth" --quiet; exits 0; silent; one_line
run replay binance "$depth" --markets "$markets"; exits 0; says "  BTC/USDT "; hides BTCUSDT
run replay binance "$depth" --json --depth 2; exits 0; lines 11
says '"place":"'"$depth"':5","records":[{"symbol":"BTCUSDT","id":"BTCUSDT","time_ns":null,"sequence":1003,"bids":[{"price":"60000.00","amount":"1.50000"},{"price":"59999.50","amount":"0.25000"}],"asks":[{"price":"60000.10","amount":"0.70000"}'
says '"sequence":1010,"bids":[{"price":"60000.15","amount":"0.90000"},{"price":"60000.00","amount":"1.75000"}],"asks":[{"price":"60000.20","amount":"0.30000"}'
says '"received_ns":"2026-01-01T00:00:00.600000738Z"'
shapes=$(sed -E 's/"records":.*//; s/"gap":\{[^}]*\}/"gap":null/; s/:("([^"\\]|\\.)*"|[^,}]*)//g' "$dir/out" | sort -u | wc -l)
if [ "$shapes" -eq 1 ]; then ok; else bad "lines differ in shape"; fi
gzip -c "$depth" >"$dir/depth.jsonl.gz"
run replay binance "$dir/depth.jsonl.gz" "$depth"; exits 0; warns "12 messages, 10 records, 8 book updates"
input=$depth; run replay binance -; exits 0; warns "$whole"
gzip -c "$depth" >"$dir/packed"; input=$dir/packed; run replay binance - --quiet; exits 0; warns "$whole"; input=/dev/null
run replay binance "$dir/packed" --quiet; exits 0; warns "$whole"
run replay binance "$gap"; exits 9; warns "$gap:7: gap in BTCUSDT (sequence): 1006 expected, 1009 found"; warns "1 gaps"; says "00:00:01.100Z"
run replay binance "$gap" --json; exits 9; says '"gap":{"kind":"sequence","expected":1006,"found":1009}'; one_line
run replay binance "$gap" --quiet; exits 9; silent; warns "gap in BTCUSDT"
run replay kraken "$book" --json --depth 1; exits 0; warns "4 book updates"; warns "0 checksum failures"
says '"bids":[{"price":"29430.9","amount":"2.50000000"}],"asks":[{"price":"29432.1","amount":"5.00000000"}]'
run replay kraken "$corrupt"; exits 9; warns "$corrupt:5: gap in BTC/USD (checksum): 593577846 expected"; warns "1 checksum failures"; hides 29430.9
sed 's/"conn":1,//; s/"url":"https[^"]*",//' "$depth" >"$dir/bare.jsonl"
run replay binance "$dir/bare.jsonl" --quiet; exits 0; warns "$whole"
{ sed -n '1p;5p' "$dir/bare.jsonl"; sed '5d' "$dir/bare.jsonl"; } >"$dir/early.jsonl"
run replay binance "$dir/early.jsonl" --quiet; exits 0; warns "4 book updates"
sed 's/"t":[0-9.]*/"t":null/' "$depth" >"$dir/timeless.jsonl"
run replay binance "$dir/timeless.jsonl" --json; exits 0; says '"received_ns":null'
sed -n 8p "$depth" | sed 's/.*"msg"://; s/}$//' >"$dir/trade.json"
run replay binance "$dir/trade.json" --json; exits 0; lines 3; says '"price":"60000.20","amount":"0.10000"'; says "\"place\":\"$dir/trade.json\""
echo pong >"$dir/odd.txt"
run replay binance "$dir/odd.txt"; exits 9; warns "$dir/odd.txt: "; warns "1 undecoded"
run replay binance "$dir/odd.txt" --json; exits 9; says '{"kind":"undecoded","operation":null'; says '"name":"bad_reply"'
{ head -n 3 "$depth"; printf '%s\n' '{"t":1767225600.35,"dir":"in","conn":1,"msg":"pong\n\"x\""}'; tail -n +4 "$depth"; } >"$dir/text.jsonl"
run replay binance "$dir/text.jsonl"; exits 9; warns "$dir/text.jsonl:4: "; warns "1 undecoded"; says "60000.15"
malformed() { # message, line: a recording that ends with it
  { head -n 4 "$depth"; printf '%b\n' "$2"; } >"$dir/bad.jsonl"
  run replay binance "$dir/bad.jsonl" --quiet
  exits 2
  warns "bourse: $dir/bad.jsonl:5: $1"
}
malformed "not JSON: " '{"t":1,"dir":"in","msg":{"a":'
malformed "not a line of a recording" '[]'
malformed "not a line of a recording" 'nothing'
malformed "there is no dir" '{"t":1,"msg":{}}'
malformed "dir is none of: open, in, out, rest, close" '{"t":1,"dir":"up","msg":{}}'
malformed "there is no msg" '{"t":1,"dir":"in"}'
malformed "t is not a time" '{"t":"now","dir":"in","msg":{}}'
malformed "t is not a time" '{"t":1e30,"dir":"in","msg":{}}'
malformed "conn is not the number" '{"t":1,"conn":-1,"dir":"in","msg":{}}'
malformed "conn is not the number" '{"t":1,"conn":"a","dir":"in","msg":{}}'
malformed "url is not a text" '{"t":1,"dir":"open","url":5}'
malformed "not JSON: " '{"t":1,"dir":"in","msg":{}} {}'
head -c 200 "$dir/depth.jsonl.gz" >"$dir/cut.jsonl.gz"
run replay binance "$dir/cut.jsonl.gz" --quiet; exits 2; warns "$dir/cut.jsonl.gz: line 2: the compressed file is broken"
: >"$dir/empty.jsonl"
refuses "the recording is empty" replay binance "$dir/empty.jsonl"
run replay binance "$dir/none.jsonl"; exits 1; one_line; warns "$dir/none.jsonl: the recording cannot be read: No such file"
run replay paper "$depth"; exits 8
refuses "replay: which exchange?" replay
refuses "replay: which file?" replay binance
refuses "no exchange called" replay nowhere "$depth"
refuses "lines or --json only" replay binance "$depth" --csv
refuses "lines or --json only" replay binance "$depth" --columns id
refuses '--depth: "0" is not a whole number above 0' replay binance "$depth" --depth 0

# --- Streams, from a server that plays a recording ---
refuses "watch: which channel? there are: ticker, " watch
refuses "record: which channel?" record
refuses "watch: which exchange?" watch ticker
refuses 'there is no channel called "tick"' watch tick binance BTC/USDT
refuses "watch_ticker: symbol is missing" watch ticker binance
refuses "watch_candles: timeframe is missing" watch candles binance BTC/USDT
refuses 'unknown argument "since"' watch trades binance BTC/USDT since=1
refuses 'unexpected "ETH/USDT"' watch book binance BTC/USDT limit=5 ETH/USDT
refuses 'no column "colour"' watch ticker binance BTC/USDT --columns colour
refuses '--for: "soon" is not a time' watch ticker binance BTC/USDT --for soon
refuses '--for: "0s" is not a time' watch ticker binance BTC/USDT --for 0s
refuses '--for: "5w" is not a time' watch ticker binance BTC/USDT --for 5w
refuses '--count: "-1" is not a whole number' watch ticker binance BTC/USDT --count=-1
refuses "record: into which file?" record binance book BTC/USDT
refuses "is a stream: bourse watch ticker paper" call paper watch_ticker symbol=BTC/USDT
refuses "is a stream: bourse watch ticker binance" request binance watch_ticker symbol=BTC/USDT
run watch ticker paper BTC/USDT; exits 8; warns "unsupported"
run watch orders binance --markets "$markets"; exits 3; warns "needs keys"
run watch book binance BTC/USDT --host '*=http://127.0.0.1:1' --markets "$markets" --for 300ms; exits 7; silent; warns "connect"
run record binance book BTC/USDT --host '*=http://127.0.0.1:1' --markets "$markets" --for 300ms -o "$dir/unreached.jsonl"; exits 7
serve() { # recording: starts a server; its address goes to $there
  rm -f "$dir/port" "$dir/keep"
  mkfifo "$dir/keep"
  "$server" "$1" "$dir/port" <"$dir/keep" >"$dir/heard" 2>&1 &
  serving=$!
  exec 9>"$dir/keep"
  for _ in $(seq 100); do [ -e "$dir/port" ] && break; sleep 0.05; done
  there=(--host "*=http://127.0.0.1:$(cat "$dir/port")" --markets "$markets")
}
unserve() {
  exec 9>&-
  wait "$serving"
}
heard() { if grep -qF -- "$1" "$dir/heard"; then ok; else bad "the server was not sent: $1"; fi; }
serve "$depth"
run watch book binance BTC/USDT "${there[@]}" --for 1s --json --depth 2; exits 0; quiet
says '"kind":"state","operation":"watch_order_book","symbol":"BTC/USDT","state":"syncing"'
says '"sequence":1010,"bids":[{"price":"60000.15","amount":"0.90000"},{"price":"60000.00","amount":"1.75000"}],"asks":[{"price":"60000.20","amount":"0.30000"},{"price":"60000.50","amount":"2.00000"}]}]}'
heard SUBSCRIBE; heard UNSUBSCRIBE; heard close
run watch book binance BTC/USDT "${there[@]}" --count 1; exits 0; lines 2; warns "live"
run watch book binance BTC/USDT "${there[@]}" --for 1s; exits 0; says "60000.15"
run watch trades binance BTC/USDT "${there[@]}" --count 1 --csv --columns symbol,price,amount; exits 0
if printf 'symbol,price,amount\r\nBTC/USDT,60000.20,0.10000\r\n' | cmp -s - "$dir/out"; then ok; else bad "not the CSV it should be"; fi
run watch binance trades BTC/USDT "${there[@]}" --for 1s --verbose; exits 0; says "60000.20"; warns '> 1 {"method":"SUBSCRIBE"'; warns '< 1 {"e":"trade"'
run record binance book BTC/USDT "${there[@]}" --for 700ms -o "$dir/made.jsonl"; exits 0; silent; warns "6 messages received"
out=$(cat "$dir/made.jsonl")
says '"dir":"open","conn":1,"url":"ws://127.0.0.1:'; says '"dir":"out","conn":1,"msg":{"method":"SUBSCRIBE"'; says '"dir":"rest","url":"http://127.0.0.1:'
says '"msg":{"e":"depthUpdate","E":1767225600300,"s":"BTCUSDT","U":1001,"u":1003,"b":[["59999.00","2.00000"]],"a":[]}}'; says '"dir":"close"'
if grep -qvE '^\{"t":[0-9]{10}\.[0-9]{9},"dir":"[a-z]+".*\}$' "$dir/made.jsonl"; then bad "a line has another form"; else ok; fi
if [ "$(stat -c %a "$dir/made.jsonl")" = 600 ]; then ok; else bad "others may read the recording"; fi
cp "$dir/made.jsonl" "$dir/before"
run record binance book BTC/USDT "${there[@]}" --for 700ms -o "$dir/made.jsonl"; exits 1; warns "there is such a file already"; one_line
if cmp -s "$dir/made.jsonl" "$dir/before"; then ok; else bad "the file was written over"; fi
run replay binance "$dir/made.jsonl" --markets "$markets" --json --depth 1; exits 0; warns "6 messages, "; warns ", 0 gaps, 0 checksum failures, 0 undecoded"
says '"sequence":1010,"bids":[{"price":"60000.15","amount":"0.90000"}],"asks":[{"price":"60000.20","amount":"0.30000"}]'
run record binance book BTC/USDT "${there[@]}" --count 2 -o "$dir/made.jsonl" --force --quiet; exits 0; quiet
if [ "$(grep -c '"dir":"in"' "$dir/made.jsonl")" -eq 2 ]; then ok; else bad "not two messages"; fi
run record binance orders "${there[@]}" --keys "$keys" --for 700ms -o -; exits 7; says "userDataStream.subscribe.signature"; says '"signature":"***"'
hides "$api_key"; hides "$secret"; heard "\"apiKey\":\"$api_key\""
run record binance book BTC/USDT "${there[@]}" --count 2 -o "$dir/no/such"; exits 1; warns "cannot be written"
if [ -w /dev/full ]; then run record binance book BTC/USDT "${there[@]}" --count 2 -o /dev/full --force; exits 1; warns "No space left"; fi
name="bourse watch, interrupted"
: >"$dir/heard"
"$program" watch trades binance BTC/USDT "${there[@]}" >"$dir/out" 2>"$dir/err" &
watching=$!
for _ in $(seq 100); do grep -q 60000 "$dir/out" && break; sleep 0.05; done
kill -TERM "$watching"; wait "$watching"; code=$? out=$(cat "$dir/out") err=$(cat "$dir/err"); exits 0; says "60000.20"; heard UNSUBSCRIBE
name="bourse watch into a closed pipe"
{ "$program" watch trades binance BTC/USDT "${there[@]}" --for 20s 2>"$dir/err"; echo $? >"$dir/code"; } | true
code=$(cat "$dir/code") out= err=$(cat "$dir/err"); exits 1
if command -v script >/dev/null; then
  TERM=xterm tty '' watch book binance BTC/USDT "${there[@]}" --for 1s
  exits 0; says "watch_order_book at binance: live"; says "BTC/USDT  live  2026-01-01 00:00:00.800Z"; says $'\x1b['; says "60000.15"
  TERM=dumb tty '' watch book binance BTC/USDT "${there[@]}" --for 1s; exits 0; hides $'\x1b['; says "60000.15"
else
  skipped=$((skipped + 1))
fi
unserve
serve "$book"
printf '{"error":[],"result":{"XXBTZUSD":%s}}' '{"altname":"XBTUSD","wsname":"XBT/USD","aclass_base":"currency","base":"XXBT","aclass_quote":"currency","quote":"ZUSD","pair_decimals":1,"cost_decimals":5,"lot_decimals":8,"lot_multiplier":1,"fees":[[0,0.4]],"fees_maker":[[0,0.25]],"ordermin":"0.00005","costmin":"0.5","tick_size":"0.1","status":"online"}' >"$dir/pairs.json"
run watch book kraken BTC/USD "${there[@]:0:2}" --markets "$dir/pairs.json" --count 4 --json --depth 1; exits 0; lines 9
says '"bids":[{"price":"29430.9","amount":"2.50000000"}],"asks":[{"price":"29432.1","amount":"5.00000000"}]'
unserve
serve "$corrupt"
run watch book kraken BTC/USD "${there[@]:0:2}" --markets "$dir/pairs.json" --for 1s --json --depth 1; exits 0; says '"gap":{"kind":"checksum","expected":593577846'; says '"state":"stale"'; hides 29430.9
unserve

# --- Orders whose answers are lost: a simulated exchange loses them ---
if "$program" sim --list >/dev/null 2>&1; then
  printf '%s' '[{"fault":"drop_reply","path":"/api/v3/order","method":"POST","nth":1},{"fault":"drop_request","path":"/api/v3/order","method":"POST","nth":2}]' >"$dir/faults.json"
  (umask 077 && printf '{"binance":{"api_key":"sim-key","secret":"sim-secret"}}' >"$dir/sim.keys")
  "$program" sim binance --faults "$dir/faults.json" >"$dir/sim.log" 2>&1 &
  simulated=$!
  for _ in $(seq 100); do grep -q 'address:' "$dir/sim.log" && break; sleep 0.1; done
  at=(--host "*=$(sed -n 's/^address: *\(http:[^ ]*\).*/\1/p' "$dir/sim.log")" --keys "$dir/sim.keys")
  run buy binance BTC/USDT 0.01 30000 client_order_id=lost-1 "${at[@]}" --live --yes; exits 5; silent
  warns "client order id lost-1"; warns "bourse resolve binance lost-1 --keys $dir/sim.keys --host '*=http"
  if [ -s "$dir/.local/state/bourse/orders.journal" ]; then ok; else bad "there is no journal where it should be"; fi
  run journal binance "${at[@]}" --json; exits 0; says '"client_order_id":"lost-1"'; says '"state":"unknown"'; hides sim-secret; hides sim-key
  run buy binance BTC/USDT 0.01 30000 client_order_id=lost-1 "${at[@]}" --live --yes; exits 4; warns "resolve it first"
  run resolve binance lost-1 "${at[@]}" --json; exits 0; says '"status":"open"'
  run orders binance BTC/USDT "${at[@]}" --json; exits 0; lines 1
  run wait binance lost-1 "${at[@]}" --for 300ms --json; exits 7; says '"status":"open"'; warns "not final within the time given"
  run cancel binance BTC/USDT client_order_id=lost-1 "${at[@]}" --live --yes; exits 0
  run wait binance lost-1 "${at[@]}" --json; exits 0; says '"status":"canceled"'
  export XDG_STATE_HOME=$dir/state
  run buy binance BTC/USDT 0.01 30000 client_order_id=lost-2 "${at[@]}" --live --yes; exits 5
  run resolve binance lost-2 "${at[@]}" --for 300ms; exits 5; silent; warns "may still be on its way"; warns "try again in"
  run resolve binance lost-2 "${at[@]}" --for 300ms --json; exits 5; says '"name":"fate_unknown"'
  run resolve binance "${at[@]}" --for 1s --json; exits 5; says '"outcome":"unknown"'
  run resolve binance "${at[@]}" --json; exits 0; says '"reason":"never reached the exchange"'
  run resolve binance "${at[@]}"; exits 0
  run resolve binance nobody "${at[@]}"; exits 4; warns "proves nothing"
  run journal binance "${at[@]}" --csv --columns client_order_id,state; exits 0; says "lost-2,final"
  unset XDG_STATE_HOME
  run buy binance BTC/USDT 0.01 30000 "${at[@]}" --live --yes --journal "$dir/nowhere/x"; exits 1; warns "nothing was sent"; silent
  run buy binance BTC/USDT 0.01 30000 "${at[@]}" --live --yes --journal none --json; exits 0; says '"status":"open"'
  run buy binance BTC/USDT 0.01 30000 "${at[@]}"; exits 0; run orders binance BTC/USDT "${at[@]}" --json; lines 1
  kill "$simulated"; wait "$simulated" 2>/dev/null
else
  skipped=$((skipped + 1))
fi
refuses "which order" wait binance
refuses "which exchange" resolve
run help resolve; exits 0; says "EXCHANGE [CLIENT_ID]"

# --- A pair (OCO) on a simulated exchange: placed, its answer lost, settled by the pair's id, filled by neither, canceled ---
if "$program" sim --list >/dev/null 2>&1; then
  printf '%s' '[{"fault":"drop_reply","path":"/api/v3/oco/order","method":"POST","nth":2}]' >"$dir/faults.json"
  (umask 077 && printf '{"kucoin":{"api_key":"sim-key","secret":"sim-secret","passphrase":"sim-passphrase"}}' >"$dir/sim.keys")
  "$program" sim kucoin --seed 5 --faults "$dir/faults.json" >"$dir/sim.log" 2>&1 &
  simulated=$!
  for _ in $(seq 100); do grep -q 'address:' "$dir/sim.log" && break; sleep 0.1; done
  at=(--host "*=$(sed -n 's/^address: *\(http:[^ ]*\).*/\1/p' "$dir/sim.log")" --keys "$dir/sim.keys" --journal "$dir/pairs.journal")
  pair=(list_kind=oco 'orders=[{"symbol":"BTC/USDT","side":"sell","type":"limit","amount":"0.01","price":"90000"},{"symbol":"BTC/USDT","side":"sell","type":"limit","amount":"0.01","price":"29000","stop_loss_price":"30000"}]')
  run call kucoin create_order_list "${pair[@]}" client_order_id=pair-1 "${at[@]}" --live --yes --json; exits 0; lines 2; says '"list_client_id":"pair-1"'
  limit=$(sed -n 's/.*"id":"\(oco-limit:[^"]*\)".*/\1/p' "$dir/out")
  run orders kucoin BTC/USDT "${at[@]}" --json; exits 0; lines 2; says "\"id\":\"$limit\""; says '"stop_loss_price":"30000"'
  run call kucoin fetch_order_list client_order_id=pair-1 "${at[@]}" --json; exits 0; lines 2; says '"list_kind":"oco"'
  run order kucoin BTC/USDT "$limit" "${at[@]}" --json; exits 0; lines 1; says '"price":"90000"'
  run cancel kucoin BTC/USDT "$limit" "${at[@]}" --live --yes; exits 0
  run call kucoin fetch_order_lists symbol=BTC/USDT "${at[@]}" --json; exits 0; lines 2; says '"status":"canceled"'; hides '"status":"untriggered"'
  run call kucoin create_order_list "${pair[@]}" client_order_id=pair-2 "${at[@]}" --live --yes --json; exits 5
  run resolve kucoin "${at[@]}" --json; exits 0; lines 2; says '"status":"untriggered"'; says oco-stop:
  run call kucoin cancel_all_orders symbol=BTC/USDT "${at[@]}" --live --yes; exits 0
  run call kucoin fetch_open_order_lists symbol=BTC/USDT "${at[@]}" --json; exits 0; lines 0
  run call kucoin cancel_order_list client_order_id=pair-2 "${at[@]}" --live --yes; exits 4; warns order_not_found
  kill "$simulated"; wait "$simulated" 2>/dev/null
else
  skipped=$((skipped + 1))
fi

# --- A simulated exchange ---
run sim --list; exits 0; says "binance"; quiet
refuses "which exchange?" sim
refuses 'no simulated exchange called "nobody"' sim nobody
refuses "go together" sim binance --tls-cert x
refuses "is above 65535" sim binance --port 65536
refuses "No such file" sim binance --faults "$dir/none"
echo '[{"fault":"nonsense"}]' >"$dir/plan"; refuses '"nonsense" is none of' sim binance --faults "$dir/plan"
echo '[]' >"$dir/sim.json"; refuses "accounts: wanted is" sim binance --accounts "$dir/sim.json"
simulate() { # options...: starts it; $url is where
  "$program" sim binance "$@" >"$dir/sim.out" 2>"$dir/sim.err" &
  simulating=$!
  for _ in $(seq 200); do grep -q ^keys: "$dir/sim.out" && break; sleep 0.05; done
  url=$(sed -n 's/^address:  \(http[^ ]*\).*/\1/p' "$dir/sim.out")
  there=(--host "*=$url" --keys "$dir/simkeys.json" --yes --live)
}
unsimulate() { name="bourse sim, ended"; kill -TERM "$simulating"; wait "$simulating"; code=$? out=$(cat "$dir/sim.out") err=$(cat "$dir/sim.err"); exits 0; quiet; }
echo '[{"name":"a","keys":[{"key":"k1","secret":"s1"}],"spot":{"USDT":"1000"}}]' >"$dir/sim.json"
echo '[{"fault":"drop_reply","path":"/api/v3/order","method":"POST","nth":2}]' >"$dir/plan"
(umask 077 && echo '{"binance":{"api_key":"k1","secret":"s1"}}' >"$dir/simkeys.json")
simulate --accounts "$dir/sim.json" --faults "$dir/plan" --seed 5
run balances binance "${there[@]}"; exits 0; says "1000.00000000"
run buy binance BTC/USDT 0.01 20000 client_order_id=a1 "${there[@]}"; exits 0; says "open"
run buy binance BTC/USDT 0.01 20000 client_order_id=a2 "${there[@]}"; exits 5; warns "a2"
run order binance BTC/USDT client_order_id=a2 "${there[@]}"; exits 0; says "open"
run buy binance BTC/USDT 0.01 90000 "${there[@]}"; exits 4; warns "insufficient_funds"
run cancel binance BTC/USDT client_order_id=a1 "${there[@]}"; exits 0; says "canceled"
run watch book binance BTC/USDT "${there[@]}" --count 3; exits 0; says "BTC/USDT"
run watch orders binance "${there[@]}" --for 1s; exits 0; warns "live"
unsimulate; says "k1  s1  (a)"
if openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null; then
  simulate --tls-cert "$dir/cert.pem" --tls-key "$dir/key.pem"
  case $url in https://*) ok ;; *) bad "the address is not https" ;; esac
  run ticker binance BTC/USDT --host "*=$url" --cacert "$dir/cert.pem"; exits 0; says "BTC/USDT"
  run watch ticker binance BTC/USDT --host "*=$url" --cacert "$dir/cert.pem" --count 1; exits 0; says "BTC/USDT"
  run ticker binance BTC/USDT --host "*=$url"; exits 7
  unsimulate
else
  skipped=$((skipped + 1))
fi

# --- Output that cannot be written ---
name="closed output"
"$program" help operations >&- 2>"$dir/err"; code=$?; out= err=$(cat "$dir/err"); exits 1; warns "could not be written"
"$program" buy paper BTC/USDT 0.01 --json <&- >&- 2>&-; code=$?; err=; exits 1
if [ -w /dev/full ]; then
  name="full disk"
  "$program" help >/dev/full 2>"$dir/err"; code=$?; err=$(cat "$dir/err"); exits 1; warns "No space left"
  "$program" ticker paper NO/PE --json >/dev/full 2>"$dir/err"; code=$?; exits 4
fi
name="broken pipe"
{ sleep 0.2; "$program" markets paper --json 2>"$dir/err"; echo $? >"$dir/code"; } | true
code=$(cat "$dir/code") err=$(cat "$dir/err"); exits 1; quiet

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
