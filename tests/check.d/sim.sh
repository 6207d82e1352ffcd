# The whole system on virtual time, some seeds of each venue; and a process that is killed while it trades.
for venue in binance-spot binance-usdm kraken-spot kraken-futures bybit-spot bybit-linear okx-spot okx-swap coinbase-spot \
  coinbase-futures kucoin-spot kucoin-futures; do
  run "sim $venue" "$BUILD/tests/sim/sim" --venue $venue --seeds ${SIM_SEEDS:-30} --jobs 2
done
[ -n "$SAN" ] || run kill "$BUILD/tests/sim/kill" "$BUILD/tests/sim/kill_trader" 20
