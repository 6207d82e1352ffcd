// OKX V5, spot and swaps, through ccxt and the SDK that is npm's for OKX (REST, streams and orders as messages).
import { RestClient, WebsocketAPIClient, WebsocketClient } from 'okx-api';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What a stream tells of something that is done once it is subscribed.
async function told(watching, act) {
  watching.catch(() => 0);
  await pause(1500);
  const done = await act();
  return [await watching, done];
}

async function watchMine(exchange, { check }, symbol, amount) {
  const [fills, bought] = await told(exchange.watchMyTrades(symbol), () => exchange.createOrder(symbol, 'market', 'buy', amount));
  check(fills.some((fill) => fill.order === bought.id), 'another fill was told');
  check((await exchange.watchBalance()).USDT.total > 0, 'no balance');
}

async function severalOrders(exchange, { check }, symbol, amount, low) {
  const order = { symbol, type: 'limit', side: 'buy', amount, price: low };
  const placed = await exchange.createOrders([order, { ...order, price: low - 1 }]);
  check(placed.every((one) => one.id), 'one has no id');
  await exchange.cancelOrders(placed.map((one) => one.id), symbol);
  check((await exchange.fetchOpenOrders(symbol)).length === 0, 'some are still open');
}

async function overTheSocket(exchange, { check }, symbol, amount, low) {
  const placed = await exchange.createOrderWs(symbol, 'limit', 'buy', amount, low);
  await exchange.editOrderWs(placed.id, symbol, 'limit', 'buy', amount * 2, low);
  const open = await exchange.fetchOpenOrders(symbol);
  check(open.length === 1 && open[0].amount === amount * 2, 'not one is open');
  await exchange.cancelOrderWs(placed.id, symbol);
  check((await exchange.fetchOpenOrders(symbol)).length === 0, 'it is still open');
}

// No call cancels all orders: they are listed and canceled.
async function cancelListed(exchange, symbol, params = {}) {
  const open = await exchange.fetchOpenOrders(symbol, undefined, undefined, params);
  if (open.length > 0) await exchange.cancelOrders(open.map((one) => one.id), symbol, params);
}

const common = { id: 'okx', key: (context) => context.keys[0], skip: ['cancelAllOrders'] };

export const clients = [
  {
    ...common,
    name: 'spot',
    options: { fetchMarkets: { types: ['spot', 'swap'] } },
    symbol: 'BTC/USDT',
    amount: 0.01,
    tooMuch: 100,
    more: {
      'watchMyTrades, watchBalance': (exchange, context) => watchMine(exchange, context, 'BTC/USDT', 0.01),
      'createOrderWs, editOrderWs, cancelOrderWs': (exchange, context, low) => overTheSocket(exchange, context, 'BTC/USDT', 0.01, low),
      'createOrders, cancelOrders': (exchange, context, low) => severalOrders(exchange, context, 'BTC/USDT', 0.01, low),
      'createOrder: cost, post-only, stop, oco': async (exchange, { check }, low) => {
        await exchange.createMarketBuyOrderWithCost('BTC/USDT', 100);
        await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, { postOnly: true });
        await exchange.createOrder('BTC/USDT', 'market', 'sell', 0.01, undefined, { stopLossPrice: low });
        await exchange.createOrder('BTC/USDT', 'oco', 'sell', 0.01, undefined, { stopLossPrice: low, takeProfitPrice: low * 2 });
        check((await exchange.fetchOpenOrders('BTC/USDT')).length === 1, 'not one is open');
        check((await exchange.fetchOpenOrders('BTC/USDT', undefined, undefined, { ordType: 'conditional' })).length === 1, 'no stop');
        check((await exchange.fetchOpenOrders('BTC/USDT', undefined, undefined, { ordType: 'oco' })).length === 1, 'no pair');
        await cancelListed(exchange, 'BTC/USDT');
        await cancelListed(exchange, 'BTC/USDT', { ordType: 'oco', trigger: true });
        await cancelListed(exchange, 'BTC/USDT', { ordType: 'conditional', trigger: true });
        check((await exchange.fetchOpenOrders('BTC/USDT', undefined, undefined, { ordType: 'oco' })).length === 0, 'the pair is still there');
      },
      'fetchLedger, transfer': async (exchange, { check }) => {
        check((await exchange.fetchLedger()).length > 1, 'no entries');
        const moved = await exchange.transfer('USDT', 10, 'funding', 'trading');
        check(moved.amount === 10, 'another amount');
        check((await exchange.fetchBalance({ type: 'funding' })).USDT.total === 9990, 'it did not move');
      },
      'fetchTradingFee, fetchCurrencies': async (exchange, { check }) => {
        check((await exchange.fetchTradingFee('BTC/USDT')).taker === 0.001, 'another fee');
        check('USDT' in (await exchange.fetchCurrencies()), 'no USDT');
      },
    },
  },
  {
    ...common,
    name: 'swap',
    options: { defaultType: 'swap', fetchMarkets: { types: ['spot', 'swap'] } },
    symbol: 'BTC/USDT:USDT',
    amount: 1,
    low: (last) => Math.round(last * 0.8),
    more: {
      'watchMyTrades, watchBalance': (exchange, context) => watchMine(exchange, context, 'BTC/USDT:USDT', 1),
      'createOrderWs, editOrderWs, cancelOrderWs': (exchange, context, low) => overTheSocket(exchange, context, 'BTC/USDT:USDT', 1, low),
      'createOrders, cancelOrders': (exchange, context, low) => severalOrders(exchange, context, 'BTC/USDT:USDT', 1, low),
      'fetchPositions, watchPositions, reduceOnly': async (exchange, { check }) => {
        const [before] = await exchange.fetchPositions(['BTC/USDT:USDT']);
        check(before.side === 'long' && before.contracts > 0, 'no long position');
        const [after] = await told(exchange.watchPositions(['BTC/USDT:USDT']), () =>
          exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 1, undefined, { reduceOnly: true }));
        check(after.length > 0, 'no position was told');
      },
      'createOrder: trigger, take-profit and stop-loss, trailing': async (exchange, { check }, low) => {
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 1, undefined, { triggerPrice: low, reduceOnly: true });
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 1, undefined, {
          takeProfit: { triggerPrice: low * 2 },
          stopLoss: { triggerPrice: low },
        });
        await exchange.createTrailingPercentOrder('BTC/USDT:USDT', 'market', 'sell', 1, undefined, 5);
        for (const ordType of ['trigger', 'oco', 'move_order_stop']) {
          check((await exchange.fetchOpenOrders('BTC/USDT:USDT', undefined, undefined, { ordType })).length === 1, `no ${ordType}`);
          await cancelListed(exchange, 'BTC/USDT:USDT', { ordType, trigger: true });
        }
      },
      'setLeverage, fetchLeverage, closePosition': async (exchange, { check }) => {
        await exchange.setLeverage(5, 'ETH/USDT:USDT', { marginMode: 'cross' });
        check((await exchange.fetchLeverage('ETH/USDT:USDT', { marginMode: 'cross' })).longLeverage === 5, 'it is another');
        await exchange.closePosition('BTC/USDT:USDT', undefined, { marginMode: 'cross' });
        check((await exchange.fetchPositions(['BTC/USDT:USDT'])).length === 0, 'it is still there');
      },
      'fetchFundingRate, history, open interest': async (exchange, { check }) => {
        check((await exchange.fetchFundingRate('BTC/USDT:USDT')).fundingRate !== undefined, 'none');
        check((await exchange.fetchFundingRateHistory('BTC/USDT:USDT', undefined, 5)).length === 5, 'not five');
        check((await exchange.fetchOpenInterest('BTC/USDT:USDT')).openInterestAmount > 0, 'none');
      },
    },
  },
];

async function runSdk(context, step) {
  const { check, http, ws } = context, { key, secret, passphrase } = context.keys[0];
  const keys = { apiKey: key, apiSecret: secret, apiPass: passphrase };
  const client = new RestClient({ ...keys, baseUrl: http });
  const order = { instId: 'ETH-USDT', tdMode: 'cash', side: 'buy', ordType: 'limit', sz: '0.1', px: '3400', clOrdId: 'sdk1' };
  await step('getSystemTime, getInstruments', async () => {
    check((await client.getInstruments({ instType: 'SWAP' })).length === 2, 'not two');
    check(Math.abs(Number(await client.getSystemTime().then((t) => t[0]?.ts ?? t)) - Date.now()) < 5000, 'another time');
  });
  await step('getTicker, getOrderBook, getCandles', async () => {
    const [ticker] = await client.getTicker({ instId: 'ETH-USDT' });
    order.px = String(Math.round(Number(ticker.last) * 0.97));
    check((await client.getOrderBook({ instId: 'ETH-USDT', sz: '5' }))[0].bids.length === 5, 'not five bids');
    check((await client.getCandles({ instId: 'ETH-USDT', bar: '1m', limit: '3' })).length === 3, 'not three');
  });
  await step('getBalance, getAccountConfiguration', async () => {
    check(Number((await client.getBalance())[0].totalEq) > 0, 'nothing');
    check((await client.getAccountConfiguration())[0].acctLv === '2', 'another mode');
  });
  await step('submitOrder, amendOrder, cancelOrder', async () => {
    const [{ ordId }] = await client.submitOrder(order);
    await client.amendOrder({ instId: 'ETH-USDT', ordId, newSz: '0.2' });
    const [open] = await client.getOrderDetails({ instId: 'ETH-USDT', clOrdId: 'sdk1' });
    check(open.sz === '0.2' && open.state === 'live', JSON.stringify(open));
    await client.cancelOrder({ instId: 'ETH-USDT', clOrdId: 'sdk1' });
    check((await client.getOrderDetails({ instId: 'ETH-USDT', ordId }))[0].state === 'canceled', 'it is still open');
  });
  await step('refused: no such order, wrong secret', async () => {
    const refusal = await client.cancelOrder({ instId: 'ETH-USDT', ordId: '7' }).then(() => 'taken', (error) => JSON.stringify(error));
    check(/51400/.test(refusal), refusal);
    const bad = new RestClient({ ...keys, apiSecret: 'another', baseUrl: http });
    check(/50113/.test(await bad.getBalance().then(() => 'taken', (error) => JSON.stringify(error))), 'it was taken');
  });
  const streams = new WebsocketClient({ accounts: [keys], pongTimeout: 5000 });
  const toSim = async (name) => ws + (/business/i.test(name) ? '/ws/v5/business' : /private/i.test(name) ? '/ws/v5/private' : '/ws/v5/public');
  streams.getWsUrl = toSim;
  const heard = [];
  streams.on('update', (message) => heard.push(message));
  streams.on('exception', () => 0);
  const until = async (test, text) => {
    for (let i = 0; i < 100 && !heard.some(test); i++) await pause(100);
    check(heard.some(test), text);
  };
  await step('WebsocketClient: books, trades, orders, account', async () => {
    streams.subscribe([{ channel: 'books', instId: 'ETH-USDT' }, { channel: 'trades', instId: 'ETH-USDT' }]);
    streams.subscribe([{ channel: 'orders', instType: 'SPOT' }, { channel: 'account' }]);
    await until((m) => m.arg.channel === 'books' && m.action === 'update', 'no changes of the book');
    await until((m) => m.arg.channel === 'account', 'the account was not told');
    const { px, ...market } = order;
    await client.submitOrder({ ...market, ordType: 'market', tgtCcy: 'base_ccy', clOrdId: 'sdk2' });
    await until((m) => m.arg.channel === 'orders' && m.data[0].clOrdId === 'sdk2' && m.data[0].state === 'filled', 'the order was not told');
    await until((m) => m.arg.channel === 'trades', 'the trade was not told');
  });
  await step('WebsocketAPIClient: submitNewOrder, cancelOrder', async () => {
    const api = new WebsocketAPIClient({ accounts: [keys], attachEventListeners: false });
    api.getWSClient().getWsUrl = toSim;
    const [{ instIdCode }] = await client.getInstruments({ instType: 'SPOT', instId: 'ETH-USDT' });
    const { instId, ...rest } = order;
    const placed = await api.submitNewOrder({ ...rest, instIdCode, clOrdId: 'sdk3' });
    check(placed.code === '0' && placed.data[0].clOrdId === 'sdk3', JSON.stringify(placed));
    const gone = await api.cancelOrder({ instIdCode, clOrdId: 'sdk3' });
    check(gone.code === '0', JSON.stringify(gone));
    api.getWSClient().closeAll(true);
  });
  streams.closeAll(true);
}

export const sdks = [{ name: 'okx-api', run: runSdk }];
