// Binance spot, through ccxt and the exchange's own SDK.
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

export const sdks = [{ name: '@binance/spot', run: runSpot }];
