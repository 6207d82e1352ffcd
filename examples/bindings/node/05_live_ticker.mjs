// A live ticker: five prices. Usage: node 05_live_ticker.mjs [EXCHANGE [SYMBOL [ADDRESS]]]
import { Exchange } from "./bourse.mjs";

const [name = "binance", symbol = "BTC/USDT", address] = process.argv.slice(2);
const exchange = new Exchange(name, { hosts: address && { "*": address } });
let left = 5;
for await (const event of exchange.watchTicker({ symbol })) {
  if (event.error) console.log(event.error.message);
  for (const ticker of event.records) console.log(`${ticker.symbol} ${ticker.last}`);
  if ((left -= event.records.length) <= 0) break;
}
exchange.close();
