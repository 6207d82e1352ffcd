// Bybit V5, spot and linear, through ccxt and the SDK that is npm's for Bybit (REST, streams and the trade connection).
import { RestClientV5, WebsocketAPIClient, WebsocketClient } from 'bybit-api';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What a stream tells of something that is done once it is subscribed.
async function told(watching, act) {
  watching.catch(() => 0);
  await pause(1500);
  const done = await act();
  return [await watching, done];
}

async function watchMine(exchange, { check }, symbol) {
  const [fills, bought] = await told(exchange.watchMyTrades(symbol), () => exchange.createOrder(symbol, 'market', 'buy', 0.01));
  check(fills.some((fill) => fill.order === bought.id), 'another fill was told');
  const [balance] = await told(exchange.watchBalance(), () => exchange.createOrder(symbol, 'market', 'buy', 0.01));
  check(balance.USDT.total > 0, 'no balance');
}

async function severalOrders(exchange, { check }, symbol, low) {
  const order = { symbol, type: 'limit', side: 'buy', amount: 0.01, price: low };
  const placed = await exchange.createOrders([order, { ...order, price: low - 1 }]);
  check(placed.every((one) => one.id), 'one has no id');
  await exchange.cancelOrders(placed.map((one) => one.id), symbol);
  check((await exchange.fetchOpenOrders(symbol)).length === 0, 'some are still open');
}

async function overTheSocket(exchange, { check }, symbol, low) {
  const placed = await exchange.createOrderWs(symbol, 'limit', 'buy', 0.01, low);
  await exchange.editOrderWs(placed.id, symbol, 'limit', 'buy', 0.02, low);
  const open = await exchange.fetchOpenOrders(symbol);
  check(open.length === 1 && open[0].amount === 0.02, 'not one is open');
  await exchange.cancelOrderWs(placed.id, symbol);
  check((await exchange.fetchOpenOrders(symbol)).length === 0, 'it is still open');
}

export const clients = [
  {
    name: 'spot',
    id: 'bybit',
    options: { defaultType: 'spot', fetchMarkets: { types: ['spot', 'linear'] }, fetchOrder: { acknowledged: true } },
    symbol: 'BTC/USDT',
    amount: 0.01,
    tooMuch: 100,
    more: {
      'watchMyTrades, watchBalance': (exchange, context) => watchMine(exchange, context, 'BTC/USDT'),
      'createOrderWs, editOrderWs, cancelOrderWs': (exchange, context, low) => overTheSocket(exchange, context, 'BTC/USDT', low),
      'createOrders, cancelOrders': (exchange, context, low) => severalOrders(exchange, context, 'BTC/USDT', low),
      'createOrder: cost, post-only, stop': async (exchange, { check }, low) => {
        await exchange.createMarketBuyOrderWithCost('BTC/USDT', 100);
        await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, { postOnly: true });
        const stop = await exchange.createOrder('BTC/USDT', 'market', 'sell', 0.01, undefined, { triggerPrice: low });
        const open = await exchange.fetchOpenOrders('BTC/USDT');
        check(open.length === 2 && open.some((one) => one.id === stop.id), `${open.length} are open`);
        await exchange.cancelAllOrders('BTC/USDT');
        await exchange.cancelAllOrders('BTC/USDT', { trigger: true });
        check((await exchange.fetchOpenOrders('BTC/USDT')).length === 0, 'some are still open');
      },
      'fetchLedger, transfer, fetchTransfers': async (exchange, { check }) => {
        check((await exchange.fetchLedger()).length > 1, 'no entries');
        await exchange.transfer('USDT', 10, 'funding', 'unified');
        check((await exchange.fetchTransfers('USDT'))[0].amount === 10, 'it is not listed');
      },
      'fetchTradingFee, fetchCurrencies': async (exchange, { check }) => {
        check((await exchange.fetchTradingFee('BTC/USDT')).taker === 0.001, 'another fee');
        check('USDT' in (await exchange.fetchCurrencies()), 'no USDT');
      },
    },
  },
  {
    name: 'linear',
    id: 'bybit',
    options: { defaultType: 'swap', fetchMarkets: { types: ['spot', 'linear'] }, fetchOrder: { acknowledged: true } },
    symbol: 'BTC/USDT:USDT',
    amount: 0.01,
    low: (last) => Math.round(last * 0.8),
    more: {
      'watchMyTrades, watchBalance': (exchange, context) => watchMine(exchange, context, 'BTC/USDT:USDT'),
      'createOrderWs, editOrderWs, cancelOrderWs': (exchange, context, low) => overTheSocket(exchange, context, 'BTC/USDT:USDT', low),
      'createOrders, cancelOrders': (exchange, context, low) => severalOrders(exchange, context, 'BTC/USDT:USDT', low),
      'fetchPositions, watchPositions, reduceOnly': async (exchange, { check }) => {
        const [before] = await exchange.fetchPositions(['BTC/USDT:USDT']);
        check(before.side === 'long' && before.contracts > 0, 'no long position');
        const [after] = await told(exchange.watchPositions(['BTC/USDT:USDT']), () =>
          exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, { reduceOnly: true }));
        check(after.length > 0, 'no position was told');
      },
      'createOrder: stop, take-profit and stop-loss, trailing': async (exchange, { check }, low) => {
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, { stopLossPrice: low, reduceOnly: true });
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01, undefined, {
          takeProfit: { triggerPrice: low * 2 },
          stopLoss: { triggerPrice: low },
        });
        const open = await exchange.fetchOpenOrders('BTC/USDT:USDT');
        check(open.length === 3, `${open.length} are open`);
        await exchange.createTrailingAmountOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, 100);
        await exchange.cancelAllOrders('BTC/USDT:USDT');
        check((await exchange.fetchOpenOrders('BTC/USDT:USDT')).length === 0, 'some are still open');
      },
      'setLeverage, fetchLeverage': async (exchange, { check }) => {
        await exchange.setLeverage(5, 'ETH/USDT:USDT');
        check((await exchange.fetchLeverage('ETH/USDT:USDT')).longLeverage === 5, 'it is another');
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
  const { check, http, ws } = context, { key, secret } = context.keys[0];
  const client = new RestClientV5({ key, secret, baseUrl: http, parseAPIRateLimits: true });
  const list = async (asked) => {
    const reply = await asked;
    check(reply.retCode === 0, `${reply.retCode} ${reply.retMsg}`);
    return reply.result;
  };
  const order = { category: 'spot', symbol: 'ETHUSDT', side: 'Buy', orderType: 'Limit', qty: '0.1', price: '3400', timeInForce: 'GTC', orderLinkId: 'sdk-1' };
  let last;
  await step('getServerTime, getInstrumentsInfo', async () => {
    check(Math.abs(Number((await list(client.getServerTime())).timeSecond) - Date.now() / 1000) < 5, 'another time');
    check((await list(client.getInstrumentsInfo({ category: 'linear' }))).list.length === 2, 'not two');
  });
  await step('getTickers, getOrderbook, getKline', async () => {
    last = Number((await list(client.getTickers({ category: 'spot', symbol: 'ETHUSDT' }))).list[0].lastPrice);
    check((await list(client.getOrderbook({ category: 'spot', symbol: 'ETHUSDT', limit: 5 }))).b.length === 5, 'not five bids');
    check((await list(client.getKline({ category: 'spot', symbol: 'ETHUSDT', interval: '1', limit: 3 }))).list.length === 3, 'not three');
    order.price = String(Math.round(last * 0.97));
  });
  await step('getWalletBalance', async () => check(Number((await list(client.getWalletBalance({ accountType: 'UNIFIED' }))).list[0].totalEquity) > 0, 'nothing'));
  await step('submitOrder, amendOrder, cancelOrder', async () => {
    const { orderId } = await list(client.submitOrder(order));
    await list(client.amendOrder({ category: 'spot', symbol: 'ETHUSDT', orderId, qty: '0.2' }));
    const open = (await list(client.getActiveOrders({ category: 'spot', symbol: 'ETHUSDT', orderLinkId: 'sdk-1' }))).list;
    check(open.length === 1 && open[0].qty === '0.2' && open[0].orderStatus === 'New', JSON.stringify(open));
    await list(client.cancelOrder({ category: 'spot', symbol: 'ETHUSDT', orderLinkId: 'sdk-1' }));
    const closed = (await list(client.getHistoricOrders({ category: 'spot', orderId }))).list;
    check(closed[0].orderStatus === 'Cancelled', JSON.stringify(closed));
  });
  await step('refused: the same id again, no such order, wrong secret', async () => {
    check((await client.submitOrder(order)).retCode === 170141, 'it was taken');
    check((await client.cancelOrder({ category: 'spot', symbol: 'ETHUSDT', orderId: '7' })).retCode === 170213, 'it was there');
    const bad = new RestClientV5({ key, secret: 'another', baseUrl: http });
    check((await bad.getAccountInfo()).retCode === 10004, 'it was taken');
  });
  const streams = new WebsocketClient({ key, secret, market: 'v5', wsUrl: undefined, pongTimeout: 5000 });
  streams.getWsUrl = async (name) => ws + { v5SpotPublic: '/v5/public/spot', v5LinearPublic: '/v5/public/linear', v5Private: '/v5/private', v5PrivateTrade: '/v5/trade' }[name];
  const heard = [];
  streams.on('update', (message) => heard.push(message));
  streams.on('exception', () => 0);
  const until = async (test, text) => {
    for (let i = 0; i < 100 && !heard.some(test); i++) await pause(100);
    check(heard.some(test), text);
  };
  await step('WebsocketClient: orderbook, publicTrade, order, execution', async () => {
    streams.subscribeV5(['orderbook.50.ETHUSDT', 'publicTrade.ETHUSDT'], 'spot').catch?.(() => 0);
    streams.subscribeV5(['order', 'execution', 'wallet'], 'spot', true).catch?.(() => 0);
    await until((m) => m.topic === 'orderbook.50.ETHUSDT' && m.type === 'delta', 'no changes of the book');
    await list(client.submitOrder({ ...order, orderType: 'Market', marketUnit: 'baseCoin', price: undefined, orderLinkId: 'sdk-2' }));
    await until((m) => m.topic === 'order' && m.data[0].orderLinkId === 'sdk-2' && m.data[0].orderStatus === 'Filled', 'the order was not told');
    await until((m) => m.topic === 'execution' && m.data[0].orderLinkId === 'sdk-2', 'the fill was not told');
    await until((m) => m.topic === 'wallet', 'the wallet was not told');
    await until((m) => m.topic === 'publicTrade.ETHUSDT', 'the trade was not told');
  });
  await step('WebsocketAPIClient: submitNewOrder, cancelOrder', async () => {
    const api = new WebsocketAPIClient({ key, secret, attachEventListeners: false });
    api.getWSClient().getWsUrl = streams.getWsUrl;
    const placed = await api.submitNewOrder({ ...order, orderLinkId: 'sdk-3' });
    check(placed.retCode === 0 && placed.data.orderLinkId === 'sdk-3', JSON.stringify(placed));
    const gone = await api.cancelOrder({ category: 'spot', symbol: 'ETHUSDT', orderLinkId: 'sdk-3' });
    check(gone.retCode === 0, JSON.stringify(gone));
    api.getWSClient().closeAll(true);
  });
  streams.closeAll(true);
}

export const sdks = [{ name: 'bybit-api', run: runSdk }];
