/* The OKX dialect's WebSocket connections: books as a client keeps them, own orders, orders as messages; and what nobody should
 * send. */
#include "okx.h"

static void okx_login_as(client *w, const char *secret) {
  char text[64], signature[129], message[300];
  long long seconds = (long long)(sim_now_ns(w->s) / 1000000000);
  (void)snprintf(text, sizeof text, "%lldGET/users/self/verify", seconds);
  (void)sim_hmac_base64(signature, 256, secret, strlen(secret), text, strlen(text));
  (void)snprintf(
      message, sizeof message,
      "{\"op\":\"login\",\"args\":[{\"apiKey\":\"sim-key\",\"passphrase\":\"sim-passphrase\",\"timestamp\":\"%lld\","
      "\"sign\":\"%s\"}]}",
      seconds, signature);
  say(w, message);
}

/* --- A book, kept by its numbers and held against what the exchange has --- */

typedef struct book {
  double prices[2][512];
  char sizes[2][512][24];
  uint32_t counts[2];
  long long sequence;
} book;

static void put_level(book *b, int32_t side, const cJSON *row) {
  double price = atof(cJSON_GetArrayItem(row, 0)->valuestring);
  const char *size = cJSON_GetArrayItem(row, 1)->valuestring;
  uint32_t i = 0, count = b->counts[side];
  while (i < count && (side == 0 ? b->prices[side][i] > price : b->prices[side][i] < price)) i++;
  int32_t there = i < count && b->prices[side][i] - price == 0.0;
  if (strcmp(size, "0") == 0 && there) {
    memmove(&b->prices[side][i], &b->prices[side][i + 1], (count - i - 1) * sizeof(double));
    memmove(b->sizes[side][i], b->sizes[side][i + 1], (count - i - 1) * 24);
    b->counts[side]--;
  } else if (strcmp(size, "0") != 0) {
    if (!there) {
      memmove(&b->prices[side][i + 1], &b->prices[side][i], (count - i) * sizeof(double));
      memmove(b->sizes[side][i + 1], b->sizes[side][i], (count - i) * 24);
      b->counts[side]++;
    }
    b->prices[side][i] = price;
    (void)snprintf(b->sizes[side][i], 24, "%s", size);
  }
}

/* 1: the message follows the one before. */
static int32_t apply(book *b, const char *text) {
  cJSON *json = cJSON_Parse(text), *data = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "data"), 0), *row;
  long long previous = (long long)cJSON_GetObjectItem(data, "prevSeqId")->valuedouble;
  int32_t whole = strcmp(cJSON_GetObjectItem(json, "action")->valuestring, "snapshot") == 0,
          good = whole ? previous == -1 : previous == b->sequence;
  if (whole) b->counts[0] = b->counts[1] = 0;
  b->sequence = (long long)cJSON_GetObjectItem(data, "seqId")->valuedouble;
  cJSON_ArrayForEach(row, cJSON_GetObjectItem(data, "bids")) put_level(b, 0, row);
  cJSON_ArrayForEach(row, cJSON_GetObjectItem(data, "asks")) put_level(b, 1, row);
  cJSON_Delete(json);
  return good;
}

/* Sizes of contracts are a hundred times what the engine has. */
static int32_t is_the_exchanges(const book *b, sim *s, uint32_t market, double contract) {
  const paper_market *m = bourse__paper_market(sim_engine(s), market);
  for (int32_t side = 0; side < 2; side++) {
    if (b->counts[side] != m->sides[side].count) return 0;
    for (uint32_t i = 0; i < b->counts[side]; i++) {
      const paper_level *level = &m->sides[side].levels[m->sides[side].count - 1 - i];
      double size = atof(sim_units_text(level->visible, m->amount_scale, -1)) / contract - atof(b->sizes[side][i]);
      if (size > 1e-6 || size < -1e-6 ||
          atof(sim_units_text(level->price, m->price_scale, -1)) - b->prices[side][i] != 0.0)
        return 0;
    }
  }
  return 1;
}

TEST(books_follow_their_numbers) {
  client c, w;
  const char *text;
  book b = {0};
  uint32_t messages = 0;
  okx_open(&c, NULL, NULL, CLIENT_START);
  kraken_socket(&w, &c, "/ws/v5/public");
  say(&w,
      "{\"id\":\"1\",\"op\":\"subscribe\",\"args\":[{\"channel\":\"books\",\"instId\":\"BTC-USDT-SWAP\"},"
      "{\"channel\":\"bbo-tbt\",\"instId\":\"BTC-USDT-SWAP\"}]}");
  CHECK_HAS(
      heard(&w),
      "{\"id\":\"1\",\"event\":\"subscribe\",\"arg\":{\"channel\":\"books\",\"instId\":\"BTC-USDT-SWAP\"},\"connId\":");
  for (int32_t i = 0; i < 40; i++) {
    advance(&c, 700);
    say(&w, "ping");
    while ((text = heard(&w)) != NULL) {
      if (strstr(text, "\"channel\":\"books\"") == NULL || strstr(text, "\"data\"") == NULL) continue;
      CHECK(apply(&b, text));
      CHECK_HAS(text, "\"checksum\":0");
      messages++;
    }
    CHECK(is_the_exchanges(&b, c.s, 6, 0.01));
  }
  CHECK(messages > 10);
  CHECK_INT(b.sequence, atoll(member_of(client_get(&c, "/api/v5/market/books?instId=BTC-USDT-SWAP&sz=5"), "seqId")));
  client_close(&c);
}

TEST(a_gap_and_a_restart_are_to_be_seen) {
  client c, w;
  const char *text;
  book b = {0};
  int32_t gaps = 0, restarts = 0;
  okx_open(&c, "[{\"fault\":\"stream_gap\",\"nth\":5},{\"fault\":\"seq_restart\",\"from_ms\":20000,\"times\":1}]", NULL,
           CLIENT_START);
  kraken_socket(&w, &c, "/ws/v5/public");
  say(&w, "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"books\",\"instId\":\"ETH-USDT\"}]}");
  for (int32_t i = 0; i < 40; i++) {
    advance(&c, 1000);
    while ((text = heard(&w)) != NULL) {
      if (strstr(text, "\"action\"") == NULL) continue;
      gaps += !apply(&b, text);
      restarts += b.sequence == 7;
    }
  }
  CHECK_INT(gaps, 1);
  CHECK_INT(restarts, 1);
  client_close(&c);
}

TEST(who_may_subscribe_to_what) {
  client c, w;
  okx_open(&c, NULL, NULL, CLIENT_START);
  kraken_socket(&w, &c, "/ws/v5/public");
  say(&w, "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"candle1m\",\"instId\":\"BTC-USDT\"}]}");
  CHECK_HAS(heard(&w), "{\"event\":\"error\",\"code\":\"60018\"");
  say(&w, "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"books-l2-tbt\",\"instId\":\"BTC-USDT\"}]}");
  CHECK_HAS(heard(&w), "\"code\":\"60030\"");
  say(&w, "{\"op\":\"subscribe\"}");
  CHECK_HAS(heard(&w), "\"code\":\"60012\"");
  say(&w, "ping");
  CHECK_STR(heard(&w), "pong");
  kraken_socket(&w, &c, "/ws/v5/private");
  say(&w, "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"account\"}]}");
  CHECK_HAS(heard(&w), "\"code\":\"60011\"");
  okx_login_as(&w, "another");
  CHECK_HAS(heard(&w), "\"code\":\"60007\"");
  okx_login_as(&w, "sim-secret");
  CHECK_HAS(heard(&w), "{\"event\":\"login\",\"code\":\"0\"");
  say(&w, "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"account\"}]}");
  CHECK_HAS(heard(&w), "\"event\":\"subscribe\"");
  CHECK_HAS(heard(&w), "\"eventType\":\"snapshot\"");
  size_t length;
  while (heard(&w) != NULL) continue;
  advance(&c, 61000); /* nothing was said for too long */
  const uint8_t *bytes = sim_output(w.connection, &length);
  CHECK(length >= 4 && bytes[0] == 0x88 && (bytes[2] << 8 | bytes[3]) == 4004);
  client_close(&c);
}

TEST(own_orders_are_told) {
  client c, w, b;
  const char *text;
  okx_open(&c, NULL, NULL, CLIENT_START);
  kraken_socket(&w, &c, "/ws/v5/private");
  kraken_socket(&b, &c, "/ws/v5/business");
  okx_login_as(&w, "sim-secret");
  okx_login_as(&b, "sim-secret");
  say(&w,
      "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"orders\",\"instType\":\"ANY\"},{\"channel\":\"positions\","
      "\"instType\":\"SWAP\"},"
      "{\"channel\":\"account\"},{\"channel\":\"balance_and_position\"}]}");
  say(&b,
      "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"orders-algo\",\"instType\":\"SWAP\"},{\"channel\":\"candle1m\","
      "\"instId\":\"BTC-USDT\"}]}");
  while (heard(&w) != NULL) continue;
  okx_place(&c, SWAP("\"side\":\"buy\",\"ordType\":\"market\",\"sz\":\"1\",\"clOrdId\":\"m\""));
  text = heard_with(&w, "\"state\":\"filled\"");
  CHECK_HAS(text, "{\"arg\":{\"channel\":\"orders\",\"instType\":\"ANY\"},\"data\":[{");
  CHECK_HAS(text, "\"accFillSz\":\"1\"");
  CHECK_HAS(text, "\"execType\":\"T\"");
  advance(&c, 100);
  CHECK_HAS(heard_with(&w, "\"channel\":\"positions\""), "\"pos\":\"1\"");
  CHECK_HAS(heard_with(&w, "\"channel\":\"account\""), "\"eventType\":\"event_update\"");
  CHECK_HAS(heard_with(&w, "balance_and_position"), "\"posData\":[{");
  okx_call(&c, "POST", "/api/v5/trade/order-algo",
           SWAP("\"side\":\"sell\",\"ordType\":\"conditional\",\"sz\":\"1\",\"slTriggerPx\":\"30000\",\"slOrdPx\":\"-"
                "1\",\"algoClOrdId\":\"s\""));
  CHECK_HAS(heard_with(&b, "\"algoClOrdId\":\"s\""), "\"state\":\"live\"");
  client_close(&c);
}

TEST(orders_as_messages) {
  client c, w;
#define ORDER \
  "\"tdMode\":\"cash\",\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"0.01\",\"px\":\"40000\",\"clOrdId\":\"w\""
  okx_open(&c, NULL, NULL, CLIENT_START);
  kraken_socket(&w, &c, "/ws/v5/private");
  say(&w, "{\"id\":\"a\",\"op\":\"order\",\"args\":[{\"instIdCode\":34," ORDER "}]}");
  CHECK_HAS(heard(&w), "\"code\":\"60011\"");
  okx_login_as(&w, "sim-secret");
  CHECK_HAS(heard(&w), "\"event\":\"login\"");
  say(&w, "{\"id\":\"b\",\"op\":\"order\",\"args\":[{\"instId\":\"BTC-USDT\"," ORDER "}]}");
  CHECK_HAS(heard(&w), "instIdCode can not be empty");
  say(&w, "{\"id\":\"c\",\"op\":\"order\",\"args\":[{\"instIdCode\":34," ORDER "}]}");
  CHECK_HAS(heard(&w), "{\"id\":\"c\",\"op\":\"order\",\"code\":\"0\",\"msg\":\"\",\"data\":[{\"ordId\":\"17");
  say(&w, "{\"id\":\"d\",\"op\":\"order\",\"expTime\":\"1600000000000\",\"args\":[{\"instIdCode\":34," ORDER "}]}");
  CHECK_HAS(heard(&w), "\"code\":\"51054\"");
  say(&w, "{\"id\":\"e\",\"op\":\"cancel-order\",\"args\":[{\"instIdCode\":34,\"clOrdId\":\"w\"}]}");
  CHECK_HAS(heard(&w), "\"sCode\":\"0\"");
  say(&w, "{\"id\":\"f\",\"op\":\"nothing\",\"args\":[{}]}");
  CHECK_HAS(heard(&w), "\"code\":\"60012\"");
  client_close(&c);
}

/* --- What nobody should send --- */

static uint64_t state = 5;

static uint32_t roll(uint32_t below) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(state >> 33) % below;
}

static void some_members(char *out, size_t size, int32_t json) {
  static const char *const names[] = {
      "instId",      "instIdCode", "tdMode",        "side",           "ordType",   "sz",      "px",
      "clOrdId",     "ordId",      "posSide",       "reduceOnly",     "tgtCcy",    "newSz",   "newPx",
      "tpTriggerPx", "tpOrdPx",    "slTriggerPx",   "slOrdPx",        "triggerPx", "orderPx", "callbackRatio",
      "activePx",    "algoId",     "algoClOrdId",   "instType",       "after",     "before",  "limit",
      "bar",         "ccy",        "amt",           "from",           "to",        "lever",   "mgnMode",
      "posMode",     "timeOut",    "closeFraction", "attachAlgoOrds", "begin"};
  static const char *const values[] = {"BTC-USDT",
                                       "BTC-USDT-SWAP",
                                       "ETH-USDT",
                                       "34",
                                       "10459",
                                       "cash",
                                       "cross",
                                       "isolated",
                                       "buy",
                                       "sell",
                                       "limit",
                                       "market",
                                       "post_only",
                                       "fok",
                                       "trigger",
                                       "oco",
                                       "move_order_stop",
                                       "0.01",
                                       "1",
                                       "40000",
                                       "90000",
                                       "-1",
                                       "1e9",
                                       "99999999999999999999",
                                       "x1",
                                       "long",
                                       "quote_ccy",
                                       "SPOT",
                                       "SWAP",
                                       "1700000000000000001",
                                       "1700000000000",
                                       "1D",
                                       "USDT",
                                       "6",
                                       "18",
                                       "\\u0001"};
  size_t at = (size_t)snprintf(out, size, "%s", json ? "{" : "");
  for (uint32_t i = roll(12); i > 0; i--) {
    const char *name = names[roll(40)], *value = values[roll(36)];
    if (json && roll(5) == 0)
      at += (size_t)snprintf(out + at, size - at, "\"%s\":%s,", name,
                             roll(2)   ? "true"
                             : roll(2) ? "34"
                                       : "[{\"a\":1},null]");
    else
      at += (size_t)snprintf(out + at, size - at, json ? "\"%s\":\"%s\"," : "%s=%s&", name, value);
  }
  (void)snprintf(out + at, size - at, "%s", json ? "\"z\":0}" : "z=0");
}

TEST(garbage_is_answered) {
  static const char *const gets[] = {"trade/order",
                                     "trade/orders-pending",
                                     "trade/orders-history",
                                     "trade/fills",
                                     "account/positions",
                                     "market/candles",
                                     "market/books",
                                     "market/tickers",
                                     "market/trades",
                                     "public/instruments",
                                     "account/balance",
                                     "account/bills",
                                     "asset/withdrawal-history",
                                     "trade/orders-algo-pending",
                                     "public/funding-rate-history",
                                     "account/max-size"};
  static const char *const posts[] = {"trade/order",          "trade/amend-order",         "trade/cancel-order",
                                      "trade/order-algo",     "trade/amend-algos",         "trade/close-position",
                                      "account/set-leverage", "account/set-position-mode", "asset/transfer",
                                      "asset/withdrawal",     "trade/cancel-all-after"};
  static const char *const channels[] = {"books",   "candle1m", "candle",      "tickers",
                                         "account", "orders",   "orders-algo", "x"};
  client c, w[3];
  char path[64], params[2048], message[2400];
  okx_open(&c, NULL, NULL, CLIENT_START);
  kraken_socket(&w[0], &c, "/ws/v5/public");
  kraken_socket(&w[1], &c, "/ws/v5/private");
  kraken_socket(&w[2], &c, "/ws/v5/business");
  okx_login_as(&w[1], "sim-secret");
  okx_login_as(&w[2], "sim-secret");
  for (int32_t i = 0; i < 3000; i++) {
    int32_t posted = roll(2) == 0;
    some_members(params, sizeof params, posted);
    (void)snprintf(path, sizeof path, "/api/v5/%s", posted ? posts[roll(11)] : gets[roll(16)]);
    okx_call(&c, posted ? "POST" : "GET", path, params);
    CHECK_HAS(c.body, "{\"code\":\"");
    (void)snprintf(message, sizeof message, "{\"op\":\"%s\",\"args\":[{\"channel\":\"%s\",\"instId\":\"%s\"}]}",
                   roll(2) ? "subscribe" : "unsubscribe", channels[roll(8)], roll(2) ? "BTC-USDT" : "ETH-USDT-SWAP");
    if (roll(9) == 0) message[roll(20)] = (char)roll(128);
    say(&w[roll(3)], message);
    some_members(params, sizeof params, 1);
    (void)snprintf(message, sizeof message, "{\"id\":\"1\",\"op\":\"%s\",\"args\":[%s]}",
                   roll(2) ? "order" : "batch-amend-orders", params);
    say(&w[1], message);
    advance(&c, 100);
    for (int32_t k = 0; k < 3; k++)
      while (heard(&w[k]) != NULL) continue;
  }
  CHECK_HAS(client_get(&c, "/api/v5/public/time"), "\"code\":\"0\"");
  client_close(&c);
}

TEST_MAIN()
