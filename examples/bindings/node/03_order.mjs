// Places an order on the paper exchange, looks for it, cancels it; and one that is refused.
import { BourseError, Exchange } from "./bourse.mjs";

const exchange = new Exchange("paper");
for (const balance of await exchange.fetchBalances()) console.log(`have ${balance.total} ${balance.currency}`);
const order = { symbol: "BTC/USDT", side: "buy", type: "limit", amount: "0.01", price: "50000" };
const placed = await exchange.createOrder(order);
console.log(`${placed.client_order_id} is ${placed.status} at ${placed.price}`);
console.log("open orders:", (await exchange.fetchOpenOrders()).length);
console.log("now", (await exchange.cancelOrder({ symbol: "BTC/USDT", client_order_id: placed.client_order_id })).status);
try {
  await exchange.createOrder({ ...order, amount: "9000" });
} catch (error) {
  if (!(error instanceof BourseError)) throw error;
  console.log(error.code, error.outcome, error.clientOrderId);
}
exchange.close();
