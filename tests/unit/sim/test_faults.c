/* Planned faults: each kind does what it says, when it is to. */
#include "client.h"

#define PLAN(text_) "[{\"fault\": " text_ ", \"path\": \"/api/v3/time\"}]"

static void advance(client *c, int64_t ms) {
  sim_advance(c->s, sim_now_ns(c->s) + ms * 1000000);
  client_take(c);
}

TEST(answers_instead_of_the_exchange_and_after_it) {
  client c;
  client_open(&c, PLAN("\"status\", \"status\": 503, \"retry_after\": 7, \"times\": 1"));
  CHECK_HAS(client_get(&c, "/api/v3/time"), "<html>");
  CHECK_INT(c.status, 503);
  CHECK_HAS(c.reply, "Retry-After: 7\r\n");
  CHECK_HAS(client_get(&c, "/api/v3/time"), "serverTime");
  client_close(&c);
  client_open(&c,
              "[{\"fault\": \"status_after\", \"method\": \"POST\", \"status\": 502, \"body\": \"bad\", \"type\": "
              "\"text/plain\"}]");
  CHECK_STR(client_call(&c, "POST", "/api/v3/order",
                        "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000&"
                        "newClientOrderId=a1"),
            "bad");
  CHECK_INT(c.status, 502);
  CHECK_HAS(client_call(&c, "GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=a1"), "\"status\":\"NEW\"");
  client_close(&c);
}

TEST(what_is_lost_before_never_happened_and_after_did) {
  static const char *const plans[] = {"[{\"fault\": \"drop_request\", \"path\": \"/api/v3/order\", \"times\": 1}]",
                                      "[{\"fault\": \"drop_reply\", \"path\": \"/api/v3/order\", \"times\": 1}]"};
  for (int32_t i = 0; i < 2; i++) {
    client c;
    client_open(&c, plans[i]);
    client_call(&c, "POST", "/api/v3/order",
                "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000&newClientOrderId=a1");
    CHECK_STR(c.reply, "");
    CHECK_INT(sim_is_ending(c.connection), 2);
    sim_disconnect(c.connection);
    c.connection = sim_connect(c.s, "10.0.0.1");
    CHECK_HAS(client_call(&c, "GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=a1"),
              i == 0 ? "-2013" : "\"status\":\"NEW\"");
    client_close(&c);
  }
}

TEST(delays_before_and_after) {
  client c;
  client_open(&c, PLAN("\"delay\", \"delay_ms\": 250"));
  client_get(&c, "/api/v3/time");
  CHECK_STR(c.reply, "");
  CHECK_INT(sim_next_ns(c.s), CLIENT_START + 250000000);
  advance(&c, 249);
  CHECK_STR(c.reply, "");
  advance(&c, 1);
  CHECK_HAS(c.reply, "1700000000000}"); /* it was served at once */
  client_close(&c);
  client_open(&c, PLAN("\"delay_request\", \"delay_ms\": 250, \"times\": 1"));
  client_get(&c, "/api/v3/time");
  CHECK_STR(c.reply, "");
  advance(&c, 250);
  CHECK_HAS(c.reply, "1700000000250}");
  client_close(&c);
}

TEST(a_request_that_comes_twice) {
  client c;
  client_open(&c, "[{\"fault\": \"duplicate\", \"method\": \"POST\"}]");
  client_call(&c, "POST", "/api/v3/order",
              "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000");
  const char *open = client_call(&c, "GET", "/api/v3/openOrders", "symbol=BTCUSDT"), *second = strstr(open, "orderId");
  CHECK(second != NULL && strstr(second + 1, "orderId") != NULL);
  client_close(&c);
}

TEST(bytes_cut_and_changed) {
  client c;
  client_open(&c, PLAN("\"truncate\", \"at\": 20"));
  client_get(&c, "/api/v3/time");
  CHECK_INT(strlen(c.reply), 20);
  CHECK_INT(sim_is_ending(c.connection), 1);
  client_close(&c);
  client_open(&c, PLAN("\"corrupt\", \"at\": 0"));
  client_get(&c, "/api/v3/time");
  CHECK_INT(c.reply[0], 'H' ^ 0x15);
  client_close(&c);
}

TEST(the_clock_is_off_for_a_while) {
  client c;
  client_open(&c, "[{\"fault\": \"skew\", \"skew_ms\": -1500, \"from_ms\": 1000, \"to_ms\": 2000}]");
  CHECK_HAS(client_get(&c, "/api/v3/time"), "1700000000000}");
  advance(&c, 1000);
  CHECK_HAS(client_get(&c, "/api/v3/time"), "1699999999500}");
  advance(&c, 1000);
  CHECK_HAS(client_get(&c, "/api/v3/time"), "1700000002000}");
  client_close(&c);
}

static void strikes(const char *when, const char *wanted) {
  char plan[256], seen[16] = "";
  client c;
  (void)snprintf(plan, sizeof plan, "{\"faults\": [{\"fault\": \"status\", \"path\": \"/api/v3/time\"%s}]}", when);
  client_open(&c, plan);
  for (int32_t i = 0; i < 8; i++) {
    client_get(&c, "/api/v3/time");
    strcat(seen, c.status == 503 ? "x" : ".");
    client_get(&c, "/api/v3/ping"); /* another path */
    CHECK_INT(c.status, 200);
  }
  CHECK_STR(seen, wanted);
  client_close(&c);
}

TEST(which_ones) {
  strikes("", "xxxxxxxx");
  strikes(", \"nth\": 3", "..x.....");
  strikes(", \"every\": 3", "..x..x..");
  strikes(", \"times\": 2", "xx......");
  strikes(", \"method\": \"POST\"", "........");
  char first[16] = "";
  for (int32_t round = 0; round < 2; round++) { /* chance is a matter of the seed */
    char seen[16] = "";
    client c;
    client_open(&c, PLAN("\"status\", \"chance\": 0.5"));
    for (int32_t i = 0; i < 12; i++) {
      client_get(&c, "/api/v3/time");
      strcat(seen, c.status == 503 ? "x" : ".");
    }
    client_close(&c);
    CHECK(strchr(seen, 'x') != NULL && strchr(seen, '.') != NULL);
    if (round == 0)
      strcpy(first, seen);
    else
      CHECK_STR(seen, first);
  }
}

/* A row counts every request that it is about, whatever else goes wrong with it. */
TEST(rows_do_not_hide_requests_from_each_other) {
  client c;
  client_open(&c,
              "[{\"fault\": \"drop_request\", \"nth\": 1}, {\"fault\": \"drop_reply\", \"nth\": 2}, {\"fault\": "
              "\"truncate\", \"at\": 9, \"nth\": 3}]");
  for (int32_t i = 0; i < 4; i++) {
    client_get(&c, "/api/v3/time");
    CHECK_INT(strlen(c.reply), i < 2 ? 0 : i == 2 ? 9 : strlen(c.reply));
    if (i == 3) CHECK_INT(c.status, 200);
    sim_disconnect(c.connection);
    c.connection = sim_connect(c.s, "10.0.0.1");
  }
  client_close(&c);
}

TEST(plans_that_are_none) {
  static const struct {
    const char *plan, *text;
  } rows[] = {{"nonsense", "a JSON array is wanted"},
              {"[{\"fault\": \"nonsense\"}]", "\"nonsense\" is none of drop_request"},
              {"[{\"path\": \"/\"}]", "each one needs \"fault\""},
              {"[{\"fault\": \"delay\", \"delay\": 3}]", "\"delay\" is not known"},
              {"[{\"fault\": \"delay\", \"delay_ms\": \"3\"}]", "not of its kind"},
              {"[{\"fault\": \"delay\", \"delay_ms\": -3}]", "not of its kind"}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    sim_options options;
    char text[600];
    sim *s;
    memset(&options, 0, sizeof options);
    options.exchange = "binance";
    options.faults = rows[i].plan;
    CHECK_INT(sim_new(&s, &options, text, sizeof text), BOURSE_ERROR_ARGUMENT);
    CHECK(s == NULL);
    CHECK_HAS(text, rows[i].text);
  }
}

TEST_MAIN()
