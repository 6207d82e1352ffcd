/* The Kraken dialect's WebSocket connections: books as a client keeps them, own orders, tokens and challenges; and what
 * nobody should send. */
#include <zlib.h>

#include "kraken.h"

/* --- A book, kept by the rules of the documentation and proven with zlib's CRC --- */

#define DEPTH 10

typedef struct level {
  char price[24], amount[24]; /* digits as sent */
} level;

typedef struct book {
  level sides[2][2 * DEPTH];
  uint32_t counts[2];
} book;

static double value(const char *digits) { return strtod(digits, NULL); }

static void put_level(book *b, int32_t side, const char *price, const char *amount) {
  uint32_t i = 0, count = b->counts[side];
  level *levels = b->sides[side];
  while (i < count && (side == 0 ? value(levels[i].price) > value(price) : value(levels[i].price) < value(price))) i++;
  int32_t there = i < count && strcmp(levels[i].price, price) == 0;
  if (value(amount) == 0) {
    if (!there) return;
    memmove(&levels[i], &levels[i + 1], (count - i - 1) * sizeof *levels);
    b->counts[side]--;
    return;
  }
  if (!there) {
    if (count == 2 * DEPTH) count--; /* beyond what can matter */
    memmove(&levels[i + 1], &levels[i], (count - i) * sizeof *levels);
    b->counts[side] = count + 1;
  }
  (void)snprintf(levels[i].price, sizeof levels[i].price, "%s", price);
  (void)snprintf(levels[i].amount, sizeof levels[i].amount, "%s", amount);
}

static uint32_t add_digits(uint32_t crc, const char *text) {
  char digits[32];
  size_t length = 0;
  for (; *text != '\0'; text++)
    if (*text != '.' && (length > 0 || *text != '0')) digits[length++] = *text;
  return (uint32_t)crc32(crc, (const Bytef *)digits, (uInt)length);
}

static uint32_t checksum(const book *b) {
  uint32_t crc = 0;
  for (int32_t side = 1; side >= 0; side--)
    for (uint32_t i = 0; i < b->counts[side]; i++) {
      crc = add_digits(crc, b->sides[side][i].price);
      crc = add_digits(crc, b->sides[side][i].amount);
    }
  return crc;
}

/* 1: the message is of the book, and the checksum holds. */
static int32_t apply(book *b, const char *text) {
  cJSON *message = sim_json_parse(text, strlen(text));
  const cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItem(message, "data"), 0), *item;
  if (strstr(text, "\"snapshot\"") != NULL) memset(b, 0, sizeof *b);
  for (int32_t side = 0; side < 2; side++) {
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(row, side == 0 ? "bids" : "asks"))
        put_level(b, side, sim_json_text(item, "price"), sim_json_text(item, "qty"));
    if (b->counts[side] > DEPTH) b->counts[side] = DEPTH;
  }
  const char *told = sim_json_text(row, "checksum");
  int32_t same = told != NULL && strtoul(told, NULL, 10) == checksum(b);
  cJSON_Delete(message);
  return same;
}

static const char subscribe_book[] =
    "{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\"],\"depth\":10},\"req_id\":3}";

/* Own orders come into it, go, and are traded away; each checksum must hold. Returns how many did not. */
static uint32_t keep_book(const char *faults, uint32_t *count) {
  client c, w;
  book b;
  const char *text;
  uint32_t wrong = 0;
  memset(&b, 0, sizeof b);
  kraken_open(&c, faults, NULL, 0, 0);
  kraken_socket(&w, &c, "/v2");
  CHECK_HAS(heard_with(&w, "\"status\""), "\"system\":\"online\"");
  say(&w, subscribe_book);
  CHECK_HAS(heard_with(&w, "\"method\""), "\"success\":true");
  for (int32_t i = 0; i < 60; i++) {
    char params[160];
    if (i % 3 == 0)
      spot(&c, "AddOrder",
           i % 2 == 0 ? "pair=XBTUSD&type=buy&ordertype=market&volume=0.9"
                      : "pair=XBTUSD&type=sell&ordertype=market&volume=0.9");
    if (i % 7 == 0) {
      (void)snprintf(params, sizeof params, "pair=XBTUSD&type=buy&ordertype=limit&volume=0.0%d&price=#%d", i % 9 + 1,
                     i);
      spot(&c, "AddOrder", params);
    }
    if (i % 20 == 19) spot(&c, "CancelAll", "");
    advance(&c, 500);
    while ((text = heard(&w)) != NULL) {
      if (strstr(text, "\"book\"") == NULL || strstr(text, "\"method\"") != NULL) continue;
      ++*count;
      wrong += !apply(&b, text);
    }
  }
  client_close(&c);
  return wrong;
}

TEST(books_are_what_their_checksums_say) {
  uint32_t count = 0;
  CHECK_INT(keep_book(NULL, &count), 0);
  CHECK(count > 30);
}

TEST(faults_of_books_are_noticed_by_who_checks) {
  uint32_t count = 0;
  CHECK_INT(keep_book("{\"faults\":[{\"fault\":\"stream_bad_checksum\",\"nth\":5}]}", &count), 1);
  CHECK(keep_book("{\"faults\":[{\"fault\":\"stream_gap\",\"nth\":5}]}", &count) > 0);
}

/* --- Own orders --- */

static void subscribe(client *w, const char *channel, const char *token, const char *more) {
  char text[400];
  (void)snprintf(text, sizeof text,
                 "{\"method\":\"subscribe\",\"params\":{\"channel\":\"%s\",\"token\":\"%s\"%s},\"req_id\":4}", channel,
                 token, more);
  say(w, text);
}

TEST(executions_tell_an_order_once_and_its_changes) {
  client c, w;
  char token[64], text[400];
  kraken_open(&c, NULL, NULL, 0, 1);
  (void)snprintf(token, sizeof token, "%s", member_of(spot(&c, "GetWebSocketsToken", ""), "token"));
  kraken_socket(&w, &c, "/v2");
  subscribe(&w, "executions", "bad", "");
  CHECK_HAS(heard_with(&w, "\"method\""), "\"error\":\"ESession:Invalid session\"");
  subscribe(&w, "executions", token, "");
  CHECK_HAS(heard_with(&w, "\"method\""), "\"success\":true");
  CHECK_HAS(heard(&w), "{\"channel\":\"executions\",\"type\":\"snapshot\",\"data\":[],\"sequence\":1}");
  (void)snprintf(
      text, sizeof text,
      "{\"method\":\"add_order\",\"params\":{\"order_type\":\"limit\",\"side\":\"buy\",\"symbol\":\"BTC/USD\","
      "\"order_qty\":0.01,\"limit_price\":20000,\"cl_ord_id\":\"mine\",\"token\":\"%s\"},\"req_id\":9}",
      token);
  say(&w, text);
  const char *told = heard(&w);
  CHECK_HAS(told, "\"exec_type\":\"pending_new\"");
  CHECK_HAS(told, "\"limit_price\":20000.00");
  CHECK_HAS(told, "\"exec_type\":\"new\"");
  CHECK_HAS(told, "\"sequence\":2}");
  CHECK_HAS(heard_with(&w, "add_order"), "\"req_id\":9,\"result\":{\"order_id\":\"O");
  (void)snprintf(
      text, sizeof text,
      "{\"method\":\"amend_order\",\"params\":{\"cl_ord_id\":\"mine\",\"limit_price\":21000,\"token\":\"%s\"}}", token);
  say(&w, text);
  CHECK_HAS(heard(&w), "\"exec_type\":\"amended\"");
  spot(&c, "CancelOrder", "cl_ord_id=mine");
  told = heard_with(&w, "\"executions\"");
  CHECK_HAS(told, "\"exec_type\":\"canceled\"");
  CHECK_HAS(told, "\"reason\":\"User requested\"");
  spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=market&volume=0.001");
  CHECK_HAS(heard(&w), "\"exec_type\":\"pending_new\"");
  CHECK_HAS(heard_with(&w, "\"exec_type\":\"trade\""), "\"fees\":[{\"asset\":\"BTC\",\"qty\":0.000004}]");
  CHECK_HAS(heard_with(&w, "\"exec_type\":\"filled\""), "\"cum_qty\":0.00100");
  client_close(&c);
}

TEST(numbers_must_be_numbers) {
  client c, w;
  char text[400];
  kraken_open(&c, NULL, NULL, 0, 1);
  kraken_socket(&w, &c, "/v2");
  (void)snprintf(
      text, sizeof text,
      "{\"method\":\"add_order\",\"params\":{\"order_type\":\"limit\",\"side\":\"buy\",\"symbol\":\"BTC/USD\","
      "\"order_qty\":0.01,\"limit_price\":\"20000\",\"token\":\"%s\"}}",
      member_of(spot(&c, "GetWebSocketsToken", ""), "token"));
  say(&w, text);
  CHECK_HAS(heard_with(&w, "add_order"), "\"error\":\"Limit_price field must be a number_float\"");
  client_close(&c);
}

TEST(tokens_are_good_for_a_quarter_of_an_hour_and_then_for_those_who_used_them) {
  client c, used, late;
  char token[64];
  kraken_open(&c, NULL, NULL, 0, 1);
  (void)snprintf(token, sizeof token, "%s", member_of(spot(&c, "GetWebSocketsToken", ""), "token"));
  kraken_socket(&used, &c, "/v2");
  subscribe(&used, "balances", token, "");
  CHECK_HAS(heard_with(&used, "\"method\""), "\"success\":true");
  advance(&c, 900000);
  kraken_socket(&late, &c, "/v2");
  subscribe(&late, "executions", token, "");
  CHECK_HAS(heard_with(&late, "\"method\""), "ESession:Invalid session");
  while (heard(&used) != NULL) continue;
  subscribe(&used, "executions", token, "");
  CHECK_HAS(heard_with(&used, "\"method\""), "\"success\":true");
  client_close(&c);
}

TEST(hearts_beat_once_a_second_where_nothing_else_is_sent) {
  client c, w;
  int32_t count = 0;
  kraken_open(&c, NULL, NULL, 0, 1);
  kraken_socket(&w, &c, "/v2");
  say(&w, "{\"method\":\"subscribe\",\"params\":{\"channel\":\"instrument\"}}");
  CHECK_HAS(heard_with(&w, "\"instrument\",\"type\""), "\"price_increment\":0.01");
  for (int32_t i = 0; i < 10; i++) advance(&c, 1000);
  for (const char *text = heard(&w); text != NULL; text = heard(&w))
    count += strcmp(text, "{\"channel\":\"heartbeat\"}") == 0;
  CHECK(count >= 9 && count <= 10);
  client_close(&c);
}

/* --- Futures --- */

TEST(books_of_futures_count_every_change) {
  client c, w;
  long long last = 0, count = 0;
  kraken_open(&c, NULL, NULL, 0, 0);
  kraken_socket(&w, &c, "/ws/v1");
  CHECK_STR(heard(&w), "{\"event\":\"info\",\"version\":1}");
  say(&w, "{\"event\":\"subscribe\",\"feed\":\"book\",\"product_ids\":[\"PF_XBTUSD\"]}");
  CHECK_STR(heard(&w), "{\"event\":\"subscribed\",\"feed\":\"book\",\"product_ids\":[\"PF_XBTUSD\"]}");
  last = strtoll(member_of(heard(&w), "seq"), NULL, 10);
  for (int32_t i = 0; i < 10; i++) advance(&c, 1000);
  for (const char *text = heard(&w); text != NULL; text = heard(&w), count++) {
    long long now = strtoll(member_of(text, "seq"), NULL, 10);
    CHECK_INT(now, last + 1);
    last = now;
  }
  CHECK(count > 50);
  client_close(&c);
}

TEST(own_feeds_want_the_challenge_signed) {
  client c, w;
  char challenge[64], signature[129], text[600];
  uint8_t secret[64], digest[32];
  kraken_open(&c, NULL, NULL, 0, 1);
  kraken_socket(&w, &c, "/ws/v1");
  say(&w, "{\"event\":\"challenge\",\"api_key\":\"sim-futures-key\"}");
  (void)snprintf(challenge, sizeof challenge, "%s", member_of(heard_with(&w, "challenge"), "message"));
  (void)sim_sha256(digest, challenge, strlen(challenge));
  int64_t length = sim_base64_decode(secret, FUTURES_SECRET);
  (void)sim_hmac_base64(signature, 512, secret, (size_t)length, digest, sizeof digest);
  for (int32_t good = 0; good < 2; good++) {
    (void)snprintf(text, sizeof text,
                   "{\"event\":\"subscribe\",\"feed\":\"open_orders\",\"api_key\":\"sim-futures-key\","
                   "\"original_challenge\":\"%s\",\"signed_challenge\":\"%s%s\"}",
                   challenge, good ? "" : "A", signature);
    say(&w, text);
    CHECK_STR(heard(&w), good ? "{\"event\":\"subscribed\",\"feed\":\"open_orders\"}"
                              : "{\"event\":\"error\",\"message\":\"Invalid signature\"}");
  }
  CHECK_HAS(heard(&w), "{\"feed\":\"open_orders_snapshot\",\"account\":\"main\",\"orders\":[]}");
  futures(&c, "POST", "/derivatives/api/v3/sendorder",
          "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.01&limitPrice=20000");
  CHECK_HAS(heard(&w), "\"is_cancel\":false,\"reason\":\"new_placed_order_by_user\"");
  futures(&c, "POST", "/derivatives/api/v3/cancelallorders", "");
  CHECK_HAS(heard(&w), "\"is_cancel\":true,\"reason\":\"cancelled_by_user\"");
  client_close(&c);
}

/* --- What nobody should send --- */

static uint32_t dice = 1;
static uint32_t roll(uint32_t sides) {
  dice = dice * 1664525 + 1013904223;
  return (dice >> 8) % sides;
}

/* The text with some bytes changed, cut or doubled. */
static void spoil(char *out, size_t size, const char *text) {
  static const char odd[] = "{}[]\",:0-9.eE+%&=\\u tnfaX\x7f";
  (void)snprintf(out, size, "%s", text);
  for (uint32_t n = roll(4) + 1; n > 0; n--) {
    size_t length = strlen(out), at = length == 0 ? 0 : roll((uint32_t)length);
    switch (roll(4)) {
      case 0: out[at] = length == 0 ? '\0' : odd[roll(sizeof odd - 1)]; break;
      case 1: memmove(out + at, out + at + (length > at), length > at ? length - at : 0); break;
      case 2: out[at] = '\0'; break;
      default:
        if (length + 1 < size) memmove(out + at + 1, out + at, length - at + 1);
    }
  }
}

TEST(spoiled_messages_and_requests_are_answered_or_passed_over) {
  static const char *const messages[] = {
      subscribe_book,
      "{\"method\":\"subscribe\",\"params\":{\"channel\":\"ohlc\",\"symbol\":[\"BTC/USD\"],\"interval\":5}}",
      "{\"method\":\"add_order\",\"params\":{\"order_type\":\"stop-loss-limit\",\"side\":\"sell\",\"symbol\":\"BTC/"
      "USD\","
      "\"order_qty\":0.01,\"limit_price\":19000,\"triggers\":{\"price\":20000,\"reference\":\"last\"},\"token\":"
      "\"TOKEN\"}}",
      "{\"method\":\"batch_add\",\"params\":{\"symbol\":\"BTC/"
      "USD\",\"orders\":[{\"order_type\":\"limit\",\"side\":\"buy\","
      "\"order_qty\":0.01,\"limit_price\":20000},{\"order_type\":\"market\",\"side\":\"buy\",\"cash_order_qty\":100}],"
      "\"token\":\"TOKEN\"}}",
      "{\"method\":\"cancel_order\",\"params\":{\"order_id\":[\"OAAAAA-AAAAA-AAAAAA\"],\"order_userref\":[1],\"token\":"
      "\"TOKEN\"}}",
      "{\"event\":\"subscribe\",\"feed\":\"trade\",\"product_ids\":[\"PF_XBTUSD\"]}",
      "{\"event\":\"challenge\",\"api_key\":\"sim-futures-key\"}"};
  static const char *const calls[] = {
      "pair=XBTUSD&type=sell&ordertype=trailing-stop&volume=0.01&price=%2B5%25&trigger=index",
      "pair=XBTUSD&orders[0][ordertype]=limit&orders[1][ordertype]=limit&orders[0][price]=1",
      "txid=OAAAAA-AAAAA-AAAAAA,7&cl_ord_id=x&start=1&end=9999999999999&ofs=-3"};
  static const char *const names[] = {"AddOrder",     "AddOrderBatch", "CancelOrder",
                                      "ClosedOrders", "AmendOrder",    "Ledgers"};
  static const char *const paths[] = {"/derivatives/api/v3/sendorder", "/derivatives/api/v3/batchorder",
                                      "/derivatives/api/v3/editorder"};
  client c, w[2];
  char token[64], text[800], full[800];
  kraken_open(&c, NULL, NULL, 0, 0);
  (void)snprintf(token, sizeof token, "%s", member_of(spot(&c, "GetWebSocketsToken", ""), "token"));
  kraken_socket(&w[0], &c, "/v2");
  kraken_socket(&w[1], &c, "/ws/v1");
  for (int32_t i = 0; i < 3000; i++) {
    const char *message = messages[roll(sizeof messages / sizeof messages[0])], *mark = strstr(message, "TOKEN");
    (void)snprintf(full, sizeof full, "%.*s%s%s", (int)(mark == NULL ? (long)strlen(message) : mark - message), message,
                   mark == NULL ? "" : token, mark == NULL ? "" : mark + 5);
    spoil(text, sizeof text, full);
    if (text[0] != '\0') say(&w[roll(2)], text);
    spoil(text, sizeof text, calls[roll(3)]);
    if (i % 3 == 0) spot(&c, names[roll(6)], text);
    spoil(text, sizeof text,
          "orderType=stp&symbol=PF_XBTUSD&side=sell&size=0.01&stopPrice=20000&limitPrice=1&cliOrdId=a"
          "&json={\"batchOrder\":[{\"order\":\"send\",\"size\":1}]}");
    if (i % 3 == 1) futures(&c, "POST", paths[roll(3)], text);
    if (i % 10 == 0) advance(&c, 2000);
    for (int32_t k = 0; k < 2; k++)
      while (heard(&w[k]) != NULL) continue;
  }
  advance(&c, 1000000);
  CHECK_HAS(client_get(&c, "/0/public/Time"), "\"unixtime\":");
  CHECK_HAS(spot(&c, "Balance", ""), "\"error\":[],");
  client_close(&c);
}

TEST_MAIN()
