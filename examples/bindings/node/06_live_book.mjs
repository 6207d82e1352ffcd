// A proven order book: best prices whenever it is live. Usage: node 06_live_book.mjs [EXCHANGE [SYMBOL [ADDRESS]]]
import { Exchange } from "./bourse.mjs";

const [name = "binance", symbol = "BTC/USDT", address] = process.argv.slice(2);
const exchange = new Exchange(name, { hosts: address && { "*": address } });
const books = exchange.watchOrderBook({ symbol, limit: 20 });
let left = 5;
for await (const event of books) {
  if (event.kind === "gap") console.log("a gap; the book is repaired");
  if (event.kind !== "data" || event.state !== "live") continue;
  const { bid, ask } = books.best();
  console.log(`${bid.amount} at ${bid.price}, ${ask.amount} at ${ask.price}`);
  if (--left === 0) break;
}
exchange.close();
