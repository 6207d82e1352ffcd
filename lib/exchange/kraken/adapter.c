/* exchange/kraken/adapter.c - the tables: hosts, rate budgets, capabilities, endpoints; and opening a handle. */
#include <stdio.h>
#include <string.h>

#include "exchange/kraken/kraken.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

/* There is no test net; `test` of an order has the exchange check it and not place it. */
static const bourse_host hosts[KRAKEN_HOSTS] = {
    [KRAKEN_SPOT] = {"spot", "https://api.kraken.com", NULL, NULL},
    [KRAKEN_FUTURES] = {"futures", "https://futures.kraken.com", NULL, NULL},
    [KRAKEN_WS] = {"ws", "wss://ws.kraken.com", NULL, NULL},
    [KRAKEN_WS_AUTH] = {"ws-auth", "wss://ws-auth.kraken.com", NULL, NULL},
    [KRAKEN_FUTURES_WS] = {"futures-ws", "wss://futures.kraken.com", NULL, NULL},
};

/* No reply tells what is used. The counters are those of the lowest tier. Public calls: about one a second by address. */
static const bourse_limit limits[KRAKEN_LIMITS] = {
    [KRAKEN_PUBLIC] = {"spot public", 10, 10 * KRAKEN_SECOND, BOURSE_LIMIT_PER_ADDRESS, BOURSE_LIMIT_LEAKY, 0, NULL},
    [KRAKEN_CALLS] = {"spot calls", 15, 45 * KRAKEN_SECOND, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_LEAKY, 10, NULL},
    [KRAKEN_ENGINE] = {"spot engine", 60, 60 * KRAKEN_SECOND, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_LEAKY, 20, NULL},
};

/* clang-format off: rows stay rows */
#define SPOT     BOURSE_FOR_SPOT
#define CROSS    BOURSE_FOR_CROSS
#define LINEAR   BOURSE_FOR_LINEAR
#define INVERSE  BOURSE_FOR_INVERSE
#define FUTURES  BOURSE_FOR_FUTURES
#define MARGINED (SPOT | CROSS) /* one account for both */

#define NATIVE(operation_, products_) \
  { BOURSE_OP_##operation_, (products_), 0 }
#define EMULATED(operation_, products_) \
  { BOURSE_OP_##operation_, 0, (products_) }
#define MIXED(operation_, native_, emulated_) \
  { BOURSE_OP_##operation_, (native_), (emulated_) }

/* Emulated: made of several requests, or picked out of a longer reply. */
static const bourse_capability capabilities[] = {
    NATIVE(FETCH_TIME, SPOT),        NATIVE(FETCH_STATUS, SPOT),        NATIVE(FETCH_MARKETS, SPOT),
    NATIVE(FETCH_CURRENCIES, SPOT),  NATIVE(FETCH_TICKER, SPOT),        NATIVE(FETCH_TICKERS, SPOT),
    EMULATED(FETCH_BIDS_ASKS, SPOT), EMULATED(FETCH_LAST_PRICES, SPOT), NATIVE(FETCH_ORDER_BOOK, SPOT),
    NATIVE(FETCH_TRADES, SPOT),      NATIVE(FETCH_CANDLES, SPOT),
};

/* --- Endpoints ---
 *
 * A row: operation, where it holds, method or name of the call, costs, build, parse, and what else it has. */

#define B(name_) bourse__kraken_build_##name_
#define P(name_) bourse__kraken_parse_##name_
#define NONE     NULL

#define PUBLIC(operation_, products_, name_, build_, ...)                                                             \
  {                                                                                                                   \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_PUBLIC,                 \
    .host = KRAKEN_SPOT, .method = "GET", .path = "/0/public/" name_, .costs = {{KRAKEN_PUBLIC, 1}}, .build = build_, \
    .parse = __VA_ARGS__                                                                                              \
  }

#define PAGE(n_) .page_max = (n_)

static const bourse_endpoint endpoints[] = {
    PUBLIC(FETCH_TIME, SPOT, "Time", NONE, P(time)),
    PUBLIC(FETCH_STATUS, SPOT, "SystemStatus", NONE, P(status)),
    PUBLIC(FETCH_MARKETS, SPOT, "AssetPairs", NONE, P(markets)),
    PUBLIC(FETCH_CURRENCIES, SPOT, "Assets", B(currencies), P(currencies)),
    PUBLIC(FETCH_TICKERS, SPOT, "Ticker", B(tickers), P(tickers)),
    PUBLIC(FETCH_ORDER_BOOK, SPOT, "Depth", B(depth), P(depth)),
    PUBLIC(FETCH_TRADES, SPOT, "Trades", B(trades), P(trades), PAGE(1000)),
    PUBLIC(FETCH_CANDLES, SPOT, "OHLC", B(candles), P(candles)),
};

/* clang-format on */

static int32_t open_handle(bourse_open_call *call) {
  bourse__kraken_state *state = call->state;
  int32_t product = call->options->product;
  state->futures_key = product == BOURSE_PRODUCT_LINEAR || product == BOURSE_PRODUCT_INVERSE ? BOURSE_YES : BOURSE_NO;
  for (uint32_t i = 0; i < call->options->setting_count; i++) {
    const bourse_param *setting = &call->options->settings[i];
    if (bourse_is_common_setting(setting->name)) continue;
    snprintf(call->error_text, call->error_text_size, "setting %s is not known", setting->name);
    return BOURSE_ERROR_ARGUMENT;
  }
  if (call->signer != NULL && bourse_signer_kind(call->signer) != BOURSE_KEY_HMAC) {
    snprintf(call->error_text, call->error_text_size, "Kraken takes secrets for HMAC, in base64");
    return BOURSE_ERROR_CREDENTIALS;
  }
  return BOURSE_OK;
}

const bourse_adapter bourse__kraken_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "kraken",
    .title = "Kraken",
    .hosts = hosts,
    .host_count = KRAKEN_HOSTS,
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = KRAKEN_LIMITS,
    .products = SPOT | CROSS,
    .state_size = sizeof(bourse__kraken_state),
    .secret_encoding = BOURSE_SECRET_BASE64,
    .client_id_format = BOURSE_CLIENT_ID_UUID,
    .client_id_max = 100,
    .client_id_extra = "-_",
    .timeless = BOURSE_YES,
    .open = open_handle,
    .route = bourse__kraken_route,
    .sign = bourse__kraken_sign,
    .error = bourse__kraken_error,
    .stream = &bourse__kraken_stream,
};
