// The last price of a market. Usage: node 01_ticker.mjs [EXCHANGE [SYMBOL]]
import { Exchange } from "./bourse.mjs";

const [name = "paper", symbol = "BTC/USDT"] = process.argv.slice(2);
const exchange = new Exchange(name);
const ticker = await exchange.fetchTicker(symbol);
console.log(`${symbol} ${ticker.last}`);
exchange.close();
