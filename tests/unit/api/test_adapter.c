/* What adapters share: envelopes, tables, payloads, signatures, pages, items. */
#include "call_bench.h"

#include "sign/signer.h"

#define REPLY(text_)                                                                                          \
  (bourse_http_reply) {                                                                                       \
    .struct_size = sizeof(bourse_http_reply), .http_status = 200, .body = text_, .body_length = strlen(text_) \
  }

/* --- Envelopes --- */

static const bourse_envelope shape = {"code", "0", "msg", "data"};
static const bourse_error_row errors[] = {{"51", BOURSE_ERROR_BAD_SYMBOL}, {"-2", BOURSE_ERROR_AUTH}};
static char told[200];

static int32_t refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data) {
  snprintf(told, sizeof told, "%.*s|%.*s|%.*s", (int)code.length, code.data, (int)message.length, message.data,
           (int)data.length, data.data);
  int32_t error = bourse_error_of(BOURSE_ROWS(errors), code);
  return bourse_refuse(call, error == 0 ? BOURSE_ERROR_REFUSED : error, code, message, 0);
}

TEST(an_envelope_is_opened) {
  static const struct {
    const char *reply, *inner;
  } good[] = {{"{\"code\":\"0\",\"msg\":\"\",\"data\":[1, 2]}", "[1, 2]"},
              {"{\"data\":{\"a\":\"b\"},\"code\":0,\"more\":[{}]}", "{\"a\":\"b\"}"},
              {"{\"code\":0,\"data\":null}", "null"},
              {"{\"code\":\"0\"}", "null"}};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    bench b;
    bourse_http_reply reply = REPLY(good[i].reply), inner = REPLY("");
    bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TIME, "GET", "/");
    CHECK_INT(bourse_unwrap(call, &reply, &shape, refused, &inner), BOURSE_OK);
    CHECK(inner.body_length == strlen(good[i].inner) && memcmp(inner.body, good[i].inner, inner.body_length) == 0);
    CHECK_INT(bourse_unwrap_error(call, &reply, &shape, refused), 0);
    bench_close(&b);
  }
}

TEST(a_refusal_in_an_envelope_is_told) {
  static const struct {
    const char *reply, *told;
    int32_t code;
  } bad[] = {
      {"{\"code\":51,\"msg\":\"no \\\"X\\\"\",\"data\":[]}", "51|no \"X\"|[]", BOURSE_ERROR_BAD_SYMBOL},
      {"{\"code\":\"-2\",\"data\":{\"a\":1}}", "-2||{\"a\":1}", BOURSE_ERROR_AUTH},
      {"{\"msg\":\"odd\",\"code\":\"00\"}", "00|odd|", BOURSE_ERROR_REFUSED},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    bench b;
    bourse_http_reply reply = REPLY(bad[i].reply), inner = REPLY("");
    bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TIME, "GET", "/");
    CHECK_INT(bourse_unwrap(call, &reply, &shape, refused, &inner), bad[i].code);
    CHECK_STR(told, bad[i].told);
    CHECK_INT(b.running.failure.error.code, bad[i].code);
    told[0] = '\0';
    CHECK_INT(bourse_unwrap_error(call, &reply, &shape, refused), bad[i].code);
    CHECK_STR(told, bad[i].told);
    bench_close(&b);
  }
}

TEST(what_is_no_envelope_is_no_reply) {
  static const char *const bad[] = {"<html>",
                                    "",
                                    "[]",
                                    "{}",
                                    "{\"msg\":\"x\"}",
                                    "{\"code\":null}",
                                    "{\"code\":\"\"}",
                                    "{\"code\":[0]}",
                                    "{\"code\":0",
                                    "{\"code\":0} x"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    bench b;
    bourse_http_reply reply = REPLY(bad[i]), inner = REPLY("");
    bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TIME, "GET", "/");
    CHECK_INT(bourse_unwrap(call, &reply, &shape, refused, &inner), BOURSE_ERROR_BAD_REPLY);
    bench_close(&b);
    call = bench_open(&b, BOURSE_OP_FETCH_TIME, "GET", "/");
    CHECK_INT(bourse_unwrap_error(call, &reply, &shape, refused), 0);
    CHECK_INT(b.running.failure.error.code, BOURSE_OK);
    bench_close(&b);
  }
}

/* One of several items was refused: that is its own affair, but not when the request or what comes after is meant. */
TEST(a_refusal_of_an_item_is_told_in_its_record) {
  static const char *ids[] = {"1", "2", "3"};
  static const struct {
    int64_t first, count;
    int32_t code, together, returned, failed;
    uint32_t records;
  } cases[] = {
      {0, 1, BOURSE_ERROR_ORDER_NOT_FOUND, 0, BOURSE_CONTINUE, BOURSE_OK, 1},
      {2, 1, BOURSE_ERROR_ORDER_NOT_FOUND, 0, BOURSE_DONE, BOURSE_OK, 1},
      {0, 1, BOURSE_ERROR_AUTH, 0, BOURSE_ERROR_AUTH, BOURSE_ERROR_AUTH, 0},
      {1, 1, BOURSE_ERROR_AUTH, 0, BOURSE_DONE, BOURSE_OK, 2}, /* and the third is not sent */
      {0, 2, BOURSE_ERROR_ORDER_NOT_FOUND, 1, BOURSE_ERROR_ORDER_NOT_FOUND, BOURSE_ERROR_ORDER_NOT_FOUND, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bench b;
    bourse_call *call = bench_open(&b, BOURSE_OP_CANCEL_ORDERS, "POST", "/");
    b.running.request.order_ids = ids;
    b.running.request.order_id_count = 3;
    call->scratch[0] = cases[i].first;
    call->scratch[1] = cases[i].count;
    CHECK_INT(bourse_refuse(call, cases[i].code, bourse_slice_of("9"), bourse_slice_of("no"), cases[i].together),
              cases[i].returned);
    CHECK_INT(b.running.failure.error.code, cases[i].failed);
    CHECK_INT(bourse_appended(call), cases[i].records);
    if (cases[i].records > 0) {
      const bourse_order *record = bourse_appended_at(call, 0);
      CHECK_INT(record->outcome, BOURSE_OUTCOME_REJECTED);
      CHECK_STR(record->error_message, "no");
    }
    bench_close(&b);
  }
  CHECK_INT(bourse_refusal_outcome(BOURSE_ERROR_FATE_UNKNOWN), BOURSE_OUTCOME_UNKNOWN);
  CHECK_INT(bourse_refusal_outcome(BOURSE_ERROR_UNAVAILABLE), BOURSE_OUTCOME_UNKNOWN);
}

/* --- Tables --- */

TEST(tables_give_what_stands_in_them) {
  static const bourse_error_hint hints[] = {{"1", "Funds", BOURSE_ERROR_INSUFFICIENT_FUNDS},
                                            {NULL, "too many", BOURSE_ERROR_RATE_LIMITED}};
  static const bourse_word words[] = {{"ERC20", "ETH"}, {"ERC20", "Ether"}, {"OP", "OPTIMISM"}};
  static const bourse_alias aliases[] = {{BOURSE_OP_FETCH_TICKER, BOURSE_OP_FETCH_TICKERS}};
  CHECK_INT(bourse_error_of(BOURSE_ROWS(errors), bourse_slice_of("51")), BOURSE_ERROR_BAD_SYMBOL);
  CHECK_INT(bourse_error_of(BOURSE_ROWS(errors), bourse_slice_of("5")), 0);
  CHECK_INT(bourse_error_of(BOURSE_ROWS(errors), bourse_slice_of("512")), 0);
  CHECK_INT(bourse_error_by_text(BOURSE_ROWS(hints), bourse_slice_of("1"), bourse_slice_of("no FUNDS left")),
            BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_INT(bourse_error_by_text(BOURSE_ROWS(hints), bourse_slice_of("2"), bourse_slice_of("no funds left")), 0);
  CHECK_INT(bourse_error_by_text(BOURSE_ROWS(hints), bourse_slice_of("2"), bourse_slice_of("Too many requests")),
            BOURSE_ERROR_RATE_LIMITED);
  CHECK_STR(bourse_word_name(BOURSE_ROWS(words), "Ether"), "ERC20");
  CHECK_STR(bourse_word_native(BOURSE_ROWS(words), "ERC20"), "ETH");
  CHECK_STR(bourse_word_name(BOURSE_ROWS(words), "SOL"), "SOL");
  CHECK_STR(bourse_word_native(BOURSE_ROWS(words), "SOL"), "SOL");
  CHECK(bourse_word_name(BOURSE_ROWS(words), NULL) == NULL && bourse_word_native(BOURSE_ROWS(words), NULL) == NULL);
  CHECK_INT(bourse_alias_of(BOURSE_ROWS(aliases), BOURSE_OP_FETCH_TICKER), BOURSE_OP_FETCH_TICKERS);
  CHECK_INT(bourse_alias_of(BOURSE_ROWS(aliases), BOURSE_OP_FETCH_TIME), BOURSE_OP_FETCH_TIME);
}

TEST(a_timeframe_that_is_not_there_names_those_that_are) {
  static const bourse_interval intervals[] = {{"1m", "1", 60}, {"1h", NULL, 3600}};
  bench b;
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_CANDLES, "GET", "/");
  b.running.request.timeframe = "1h";
  CHECK(bourse_find_interval(call, BOURSE_ROWS(intervals)) == &intervals[1]);
  b.running.request.timeframe = "1";
  CHECK(bourse_find_interval(call, BOURSE_ROWS(intervals)) == NULL);
  CHECK_INT(b.running.failure.error.code, BOURSE_ERROR_ARGUMENT);
  CHECK_STR(b.running.failure.error.field, "timeframe");
  CHECK_STR(b.running.failure.error.message, "timeframe is \"1\"; allowed: 1m, 1h");
  b.running.request.timeframe = NULL;
  CHECK(bourse_find_interval(call, BOURSE_ROWS(intervals)) == NULL);
  CHECK(bourse_interval_of(BOURSE_ROWS(intervals), NULL) == NULL);
  bench_close(&b);
}

TEST(slices_are_compared_case_aside) {
  bourse_slice text = {"Order Not Found!", 15};
  CHECK(bourse_slice_begins(text, "order") && !bourse_slice_begins(text, "orders") && bourse_slice_begins(text, ""));
  CHECK(bourse_slice_contains(text, "NOT F") && !bourse_slice_contains(text, "found!")); /* the last byte is not its */
  CHECK(!bourse_slice_contains((bourse_slice){NULL, 0}, "x") && bourse_slice_of(NULL).length == 0);
  CHECK_INT(bourse_slice_int(bourse_slice_of("-1021x")), -1021);
  CHECK_INT(bourse_slice_int(bourse_slice_of("99999999999999999999")), 999999999999999);
  CHECK_INT(bourse_slice_int(bourse_slice_of("-")), 0);
}

/* --- Payloads --- */

TEST(parameters_become_a_query_or_a_body) {
  static const char *const methods[] = {"GET", "DELETE", "POST", "PUT"};
  for (size_t i = 0; i < 4; i++) {
    bench b;
    bourse_text text;
    bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TIME, methods[i], "/a");
    CHECK_INT(bourse_set_payload(call), BOURSE_OK);
    CHECK(call->wire.query == NULL && call->wire.body == NULL);
    bourse_put(call, "a", "1 2");
    bourse_put_json(call, "b", "[3]");
    CHECK_INT(bourse_set_payload(call), BOURSE_OK);
    bourse_text_init(&text, call->arena);
    bourse_append_target(call, &text);
    if (i < 2) {
      CHECK_STR(bourse_text_finish(&text), "/a?a=1%202&b=%5B3%5D");
      CHECK(call->wire.body == NULL && call->wire.header_count == 0);
    } else {
      CHECK_STR(bourse_text_finish(&text), "/a");
      CHECK_STR(call->wire.body, "{\"a\":\"1 2\",\"b\":[3]}");
      CHECK_STR(call->wire.headers[0].value, "application/json");
    }
    bench_close(&b);
  }
}

TEST(parameters_are_folded_into_items) {
  bench b;
  bourse_text text;
  bourse_call *call = bench_open(&b, BOURSE_OP_CREATE_ORDERS, "POST", "/");
  bourse_put(call, "all", "x");
  bourse_text_init(&text, call->arena);
  bourse_text_char(&text, '[');
  bourse_put(call, "id", "\"1\"");
  bourse_put_json(call, "yes", "true");
  bourse_fold_params(call, &text, 1);
  bourse_text_char(&text, ',');
  bourse_fold_params(call, &text, 1);
  bourse_text_char(&text, ']');
  CHECK_INT(bourse_put_text(call, "orders", &text), BOURSE_OK);
  CHECK_INT(bourse_set_payload(call), BOURSE_OK);
  CHECK_STR(call->wire.body, "{\"all\":\"x\",\"orders\":[{\"id\":\"\\\"1\\\"\",\"yes\":true},{}]}");
  bench_close(&b);
}

TEST(paths_and_ranges_are_filled_in) {
  bench b;
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TRADES, "GET", "/{product}/of/{id}");
  CHECK_INT(bourse_set_path(call, "BTC-USD", "a/b", NULL), BOURSE_OK);
  CHECK_STR(call->wire.path, "/BTC-USD/of/a%2Fb");
  call->since_ns = 1500000000;
  call->limit = 7;
  bourse_put_range(call, "from", "to", "size");
  CHECK_STR(bourse_get_param(call, "from"), "1500");
  CHECK(bourse_get_param(call, "to") == NULL);
  CHECK_STR(bourse_get_param(call, "size"), "7");
  call->until_ns = 2000000000;
  bourse_put_range(call, NULL, "end", NULL);
  CHECK_STR(bourse_get_param(call, "end"), "2000");
  CHECK_INT(call->wire.param_count, 3);
  bench_close(&b);
}

/* Computed with openssl dgst -hmac. */
TEST(a_text_is_signed) {
  fake_world world;
  bench b;
  bourse_text text;
  bourse_options options = BOURSE_OPTIONS_INIT;
  memset(&world, 0, sizeof world);
  options.clock_sync = BOURSE_NO;
  fake_open_with(&world, &options);
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TIME, "GET", "/");
  call->signer = world.exchange->signer; /* "secret" */
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "what do ya want for nothing?");
  CHECK_STR(bourse_signature(call, BOURSE_SIGN_HMAC_SHA256, &text, BOURSE_HEX),
            "c5daeec9856a353b9f4635a856ff17650645391ccb1b4b4857ee362b88505271");
  CHECK_STR(bourse_signature(call, BOURSE_SIGN_HMAC_SHA256, &text, BOURSE_BASE64),
            "xdruyYVqNTufRjWoVv8XZQZFORzLG0tIV+42K4hQUnE=");
  CHECK(bourse_signature(call, BOURSE_SIGN_ED25519, &text, BOURSE_HEX) == NULL);
  CHECK_INT(b.running.failure.error.code, BOURSE_ERROR_CRYPTO);
  bench_close(&b);
  fake_close(&world);
}

/* --- Tokens --- */

static void fill_same(void *user_data, void *out, size_t size) {
  (void)user_data;
  for (size_t i = 0; i < size; i++) ((uint8_t *)out)[i] = (uint8_t)(i * 17);
}

/* The seed 00..1f, and the token that openssl and this key make of the same claims. */
#define ED25519_SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="
#define TOKEN_HEADER                                                                                           \
  "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImFhYWFhYWFhLWJiYmItY2NjYy1kZGRkLWVlZWVlZWVlZWVlZSIsIm5vbmNlIj" \
  "oiMDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYifQ."

typedef struct token_bench {
  bench b;
  fake_world world;
  bourse_call *call;
  bourse_signer *signer;
} token_bench;

static void token_open(token_bench *t, const char *secret, int32_t encoding) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  memset(t, 0, sizeof *t);
  options.clock_sync = BOURSE_NO;
  fake_open_with(&t->world, &options);
  t->world.context->random = (bourse_random){NULL, fill_same};
  CHECK_INT(bourse__signer_new(&t->signer, NULL, secret, strlen(secret), encoding, NULL, 0), BOURSE_OK);
  t->call = bench_open(&t->b, BOURSE_OP_FETCH_TIME, "GET", "/x");
  t->b.running.exchange = t->world.exchange;
  t->call->signer = t->signer;
  t->call->api_key = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
  t->call->now_ns = INT64_C(1767225600) * 1000000000 + 999999999;
}

static void token_close(token_bench *t) {
  t->b.running.exchange = NULL;
  bench_close(&t->b);
  fake_close(&t->world);
  bourse__signer_free(t->signer);
}

TEST(a_token_is_made_as_documented) {
  token_bench t;
  bourse_text host;
  token_open(&t, ED25519_SECRET, BOURSE__SECRET_ED25519_BASE64);
  const char *token = bourse_jwt(t.call, "cdp", "GET api.coinbase.com/api/v3/brokerage/accounts", 120);
  CHECK_STR(
      token, TOKEN_HEADER
      "eyJzdWIiOiJhYWFhYWFhYS1iYmJiLWNjY2MtZGRkZC1lZWVlZWVlZWVlZWUiLCJpc3MiOiJjZHAiLCJuYmYiOjE3NjcyMjU2MDAsImV4cCI6M"
      "Tc2NzIyNTcyMCwidXJpIjoiR0VUIGFwaS5jb2luYmFzZS5jb20vYXBpL3YzL2Jyb2tlcmFnZS9hY2NvdW50cyJ9."
      "uL0tm9pB4S3NheKiUa0QPk9JqAQ8elAleaPj8-ibFs5EVhl2qanAMCRB1lKpoq2YhDKL6S7RABB8z5DI8qDtDw");
  bourse_text_init(&host, t.call->arena);
  bourse_append_host(t.call, &host);
  CHECK_STR(bourse_text_finish(&host), "live.example");
  token_close(&t);
}

/* Until a quarter of its life is left; not when the clock went back; not after a refusal; and not without a uri. */
TEST(a_token_is_kept_for_what_it_is_for) {
  token_bench t;
  token_open(&t, ED25519_SECRET, BOURSE__SECRET_ED25519_BASE64);
  const char *first = bourse_jwt(t.call, "cdp", "GET a/1", 120);
  CHECK(first != NULL);
  char *copy = strdup(first == NULL ? "" : first);
  t.call->now_ns += INT64_C(88) * 1000000000;
  CHECK_STR(bourse_jwt(t.call, "cdp", "GET a/1", 120), copy);
  const char *other = bourse_jwt(t.call, "cdp", "POST a/1", 120);
  CHECK(other != NULL && strcmp(other, copy) != 0);
  t.call->now_ns += INT64_C(2) * 1000000000;
  const char *second = bourse_jwt(t.call, "cdp", "GET a/1", 120);
  CHECK(second != NULL && strcmp(second, copy) != 0);
  t.call->now_ns -= INT64_C(3600) * 1000000000;
  const char *third = bourse_jwt(t.call, "cdp", "GET a/1", 120);
  char *kept = strdup(third == NULL ? "" : third);
  CHECK(strcmp(kept, copy) != 0);
  t.call->now_ns += INT64_C(1000000000);
  CHECK_STR(bourse_jwt(t.call, "cdp", "GET a/1", 120), kept);
  bourse__tokens_forget(t.world.exchange);
  const char *fourth = bourse_jwt(t.call, "cdp", "GET a/1", 120);
  CHECK(fourth != NULL && strcmp(fourth, kept) != 0);
  const char *bare = bourse_jwt(t.call, "cdp", NULL, 120);
  char *bare_copy = strdup(bare == NULL ? "" : bare);
  t.call->now_ns += INT64_C(1000000000);
  const char *bare_again = bourse_jwt(t.call, "cdp", NULL, 120);
  CHECK(bare_again != NULL && strcmp(bare_again, bare_copy) != 0);
  for (int i = 0; i < 100; i++) { /* more than are kept */
    char uri[24];
    snprintf(uri, sizeof uri, "GET a/%d", i + 2);
    t.call->now_ns += 1000000;
    CHECK(bourse_jwt(t.call, "cdp", uri, 120) != NULL);
  }
  free(copy);
  free(kept);
  free(bare_copy);
  token_close(&t);
}

TEST(a_key_that_is_not_for_tokens_makes_none) {
  token_bench t;
  token_open(&t, "secret", BOURSE__SECRET_TEXT);
  CHECK(bourse_jwt(t.call, "cdp", "GET a/1", 120) == NULL);
  CHECK_INT(t.b.running.failure.error.code, BOURSE_ERROR_CREDENTIALS);
  token_close(&t);
}

/* The key's name is in the file; without it, or with a file that names none, there is no key. */
TEST(a_key_file_opens_a_handle) {
  static const struct {
    const char *api_key, *secret;
    int32_t code;
  } cases[] = {
      {NULL, "{\"name\":\"n-1\",\"privateKey\":\"" ED25519_SECRET "\"}", BOURSE_OK},
      {"", "{\"id\":\"n-1\",\"privateKey\":\"" ED25519_SECRET "\"}", BOURSE_OK},
      {"n-2", "{\"id\":\"n-1\",\"privateKey\":\"" ED25519_SECRET "\"}", BOURSE_OK}, /* what is given counts */
      {"n-2", ED25519_SECRET, BOURSE_OK},
      {NULL, "{\"privateKey\":\"" ED25519_SECRET "\"}", BOURSE_ERROR_CREDENTIALS},
      {NULL, ED25519_SECRET, BOURSE_ERROR_CREDENTIALS},
  };
  bourse_adapter adapter = fake_adapter;
  bourse_context *context;
  adapter.name = "tokens";
  adapter.secret_encoding = BOURSE_SECRET_ED25519_BASE64;
  CHECK_INT(bourse_context_new(&context, NULL), BOURSE_OK);
  CHECK_INT(bourse_register(context, &adapter), BOURSE_OK);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
    bourse_options options = BOURSE_OPTIONS_INIT;
    bourse_exchange *exchange = NULL;
    keys.api_key = cases[i].api_key;
    keys.secret = cases[i].secret;
    options.credentials = &keys;
    CHECK_INT(bourse_open(&exchange, context, "tokens", &options), cases[i].code);
    if (exchange != NULL) CHECK_STR(exchange->api_key, i < 2 ? "n-1" : "n-2");
    bourse_close(exchange);
  }
  bourse_context_free(context);
}

/* --- Pages --- */

TEST(pages_go_on_until_the_limit) {
  static const struct {
    uint32_t limit;
    int64_t since;
    int32_t order;
    const char *token;
    uint32_t rows, have;
    int32_t code;
    const char *cursor, *next;
  } cases[] = {
      {10, 0, BOURSE_OLDEST_FIRST, "t", 5, 5, BOURSE_CONTINUE, NULL, "t"},
      {5, 0, BOURSE_OLDEST_FIRST, "t", 5, 5, BOURSE_OK, "t", NULL},
      {5, 0, BOURSE_NEWEST_FIRST, "t", 5, 5, BOURSE_OK, "t", NULL},
      {5, 1, BOURSE_NEWEST_FIRST, "t", 5, 5, BOURSE_CONTINUE, NULL, "t"}, /* the oldest since then come last */
      {5, 1, BOURSE_OLDEST_FIRST, "t", 5, 5, BOURSE_OK, "t", NULL},
      {0, 1, BOURSE_NEWEST_FIRST, "t", 5, 5, BOURSE_OK, "t", NULL},
      {10, 0, BOURSE_OLDEST_FIRST, "", 5, 5, BOURSE_OK, NULL, NULL},
      {10, 0, BOURSE_OLDEST_FIRST, NULL, 5, 5, BOURSE_OK, NULL, NULL},
      {10, 0, BOURSE_OLDEST_FIRST, "t", 0, 0, BOURSE_OK, NULL, NULL},
      {10, 0, BOURSE_OLDEST_FIRST, "t", 3, 0, BOURSE_CONTINUE, NULL, "t"}, /* none of them was wanted */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bench b;
    bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TRADES, "GET", "/");
    b.running.request.limit = cases[i].limit;
    b.running.request.since_ns = cases[i].since;
    for (uint32_t k = 0; k < cases[i].have; k++) bourse_append(call, BOURSE_KIND_TRADE);
    const bourse_page page = {cases[i].token, cases[i].rows};
    CHECK_INT(bourse_next_page(call, &page, cases[i].order), cases[i].code);
    if (cases[i].cursor == NULL) CHECK(call->result->cursor == NULL);
    if (cases[i].cursor != NULL) CHECK_STR(call->result->cursor, cases[i].cursor);
    if (cases[i].next == NULL) CHECK(bourse_page_token(call) == NULL);
    if (cases[i].next != NULL) CHECK_STR(bourse_page_token(call), cases[i].next);
    bench_close(&b);
  }
}

TEST(pages_without_end_end) {
  bench b;
  const bourse_page page = {"t", 1};
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TRADES, "GET", "/");
  b.running.request.limit = 1000;
  b.running.request.cursor = "first";
  CHECK_STR(bourse_page_token(call), "first");
  CHECK_INT(bourse_page_size(call, 100), 100);
  int32_t count = 0;
  while (count < 1000 && bourse_next_page(call, &page, BOURSE_OLDEST_FIRST) == BOURSE_CONTINUE) count++;
  CHECK_INT(count, 50);
  CHECK_STR(call->result->cursor, "t");
  CHECK_INT(bourse_look_on(call, &page), BOURSE_OK);
  b.running.request.limit = 30;
  CHECK_INT(bourse_page_size(call, 100), 30);
  b.running.request.limit = 0;
  CHECK_INT(bourse_page_size(call, 100), 0);
  bench_close(&b);
}

TEST(pages_have_numbers) {
  static const char *const bad[] = {"", "0", "01", "x", "1x", "-1", "1234567890"};
  bench b;
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TRADES, "GET", "/");
  CHECK_INT(bourse_page_number(call), 0);
  b.running.request.cursor = "12";
  CHECK_INT(bourse_page_number(call), 12);
  CHECK_INT(bourse_set_page_number(call, 13), BOURSE_OK);
  CHECK_STR(call->result->cursor, "13");
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    b.running.request.cursor = bad[i];
    CHECK_INT(bourse_page_number(call), -1);
  }
  bench_close(&b);
}

static int32_t trade_row(bourse_call *call, bourse_decoder *decoder) {
  static const bourse_field fields[] = {BOURSE_FIELD("id", ID, bourse_trade, id),
                                        BOURSE_FIELD_CUSTOM("t", bourse_trade, time_ns, bourse_decode_time_ms)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_trade trade;
  memset(&trade, 0, sizeof trade);
  int32_t code = bourse_decode_object(decoder, &table, &trade);
  if (code != BOURSE_OK || strcmp(trade.id, "2") == 0) return code;
  bourse_trade *record = bourse_append(call, BOURSE_KIND_TRADE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = trade;
  return BOURSE_OK;
}

TEST(a_page_is_read_with_its_token) {
  bench b;
  bourse_page page = {NULL, 0};
  bourse_http_reply reply = REPLY("{\"next\":77,\"list\":[{\"id\":1,\"t\":0},{\"id\":2},{\"id\":\"3\",\"t\":\"5\"}]}");
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TRADES, "GET", "/");
  CHECK_INT(bourse_read_page(call, &reply, "list", "next", trade_row, &page), BOURSE_OK);
  CHECK_STR(page.token, "77");
  CHECK_INT(page.rows, 3);
  CHECK_INT(bourse_appended(call), 2);
  CHECK_INT(((bourse_trade *)bourse_appended_at(call, 0))->time_ns, 0);
  CHECK_INT(((bourse_trade *)bourse_appended_at(call, 1))->time_ns, 5000000);
  CHECK_INT(bourse_read_page(call, &reply, "list", NULL, trade_row, NULL), BOURSE_OK);
  CHECK_INT(bourse_appended(call), 4);
  CHECK_INT(bourse_read_page(call, &reply, "rows", NULL, trade_row, NULL), BOURSE_ERROR_BAD_REPLY);
  bench_close(&b);
}

/* --- Items --- */

static int32_t same_parity(const bourse_call *call, uint32_t a, uint32_t b) {
  (void)call;
  return a / 2 == b / 2;
}

TEST(items_go_together_as_far_as_they_may) {
  static const char *ids[] = {"1", "2", "3", "4", "5"};
  bench b;
  bourse_call *call = bench_open(&b, BOURSE_OP_CANCEL_ORDERS, "POST", "/");
  b.running.request.client_order_ids = ids;
  b.running.request.client_order_id_count = 5;
  CHECK_INT(bourse_plan_items(call, 3, NULL), 3);
  CHECK_INT(bourse_plan_items(call, 9, NULL), 5);
  CHECK_INT(bourse_plan_items(call, 9, same_parity), 2);
  call->scratch[0] = 3;
  CHECK_INT(bourse_plan_items(call, 9, NULL), 2);
  CHECK_INT(bourse_plan_items(call, 9, same_parity), 1);
  CHECK_INT(call->scratch[1], 1);
  CHECK_STR(bourse_item_client_id(call, 4), "5");
  CHECK(bourse_item_client_id(call, 5) == NULL);
  bench_close(&b);
}

/* Few rows are counted by their brackets, many by reading them: there is always room for one more, and hardly for others. */
TEST(there_is_room_for_the_rows_of_an_array) {
  static const struct {
    const char *begin, *row, *end;
    uint32_t rows, most;
  } cases[] = {{"[", "{}", "]", 1, 2},
               {" [ ", "{\"a\":[1]}", " ] ", 16, 17},
               {"[", "{\"a\":1}", "]", 17, 18},
               {"[", "[1,2]", "],[[],[]]", 3, 7},
               {"[", "{\"a\":\"{{{{\"}", "]", 3, 16},
               {"[", "{\"a\":\"{{{{\"}", "]", 4, 5},
               {"[", "1", "]", 5, 6},
               {"[", "\"{\"", "]", 2, 3},
               {"[", "{\"a\":{}}", "", 3, 7},
               {"[", "{\"a\":{}}", "]", 900, 901},
               {"[", "", "]", 0, 1},
               {"", "{}", "", 1, 1},
               {"", "", "", 0, 1}};
  static char text[16384];
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_decoder decoder;
    int at = snprintf(text, sizeof text, "%s", cases[i].begin);
    for (uint32_t k = 0; k < cases[i].rows; k++)
      at += snprintf(text + at, sizeof text - (size_t)at, "%s%s", k > 0 ? "," : "", cases[i].row);
    at += snprintf(text + at, sizeof text - (size_t)at, "%s", cases[i].end);
    bourse_decode_init(&decoder, NULL, text, (size_t)at, NULL);
    uint32_t room = bourse_decode_count(&decoder);
    CHECK(room <= cases[i].most);
    if (cases[i].begin[0] != '\0') CHECK(room > cases[i].rows);
    CHECK(decoder.json.cursor == text);
  }
}

TEST(signs_are_turned_and_taken_away) {
  bourse_decimal value, none = {0, 0, 0, 0};
  bourse_decimal_parse(&value, "-1.5", SIZE_MAX);
  bourse_decimal_negate(&value);
  CHECK_INT(bourse_decimal_sign(&value), 1);
  bourse_decimal_negate(&value);
  CHECK_INT(bourse_decimal_sign(&value), -1);
  bourse_decimal_absolute(&value);
  CHECK_INT(bourse_decimal_sign(&value), 1);
  bourse_decimal_parse(&value, "0", SIZE_MAX);
  bourse_decimal_negate(&value);
  bourse_decimal_negate(&none);
  CHECK_INT(value.flags, BOURSE_DECIMAL_PRESENT);
  CHECK_INT(none.flags, 0);
}

TEST_MAIN()
