// Candles since a time, with the digits the exchange wrote. Usage: node 02_candles.mjs [EXCHANGE [SYMBOL [TIMEFRAME]]]
import { Exchange } from "./bourse.mjs";

const [name = "paper", symbol = "BTC/USDT", timeframe = "1m"] = process.argv.slice(2);
const exchange = new Exchange(name);
const anHourAgo = BigInt(Date.now() - 3600e3) * 1000000n;
for (const c of await exchange.fetchCandles(symbol, timeframe, { since_ns: anHourAgo, limit: 10 }))
  console.log(`${c.time_ns} ${c.open} ${c.high} ${c.low} ${c.close} ${c.volume}`);
exchange.close();
