/* The Coinbase dialect, WebSocket: what each channel tells first and then, numbers of messages, tokens, what is left alone
 * too long; and the feed of Coinbase Exchange. */
#include "coinbase.h"

static void subscribe(client *c, const char *channel, const char *more) {
  char text[4096];
  (void)snprintf(text, sizeof text, "{\"type\":\"subscribe\",\"channel\":\"%s\"%s}", channel, more);
  say(c, text);
}

static void subscribe_user(client *c, const char *key) {
  char token[2048], more[2100];
  token_terms terms = coinbase_terms(c, key, NULL);
  coinbase_token(token, &terms);
  (void)snprintf(more, sizeof more, ",\"jwt\":\"%s\"", token);
  subscribe(c, "user", more);
}

static long number_of(const char *message) { return strtol(member_of(message, "sequence_num"), NULL, 10); }

/* All that comes in a while is numbered one by one, from here on. Returns the next number. */
static long check_numbers(client *c, long next) {
  for (const char *text; (text = heard(c)) != NULL;) {
    if (strstr(text, "sequence_num") == NULL) continue;
    CHECK_INT(number_of(text), next);
    next = number_of(text) + 1;
  }
  return next;
}

TEST(messages_are_numbered_by_connection) {
  client c, socket;
  coinbase_open(&c, NULL, 0);
  kraken_socket(&socket, &c, "/");
  subscribe(&socket, "level2", ",\"product_ids\":[\"BTC-USD\",\"ETH-USD\"]");
  const char *first = heard(&socket);
  CHECK_HAS(first,
            "{\"channel\":\"l2_data\",\"client_id\":\"\",\"timestamp\":\"2023-11-14T22:13:20.000000000Z\",\"sequence_"
            "num\":0,");
  CHECK_HAS(first, "\"events\":[{\"type\":\"snapshot\",\"product_id\":\"BTC-USD\",\"updates\":[{\"side\":\"bid\"");
  CHECK_HAS(first, "\"side\":\"offer\"");
  CHECK_HAS(heard(&socket), "\"product_id\":\"ETH-USD\"");
  CHECK_HAS(heard(&socket),
            "\"sequence_num\":2,\"events\":[{\"subscriptions\":{\"level2\":[\"BTC-USD\",\"ETH-USD\"]}}]}");
  subscribe(&socket, "heartbeats", "");
  subscribe(&socket, "market_trades", ",\"product_ids\":[\"BTC-USD\"]");
  subscribe(&socket, "ticker", ",\"product_ids\":[\"BTC-USD\"]");
  subscribe(&socket, "candles", ",\"product_ids\":[\"BTC-USD\"]");
  long next = check_numbers(&socket, 3);
  for (int32_t i = 0; i < 20; i++) {
    advance(&c, 250);
    next = check_numbers(&socket, next);
  }
  CHECK(next > 20);
  client_close(&c);
}

/* What is told turns the first state into the book that the exchange has. */
TEST(books_add_up) {
  enum { LEVELS = 4000 };
  client c, socket;
  static char prices[LEVELS][24], amounts[LEVELS][24];
  uint32_t count = 0;
  coinbase_open(&c, NULL, 0);
  kraken_socket(&socket, &c, "/");
  subscribe(&socket, "level2", ",\"product_ids\":[\"BTC-USD\"]");
  for (int32_t step = 0; step < 20; step++) {
    if (step == 10)
      CHECK_HAS(
          coinbase_place(&c, "mine", "BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"30000\"}"),
          "success_response");
    advance(&c, 500);
    for (const char *text; (text = heard(&socket)) != NULL;)
      for (const char *at = strstr(text, "\"price_level\""); at != NULL; at = strstr(at + 1, "\"price_level\"")) {
        const char *price = member_of(at, "price_level"), *amount = member_of(at, "new_quantity");
        uint32_t i = 0;
        while (i < count && strcmp(prices[i], price) != 0) i++;
        if (i == count && count < LEVELS) count++;
        if (i == LEVELS) continue;
        (void)snprintf(prices[i], sizeof prices[i], "%s", price);
        (void)snprintf(amounts[i], sizeof amounts[i], "%s", amount);
      }
  }
  uint32_t alive = 0;
  for (uint32_t i = 0; i < count; i++) alive += strcmp(amounts[i], "0") != 0;
  client_get(&c, "/api/v3/brokerage/market/product_book?product_id=BTC-USD&limit=1000");
  uint32_t there = 0;
  for (const char *at = strstr(c.body, "{\"price\":"); at != NULL; at = strstr(at + 1, "{\"price\":"), there++) {
    const char *price = member_of(at, "price"), *amount = member_of(at, "size");
    uint32_t i = 0;
    while (i < count && strcmp(prices[i], price) != 0) i++;
    CHECK(i < count && strcmp(amounts[i], amount) == 0);
  }
  CHECK_INT(alive, there);
  CHECK(there > 30);
  client_close(&c);
}

TEST(own_orders_tell_each_step) {
  client c, socket;
  char body[200];
  coinbase_open(&c, NULL, 1);
  coinbase_place(&c, "before", "BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"20000\"}");
  kraken_socket(&socket, &c, "/");
  subscribe_user(&socket, "ec");
  const char *first = heard(&socket);
  CHECK_HAS(first, "{\"type\":\"snapshot\",\"orders\":[{\"avg_price\":\"0\"");
  CHECK_HAS(first, "\"client_order_id\":\"before\"");
  CHECK_HAS(first, "\"leaves_quantity\":\"0.01\"");
  CHECK_HAS(heard(&socket), "\"subscriptions\":{\"user\":[\"");
  coinbase_place(&c, "mine", "BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.02\",\"limit_price\":\"21000\"}");
  CHECK_HAS(heard(&socket), "\"status\":\"PENDING\"");
  const char *open = heard(&socket);
  CHECK_HAS(open, "\"client_order_id\":\"mine\"");
  CHECK_HAS(open, "\"status\":\"OPEN\"");
  CHECK_HAS(open, "\"order_type\":\"Limit\"");
  (void)snprintf(body, sizeof body, "{\"order_ids\":[\"%s\"]}", member_of(open, "order_id"));
  coinbase_post(&c, "/orders/batch_cancel", body);
  CHECK_HAS(heard(&socket), "\"status\":\"CANCELLED\"");
  coinbase_place(&c, "taker", "BUY", "\"market_market_ioc\":{\"base_size\":\"0.01\"}");
  const char *filled = heard_with(&socket, "\"FILLED\"");
  CHECK_HAS(filled, "\"cumulative_quantity\":\"0.01\"");
  CHECK_HAS(filled, "\"leaves_quantity\":\"0\"");
  coinbase_place(&c, "none", "BUY", "\"limit_limit_fok\":{\"base_size\":\"0.02\",\"limit_price\":\"21000\"}");
  CHECK_HAS(heard_with(&socket, "\"none\""), "\"status\":\"PENDING\"");
  CHECK_HAS(heard_with(&socket, "\"none\""), "\"status\":\"CANCELLED\"");
  coinbase_key = "other";
  coinbase_place(&c, "foreign", "BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.02\",\"limit_price\":\"21000\"}");
  coinbase_key = "ed";
  CHECK_STR(heard_with(&socket, "foreign"), "");
  client_close(&c);
}

TEST(private_channels_want_a_token) {
  client c, socket;
  char token[2048], more[2100];
  coinbase_open(&c, NULL, 1);
  kraken_socket(&socket, &c, "/");
  subscribe(&socket, "user", "");
  CHECK_STR(heard(&socket), "{\"type\":\"error\",\"message\":\"authentication failure\"}");
  token_terms terms = coinbase_terms(&c, "ed", NULL);
  terms.nbf -= 200;
  terms.exp -= 200;
  coinbase_token(token, &terms);
  (void)snprintf(more, sizeof more, ",\"jwt\":\"%s\"", token);
  subscribe(&socket, "futures_balance_summary", more);
  CHECK_HAS(heard(&socket), "authentication failure");
  terms = coinbase_terms(&c, "ed", NULL);
  coinbase_token(token, &terms);
  (void)snprintf(more, sizeof more, ",\"jwt\":\"%s\"", token);
  subscribe(&socket, "futures_balance_summary", more);
  CHECK_HAS(heard(&socket), "\"fcm_balance_summary\":{\"futures_buying_power\":\"100000\"");
  subscribe(&socket, "nothing", "");
  CHECK_HAS(heard_with(&socket, "error"), "channel is not supported");
  client_close(&c);
}

static int32_t is_closed(const client *c) {
  size_t length;
  const uint8_t *bytes = sim_output(c->connection, &length);
  for (size_t i = 0; i + 1 < length; i++)
    if (bytes[i] == 0x88) return 1;
  return 0;
}

TEST(connections_that_say_nothing_end) {
  client c, silent, quiet, alive;
  coinbase_open(&c, NULL, 1);
  kraken_socket(&silent, &c, "/");
  kraken_socket(&quiet, &c, "/");
  kraken_socket(&alive, &c, "/");
  subscribe_user(&quiet, "ed");
  subscribe(&alive, "heartbeats", "");
  while (heard(&quiet) != NULL) continue;
  advance(&c, 7000);
  CHECK(is_closed(&silent));
  CHECK(!is_closed(&quiet));
  advance(&c, 90000);
  CHECK(is_closed(&quiet));
  while (heard(&alive) != NULL) continue;
  CHECK(!is_closed(&alive));
  client_close(&c);
}

TEST(a_lost_message_has_its_number) {
  client c, socket;
  coinbase_open(&c, "[{\"fault\":\"stream_gap\",\"where\":\"heartbeats\",\"nth\":2}]", 1);
  kraken_socket(&socket, &c, "/");
  subscribe(&socket, "heartbeats", "");
  CHECK_INT(number_of(heard(&socket)), 0);
  advance(&c, 3100);
  CHECK_INT(number_of(heard(&socket)), 1);
  CHECK_INT(number_of(heard(&socket)), 3);
  client_close(&c);
}

TEST(the_feed_of_exchange) {
  client c, socket;
  coinbase_open(&c, NULL, 0);
  kraken_socket(&socket, &c, "/");
  say(&socket,
      "{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\"],\"channels\":[\"level2_batch\",\"matches\","
      "{\"name\":\"ticker\",\"product_ids\":[\"ETH-USD\"]}]}");
  CHECK_STR(heard(&socket),
            "{\"type\":\"subscriptions\",\"channels\":[{\"name\":\"ticker\",\"product_ids\":[\"ETH-USD\"]},{\"name\":"
            "\"matches\","
            "\"product_ids\":[\"BTC-USD\"]},{\"name\":\"level2_batch\",\"product_ids\":[\"BTC-USD\"]}]}");
  CHECK_HAS(heard(&socket), "{\"type\":\"last_match\",\"product_id\":\"BTC-USD\"");
  CHECK_HAS(heard(&socket), "{\"type\":\"snapshot\",\"product_id\":\"BTC-USD\"");
  CHECK_HAS(heard(&socket), "{\"type\":\"ticker\",\"product_id\":\"ETH-USD\"");
  advance(&c, 4000);
  CHECK_HAS(heard_with(&socket, "l2update"), "\"changes\":[[\"buy\",\"");
  advance(&c, 4000);
  CHECK_HAS(heard_with(&socket, "\"match\""), "\"maker_order_id\":\"");
  say(&socket, "{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\"],\"channels\":[\"full\"]}");
  CHECK_HAS(heard_with(&socket, "error"), "authentication is required");
  client_close(&c);
}

TEST_MAIN()
