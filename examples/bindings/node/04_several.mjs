// Several requests at once. Usage: node 04_several.mjs [EXCHANGE]
import { Exchange } from "./bourse.mjs";

const exchange = new Exchange(process.argv[2] ?? "paper");
const answers = await Promise.allSettled(["BTC/USDT", "ETH/USDT", "NO/SUCH"].map((symbol) => exchange.fetchTicker(symbol)));
for (const { value, reason } of answers) console.log(value ? `${value.symbol} ${value.last}` : reason.message);
exchange.close();
