// Kraken spot and futures, through ccxt and, for spot, the client that has been npm's for Kraken for longest (REST only).
import KrakenClient from 'kraken-api';

const isFutures = (key) => key.key.includes('futures');
const spotKey = (context) => context.keys.find((key) => !isFutures(key));
const futuresKey = (context) => context.keys.find(isFutures);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What a stream tells of something that is done once it is subscribed.
async function told(watching, act) {
  watching.catch(() => 0);
  await pause(1500);
  const done = await act();
  return [await watching, done];
}

async function watchMine(exchange, { check }, symbol) {
  let [fills, bought] = await told(exchange.watchMyTrades(symbol), () => exchange.createOrder(symbol, 'market', 'buy', 0.01));
  for (let i = 0; i < 3 && !fills.some((fill) => fill.order === bought.id); i++) /* futures begin with what was */
    fills = await exchange.watchMyTrades(symbol);
  check(fills.some((fill) => fill.order === bought.id), 'another fill was told');
  let balance = await exchange.watchBalance();
  if (balance.flex === undefined && balance.USD === undefined) /* futures: the wallet that trades is told of when it changes */
    [balance] = await told(exchange.watchBalance(), () => exchange.createOrder(symbol, 'market', 'buy', 0.01));
  check((balance.flex ?? balance).USD.total > 0, 'no balance');
}

export const clients = [
  {
    name: 'kraken',
    id: 'kraken',
    key: spotKey,
    symbol: 'BTC/USD',
    amount: 0.01,
    more: {
      'watchMyTrades, watchBalance': (exchange, context) => watchMine(exchange, context, 'BTC/USD'),
      'createOrderWs, editOrderWs, cancelAllOrdersWs': async (exchange, { check }, low) => {
        const placed = await exchange.createOrderWs('BTC/USD', 'limit', 'buy', 0.01, low);
        await exchange.editOrderWs(placed.id, 'BTC/USD', 'limit', 'buy', 0.02, low);
        const open = await exchange.fetchOpenOrders('BTC/USD');
        check(open.length === 1 && open[0].amount === 0.02, 'not one is open');
        await exchange.cancelAllOrdersWs();
        check((await exchange.fetchOpenOrders('BTC/USD')).length === 0, 'it is still open');
      },
      'createOrder: stop, trailing, post-only, cost': async (exchange, { check }, low) => {
        await exchange.createOrder('BTC/USD', 'limit', 'sell', 0.01, low - 10, { stopLossPrice: low });
        await exchange.createOrder('BTC/USD', 'market', 'sell', 0.01, undefined, { trailingPercent: 5 });
        await exchange.createOrder('BTC/USD', 'limit', 'buy', 0.01, low, { postOnly: true });
        await exchange.createMarketBuyOrderWithCost('BTC/USD', 100);
        check((await exchange.fetchOpenOrders('BTC/USD')).length === 3, 'not three are open');
        await exchange.cancelAllOrders();
      },
      createOrders: async (exchange, { check }, low) => {
        const order = { symbol: 'BTC/USD', type: 'limit', side: 'buy', amount: 0.01, price: low };
        const placed = await exchange.createOrders([order, { ...order, price: low - 1 }]);
        check(placed.every((one) => one.id), 'one has no id');
        await exchange.cancelOrders(placed.map((one) => one.id));
        check((await exchange.fetchOpenOrders('BTC/USD')).length === 0, 'some are still open');
      },
      'refused: rules of the market': async (exchange, { check }, low) => {
        for (const [amount, price] of [['0.00001', low], ['0.01', low + 0.001]])
          try {
            await exchange.privatePostAddOrder({ pair: 'XBTUSD', type: 'buy', ordertype: 'limit', volume: amount, price: String(price) });
            check(false, `${amount} at ${price} was taken`);
          } catch (error) {
            check(/EOrder:(Order minimum not met|Invalid price)/.test(error.message), error.message);
          }
      },
      fetchLedger: async (exchange, { check }) => check((await exchange.fetchLedger()).length > 1, 'no entries'),
    },
  },
  {
    name: 'krakenfutures',
    id: 'krakenfutures',
    key: futuresKey,
    symbol: 'BTC/USD:USD',
    amount: 0.01,
    low: (last) => Math.round(last * 0.8),
    more: {
      'watchMyTrades, watchBalance': (exchange, context) => watchMine(exchange, context, 'BTC/USD:USD'),
      'fetchPositions, watchPositions, reduceOnly': async (exchange, { check }) => {
        const [before] = await exchange.fetchPositions();
        check(before.side === 'long' && before.contracts > 0, 'no long position');
        const [after] = await told(exchange.watchPositions(['BTC/USD:USD']), () =>
          exchange.createOrder('BTC/USD:USD', 'market', 'sell', 0.01, undefined, { reduceOnly: true }));
        check(after.length > 0, 'no position was told');
      },
      'createOrder: stop, post-only': async (exchange, { check }, low) => {
        await exchange.createOrder('BTC/USD:USD', 'market', 'sell', 0.01, undefined, { triggerPrice: low, reduceOnly: true });
        await exchange.createOrder('BTC/USD:USD', 'limit', 'buy', 0.01, low, { postOnly: true });
        check((await exchange.fetchOpenOrders('BTC/USD:USD')).length === 2, 'not two are open');
        await exchange.cancelAllOrders();
      },
      createOrders: async (exchange, { check }, low) => {
        const order = { symbol: 'BTC/USD:USD', type: 'limit', side: 'buy', amount: 0.01, price: low };
        const placed = await exchange.createOrders([order, { ...order, price: low - 1 }]);
        check(placed.every((one) => one.id), 'one has no id');
        await exchange.cancelOrders(placed.map((one) => one.id), 'BTC/USD:USD');
        check((await exchange.fetchOpenOrders('BTC/USD:USD')).length === 0, 'some are still open');
      },
      'setLeverage, fetchLeverage': async (exchange, { check }) => {
        await exchange.setLeverage(5, 'ETH/USD:USD');
        check((await exchange.fetchLeverage('ETH/USD:USD')).longLeverage === 5, 'it is another');
      },
      fetchFundingRates: async (exchange, { check }) => check('BTC/USD:USD' in (await exchange.fetchFundingRates()), 'none'),
    },
  },
];

async function runKrakenApi(context, step) {
  const { check, http } = context, { key, secret } = spotKey(context);
  const client = new KrakenClient(key, secret, { url: http });
  const call = async (name, params) => (await client.api(name, params)).result;
  let id;
  await step('AssetPairs', async () => check('XXBTZUSD' in (await call('AssetPairs', {})), 'no XXBTZUSD'));
  await step('Ticker, Depth', async () => {
    check(Number((await call('Ticker', { pair: 'XBTUSD' })).XXBTZUSD.c[0]) > 0, 'no last price');
    check((await call('Depth', { pair: 'XBTUSD', count: 5 })).XXBTZUSD.bids.length === 5, 'not five bids');
  });
  await step('Balance', async () => check(Number((await call('Balance', {})).ZUSD) > 0, 'no dollars'));
  await step('AddOrder', async () => {
    const made = await call('AddOrder', { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '20000', volume: '0.01', userref: 7 });
    check(/^buy 0\.01000 XBTUSD @ limit 20000/.test(made.descr.order), made.descr.order);
    [id] = made.txid;
  });
  await step('OpenOrders, QueryOrders', async () => {
    check((await call('OpenOrders', { userref: 7 })).open[id].status === 'open', 'it is not open');
    check((await call('QueryOrders', { txid: id }))[id].vol === '0.01000', 'another volume');
  });
  await step('CancelOrder by user reference', async () => check((await call('CancelOrder', { txid: 7 })).count === 1, 'not one'));
  await step('ClosedOrders', async () => check((await call('ClosedOrders', {})).closed[id].status === 'canceled', 'not canceled'));
  await step('refused: unknown pair, unknown order, wrong secret', async () => {
    const bad = new KrakenClient(key, Buffer.from('another').toString('base64'), { url: http });
    for (const [attempt, text] of [
      [() => call('Ticker', { pair: 'NOSUCH' }), 'Query:Unknown asset pair'],
      [() => call('CancelOrder', { txid: id }), 'Order:Unknown order'],
      [() => bad.api('Balance', {}), 'API:Invalid signature'],
    ])
      check(await attempt().then(() => 'taken', (error) => error.message) === text, text);
  });
}

export const sdks = [{ name: 'kraken-api', run: runKrakenApi }];
