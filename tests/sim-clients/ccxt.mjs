// What is asked of every dialect through ccxt: its REST and its WebSocket class.
//
// client: { name, id, options, key, symbol, amount, low, edits, watches, ... }
//   low     a price far below the market, within its rules: low(last) => price
//   levels  how many of a book are asked for, where not 10
//   skip    names of steps that this exchange does not have, with the reason in the dialect's file
import ccxt from 'ccxt';

// Every host becomes the simulated exchange.
function point(urls, context) {
  for (const name of Object.keys(urls)) {
    if (typeof urls[name] === 'string')
      urls[name] = urls[name].replace(/^https?:\/\/[^/]+/, context.http).replace(/^wss?:\/\/[^/]+/, context.ws);
    else if (urls[name] && typeof urls[name] === 'object') point(urls[name], context);
  }
}

export async function runCcxt(client, context, step) {
  const { check } = context;
  const { symbol, amount } = client;
  const key = client.key ? client.key(context) : context.keys[0];
  const exchange = new ccxt.pro[client.id]({ apiKey: key.key, secret: key.secret, password: key.passphrase, enableRateLimit: true, options: client.options ?? {} });
  point(exchange.urls.api, context);
  await exchange.loadHttpProxyAgent(); // ccxt wants this for ws:// without TLS
  const run = async (name, body) => ((client.skip ?? []).includes(name) ? undefined : step(name, body));
  let last = 0, order;

  await run('loadMarkets', async () => check(symbol in (await exchange.loadMarkets()), `${symbol} is not there`));
  await run('fetchTicker', async () => { last = (await exchange.fetchTicker(symbol)).last; check(last > 0, 'no last price'); });
  const low = client.low ? client.low(last) : Number(exchange.priceToPrecision(symbol, last * 0.8));
  await run('fetchOrderBook', async () => {
    const book = await exchange.fetchOrderBook(symbol, client.levels ?? 10);
    check(book.bids.length > 0 && book.asks.length > 0 && book.bids[0][0] < book.asks[0][0], 'the book is empty or crossed');
  });
  await run('fetchTrades', async () => check((await exchange.fetchTrades(symbol, undefined, 10)).length > 0, 'no trades'));
  await run('fetchOHLCV', async () => check((await exchange.fetchOHLCV(symbol, '1m', undefined, 10)).length > 0, 'no candles'));
  await run('fetchBalance', async () => check(Object.values((await exchange.fetchBalance()).total).some((n) => n > 0), 'no balance'));
  await run('createOrder', async () => {
    order = await exchange.createOrder(symbol, 'limit', 'buy', amount, low);
    check(order.id, 'the order has no id');
  });
  await run('fetchOrder', async () => check((await exchange.fetchOrder(order.id, symbol)).status === 'open', 'it is not open'));
  await run('fetchOpenOrders', async () => {
    const open = await exchange.fetchOpenOrders(symbol);
    check(open.length === 1 && open[0].id === order.id && open[0].amount === amount, 'it is not the one open order');
  });
  await run('editOrder', async () => {
    order = await exchange.editOrder(order.id, symbol, 'limit', 'buy', amount * 2, low);
    const open = await exchange.fetchOpenOrders(symbol);
    check(open.length === 1 && open[0].amount === amount * 2, `${open.length} are open after the edit`);
    order = open[0];
  });
  await run('cancelOrder', async () => {
    await exchange.cancelOrder(order.id, symbol);
    check((await exchange.fetchOpenOrders(symbol)).length === 0, 'it is still open');
  });
  await run('refused: not enough money', async () => {
    try {
      await exchange.createOrder(symbol, 'limit', 'buy', client.tooMuch ?? amount * 100000, low);
    } catch (error) {
      if (error instanceof ccxt.InsufficientFunds) return;
      throw error;
    }
    throw new Error('it was taken');
  });
  await run('market order and fetchMyTrades', async () => {
    const bought = await exchange.createOrder(symbol, 'market', 'buy', amount);
    const fills = (await exchange.fetchMyTrades(symbol)).filter((fill) => fill.order === bought.id);
    const sum = fills.reduce((total, fill) => total + fill.amount, 0);
    check(Math.abs(sum - amount) < 1e-9, `the fills add up to ${sum}`);
  });
  await run('fetchClosedOrders', async () => check((await exchange.fetchClosedOrders(symbol)).length >= 1, 'none'));
  await run('cancelAllOrders', async () => {
    await exchange.createOrder(symbol, 'limit', 'buy', amount, low);
    await exchange.cancelAllOrders(symbol);
    check((await exchange.fetchOpenOrders(symbol)).length === 0, 'some are still open');
  });

  await run('watchOrderBook', async () => {
    let book;
    for (let i = 0; i < 5; i++) book = await exchange.watchOrderBook(symbol);
    check(book.bids[0][0] < book.asks[0][0], 'the book is crossed');
  });
  await run('watchTrades', async () => check((await exchange.watchTrades(symbol)).length > 0, 'no trades'));
  await run('watchTicker', async () => check((await exchange.watchTicker(symbol)).last > 0, 'no last price'));
  await run('watchOrders', async () => {
    const seen = exchange.watchOrders(symbol);
    seen.catch(() => 0);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // until it is subscribed
    const placed = await exchange.createOrder(symbol, 'limit', 'buy', amount, low);
    check((await seen).some((one) => one.id === placed.id), 'another order was told');
    await exchange.cancelOrder(placed.id, symbol);
  });
  for (const [name, body] of Object.entries(client.more ?? {})) await run(name, () => body(exchange, context, low));
  await exchange.close();
}
