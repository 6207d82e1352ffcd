// Binance spot and USD-M futures, through ccxt and the exchange's own SDKs.
import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { Spot } from '@binance/spot';

export const clients = [
  {
    name: 'binance spot',
    id: 'binance',
    options: { fetchMarkets: { types: ['spot'] }, defaultType: 'spot' },
    symbol: 'BTC/USDT',
    amount: 0.01,
    more: {
      'createOrder: stop, post-only, cost': async (exchange, { check }, low) => {
        const { last } = await exchange.fetchTicker('BTC/USDT');
        const stop = await exchange.createOrder('BTC/USDT', 'limit', 'sell', 0.01, low * 0.9, { stopLossPrice: low });
        const maker = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, { postOnly: true });
        const cost = await exchange.createMarketBuyOrderWithCost('BTC/USDT', 100);
        check(stop.stopPrice === low && maker.id && cost.cost > 99 && cost.cost <= 100 && last > 0, 'not as asked for');
        await exchange.cancelAllOrders('BTC/USDT');
      },
      'createOrderWs, editOrderWs, cancelAllOrdersWs': async (exchange, { check }, low) => {
        const placed = await exchange.createOrderWs('BTC/USDT', 'limit', 'buy', 0.01, low);
        await exchange.editOrderWs(placed.id, 'BTC/USDT', 'limit', 'buy', 0.02, low);
        check((await exchange.fetchOpenOrdersWs('BTC/USDT')).length === 1, 'not one is open');
        await exchange.cancelAllOrdersWs('BTC/USDT');
      },
      fetchCurrencies: async (exchange, { check }) => check('BTC' in (await exchange.fetchCurrencies()), 'no BTC'),
      transfer: async (exchange, { check }) => check((await exchange.transfer('USDT', 10, 'spot', 'future')).id, 'no id'),
      'cross margin: transfer, borrow, orders, repay': async (exchange, { check }, low) => {
        const cross = { marginMode: 'cross' };
        await exchange.transfer('USDT', 2000, 'spot', 'cross');
        await exchange.borrowCrossMargin('ETH', 0.1);
        check((await exchange.fetchBalance({ type: 'margin' })).ETH.debt === 0.1, 'no debt');
        const placed = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, cross);
        const open = await exchange.fetchOpenOrders('BTC/USDT', undefined, undefined, cross);
        check(open.length === 1 && open[0].id === placed.id, JSON.stringify(open));
        await exchange.cancelOrder(placed.id, 'BTC/USDT', cross);
        await exchange.repayCrossMargin('ETH', 0.1);
        check((await exchange.fetchBalance({ type: 'margin' })).ETH.debt === 0, 'it is still owed');
      },
      'isolated margin: transfer, orders': async (exchange, { check }, low) => {
        const isolated = { marginMode: 'isolated' };
        await exchange.transfer('USDT', 1000, 'cross', 'isolated', { toSymbol: 'BTCUSDT', symbol: 'BTC/USDT' });
        const placed = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, isolated);
        check((await exchange.fetchOrder(placed.id, 'BTC/USDT', isolated)).status === 'open', 'it is not open');
        await exchange.cancelOrder(placed.id, 'BTC/USDT', isolated);
      },
    },
  },
  {
    name: 'binance USD-M',
    id: 'binanceusdm',
    options: { fetchMarkets: { types: ['linear'] }, defaultType: 'swap' },
    symbol: 'BTC/USDT:USDT',
    amount: 0.01,
    // ccxt finds the meaning of futures' codes by the exchange's host name, which is another here.
    skip: ['refused: not enough money'],
    more: {
      'refused: margin is insufficient': async (exchange, { check }, low) => {
        try {
          await exchange.createOrder('BTC/USDT:USDT', 'limit', 'buy', 900, low);
        } catch (error) {
          check(/-2019/.test(error.message), error.message);
          return;
        }
        throw new Error('it was taken');
      },
      'positions: market order, fetchPositions, reduceOnly': async (exchange, { check }) => {
        const before = (await exchange.fetchPositions(['BTC/USDT:USDT'])).reduce((sum, one) => sum + one.contracts, 0);
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.05);
        const [position] = await exchange.fetchPositions(['BTC/USDT:USDT']);
        check(Math.abs(position.contracts - before - 0.05) < 1e-9 && position.side === 'long', JSON.stringify(position));
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', position.contracts, undefined, { reduceOnly: true });
        check((await exchange.fetchPositions(['BTC/USDT:USDT'])).every((one) => one.contracts === 0), 'it is not closed');
      },
      'conditional orders': async (exchange, { check }, low) => {
        const stop = await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, { stopLossPrice: low });
        const open = await exchange.fetchOpenOrders('BTC/USDT:USDT', undefined, undefined, { trigger: true });
        check(open.length === 1 && open[0].id === stop.id && open[0].triggerPrice === low, JSON.stringify(open));
        await exchange.cancelOrder(stop.id, 'BTC/USDT:USDT', { trigger: true });
        check((await exchange.fetchOpenOrders('BTC/USDT:USDT', undefined, undefined, { trigger: true })).length === 0, 'it is still open');
      },
      'createOrders, cancelOrders': async (exchange, { check }, low) => {
        const one = { symbol: 'BTC/USDT:USDT', type: 'limit', side: 'buy', amount: 0.01, price: low };
        const made = await exchange.createOrders([one, { ...one, amount: 0.02 }]);
        check(made.length === 2 && made.every((order) => order.id), JSON.stringify(made));
        await exchange.cancelOrders(made.map((order) => order.id), 'BTC/USDT:USDT');
        check((await exchange.fetchOpenOrders('BTC/USDT:USDT')).length === 0, 'some are still open');
      },
      'createOrder: post-only that would take': async (exchange, { check }, low) => {
        try {
          await exchange.createOrder('BTC/USDT:USDT', 'limit', 'buy', 0.01, low * 1.5, { postOnly: true });
        } catch (error) {
          check(/-5022/.test(error.message), error.message);
          return;
        }
        throw new Error('it was taken');
      },
      'createOrderWs, editOrderWs, cancelOrderWs': async (exchange, { check }, low) => {
        const placed = await exchange.createOrderWs('BTC/USDT:USDT', 'limit', 'buy', 0.01, low);
        const edited = await exchange.editOrderWs(placed.id, 'BTC/USDT:USDT', 'limit', 'buy', 0.02, low);
        check(edited.amount === 0.02, JSON.stringify(edited));
        await exchange.cancelOrderWs(placed.id, 'BTC/USDT:USDT');
      },
      'setLeverage, setMarginMode, setPositionMode': async (exchange, { check }) => {
        await exchange.setLeverage(7, 'BTC/USDT:USDT');
        await exchange.setMarginMode('isolated', 'BTC/USDT:USDT');
        check((await exchange.fetchLeverage('BTC/USDT:USDT')).longLeverage === 7, 'the leverage is another');
        await exchange.setPositionMode(true);
        check((await exchange.fetchPositionMode()).hedged, 'it is not hedged');
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01, undefined, { positionSide: 'LONG' });
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.02, undefined, { positionSide: 'SHORT' });
        const sides = (await exchange.fetchPositions(['BTC/USDT:USDT'])).map((one) => `${one.side} ${one.contracts}`).sort();
        check(sides.join() === 'long 0.01,short 0.02', sides.join());
        await exchange.addMargin('BTC/USDT:USDT', 5, { positionSide: 'LONG' });
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, { positionSide: 'LONG' });
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.02, undefined, { positionSide: 'SHORT' });
        await exchange.setPositionMode(false);
        await exchange.setMarginMode('cross', 'BTC/USDT:USDT');
      },
      'funding, income, open interest, tiers': async (exchange, { check }) => {
        check('fundingRate' in (await exchange.fetchFundingRate('BTC/USDT:USDT')), 'no rate');
        check((await exchange.fetchFundingRateHistory('BTC/USDT:USDT', undefined, 3)).length === 3, 'no history');
        check((await exchange.fetchOpenInterest('BTC/USDT:USDT')).openInterestAmount > 0, 'no open interest');
        check((await exchange.fetchLedger('USDT')).some((row) => row.type === 'commission'), 'no fee in the ledger');
        check((await exchange.fetchLeverageTiers(['BTC/USDT:USDT']))['BTC/USDT:USDT'].length > 0, 'no tiers');
        check((await exchange.fetchTradingFee('BTC/USDT:USDT')).taker === 0.0005, 'another fee');
        check((await exchange.fetchMarkOHLCV('BTC/USDT:USDT', '1m', undefined, 3)).length === 3, 'no candles of the mark');
        check((await exchange.fetchIndexOHLCV('BTC/USDT:USDT', '1m', undefined, 3)).length === 3, 'no candles of the index');
      },
      watchPositions: async (exchange, { check }) => {
        const seen = exchange.watchPositions(['BTC/USDT:USDT']);
        seen.catch(() => 0);
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01);
        const [position] = await seen;
        check(position.symbol === 'BTC/USDT:USDT', JSON.stringify(position));
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, { reduceOnly: true });
      },
      'watchMarkPrice, watchOHLCV': async (exchange, { check }) => {
        check((await exchange.watchMarkPrice('BTC/USDT:USDT')).markPrice > 0, 'no mark');
        check((await exchange.watchOHLCV('BTC/USDT:USDT', '1m')).length > 0, 'no candle');
      },
    },
  },
];

async function runSpot(context, step) {
  const { check, http, ws } = context;
  const keys = { apiKey: context.keys[0].key, apiSecret: context.keys[0].secret };
  const client = new Spot({
    configurationRestAPI: { ...keys, basePath: http },
    configurationWebsocketAPI: { ...keys, wsURL: `${ws}/ws-api/v3` },
    configurationWebsocketStreams: { wsURL: ws },
  });
  const rest = client.restAPI, symbol = 'BTCUSDT';
  const data = async (call) => (await call).data();
  let order;
  await step('exchangeInfo', async () => check((await data(rest.exchangeInfo())).symbols.length > 0, 'no symbols'));
  await step('getAccount', async () => check((await data(rest.getAccount())).balances.length > 0, 'no balances'));
  await step('newOrder', async () => {
    order = await data(rest.newOrder({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01, price: 40000 }));
    check(order.status === 'NEW', order.status);
  });
  await step('getOpenOrders', async () => check((await data(rest.getOpenOrders({ symbol }))).length === 1, 'not one'));
  await step('orderAmendKeepPriority', async () => {
    const amended = await data(rest.orderAmendKeepPriority({ symbol, orderId: order.orderId, newQty: 0.005 }));
    check(amended.amendedOrder.qty === '0.00500000', amended.amendedOrder.qty);
  });
  await step('deleteOrder', async () =>
    check((await data(rest.deleteOrder({ symbol, orderId: order.orderId }))).status === 'CANCELED', 'not canceled'));
  await step('orderListOco', async () => {
    const list = await data(rest.orderListOco({ symbol, side: 'SELL', quantity: 0.01, aboveType: 'LIMIT_MAKER', abovePrice: 90000, belowType: 'STOP_LOSS', belowStopPrice: 30000 }));
    check(list.orders.length === 2, 'not two orders');
    await data(rest.deleteOrderList({ symbol, orderListId: list.orderListId }));
  });
  await step('orders and user data over the WebSocket API', async () => {
    const api = await client.websocketAPI.connect();
    const { stream } = await api.userDataStreamSubscribeSignature();
    const told = new Promise((resolve) => stream.on('message', (event) => event.e === 'executionReport' && event.X === 'FILLED' && resolve(event)));
    const placed = await api.orderPlace({ symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 });
    check(placed.data.status === 'FILLED', placed.data.status);
    check(Number((await told).i) === Number(placed.data.orderId), 'another order was told');
    await api.disconnect();
  });
  await step('diffBookDepth', async () => {
    const streams = await client.websocketStreams.connect();
    const stream = streams.diffBookDepth({ symbol: 'btcusdt', updateSpeed: '100ms' });
    let before = 0;
    for (let i = 0; i < 3; i++) {
      const message = await new Promise((resolve) => stream.on('message', resolve));
      check(before === 0 || message.U === before + 1, `a gap: ${before} and ${message.U}`);
      before = message.u;
    }
    await streams.disconnect();
  });
}

async function runFutures(context, step) {
  const { check, http, ws } = context;
  const keys = { apiKey: context.keys[0].key, apiSecret: context.keys[0].secret };
  const client = new DerivativesTradingUsdsFutures({
    configurationRestAPI: { ...keys, basePath: http },
    configurationWebsocketAPI: { ...keys, wsURL: `${ws}/ws-fapi/v1` },
    configurationWebsocketStreams: { wsURL: ws },
  });
  const rest = client.restAPI, symbol = 'BTCUSDT';
  const data = async (call) => (await call).data();
  let order;
  await step('exchangeInformation', async () => check((await data(rest.exchangeInformation())).symbols.length === 2, 'not two symbols'));
  await step('futuresAccountBalanceV3', async () => check(Number((await data(rest.futuresAccountBalanceV3()))[0].balance) > 0, 'no balance'));
  await step('newOrder', async () => {
    order = await data(rest.newOrder({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01, price: 40000 }));
    check(order.status === 'NEW', order.status);
  });
  await step('modifyOrder', async () => {
    const changed = await data(rest.modifyOrder({ symbol, side: 'BUY', orderId: order.orderId, quantity: 0.02, price: 41000 }));
    check(changed.origQty === '0.020' && changed.price === '41000.0', `${changed.origQty} ${changed.price}`);
  });
  await step('currentAllOpenOrders', async () => check((await data(rest.currentAllOpenOrders({ symbol }))).length === 1, 'not one'));
  await step('cancelOrder', async () =>
    check((await data(rest.cancelOrder({ symbol, orderId: order.orderId }))).status === 'CANCELED', 'not canceled'));
  await step('newAlgoOrder, cancelAlgoOrder', async () => {
    const algo = await data(rest.newAlgoOrder({ algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', quantity: 0.01, triggerPrice: 30000 }));
    check(algo.algoStatus === 'NEW', algo.algoStatus);
    check((await data(rest.cancelAlgoOrder({ algoId: algo.algoId }))).msg === 'success', 'not canceled');
  });
  await step('user data, and orders over the WebSocket API', async () => {
    const { listenKey } = await data(rest.startUserDataStream());
    const streams = await client.websocketStreams.connect();
    const stream = streams.userData(listenKey);
    const told = new Promise((resolve) =>
      stream.on('message', (event) => event.e === 'ORDER_TRADE_UPDATE' && event.o.X === 'FILLED' && resolve(event)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const api = await client.websocketAPI.connect();
    const placed = await api.newOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 0.01, newOrderRespType: 'RESULT' });
    check(placed.data.status === 'FILLED', placed.data.status);
    check(Number((await told).o.i) === Number(placed.data.orderId), 'another order was told');
    const positions = await data(rest.positionInformationV3({ symbol }));
    check(positions[0].positionAmt === '0.010', JSON.stringify(positions));
    await data(rest.newOrder({ symbol, side: 'SELL', type: 'MARKET', quantity: 0.01, reduceOnly: 'true' }));
    await api.disconnect();
    await streams.disconnect();
  });
  await step('diffBookDepthStreams', async () => {
    const streams = await client.websocketStreams.connect();
    const stream = streams.diffBookDepthStreams({ symbol: 'btcusdt', updateSpeed: '100ms' });
    let before = 0;
    for (let i = 0; i < 3; i++) {
      const message = await new Promise((resolve) => stream.on('message', resolve));
      check(before === 0 || message.pu === before, `a gap: ${before} and ${message.pu}`);
      before = message.u;
    }
    await streams.disconnect();
  });
}

export const sdks = [
  { name: '@binance/spot', run: runSpot },
  { name: '@binance/derivatives-trading-usds-futures', run: runFutures },
];
