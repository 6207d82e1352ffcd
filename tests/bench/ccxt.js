// ccxt.js - the same recorded messages through ccxt's own message handlers and through ours, in turns.
//
//   node ccxt.js MODULES STREAM EXCHANGE CLASS FILE...
//
// MODULES is the folder that ccxt was installed in, STREAM our program (stream.c), the rest as for that. Prints "ccxt NANOSECONDS"
// and "ours NANOSECONDS" a message, medians of rounds. ccxt gets the text of each message through its client's onMessage, as from
// its socket; markets are set by hand, and fetched books are joined as its fetchOrderBookSnapshot does it.
'use strict';
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const {spawnSync} = require('child_process');

const [modules, program, name, wanted, ...files] = process.argv.slice(2);
const {createRequire} = require('module');
const ccxt = createRequire(path.resolve(modules, 'package.json'))('ccxt');
const ROUNDS = 5;
const REPEATED = 3000;
const WARM = 10000;
const QUOTES = ['USDT', 'USD', 'BTC', 'ETH', 'EUR', 'BUSD', 'BNB'];

const kinds = {
  'binance': {make: ccxt.pro.binance, url: 'wss://stream.binance.com:9443/ws', type: 'spot'},
  'binance-usdm': {make: ccxt.pro.binance, url: 'wss://fstream.binance.com/ws', type: 'swap'},
  'kraken': {make: ccxt.pro.kraken, url: 'wss://ws.kraken.com/v2', type: 'spot'},
  'kraken-futures': {make: ccxt.pro.krakenfutures, url: 'wss://futures.kraken.com/ws/v1', type: 'swap'},
  'bybit': {make: ccxt.pro.bybit, url: 'wss://stream.bybit.com/v5/public/linear', type: 'swap'},
  'coinbase': {make: ccxt.pro.coinbase, url: 'wss://advanced-trade-ws.coinbase.com', type: 'spot'},
  'coinbase-exchange': {make: ccxt.pro.coinbaseexchange, url: 'wss://ws-feed.exchange.coinbase.com', type: 'spot'},
  'kucoin': {make: ccxt.pro.kucoin, url: 'wss://ws-api-spot.kucoin.com/', type: 'spot'},
  'okx': {make: ccxt.pro.okx, url: 'wss://ws.okx.com:8443/ws/v5/public', type: 'spot'},
};
const kind = kinds[files[0].includes('pro-feed') ? name + '-exchange' : name];
let resolved = 0;

// The lines of all files: {dir, text or message, url}.
function readLines() {
  const singles = files.filter((file) => file.endsWith('.json')).length;
  const lines = [];
  for (const file of files) {
    if (file.endsWith('.json')) {
      const text = JSON.stringify(JSON.parse(fs.readFileSync(file, 'utf8')));
      for (let i = 0; i < Math.floor(REPEATED / singles); i++) lines.push({dir: 'in', text});
      continue;
    }
    const bytes = fs.readFileSync(file);
    const all = (file.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes).toString('utf8');
    for (const line of all.split('\n')) {
      if (line === '') continue;
      const one = JSON.parse(line);
      if (one.dir === 'in') {
        const text = line.slice(line.indexOf('"msg":') + 6, line.lastIndexOf('}'));
        if (text.includes(wanted)) lines.push({dir: 'in', text});
      } else if (one.dir === 'rest' && (one.msg.data || one.msg).bids !== undefined) {
        lines.push({dir: 'rest', message: one.msg.data || one.msg, url: one.url});
      }
    }
  }
  return repeatFew(lines);
}

// As stream.c does it: messages of no book, until there are REPEATED.
function repeatFew(lines) {
  if (wanted === '' || wanted.includes('depth') || wanted.includes('"book')) return lines;
  const messages = lines.filter((line) => line.dir === 'in');
  for (let i = 0, left = REPEATED - messages.length; i < left; i++) lines.push(messages[i % messages.length]);
  return lines;
}

function market(id) {
  const parts = id.split(/[-/]/), joined = parts.length === 1;
  const quote = joined ? QUOTES.find((q) => id.endsWith(q)) || 'USD' : parts[1];
  const base = joined && id.endsWith(quote) ? id.slice(0, id.length - quote.length) : parts[0];
  const swap = kind.type === 'swap' || parts[2] === 'SWAP', settle = parts[2] === 'SWAP' && quote === 'USD' ? base : quote;
  return {id, symbol: base + '/' + quote + (swap ? ':' + settle : ''), base, quote, settle: swap ? settle : undefined,
    baseId: base, quoteId: quote, type: swap ? 'swap' : 'spot', spot: !swap, swap, margin: false, future: false, option: false,
    contract: swap, linear: swap ? settle === quote : undefined, inverse: swap ? settle !== quote : undefined,
    contractSize: swap ? 1 : undefined, active: true, precision: {price: 1e-8, amount: 1e-8},
    limits: {amount: {}, price: {}, cost: {}}, info: {wsname: id, altname: id}};
}

function idsOf(lines) {
  const ids = new Set();
  for (const line of lines) {
    for (const found of (line.text || '').matchAll(/"(?:s|product_id|symbol|instId)": ?"([^"]+)"/g)) ids.add(found[1]);
    const fetched = /symbol=([^&]+)/.exec(line.url || '');
    if (fetched) ids.add(fetched[1]);
  }
  return [...ids];
}

function open(ids) {
  const exchange = new kind.make({options: {defaultType: kind.type, watchOrderBook: {snapshotDelay: -1}}}); // it fetches none
  const markets = ids.map(market);
  exchange.setMarkets(markets);
  const client = exchange.client(kind.url);
  const resolve = client.resolve;
  client.resolve = (...given) => { resolved++; return resolve.apply(client, given); };
  client.reject = (error) => { throw error; };
  client.onMessageCallback = (from, message) => {
    try {
      exchange.handleMessage(from, message);
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  if (name.startsWith('binance') || name === 'kucoin') {
    for (const one of markets) exchange.orderbooks[one.symbol] = exchange.orderBook({}, 1000);
  }
  return {exchange, client, markets};
}

// A book was fetched: what fetchOrderBookSnapshot does with it.
function join(at, line, ids) {
  const fetched = /symbol=([^&]+)/.exec(line.url || '');
  const symbol = at.markets.find((one) => one.id === (fetched ? fetched[1] : ids[0])).symbol;
  const snapshot = at.exchange.parseOrderBook(line.message, symbol);
  const orderbook = at.exchange.orderbooks[symbol];
  snapshot.nonce = Number(line.message.lastUpdateId || line.message.sequence);
  orderbook.reset(snapshot);
  const messages = orderbook.cache;
  orderbook.cache = [];
  if (name === 'kucoin') {
    const first = at.exchange.getCacheIndex(orderbook, messages);
    if (first >= 0) at.exchange.handleDeltas(orderbook, messages.slice(first));
    return;
  }
  for (const one of messages) {
    if (kind.type === 'spot' ? one.u <= orderbook.nonce : one.u < orderbook.nonce) continue;
    at.exchange.handleOrderBookMessage(at.client, one, orderbook);
  }
}

function once(lines, ids) {
  const at = open(ids);
  let spent = 0n;
  for (let i = 0; i < lines.length;) {
    if (lines[i].dir === 'rest') {
      join(at, lines[i++], ids);
      continue;
    }
    const begin = process.hrtime.bigint();
    for (; i < lines.length && lines[i].dir === 'in'; i++) at.client.onMessage({data: lines[i].text});
    spent += process.hrtime.bigint() - begin;
  }
  return Number(spent);
}

// A message's time, of at least so many.
function timed(lines, ids, count, least) {
  const runs = Math.ceil(least / count);
  let spent = 0;
  for (let i = 0; i < runs; i++) spent += once(lines, ids);
  return spent / runs / count;
}

function ours() {
  const run = spawnSync(program, ['time', name, wanted, ...files], {encoding: 'utf8'});
  if (run.status !== 0) throw new Error(run.stderr);
  return Number(/ours ([0-9.]+)/.exec(run.stdout)[1]);
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const lines = readLines();
const ids = idsOf(lines);
const count = lines.filter((line) => line.dir === 'in').length;
if (count === 0) throw new Error('there is no such message');
const theirs = [], own = [];
timed(lines, ids, count, WARM); // compiles what is run often
for (let round = 0; round < ROUNDS; round++) {
  theirs.push(timed(lines, ids, count, REPEATED));
  own.push(ours());
}
if (resolved === 0) throw new Error('ccxt told nobody of any message');
console.log('ccxt ' + median(theirs).toFixed(1));
console.log('ours ' + median(own).toFixed(1));
process.exit(0);
