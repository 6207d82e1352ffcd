/* test_binance_signing.c - what is sent, byte for byte. The HMAC example is that of the exchange's documentation. */
#include "binance_stage.h"

static const answer done[] = {{200, "{}", NULL, NULL}, {200, "{}", NULL, NULL}};

/* A raw call, whose parameters go out as they are given: name, value, ..., NULL. */
static void call_raw(stage *s, const char *method, const char *path, const char *const *pairs) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_param params[16];
  bourse_result *result;
  memset(params, 0, sizeof params);
  for (; *pairs != NULL; pairs += 2, request.param_count++) {
    params[request.param_count].name = pairs[0];
    params[request.param_count].value = pairs[1];
  }
  request.method = method;
  request.path = path;
  request.params = params;
  CHECK_INT(bourse_execute(&result, s->exchange, &request), BOURSE_OK);
  bourse_result_free(result);
}

static void open_with_secret(stage *s, const char *secret) {
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  keys.api_key = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
  keys.secret = secret;
  stage_open_with(s, done, 2, &keys, (bourse_options)BOURSE_OPTIONS_INIT);
}

static const char documented_secret[] = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

TEST(hmac_as_documented) {
  static const char *const order[] = {
      "symbol", "LTCBTC", "side", "BUY",        "type", "LIMIT",     "timeInForce",   "GTC", "quantity",
      "1",      "price",  "0.1",  "recvWindow", "5000", "timestamp", "1499827319559", NULL};
  stage s;
  open_with_secret(&s, documented_secret);
  call_raw(&s, "POST", "/api/v3/order", order);
  CHECK_STR(
      s.sent[0].line,
      "POST https://api.binance.com/api/v3/order symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
      "&recvWindow=5000&timestamp=1499827319559"
      "&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
  CHECK_STR(s.sent[0].key, "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A");
  stage_close(&s);
}

/* The private key is the bytes 00 to 1f; signatures made with OpenSSL. */
TEST(ed25519_in_base64_and_percent_encoded) {
  static const char *const account[] = {"omitZeroBalances", "true",          "recvWindow", "5000",
                                        "timestamp",        "1700000000000", NULL};
  stage s;
  open_with_secret(&s,
                   "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
                   "-----END PRIVATE KEY-----\n");
  call_raw(&s, "GET", "/api/v3/account", account);
  CHECK_STR(
      s.sent[0].line,
      "GET https://api.binance.com/api/v3/account?omitZeroBalances=true&recvWindow=5000&timestamp=1700000000000"
      "&signature=%2BTpnsldUYzPdNiRymLtkqVSZvlpar9CntXqNDJXPwJp3nntq2mxz0eycoq9ddoYgGl6uEXu2vHWT7OxkwsYbAA%3D%3D");
  stage_close(&s);
}

TEST(what_is_not_ascii_is_percent_encoded_before_it_is_signed) {
  static const char *const symbol[] = {"symbol", "\345\270\201\345\256\211\344\272\272\347\224\237USDT", "timestamp",
                                       "1700000000000", NULL};
  stage s;
  open_with_secret(&s,
                   "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
                   "-----END PRIVATE KEY-----\n");
  call_raw(&s, "GET", "/api/v3/openOrders", symbol);
  CHECK_SENT(&s, 0, "GET https://api.binance.com/api/v3/openOrders",
             "?symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&timestamp=1700000000000&recvWindow=5000&signature=");
  stage_close(&s);
}

TEST(time_window_and_signature_close_the_query) {
  static const char *const symbol[] = {"symbol", "BTCUSDT", NULL};
  bourse_options options = BOURSE_OPTIONS_INIT;
  stage s;
  options.receive_window_ms = 700;
  stage_open_with(&s, done, 2, NULL, options);
  call_raw(&s, "DELETE", "/api/v3/openOrders", symbol);
  CHECK_SENT(&s, 0, "DELETE https://api.binance.com/api/v3/openOrders",
             "openOrders?symbol=BTCUSDT&timestamp=1700000000000&recvWindow=700&signature=");
  CHECK_INT(strlen(strstr(s.sent[0].line, "&signature=")), strlen("&signature=") + 64);
  stage_close(&s);
}

TEST(public_requests_carry_no_key) {
  static const answer tickers[] = {{200, "{\"symbol\":\"BTCUSDT\",\"lastPrice\":\"1\"}", NULL, NULL}};
  bourse_result *result;
  stage s;
  STAGE_OPEN(&s, tickers);
  CHECK_INT(bourse_fetch_ticker(&result, s.exchange, "BTC/USDT"), BOURSE_OK);
  CHECK_STR(s.sent[0].line, "GET https://api.binance.com/api/v3/ticker/24hr?symbol=BTCUSDT");
  CHECK(s.sent[0].key == NULL);
  bourse_result_free(result);
  stage_close(&s);
}

static int32_t open_with_setting(const char *name, const char *value, char *message, size_t size) {
  bourse_param setting = {name, value, 0, 0};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_context *context;
  bourse_exchange *exchange = NULL;
  CHECK_INT(bourse_context_new(&context, NULL), BOURSE_OK);
  options.settings = &setting;
  options.setting_count = 1;
  int32_t code = bourse_open(&exchange, context, "binance", &options);
  snprintf(message, size, "%s", bourse_context_error(context)->message);
  bourse_close(exchange);
  bourse_context_free(context);
  return code;
}

TEST(settings_choose_another_endpoint_or_are_refused) {
  char message[512];
  CHECK_INT(open_with_setting("endpoint.fetch_trades", "/api/v3/trades", message, sizeof message), BOURSE_OK);
  CHECK_INT(open_with_setting("endpoint.fetch_trades", "/api/v3/ticker", message, sizeof message),
            BOURSE_ERROR_ARGUMENT);
  CHECK(strstr(message, "endpoint.fetch_trades = /api/v3/ticker") != NULL);
  CHECK_INT(open_with_setting("endpoint.fetch_nothing", "/api/v3/trades", message, sizeof message),
            BOURSE_ERROR_ARGUMENT);
  CHECK_INT(open_with_setting("endpoints", "/api/v3/trades", message, sizeof message), BOURSE_ERROR_ARGUMENT);
  CHECK(strstr(message, "endpoints is not known") != NULL);
}

TEST(chosen_endpoint_is_asked) {
  static const answer trades[] = {{200,
                                   "[{\"id\":28457,\"price\":\"4.00\",\"qty\":\"12\",\"quoteQty\":\"48\",\"time\":"
                                   "1499865549590,\"isBuyerMaker\":true}]",
                                   NULL, NULL}};
  bourse_param setting = {"endpoint.fetch_trades", "/api/v3/trades", 0, 0};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_result *result;
  stage s;
  options.settings = &setting;
  options.setting_count = 1;
  stage_open_with(&s, trades, 1, NULL, options);
  CHECK_INT(bourse_fetch_trades(&result, s.exchange, "BTC/USDT", 0, 5), BOURSE_OK);
  CHECK_STR(s.sent[0].line, "GET https://api.binance.com/api/v3/trades?symbol=BTCUSDT&limit=5");
  CHECK_INT(bourse_result_count(result), 1);
  CHECK_STR(bourse_result_trade(result, 0)->id, "28457");
  CHECK_INT(bourse_result_trade(result, 0)->side, BOURSE_SIDE_SELL);
  CHECK_INT(bourse_result_trade(result, 0)->aggregated, BOURSE_NO);
  bourse_result_free(result);
  stage_close(&s);
}

TEST_MAIN()
