// KuCoin spot and futures, through ccxt and the exchange's own SDK.

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What a stream tells of something that is done once it is subscribed.
async function told(watching, act) {
  watching.catch(() => 0);
  await pause(1500);
  const done = await act();
  return [await watching, done];
}

async function refused(attempt, pattern) {
  try {
    await attempt();
  } catch (error) {
    if (pattern.test(error.message)) return;
    throw error;
  }
  throw new Error('it was taken');
}

// Market data is asked for where it is everybody's.
const classicData = Object.fromEntries(
  ['fetchCurrencies', 'fetchTicker', 'fetchOrderBook', 'fetchTrades', 'fetchOHLCV', 'watchOrderBook', 'watchTrades', 'watchTicker'].map((name) => [name, { uta: false }]),
);

export const clients = [
  {
    name: 'kucoin spot',
    id: 'kucoin',
    options: { fetchMarkets: { types: ['spot'] } },
    symbol: 'BTC/USDT',
    amount: 0.01,
    levels: 20,
    more: {
      'createOrder: post-only, IOC, FOK, cost': async (exchange, { check }, low) => {
        const maker = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, { postOnly: true });
        check((await exchange.fetchOrder(maker.id, 'BTC/USDT')).postOnly === true, 'it is not post-only');
        for (const timeInForce of ['IOC', 'FOK']) {
          const none = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, { timeInForce });
          check((await exchange.fetchOrder(none.id, 'BTC/USDT')).status === 'canceled', `${timeInForce} is not canceled`);
        }
        const bought = await exchange.createMarketBuyOrderWithCost('BTC/USDT', 100);
        const { cost } = await exchange.fetchOrder(bought.id, 'BTC/USDT');
        check(cost > 99 && cost <= 100, `it cost ${cost}`);
        await exchange.cancelAllOrders('BTC/USDT');
      },
      'stop orders': async (exchange, { check }, low) => {
        const stop = await exchange.createOrder('BTC/USDT', 'limit', 'sell', 0.01, low - 10, { stopLossPrice: low });
        const open = await exchange.fetchOpenOrders('BTC/USDT', undefined, undefined, { trigger: true });
        check(open.length === 1 && open[0].id === stop.id && open[0].triggerPrice === low, JSON.stringify(open));
        check((await exchange.fetchOpenOrders('BTC/USDT')).length === 0, 'it stands among the others');
        await exchange.cancelOrder(stop.id, 'BTC/USDT', { trigger: true });
        check((await exchange.fetchOpenOrders('BTC/USDT', undefined, undefined, { trigger: true })).length === 0, 'it is still open');
      },
      'orders by client id': async (exchange, { check }, low) => {
        const clientOrderId = `sim-${Date.now()}`;
        const placed = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, { clientOrderId });
        check((await exchange.fetchOrder('', 'BTC/USDT', { clientOrderId })).id === placed.id, 'another order');
        await refused(() => exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, low, { clientOrderId }), /clientOid/);
        await exchange.cancelOrder('', 'BTC/USDT', { clientOrderId });
        check((await exchange.fetchOpenOrders('BTC/USDT')).length === 0, 'it is still open');
      },
      createOrders: async (exchange, { check }, low) => {
        const order = { symbol: 'BTC/USDT', type: 'limit', side: 'buy', amount: 0.01, price: low };
        const placed = await exchange.createOrders([order, { ...order, price: low - 1 }]);
        check(placed.every((one) => one.id), JSON.stringify(placed));
        await exchange.cancelAllOrders('BTC/USDT');
        check((await exchange.fetchOpenOrders('BTC/USDT')).length === 0, 'some are still open');
      },
      'fetchTickers, fetchCurrencies, fetchTradingFee, fetchLedger': async (exchange, { check }) => {
        check((await exchange.fetchTickers())['ETH/USDT'].last > 0, 'no price');
        check((await exchange.fetchCurrencies()).BTC.networks !== undefined, 'no networks');
        check((await exchange.fetchTradingFee('BTC/USDT')).taker === 0.001, 'another fee');
        check((await exchange.fetchLedger()).length > 1, 'no entries');
      },
      'transfer, fetchDepositAddress, withdraw': async (exchange, { check }) => {
        await exchange.transfer('USDT', 500, 'trade', 'main');
        check((await exchange.fetchBalance({ type: 'main' })).USDT.total === 500, 'it did not arrive');
        check((await exchange.fetchDepositAddress('USDT', { network: 'TRC20' })).address, 'no address');
        check((await exchange.withdraw('USDT', 100, 'TSim0000000000000000000000000000to', undefined, { network: 'TRC20' })).id, 'no id');
        check((await exchange.fetchBalance({ type: 'main' })).USDT.total === 400, 'it is still there');
      },
      'watchMyTrades, watchBalance, watchOHLCV': async (exchange, { check }) => {
        const [fills, bought] = await told(exchange.watchMyTrades('BTC/USDT'), () => exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01));
        check(fills.some((fill) => fill.order === bought.id), 'another fill was told');
        const [balance] = await told(exchange.watchBalance(), () => exchange.createOrder('BTC/USDT', 'market', 'sell', 0.01));
        check(Object.keys(balance.total).length > 0, 'no balance');
        check((await exchange.watchOHLCV('BTC/USDT', '1m')).length > 0, 'no candle');
      },
    },
  },
  {
    name: 'kucoin futures',
    id: 'kucoin',
    options: { fetchMarkets: { types: ['swap'], fetchTickersFees: false }, defaultType: 'swap', fetchBalance: { code: 'USDT' } },
    symbol: 'BTC/USDT:USDT',
    amount: 10,
    levels: 20,
    // Orders of futures cannot be changed; and money that is too much for one is too many lots first.
    skip: ['editOrder', 'refused: not enough money'],
    more: {
      'refused: not enough money': async (exchange, { check }, low) => {
        await refused(() => exchange.createOrder('BTC/USDT:USDT', 'limit', 'buy', 900000, low), /300003/);
        check((await exchange.fetchOpenOrders('BTC/USDT:USDT')).length === 0, 'it was taken');
      },
      'positions: fetchPositions, reduceOnly': async (exchange, { check }) => {
        const size = async () => (await exchange.fetchPositions(['BTC/USDT:USDT'])).reduce((sum, one) => sum + one.contracts, 0);
        const before = await size();
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 5);
        check((await size()) === before + 5, 'another size');
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', before + 5, undefined, { reduceOnly: true });
        check((await size()) === 0, 'it is not closed');
      },
      'conditional orders': async (exchange, { check }, low) => {
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 5);
        const stop = await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 5, undefined, { stopLossPrice: low, triggerPriceType: 'last' });
        const open = await exchange.fetchOpenOrders('BTC/USDT:USDT', undefined, undefined, { trigger: true });
        check(open.length === 1 && open[0].id === stop.id, JSON.stringify(open));
        await exchange.cancelAllOrders('BTC/USDT:USDT', { trigger: true });
        check((await exchange.fetchOpenOrders('BTC/USDT:USDT', undefined, undefined, { trigger: true })).length === 0, 'it is still open');
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 5, undefined, { reduceOnly: true });
      },
      'createOrders, cancelOrders': async (exchange, { check }, low) => {
        const order = { symbol: 'BTC/USDT:USDT', type: 'limit', side: 'buy', amount: 1, price: low };
        const placed = await exchange.createOrders([order, { ...order, amount: 2 }]);
        check(placed.length === 2 && placed.every((one) => one.id), JSON.stringify(placed));
        await exchange.cancelOrders(placed.map((one) => one.id), 'BTC/USDT:USDT');
        check((await exchange.fetchOpenOrders('BTC/USDT:USDT')).length === 0, 'some are still open');
      },
      'margin mode, leverage, position mode': async (exchange, { check }) => {
        await exchange.setMarginMode('cross', 'ETH/USDT:USDT');
        check((await exchange.fetchMarginMode('ETH/USDT:USDT')).marginMode === 'cross', 'it is another');
        await exchange.setLeverage(7, 'ETH/USDT:USDT', { marginMode: 'cross' });
        check((await exchange.futuresPrivateGetGetCrossUserLeverage({ symbol: 'ETHUSDTM' })).data.leverage === '7', 'it is another');
        await exchange.setPositionMode(true);
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 2, undefined, { hedged: true });
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 3, undefined, { hedged: true });
        const sides = (await exchange.fetchPositions(['BTC/USDT:USDT'])).map((one) => `${one.side} ${one.contracts}`).sort();
        check(sides.join() === 'long 2,short 3', sides.join());
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', 2, undefined, { hedged: true, reduceOnly: true });
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 3, undefined, { hedged: true, reduceOnly: true });
        await exchange.setPositionMode(false);
      },
      'funding, fees, book': async (exchange, { check }) => {
        check('fundingRate' in (await exchange.fetchFundingRate('BTC/USDT:USDT')), 'no rate');
        check((await exchange.fetchFundingRateHistory('BTC/USDT:USDT', undefined, 3)).length > 0, 'no history');
        check((await exchange.fetchTradingFee('BTC/USDT:USDT')).taker === 0.0006, 'another fee');
      },
      'watchMyTrades, watchBalance, watchPosition': async (exchange, { check }) => {
        const [fills, bought] = await told(exchange.watchMyTrades('BTC/USDT:USDT'), () => exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 1));
        check(fills.some((fill) => fill.order === bought.id), 'another fill was told');
        const [balance] = await told(exchange.watchBalance({ type: 'swap' }), () => exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 1));
        check(balance.USDT.total > 0, 'no balance');
        const [seen] = await told(exchange.watchPosition('BTC/USDT:USDT'), () => exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 1));
        const position = [seen].flat()[0];
        check(position.contracts >= 1 && position.side === 'long', JSON.stringify(position));
      },
    },
  },
  // What ccxt does with the key of a unified account; it asks which one it is. Orders of spot cannot be changed there.
  {
    name: 'kucoin unified',
    id: 'kucoin',
    key: ({ keys }) => keys.find((one) => one.key === 'sim-unified-key'),
    options: { ...classicData, fetchMarkets: { uta: false, types: ['spot'] } },
    symbol: 'BTC/USDT',
    amount: 0.01,
    levels: 20,
    skip: ['editOrder'],
    more: {
      'watchMyTrades, watchBalance': async (exchange, { check }) => {
        const [fills, bought] = await told(exchange.watchMyTrades('BTC/USDT'), () => exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01));
        check(fills.some((fill) => fill.order === bought.id), 'another fill was told');
        const [balance] = await told(exchange.watchBalance(), () => exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01));
        check(balance.USDT.total > 0 || balance.BTC.total > 0, 'no balance');
      },
    },
  },
  {
    name: 'kucoin unified futures',
    id: 'kucoin',
    key: ({ keys }) => keys.find((one) => one.key === 'sim-unified-key'),
    options: { ...classicData, fetchMarkets: { uta: false, types: ['swap'], fetchTickersFees: false }, defaultType: 'swap' },
    symbol: 'BTC/USDT:USDT',
    amount: 10,
    levels: 20,
    skip: ['editOrder'],
    more: {
      'positions: fetchPositions, reduceOnly, leverage': async (exchange, { check }) => {
        const size = async () => (await exchange.fetchPositions(['BTC/USDT:USDT'])).reduce((sum, one) => sum + one.contracts, 0);
        const before = await size();
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'buy', 5);
        check((await size()) === before + 5, 'another size');
        await exchange.setLeverage(7, 'BTC/USDT:USDT');
        check((await exchange.fetchPositions(['BTC/USDT:USDT']))[0].leverage === 7, 'another leverage');
        await exchange.createOrder('BTC/USDT:USDT', 'market', 'sell', before + 5, undefined, { reduceOnly: true });
        check((await size()) === 0, 'it is not closed');
      },
    },
  },
];

// --- kucoin-universal-sdk ---

export const sdks = [
  {
    name: 'kucoin-universal-sdk',
    run: async ({ http, keys, check }, step) => {
      const loaded = await import('kucoin-universal-sdk');
      const { ClientOptionBuilder, DefaultClient, Futures, Spot, TransportOptionBuilder, WebSocketClientOptionBuilder } = loaded.default ?? loaded;
      const option = new ClientOptionBuilder().setKey(keys[0].key).setSecret(keys[0].secret).setPassphrase('sim-passphrase')
        .setSpotEndpoint(http).setFuturesEndpoint(http).setBrokerEndpoint(http).setTransportOption(new TransportOptionBuilder().build())
        .setWebSocketClientOption(new WebSocketClientOptionBuilder().build()).build();
      const client = new DefaultClient(option);
      const spot = client.restService().getSpotService().getOrderApi(), futures = client.restService().getFuturesService().getOrderApi();
      const { Order: S } = Spot, { Order: F } = Futures;
      await step('spot: addOrder, getOrderByClientOid', async () => {
        const order = S.AddOrderReq.create({ clientOid: 'u1', symbol: 'BTC-USDT', side: 'buy', type: 'limit', price: '20000', size: '0.01' });
        const { orderId } = await spot.addOrder(order);
        const found = await spot.getOrderByClientOid(S.GetOrderByClientOidReq.create({ symbol: 'BTC-USDT', clientOid: 'u1' }));
        check(found.id === orderId && found.active, 'it is not open');
      });
      await step('spot: orderV2 tells of cancelOrderByClientOid', async () => {
        const socket = client.wsService().newSpotPrivateWS();
        await socket.start();
        const seen = [];
        await socket.orderV2((topic, subject, data) => seen.push(data));
        await pause(500);
        await spot.cancelOrderByClientOid(S.CancelOrderByClientOidReq.create({ symbol: 'BTC-USDT', clientOid: 'u1' }));
        for (let i = 0; i < 40 && seen.length === 0; i++) await pause(100);
        await socket.stop();
        check(seen[0]?.type === 'canceled' && seen[0]?.clientOid === 'u1', JSON.stringify(seen));
      });
      await step('futures: addOrder, getOrderByClientOid, cancelOrderById', async () => {
        const order = F.AddOrderReq.create({ clientOid: 'u2', symbol: 'XBTUSDTM', side: 'buy', type: 'limit', leverage: 3, price: '20000', size: 1, marginMode: 'ISOLATED' });
        const { orderId } = await futures.addOrder(order);
        check((await futures.getOrderByClientOid(F.GetOrderByClientOidReq.create({ clientOid: 'u2' }))).status === 'open', 'it is not open');
        const { cancelledOrderIds } = await futures.cancelOrderById(F.CancelOrderByIdReq.create({ orderId }));
        check(cancelledOrderIds[0] === orderId, JSON.stringify(cancelledOrderIds));
      });
    },
  },
];
