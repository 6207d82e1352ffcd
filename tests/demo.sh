#!/usr/bin/env bash
# The main job in two minutes, without a network: the paper exchange, what would be sent to Binance, and a reply of Binance's
# read exactly - from the command line and from a short C program.
set -eu
cd "$(dirname "$0")/.."
bourse=$BUILD/bourse
say() { printf '\n$ %s\n' "$*"; }
run() { say "bourse $*"; "$bourse" "$@"; }

run exchanges
run ticker paper BTC/USDT
run book paper BTC/USDT limit=3
run candles paper BTC/USDT 1h limit=3
run buy paper BTC/USDT 0.01 market
run balances paper

# Keys that open nothing: they only let a request be signed.
export BOURSE_BINANCE_API_KEY=demo-key BOURSE_BINANCE_SECRET=demo-secret
markets=tests/fixtures/binance/markets_spot.json
say "bourse request binance create_order symbol=BTC/USDT side=buy type=limit amount=0.01 price=25000.10 ..."
"$bourse" request binance create_order symbol=BTC/USDT side=buy type=limit amount=0.01 price=25000.10 \
  client_order_id=demo-1 --now-ms 1760000000123 --markets "$markets" --json
say "bourse decode binance fetch_ticker symbol=BTC/USDT < reply.json"
printf '%s' '{"symbol":"BTCUSDT","priceChange":"-94.99999800","priceChangePercent":"-0.095","lastPrice":"104000.00000200","bidPrice":"103999.90","askPrice":"104000.10","openPrice":"104095.00","highPrice":"104500","lowPrice":"103000","volume":"8913.30000000","quoteVolume":"927000000.12345678","openTime":1759913600123,"closeTime":1760000000123,"count":76}' |
  "$bourse" decode binance fetch_ticker symbol=BTC/USDT --markets "$markets" --columns symbol,last,bid,ask,change,quote_volume,time_ns

say "cc examples/01_ticker.c; ./01_ticker paper ETH/USDT"
${CC:-cc} -std=c11 -Iinclude examples/01_ticker.c "$BUILD/libbourse.a" ${LIBS:--lcurl -lmbedcrypto -lsodium -lz} -o "$BUILD/01_ticker"
"$BUILD/01_ticker" paper ETH/USDT
