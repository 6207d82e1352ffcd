// The scenario that all bindings run alike (see ../README.md). Usage: node scenario.mjs EXCHANGE ADDRESS KEY SECRET
import { BourseError, Exchange } from "./bourse.mjs";

const [name, address, key, secret] = process.argv.slice(2);
const exchange = new Exchange(name, { key, secret, hosts: { "*": address } });
const say = (...words) => console.log(words.map((w) => (w === true ? "True" : `${w}`)).join(" "));

async function failure(what, call) {
  try {
    await call();
    say(what, "went through");
  } catch (error) {
    if (!(error instanceof BourseError)) throw error;
    say(what, error.code, error.outcome, error.exchangeCode || "-");
  }
}

say("ticker", (await exchange.fetchTicker("BTC/USDT")).last.compare(0) > 0);
const book = await exchange.fetchOrderBook("BTC/USDT", { limit: 5 });
say("book", book.bids.length, book.asks.length, book.bids[0].price.compare(book.asks[0].price) < 0);
say("candles", (await exchange.fetchCandles("BTC/USDT", "1m", { limit: 3 })).length);
say("balance", (await exchange.fetchBalances()).find((b) => b.currency === "USDT").total);
const order = { symbol: "BTC/USDT", side: "buy", type: "limit", amount: "0.01", price: "20000" };
const placed = await exchange.createOrder(order);
say("placed", placed.status, placed.price, placed.amount);
const found = await exchange.fetchOrder({ symbol: "BTC/USDT", client_order_id: placed.client_order_id });
say("found", found.id === placed.id);
say("open", (await exchange.fetchOpenOrders({ symbol: "BTC/USDT" })).length);
say("canceled", (await exchange.cancelOrder({ symbol: "BTC/USDT", order_id: placed.id })).status);
await failure("no market", () => exchange.fetchTicker("NO/SUCH"));
await failure("too fine", () => exchange.createOrder({ ...order, amount: "0.0123456789" }));
await failure("too much", () => exchange.createOrder({ ...order, amount: "9" }));
const together = await Promise.all(["BTC/USDT", "ETH/USDT"].map((symbol) => exchange.fetchTicker(symbol)));
say("together", ...together.map((ticker) => ticker.symbol));
for await (const event of exchange.watchTicker({ symbol: "BTC/USDT" })) {
  if (event.state !== "live" || event.records.length === 0) continue;
  say("live", event.records[0].symbol);
  break;
}
exchange.close();
