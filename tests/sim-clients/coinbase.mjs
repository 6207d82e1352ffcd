// Coinbase Advanced Trade, through ccxt and the community's SDK for it.
import { CBAdvancedTradeClient, WebsocketClient } from 'coinbase-api';

// Keys are printed in one line; ccxt and the SDK want PEM with its line ends.
const lines = (key) => ({ key: key.key, secret: key.secret.replace(/\\n/g, '\n') });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const refused = async (attempt, pattern) => {
  try {
    await attempt();
  } catch (error) {
    if (pattern.test(error.message)) return;
    throw error;
  }
  throw new Error('it was taken');
};

export const clients = [
  {
    name: 'coinbase',
    id: 'coinbase',
    key: (context) => lines(context.keys[0]),
    symbol: 'BTC/USD',
    amount: 0.01,
    // ccxt wants the price of a market buy, or its cost: see below.
    skip: ['market order and fetchMyTrades', 'fetchClosedOrders', 'cancelAllOrders'],
    more: {
      'market orders, fetchMyTrades, fetchClosedOrders': async (exchange, { check }) => {
        const bought = await exchange.createMarketBuyOrderWithCost('BTC/USD', 100);
        const sold = await exchange.createOrder('BTC/USD', 'market', 'sell', 0.01);
        const fills = await exchange.fetchMyTrades('BTC/USD');
        const sum = (order) => fills.filter((fill) => fill.order === order.id).reduce((total, fill) => total + fill.amount, 0);
        check(Math.abs(sum(sold) - 0.01) < 1e-9 && sum(bought) > 0, `sold ${sum(sold)}, bought ${sum(bought)}`);
        const paid = fills.filter((fill) => fill.order === bought.id).reduce((total, fill) => total + fill.cost + fill.fee.cost, 0);
        check(paid <= 100 && paid > 98, `${paid} was paid`);
        check((await exchange.fetchClosedOrders('BTC/USD')).some((order) => order.id === sold.id), 'it is not among them');
      },
      'createOrder: post-only, IOC, FOK, GTD, stop': async (exchange, { check }, low) => {
        await exchange.createOrder('BTC/USD', 'limit', 'buy', 0.01, low, { postOnly: true });
        await exchange.createOrder('BTC/USD', 'limit', 'buy', 0.01, low, { timeInForce: 'GTD', end_time: new Date(Date.now() + 3600000).toISOString() });
        await exchange.createOrder('BTC/USD', 'limit', 'sell', 0.01, low - 10, { stopLossPrice: low });
        await exchange.createOrder('BTC/USD', 'limit', 'sell', 0.01, low * 2, { takeProfitPrice: low * 2 });
        for (const timeInForce of ['IOC', 'FOK']) {
          const none = await exchange.createOrder('BTC/USD', 'limit', 'buy', 0.01, low, { timeInForce });
          check((await exchange.fetchOrder(none.id, 'BTC/USD')).status === 'canceled', `${timeInForce} is not canceled`);
        }
        const open = await exchange.fetchOpenOrders('BTC/USD');
        check(open.length === 4 && open.filter((order) => order.triggerPrice > 0).length === 2, JSON.stringify(open));
        await exchange.cancelOrders(open.map((order) => order.id));
        check((await exchange.fetchOpenOrders()).length === 0, 'some are still open');
      },
      'refused: rules of the market': async (exchange, { check }, low) => {
        const place = (order_configuration) => () =>
          exchange.v3PrivatePostBrokerageOrders({ client_order_id: exchange.uuid(), product_id: 'BTC-USD', side: 'BUY', order_configuration });
        await refused(place({ limit_limit_gtc: { base_size: '0.01', limit_price: '100000000', post_only: true } }), /INVALID_LIMIT_PRICE_POST_ONLY/);
        await refused(place({ limit_limit_gtc: { base_size: '0.01', limit_price: String(low + 0.001) } }), /PREVIEW_INVALID_PRICE_PRECISION/);
        await refused(place({ limit_limit_gtc: { base_size: '0.00001', limit_price: String(low) } }), /TOO_SMALL/);
        check((await exchange.fetchOpenOrders()).length === 0, 'one was taken');
      },
      'the same client id is the same order': async (exchange, { check }, low) => {
        const order = {
          client_order_id: exchange.uuid(),
          product_id: 'BTC-USD',
          side: 'BUY',
          order_configuration: { limit_limit_gtc: { base_size: '0.01', limit_price: String(low) } },
        };
        const first = await exchange.v3PrivatePostBrokerageOrders(order), second = await exchange.v3PrivatePostBrokerageOrders(order);
        check(first.success_response.order_id === second.success_response.order_id, 'they are two');
        check((await exchange.fetchOpenOrders()).length === 1, 'not one is open');
        await exchange.cancelOrder(first.success_response.order_id);
      },
      'fetchTickers, fetchBidsAsks, fetchAccounts, fees': async (exchange, { check }) => {
        check((await exchange.fetchTickers())['ETH/USD'].last > 0, 'no price');
        check((await exchange.fetchBidsAsks(['BTC/USD']))['BTC/USD'].ask > 0, 'no ask');
        check((await exchange.fetchAccounts()).length === 6, 'not six accounts');
        check((await exchange.fetchTradingFees())['BTC/USD'].taker === 0.012, 'another fee');
        check((await exchange.fetchPortfolios()).length === 1, 'not one portfolio');
      },
      'futures: order, position, close': async (exchange, { check }) => {
        const market = exchange.markets_by_id['BIP-20DEC30-CDE'][0];
        check(market.contractSize === 0.01, 'another contract');
        await exchange.createOrder(market.symbol, 'market', 'buy', 3);
        const [{ info }] = await exchange.fetchPositions(undefined, { type: 'future' }); // it reads those of a venue that is gone
        check(info.number_of_contracts === '3' && info.side === 'LONG', JSON.stringify(info));
        await exchange.closePosition(market.symbol, 'sell', { clientOrderId: exchange.uuid() });
        check((await exchange.fetchPositions(undefined, { type: 'future' })).length === 0, 'it is not closed');
        const { info: balance } = await exchange.fetchBalance({ type: 'future' });
        check(balance.balance_summary.cfm_usd_balance.value > 0, JSON.stringify(balance));
      },
      'fetchDepositAddressesByNetwork, withdraw': async (exchange, { check }) => {
        const [address] = Object.values(await exchange.fetchDepositAddressesByNetwork('BTC'));
        check(address.address.startsWith('bc1') && address.info.network === 'bitcoin', JSON.stringify(address));
        const before = (await exchange.fetchBalance()).BTC.total;
        check((await exchange.withdraw('BTC', 0.5, 'bc1qsim0000000000000000000000000000000to00')).id, 'no id');
        check(Math.abs(before - (await exchange.fetchBalance()).BTC.total - 0.5) < 1e-9, 'it is still there');
      },
      'watchTickers, watchOrders told of each step': async (exchange, { check }, low) => {
        check(Object.keys(await exchange.watchTickers(['BTC/USD', 'ETH/USD'])).length > 0, 'no ticker');
        const placed = await exchange.createOrder('BTC/USD', 'limit', 'buy', 0.01, low);
        let seen = [];
        for (let i = 0; i < 5 && !seen.some((one) => one.id === placed.id && one.status === 'open'); i++) seen = await exchange.watchOrders('BTC/USD');
        const told = exchange.watchOrders('BTC/USD');
        await exchange.cancelOrder(placed.id);
        check((await told).some((one) => one.id === placed.id && one.status === 'canceled'), 'its end was not told');
      },
    },
  },
];

async function runSdk(context, step) {
  const { check, ws } = context;
  // It cuts off as many letters as "https://" has before it signs; the third slash means nothing to a URL.
  const http = context.http.replace('http://', 'http:///');
  for (const key of context.keys.map(lines)) {
    const kind = key.secret.startsWith('-----') ? 'ES256' : 'EdDSA';
    const client = new CBAdvancedTradeClient({ apiKey: key.key, apiSecret: key.secret, baseUrl: http });
    const run = (name, body) => step(`${kind} ${name}`, body);
    const low = { base_size: '0.01', limit_price: '40000' };
    let order;
    await run('getServerTime, getPublicProducts', async () => {
      check(Number((await client.getServerTime()).epochSeconds) > 0, 'no time');
      check((await client.getPublicProducts({ product_type: 'SPOT' })).products.length === 6, 'not six products');
    });
    await run('getAccounts, getApiKeyPermissions', async () => {
      check((await client.getAccounts()).accounts.some((account) => account.currency === 'USD'), 'no dollars');
      check((await client.getApiKeyPermissions()).can_trade, 'it may not trade');
    });
    await run('submitOrder', async () => {
      order = (await client.submitOrder({ product_id: 'BTC-USD', side: 'BUY', client_order_id: client.generateNewOrderId(), order_configuration: { limit_limit_gtc: low } })).success_response;
      check(order.order_id, 'no id');
    });
    await run('editOrder, getOrder, getOrders', async () => {
      check((await client.updateOrder({ order_id: order.order_id, price: '41000', size: '0.02' })).success, 'it was not changed');
      const { order: now } = await client.getOrder({ order_id: order.order_id });
      check(now.order_configuration.limit_limit_gtc.limit_price === '41000' && now.edit_history.length === 1, JSON.stringify(now));
      check((await client.getOrders({ order_status: ['OPEN'] })).orders.length === 1, 'not one is open');
    });
    await run('cancelOrders', async () => {
      const { results } = await client.cancelOrders({ order_ids: [order.order_id, '00000000-0000-4000-8000-000000000000'] });
      check(results[0].success && results[1].failure_reason === 'UNKNOWN_CANCEL_ORDER', JSON.stringify(results));
    });
    await run('brackets', async () => {
      const bracket = { trigger_bracket_gtc: { base_size: '0.01', limit_price: '120000', stop_trigger_price: '30000' } };
      const { success_response: placed } = await client.submitOrder({ product_id: 'BTC-USD', side: 'SELL', client_order_id: client.generateNewOrderId(), order_configuration: bracket });
      const { order: now } = await client.getOrder({ order_id: placed.order_id });
      check(now.status === 'OPEN' && now.order_type === 'BRACKET' && now.trigger_status === 'STOP_PENDING', JSON.stringify(now));
      await client.cancelOrders({ order_ids: [placed.order_id] });
      check((await client.getOrders({ order_status: ['OPEN'] })).orders.length === 0, 'it is still open');
    });
    await run('getFills', async () => {
      const { success_response: placed } = await client.submitOrder({ product_id: 'ETH-USD', side: 'BUY', client_order_id: client.generateNewOrderId(), order_configuration: { market_market_ioc: { base_size: '0.1' } } });
      const { fills } = await client.getFills({ order_ids: [placed.order_id] });
      check(Math.abs(fills.reduce((sum, fill) => sum + Number(fill.size), 0) - 0.1) < 1e-9, JSON.stringify(fills));
    });
    await run('refused: wrong key', async () => {
      const other = new CBAdvancedTradeClient({ apiKey: 'organizations/1/apiKeys/2', apiSecret: key.secret, baseUrl: http });
      await other.getAccounts().then(() => check(false, 'it was taken'), (error) => check(error.code === 401 || /401/.test(JSON.stringify(error)), JSON.stringify(error)));
    });
  }

  await step('WebSocket: user, heartbeats, level2 in sequence', async () => {
    const key = lines(context.keys[0]);
    const socket = new WebsocketClient({ apiKey: key.key, apiSecret: key.secret, wsUrl: ws }, { trace: () => 0, info: () => 0, error: () => 0 });
    const seen = [];
    socket.on('update', (message) => seen.push(message));
    socket.on('response', (message) => seen.push(message));
    socket.on('exception', () => 0);
    socket.subscribe('heartbeats', 'advTradeUserData');
    socket.subscribe('user', 'advTradeUserData');
    socket.subscribe({ topic: 'level2', payload: { product_ids: ['BTC-USD'] } }, 'advTradeMarketData');
    await pause(3500);
    socket.closeAll(true);
    const channels = new Set(seen.map((message) => message.channel));
    check(channels.has('heartbeats') && channels.has('user') && channels.has('l2_data'), [...channels].join());
    const books = seen.filter((message) => message.wsKey === 'advTradeMarketData' && message.sequence_num !== undefined).map((message) => message.sequence_num);
    check(books.length > 2 && books.every((number, i) => i === 0 || number === books[i - 1] + 1), books.join());
  });
}

export const sdks = [{ name: 'coinbase-api', run: runSdk }];
