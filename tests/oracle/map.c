/* map.c - a case's call and arguments as a request of this library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oracle/oracle.h"
#include "support/members.h"

/* --- Methods. Most names differ only in form: fetchOpenOrders is fetch_open_orders. --- */

static const struct {
  const char *method;
  int32_t operation;
} methods[] = {
    {"fetchOHLCV", BOURSE_OP_FETCH_CANDLES},
    {"fetchL2OrderBook", BOURSE_OP_FETCH_ORDER_BOOK},
    {"fetchLedgerEntry", BOURSE_OP_FETCH_LEDGER},
    {"fetchDeposit", BOURSE_OP_FETCH_DEPOSITS},
    {"fetchWithdrawal", BOURSE_OP_FETCH_WITHDRAWALS},
    {"transferOut", BOURSE_OP_TRANSFER},
    {"fetchMarkOHLCV", BOURSE_OP_FETCH_CANDLES},
    {"fetchIndexOHLCV", BOURSE_OP_FETCH_CANDLES},
    {"fetchPremiumIndexOHLCV", BOURSE_OP_FETCH_CANDLES},
    {"fetchBalance", BOURSE_OP_FETCH_BALANCES},
    {"fetchMarkPrice", BOURSE_OP_FETCH_MARK_PRICES},
    {"fetchOpenOrder", BOURSE_OP_FETCH_ORDER},
    {"fetchClosedOrder", BOURSE_OP_FETCH_ORDER},
    {"fetchMarketLeverageTiers", BOURSE_OP_FETCH_LEVERAGE_TIERS},
    {"fetchDepositAddressesByNetwork", BOURSE_OP_FETCH_DEPOSIT_ADDRESSES},
    {"fetchCrossBorrowRate", BOURSE_OP_FETCH_BORROW_RATE},
    {"fetchIsolatedBorrowRate", BOURSE_OP_FETCH_BORROW_RATE},
    {"fetchCrossBorrowRates", BOURSE_OP_FETCH_BORROW_RATES},
    {"fetchIsolatedBorrowRates", BOURSE_OP_FETCH_BORROW_RATES},
    {"fetchPositionsRisk", BOURSE_OP_FETCH_POSITIONS},
    {"fetchPositionsForSymbol", BOURSE_OP_FETCH_POSITIONS},
    {"fetchMarginModes", BOURSE_OP_FETCH_LEVERAGES},
    {"fetchFundingInterval", BOURSE_OP_FETCH_FUNDING_INTERVALS},
    {"fetchDepositWithdrawFees", BOURSE_OP_FETCH_CURRENCIES},
    {"fetchPortfolios", BOURSE_OP_FETCH_ACCOUNTS},
    {"fetchPortfolioDetails", BOURSE_OP_FETCH_BALANCES},
    {"fetchDepositWithdrawFee", BOURSE_OP_FETCH_CURRENCIES},
    {"cancelOrdersForSymbols", BOURSE_OP_CANCEL_ORDERS},
    {"fetchCanceledAndClosedOrders", BOURSE_OP_FETCH_ORDERS},
    {"borrowCrossMargin", BOURSE_OP_BORROW_MARGIN},
    {"borrowIsolatedMargin", BOURSE_OP_BORROW_MARGIN},
    {"repayCrossMargin", BOURSE_OP_REPAY_MARGIN},
    {"repayIsolatedMargin", BOURSE_OP_REPAY_MARGIN},
    {"createOco", BOURSE_OP_CREATE_ORDER_LIST},
    {"createOrders", BOURSE_OP_CREATE_ORDERS},
};

static int32_t operation_of(const char *method) {
  char name[64];
  size_t length = 0;
  const char *end = strstr(method, "WithClientOrderId");
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
    if (strcmp(methods[i].method, method) == 0) return methods[i].operation;
  /* createStopLossOrder, createMarketBuyOrderWithCost and their like are all create_order. */
  if (strncmp(method, "create", 6) == 0 && strstr(method, "Order") != NULL) return BOURSE_OP_CREATE_ORDER;
  if (strncmp(method, "edit", 4) == 0 && strstr(method, "Orders") == NULL) return BOURSE_OP_EDIT_ORDER;
  for (; *method != '\0' && method != end && length + 2 < sizeof name; method++) {
    if (*method >= 'A' && *method <= 'Z') name[length++] = '_';
    name[length++] = (char)(*method >= 'A' && *method <= 'Z' ? *method - 'A' + 'a' : *method);
  }
  name[length] = '\0';
  return bourse_operation_by_name(name);
}

static int accepts(int32_t operation, const char *argument) {
  const bourse_operation_info *info = bourse_schema_operation(operation);
  const bourse_struct_info *arguments = bourse_schema_request();
  for (uint32_t i = 0; info != NULL && i < arguments->member_count; i++)
    if (strcmp(arguments->members[i].name, argument) == 0) return (info->accepted >> i & 1) != 0;
  return 0;
}

/* --- Words --- */

static const struct {
  const char *exchange; /* the adapter's name, or as the cases name it; NULL: any */
  const char *word;
  int32_t wallet;
} wallets[] = {
    {"kucoin", "main", BOURSE_WALLET_FUNDING},
    {"kucoin", "trade", BOURSE_WALLET_SPOT},
    {"kucoin", "contract", BOURSE_WALLET_LINEAR},
    {"okx", "spot", BOURSE_WALLET_UNIFIED},
    {"okx", "trading", BOURSE_WALLET_UNIFIED},
    {"okx", "18", BOURSE_WALLET_UNIFIED},
    {"okx", "6", BOURSE_WALLET_FUNDING},
    {"okx", "trade", BOURSE_WALLET_UNIFIED},
    {"bybit", "spot", BOURSE_WALLET_UNIFIED},
    {"bybit", "unified", BOURSE_WALLET_UNIFIED},
    {"kraken", "cash", BOURSE_WALLET_FUNDING},
    {"kraken", "flex", BOURSE_WALLET_LINEAR},
    {"krakenfutures", "main", BOURSE_WALLET_FUNDING},
    {NULL, "spot", BOURSE_WALLET_SPOT},
    {NULL, "main", BOURSE_WALLET_SPOT},
    {NULL, "funding", BOURSE_WALLET_FUNDING},
    {NULL, "margin", BOURSE_WALLET_CROSS},
    {NULL, "cross", BOURSE_WALLET_CROSS},
    {NULL, "isolated", BOURSE_WALLET_ISOLATED},
    {NULL, "linear", BOURSE_WALLET_LINEAR},
    {NULL, "future", BOURSE_WALLET_LINEAR},
    {NULL, "futures", BOURSE_WALLET_LINEAR},
    {NULL, "swap", BOURSE_WALLET_LINEAR},
    {NULL, "inverse", BOURSE_WALLET_INVERSE},
    {NULL, "delivery", BOURSE_WALLET_INVERSE},
    {NULL, "option", BOURSE_WALLET_OPTION},
    {NULL, "unified", BOURSE_WALLET_UNIFIED},
    {NULL, "fund", BOURSE_WALLET_FUNDING},
};

static int32_t wallet_of(const oracle_exchange *exchange, const char *word) {
  for (size_t i = 0; word != NULL && i < sizeof wallets / sizeof wallets[0]; i++)
    if (strcasecmp(wallets[i].word, word) == 0 &&
        (wallets[i].exchange == NULL || strcmp(wallets[i].exchange, exchange->name) == 0 ||
         strcmp(wallets[i].exchange, exchange->id) == 0))
      return wallets[i].wallet;
  return 0;
}

static int32_t margin_of(const char *word) {
  return word == NULL                    ? 0
         : strcmp(word, "cross") == 0    ? BOURSE_MARGIN_CROSS
         : strcmp(word, "isolated") == 0 ? BOURSE_MARGIN_ISOLATED
                                         : 0;
}

static int32_t product_of(const char *word) {
  return strcmp(word, "linear") == 0    ? BOURSE_PRODUCT_LINEAR
         : strcmp(word, "inverse") == 0 ? BOURSE_PRODUCT_INVERSE
                                        : BOURSE_PRODUCT_SPOT;
}

static int is_upper(const char *text, const char *upper) {
  for (; *text != '\0' && *upper != '\0'; text++, upper++)
    if ((*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text) != *upper) return 0;
  return *text == *upper;
}

/* --- Numbers --- */

static void fail(oracle_call *call, const char *what, const char *name) {
  if (call->error == NULL) call->error = pool_format(call->memory, "cannot be expressed: %s %s", what, name);
}

static bourse_decimal decimal_of(oracle_call *call, const json *value) {
  bourse_decimal out;
  const char *text = json_text(value);
  memset(&out, 0, sizeof out);
  if (text != NULL && bourse_decimal_parse(&out, text, SIZE_MAX) != BOURSE_OK) fail(call, "number", text);
  return out;
}

static int64_t time_of(const json *value) {
  return strtoll(json_text(value) == NULL ? "0" : json_text(value), NULL, 10) * 1000000;
}

static int has_tag(const json *row, const char *tag) {
  for (const json *one = json_get(row, "tags") == NULL ? NULL : json_get(row, "tags")->first; one != NULL;
       one = one->next)
    if (strcmp(one->text, tag) == 0) return 1;
  return 0;
}

/* --- Orders --- */

static void set_attached(oracle_call *call, bourse_order_request *order, const json *value, int is_stop) {
  const json *trigger = value->kind == JSON_OBJECT ? json_get(value, "triggerPrice") : value;
  if (trigger == NULL) trigger = json_get(value, is_stop ? "stopLossPrice" : "takeProfitPrice");
  *(is_stop ? &order->attached_stop_loss_trigger : &order->attached_take_profit_trigger) = decimal_of(call, trigger);
  *(is_stop ? &order->attached_stop_loss_price : &order->attached_take_profit_price) =
      decimal_of(call, json_get(value, "price"));
}

static void set_time_in_force(bourse_order_request *order, const char *word) {
  if (is_upper(word, "GTC")) order->time_in_force = BOURSE_GOOD_TILL_CANCELED;
  if (is_upper(word, "IOC")) order->time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  if (is_upper(word, "FOK")) order->time_in_force = BOURSE_FILL_OR_KILL;
  if (is_upper(word, "GTD")) order->time_in_force = BOURSE_GOOD_TILL_DATE;
  if (is_upper(word, "PO") || is_upper(word, "GTX")) order->post_only = BOURSE_YES;
}

static void set_direction(bourse_order_request *order, const char *word) {
  int rise =
      strcmp(word, "ascending") == 0 || strcmp(word, "above") == 0 || strcmp(word, "up") == 0 || strcmp(word, "1") == 0;
  order->trigger_direction = rise ? BOURSE_TRIGGER_RISE : BOURSE_TRIGGER_FALL;
}

static const struct {
  const char *name;
  size_t offset;
} order_decimals[] = {
    {"cost", offsetof(bourse_order_request, cost)},
    {"leverage", offsetof(bourse_order_request, leverage)},
    {"stopLossPrice", offsetof(bourse_order_request, stop_loss_price)},
    {"takeProfitPrice", offsetof(bourse_order_request, take_profit_price)},
    {"triggerPrice", offsetof(bourse_order_request, trigger_price)},
    {"stopPrice", offsetof(bourse_order_request, trigger_price)},
    {"trailingPercent", offsetof(bourse_order_request, trailing_percent)},
    {"trailingAmount", offsetof(bourse_order_request, trailing_amount)},
    {"trailingTriggerPrice", offsetof(bourse_order_request, trailing_activation_price)},
    {"icebergAmount", offsetof(bourse_order_request, iceberg_amount)},
    {"displayvol", offsetof(bourse_order_request, iceberg_amount)},
};

static const struct {
  const char *name;
  size_t offset;
} order_flags[] = {
    {"postOnly", offsetof(bourse_order_request, post_only)},
    {"reduceOnly", offsetof(bourse_order_request, reduce_only)},
    {"closePosition", offsetof(bourse_order_request, close_position)},
    {"test", offsetof(bourse_order_request, test)},
};

/* What exchanges call the client's id themselves. */
static int is_client_id(const char *name) {
  static const char *const names[] = {"clientOrderId", "cl_ord_id",       "cliOrdId",    "clientOid",
                                      "orderLinkId",   "client_order_id", "algoClOrdId", "clOrdId"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i], name) == 0) return 1;
  return 0;
}

/* 1 when the parameter is one of an order's own. */
static int take_order_param(oracle_call *call, bourse_order_request *order, const json *value) {
  const char *name = value->key, *text = json_text(value);
  for (size_t i = 0; i < sizeof order_decimals / sizeof order_decimals[0]; i++) {
    if (strcmp(order_decimals[i].name, name) != 0) continue;
    bourse_decimal decimal = decimal_of(call, value);
    memcpy((char *)order + order_decimals[i].offset, &decimal, sizeof decimal);
    return 1;
  }
  for (size_t i = 0; i < sizeof order_flags / sizeof order_flags[0]; i++) {
    if (strcmp(order_flags[i].name, name) != 0) continue;
    int32_t yes_no = json_is_true(value) ? BOURSE_YES : BOURSE_UNSET;
    memcpy((char *)order + order_flags[i].offset, &yes_no, sizeof yes_no);
    return 1;
  }
  if (is_client_id(name))
    order->client_order_id = text;
  else if (strcmp(name, "timeInForce") == 0 && text != NULL)
    set_time_in_force(order, text);
  else if (strcmp(name, "marginMode") == 0 || strcmp(name, "tdMode") == 0)
    order->margin_mode = margin_of(text);
  else if (strcmp(name, "triggerDirection") == 0 && text != NULL)
    set_direction(order, text);
  else if (strcmp(name, "positionSide") == 0 && text != NULL)
    order->position_side = is_upper(text, "LONG")    ? BOURSE_POSITION_LONG
                           : is_upper(text, "SHORT") ? BOURSE_POSITION_SHORT
                                                     : BOURSE_POSITION_BOTH;
  else if (strcmp(name, "stopLoss") == 0 || strcmp(name, "takeProfit") == 0)
    set_attached(call, order, value, name[0] == 's');
  else if (strcmp(name, "closeFraction") == 0 && text != NULL && strcmp(text, "1") == 0)
    order->close_position = BOURSE_YES;
  else if (strcmp(name, "hedged") != 0)
    return 0;
  return 1;
}

/* Kraken's own words for what orders have here: the order that closes this one's position, and when it expires, "+N" seconds
 * from now. 1 when the parameter needs no passing on. */
static int take_kraken_param(oracle_call *call, bourse_order_request *order, const json *value) {
  const char *name = value->key, *text = json_text(value);
  if (strcmp(name, "close") == 0 && value->kind == JSON_OBJECT) {
    const char *type = json_text_of(value, "ordertype");
    int is_stop = type != NULL && strncmp(type, "stop-loss", 9) == 0;
    *(is_stop ? &order->attached_stop_loss_trigger : &order->attached_take_profit_trigger) =
        decimal_of(call, json_get(value, "price"));
    *(is_stop ? &order->attached_stop_loss_price : &order->attached_take_profit_price) =
        decimal_of(call, json_get(value, "price2"));
    return 1;
  }
  if (strcmp(name, "trigger") == 0 && text != NULL) {
    order->trigger_by = strcmp(text, "index") == 0 ? BOURSE_PRICE_INDEX : BOURSE_PRICE_LAST;
    return 1;
  }
  if (strcmp(name, "expiretm") == 0 && text != NULL) {
    int64_t seconds = strtoll(text[0] == '+' ? text + 1 : text, NULL, 10);
    int64_t now_s = strtoll(json_text_of(call->row, "now_ms"), NULL, 10) / 1000;
    order->expire_ns = (text[0] == '+' ? now_s + seconds : seconds) * 1000000000;
  }
  return 0;
}

/* KuCoin's: an order that ends N seconds from now, and one that closes the position. */
static int take_kucoin_param(oracle_call *call, bourse_order_request *order, const json *value) {
  const char *name = value->key, *text = json_text(value);
  if (strcmp(name, "cancelAfter") == 0 && text != NULL) {
    int64_t now_ms = strtoll(json_text_of(call->row, "now_ms"), NULL, 10);
    order->time_in_force = BOURSE_GOOD_TILL_DATE;
    order->expire_ns = (now_ms + strtoll(text, NULL, 10) * 1000) * 1000000;
  } else if (strcmp(name, "closeOrder") == 0) {
    order->close_position = json_is_true(value) ? BOURSE_YES : BOURSE_NO;
  } else {
    return 0;
  }
  return 1;
}

/* Binance's: when an order ends, how far it trails, what is spent; a margin order that only reduces pays back here. */
static int take_binance_param(oracle_call *call, bourse_order_request *order, const json *value) {
  const char *name = value->key, *text = json_text(value);
  if (strcmp(name, "goodTillDate") == 0)
    order->expire_ns = time_of(value);
  else if (strcmp(name, "callbackRate") == 0)
    order->trailing_percent = decimal_of(call, value);
  else if (strcmp(name, "activationPrice") == 0)
    order->trailing_activation_price = decimal_of(call, value);
  else if (strcmp(name, "quoteOrderQty") == 0)
    order->cost = decimal_of(call, value);
  else if (strcmp(name, "type") == 0 && text != NULL && strcmp(text, "margin") == 0 && order->margin_mode == 0)
    order->margin_mode = BOURSE_MARGIN_CROSS;
  else
    return 0;
  return 1;
}

/* Coinbase's own words for what orders and requests have here. 1 when the parameter needs no passing on. */
static int take_coinbase_param(oracle_call *call, bourse_order_request *order, const json *value) {
  const char *name = value->key, *text = json_text(value);
  if (strcmp(name, "stopDirection") == 0 || strcmp(name, "stop_direction") == 0) {
    set_direction(order, text != NULL && strstr(text, "UP") != NULL ? "up" : "down");
  } else if (strcmp(name, "preview") == 0) {
    order->test = json_is_true(value) ? BOURSE_YES : BOURSE_NO;
  } else if (strcmp(name, "end_time") == 0) {
    if (text == NULL || bourse_time_parse(&order->expire_ns, text) != BOURSE_OK) fail(call, "time", name);
  } else {
    return 0;
  }
  return 1;
}

/* A wallet or a portfolio; the portfolios of a transfer keep their own names. */
static int take_coinbase_account(oracle_call *call, const json *value) {
  bourse_request *request = &call->request;
  const char *name = value->key;
  int from = strcmp(name, "fromAccount") == 0;
  if (strcmp(name, "account_id") == 0 || strcmp(name, "portfolio") == 0 || strcmp(name, "portfolioUuid") == 0) {
    request->account = json_text(value);
    return 1;
  }
  if (!from && strcmp(name, "toAccount") != 0) return 0;
  bourse_param *params = pool_alloc(call->memory, (request->param_count + 1) * sizeof *params);
  if (request->param_count > 0) memcpy(params, request->params, request->param_count * sizeof *params);
  params[request->param_count].name = from ? "source_portfolio_uuid" : "target_portfolio_uuid";
  params[request->param_count++].value = json_text(value);
  request->params = params;
  *(from ? &request->from_wallet : &request->to_wallet) = BOURSE_WALLET_SPOT;
  return 1;
}

/* In hedge mode an order names the position it opens or, with reduceOnly, closes. */
static void set_hedged(const oracle_call *call, bourse_order_request *order, const json *params) {
  if (!json_is_true(json_get(params, "hedged")) || order->position_side != 0) return;
  int buys = order->side == BOURSE_SIDE_BUY, closes = order->reduce_only > 0;
  if (strcmp(call->exchange->id, "okx") == 0) /* a stop loss and a take profit close there, too */
    closes |=
        bourse_decimal_is_present(&order->stop_loss_price) || bourse_decimal_is_present(&order->take_profit_price);
  order->position_side = buys != closes ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  order->reduce_only = BOURSE_UNSET;
}

static int is_contracts(const oracle_exchange *exchange, const char *symbol) {
  const char *settle = strchr(symbol, ':');
  if (settle == NULL) return 0;
  size_t base = strcspn(symbol, "/"), length = strcspn(settle + 1, "-");
  return exchange->contracts || (length == base && strncmp(symbol, settle + 1, length) == 0);
}

/* What a case with the tag "precision" wants: amounts cut off, prices rounded, to what the market allows. */
static void round_order(oracle_call *call, bourse_order_request *order) {
  const bourse_market *market;
  bourse_decimal *const prices[] = {&order->price,
                                    &order->stop_loss_price,
                                    &order->take_profit_price,
                                    &order->trigger_price,
                                    &order->trailing_activation_price,
                                    &order->attached_stop_loss_trigger,
                                    &order->attached_stop_loss_price,
                                    &order->attached_take_profit_trigger,
                                    &order->attached_take_profit_price};
  if (bourse_market_find(&market, call->handle, order->symbol, 0) != BOURSE_OK) {
    fail(call, "no market", order->symbol);
    return;
  }
  for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++)
    if (bourse_decimal_is_present(prices[i]) &&
        bourse_round_price(prices[i], market, prices[i], BOURSE_ROUND_HALF_UP) != BOURSE_OK)
      fail(call, "rounding a price of", order->symbol);
  /* What is to be spent is cut off, as an amount is: to the price's digits, or where the exchange has a step for it, to that. */
  int own_step = strcmp(call->exchange->name, "kucoin") == 0 && bourse_decimal_is_present(&market->cost_step);
  const bourse_decimal *step = own_step ? &market->cost_step : &market->price_tick;
  if (bourse_decimal_is_present(&order->cost) &&
      bourse_decimal_round_to_step(&order->cost, &order->cost, step, BOURSE_ROUND_DOWN) != BOURSE_OK)
    fail(call, "rounding a cost of", order->symbol);
  bourse_decimal *amount = bourse_decimal_is_present(&order->contracts) ? &order->contracts : &order->amount;
  int scaled = amount == &order->contracts && market->product == BOURSE_PRODUCT_LINEAR &&
               bourse_decimal_is_present(&market->contract_size);
  if (!bourse_decimal_is_present(amount)) return;
  if ((scaled && bourse_decimal_mul(amount, amount, &market->contract_size) != BOURSE_OK) ||
      bourse_round_amount(amount, market, amount, BOURSE_ROUND_DOWN) != BOURSE_OK ||
      (scaled && bourse_decimal_div(amount, amount, &market->contract_size, 20, BOURSE_ROUND_DOWN) != BOURSE_OK))
    fail(call, "rounding an amount of", order->symbol);
  bourse_decimal_trim(amount, amount);
  if (bourse_decimal_is_present(&order->iceberg_amount))
    bourse_round_amount(&order->iceberg_amount, market, &order->iceberg_amount, BOURSE_ROUND_DOWN);
}

/* Where their client takes an order at the market for one of so much quote currency: what it costs at its price, or the
 * amount itself. */
static void set_cost(oracle_call *call, bourse_order_request *order, const json *params) {
  int is_coinbase = strcmp(call->exchange->id, "coinbase") == 0 && order->side == BOURSE_SIDE_BUY;
  if (order->type != BOURSE_ORDER_MARKET || bourse_decimal_is_present(&order->cost) || order->symbol == NULL ||
      strchr(order->symbol, ':') != NULL || !bourse_decimal_is_present(&order->amount) ||
      (!is_coinbase && !json_is(params, "tgtCcy", "quote_ccy")))
    return;
  order->cost = order->amount;
  if (bourse_decimal_is_present(&order->price) &&
      bourse_decimal_mul(&order->cost, &order->amount, &order->price) != BOURSE_OK)
    fail(call, "cost of", order->symbol);
  bourse_decimal_trim(&order->cost, &order->cost);
}

static void finish_order(oracle_call *call, bourse_order_request *order, const json *params) {
  set_hedged(call, order, params);
  set_cost(call, order, params);
  /* Without a direction a stop order is meant, and a take profit where their client says so. */
  int falls = (order->side == BOURSE_SIDE_BUY) == (strcmp(call->exchange->id, "coinbase") == 0);
  if (bourse_decimal_is_present(&order->trigger_price) && order->trigger_direction == 0)
    order->trigger_direction = falls ? BOURSE_TRIGGER_FALL : BOURSE_TRIGGER_RISE;
  if (bourse_decimal_is_present(&order->trailing_percent) || bourse_decimal_is_present(&order->trailing_amount)) {
    if (bourse_decimal_is_present(&order->trigger_price)) order->trailing_activation_price = order->trigger_price;
    memset(&order->trigger_price, 0, sizeof order->trigger_price);
    order->trigger_direction = 0;
  }
  /* Their client sets such a stop on a position and leaves the amount out. */
  if (strcmp(call->exchange->id, "bybit") == 0 &&
      (bourse_decimal_is_present(&order->trailing_percent) || bourse_decimal_is_present(&order->trailing_amount)))
    order->close_position = BOURSE_YES;
  if (order->close_position > 0 || bourse_decimal_is_present(&order->cost)) {
    memset(&order->amount, 0, sizeof order->amount);
    memset(&order->contracts, 0, sizeof order->contracts);
  }
  /* The unified account of KuCoin sets it before. */
  if (json_is_true(json_get(params, "uta"))) memset(&order->leverage, 0, sizeof order->leverage);
  if (order->type == BOURSE_ORDER_MARKET) memset(&order->price, 0, sizeof order->price);
  if (strcmp(call->exchange->name, "binance") == 0 && order->margin_mode != 0 && order->reduce_only > 0) {
    order->borrow = BOURSE_BORROW_REPAY;
    order->reduce_only = BOURSE_UNSET;
  }
  if (has_tag(call->row, "precision") && order->symbol != NULL) round_order(call, order);
}

/* Parameters that only choose between two endpoints of another client; here product, margin mode and trigger choose. */
static int is_selector(const char *name) {
  static const char *const names[] = {
      "type", "subType", "usePrivate", "v3",           "hf",
      "uta",  "sync",    "sor",        "acknowledged", "createMarketBuyOrderRequiresPrice"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i], name) == 0) return 1;
  return 0;
}

static void pass_through(oracle_call *call, const json *value) {
  bourse_request *request = &call->request;
  bourse_param *params = pool_alloc(call->memory, (request->param_count + 1) * sizeof *params);
  if (request->param_count > 0) memcpy(params, request->params, request->param_count * sizeof *params);
  bourse_param *added = &params[request->param_count++];
  added->name = value->key;
  added->value = value->kind == JSON_STRING
                     ? value->text
                     : pool_copy(call->memory, value->begin, (size_t)(value->end - value->begin));
  added->json = value->kind == JSON_STRING ? BOURSE_NO : BOURSE_YES;
  request->params = params;
}

/* Orders with a price, in some exchange's word. */
static int is_limit(const char *type) {
  static const char *const names[] = {"limit", "iceberg", "lmt"};
  for (size_t i = 0; type != NULL && i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i], type) == 0) return 1;
  return 0;
}

/* input: symbol, type, side, amount, price. own_params: those not of the order go out as they are. */
static bourse_order_request *make_order(oracle_call *call, const json *input, const json *params, int own_params) {
  const char *method = json_text_of(call->row, "method");
  bourse_order_request *order = pool_alloc(call->memory, sizeof *order);
  bourse_order_request_init(order, sizeof *order);
  order->symbol = json_text_of(input, "symbol");
  const char *type = json_text_of(input, "type"), *side = json_text_of(input, "side");
  order->type = is_limit(type) || strstr(method, "Limit") != NULL ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  order->side = side != NULL                     ? (strcmp(side, "buy") == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL)
                : strstr(method, "Buy") != NULL  ? BOURSE_SIDE_BUY
                : strstr(method, "Sell") != NULL ? BOURSE_SIDE_SELL
                                                 : 0;
  if (strstr(method, "PostOnly") != NULL) order->post_only = BOURSE_YES;
  if (strstr(method, "ReduceOnly") != NULL) order->reduce_only = BOURSE_YES;
  int contracts = order->symbol != NULL && is_contracts(call->exchange, order->symbol);
  *(contracts ? &order->contracts : &order->amount) = decimal_of(call, json_get(input, "amount"));
  order->price = decimal_of(call, json_get(input, "price"));
  for (const json *value = input == NULL ? NULL : input->first; value != NULL; value = value->next)
    if (strcmp(value->key, "params") != 0) take_order_param(call, order, value);
  for (const json *value = params == NULL ? NULL : params->first; value != NULL; value = value->next) {
    if (strcmp(call->exchange->name, "binance") == 0 && take_binance_param(call, order, value)) continue;
    if (take_order_param(call, order, value) || is_selector(value->key)) continue;
    if (strcmp(call->exchange->id, "kraken") == 0 && take_kraken_param(call, order, value)) continue;
    if (strcmp(value->key, "trigger") == 0) continue;
    if (strcmp(call->exchange->id, "coinbase") == 0 && take_coinbase_param(call, order, value)) continue;
    if (strcmp(call->exchange->name, "kucoin") == 0 && take_kucoin_param(call, order, value)) continue;
    if (own_params)
      pass_through(call, value);
    else
      fail(call, "a parameter of one order of several:", value->key);
  }
  finish_order(call, order, params);
  return order;
}

static void set_orders(oracle_call *call, bourse_order_request **orders, uint32_t count) {
  const bourse_order_request **list = pool_alloc(call->memory, count * sizeof *list);
  for (uint32_t i = 0; i < count; i++) list[i] = orders[i];
  call->request.orders = list;
  call->request.order_count = count;
}

static void map_orders(oracle_call *call, const json *list) {
  bourse_order_request *orders[64];
  const char **ids = pool_alloc(call->memory, 64 * sizeof *ids);
  uint32_t count = 0, named = 0;
  for (const json *one = list->first; one != NULL && count < 64; one = one->next) {
    const char *id = json_text_of(one, "id");
    if (id != NULL) ids[named++] = id;
    orders[count++] = make_order(call, one, json_get(one, "params"), 0);
  }
  if (named > 0) {
    call->request.order_ids = ids;
    call->request.order_id_count = named;
  }
  if (call->request.operation != BOURSE_OP_CANCEL_ORDERS) {
    set_orders(call, orders, count);
    return;
  }
  for (uint32_t i = 0; i < count; i++) { /* of one market here */
    if (i > 0 && strcmp(orders[i]->symbol, orders[0]->symbol) != 0)
      fail(call, "orders of another market:", orders[i]->symbol);
    call->request.symbol = orders[i]->symbol;
  }
}

/* --- Order lists in the exchange's own words --- */

static int set_native_leg(oracle_call *call, bourse_order_request *order, const char *side, const json *value) {
  const char *text = json_text(value);
  if (strncmp(value->key, side, strlen(side)) != 0 || text == NULL) return 0;
  const char *name = value->key + strlen(side);
  if (strcmp(name, "Type") == 0) {
    order->type = strstr(text, "LIMIT") != NULL ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
    if (strcmp(text, "LIMIT_MAKER") == 0) order->post_only = BOURSE_YES;
  } else if (strcmp(name, "Price") == 0) {
    order->price = decimal_of(call, value);
  } else if (strcmp(name, "TimeInForce") == 0) {
    set_time_in_force(order, text);
  } else if (strcmp(name, "IcebergQty") == 0) {
    order->iceberg_amount = decimal_of(call, value);
  } else if (strcmp(name, "ClientOrderId") == 0) {
    order->client_order_id = text;
  } else if (strcmp(name, "StopPrice") != 0) {
    return 0;
  }
  return 1;
}

static void map_native_oco(oracle_call *call, const json *params) {
  bourse_order_request *orders[2];
  static const char *const sides[] = {"above", "below"};
  for (int i = 0; i < 2; i++) {
    orders[i] = pool_alloc(call->memory, sizeof *orders[i]);
    bourse_order_request_init(orders[i], sizeof *orders[i]);
    orders[i]->symbol = json_text_of(params, "symbol");
    orders[i]->product = BOURSE_PRODUCT_SPOT;
    orders[i]->side = json_is(params, "side", "BUY") ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
    orders[i]->amount = decimal_of(call, json_get(params, "quantity"));
    orders[i]->type = BOURSE_ORDER_LIMIT;
    char stop[32], type[32];
    snprintf(stop, sizeof stop, "%sStopPrice", sides[i]);
    snprintf(type, sizeof type, "%sType", sides[i]);
    const char *kind = json_text_of(params, type);
    *(kind != NULL && strncmp(kind, "TAKE_PROFIT", 11) == 0 ? &orders[i]->take_profit_price
                                                            : &orders[i]->stop_loss_price) =
        decimal_of(call, json_get(params, stop));
  }
  for (const json *value = params->first; value != NULL; value = value->next) {
    static const char *const shared[] = {"symbol", "side", "quantity"};
    int known = 0;
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) known |= strcmp(shared[i], value->key) == 0;
    if (strcmp(value->key, "listClientOrderId") == 0)
      call->request.client_order_id = json_text(value);
    else if (!known && !set_native_leg(call, orders[0], "above", value) &&
             !set_native_leg(call, orders[1], "below", value))
      pass_through(call, value);
  }
  set_orders(call, orders, 2);
  call->request.list_kind = BOURSE_LIST_OCO;
}

/* A call in the exchange's own words that has no operation: the same path through call_raw. */
static void map_raw(oracle_call *call, const json *params) {
  const json *first = json_get(call->row, "requests") == NULL ? NULL : json_get(call->row, "requests")->first;
  bourse_request_init(&call->request, sizeof call->request, BOURSE_OP_CALL_RAW);
  call->request.method = json_text_of(first, "http_method");
  call->request.path = json_text_of(first, "path");
  for (const json *value = params == NULL ? NULL : params->first; value != NULL; value = value->next)
    pass_through(call, value);
}

/* OKX tells open interest of all contracts of a currency, which is no operation here: a call in its own words. */
static void map_okx_interest(oracle_call *call, const json *input) {
  map_raw(call, NULL);
  char *period = (char *)pool_format(call->memory, "%s", json_text_of(input, "timeframe"));
  for (char *at = period; *at != '\0'; at++)
    if (*at == 'h' || *at == 'd') *at = (char)(*at - 'a' + 'A');
  const bourse_param all[] = {{.name = "ccy", .value = json_text_of(input, "symbol")},
                              {.name = "period", .value = period},
                              {.name = "begin", .value = json_text_of(input, "since")},
                              {.name = "end", .value = json_text_of(json_get(call->row, "params"), "until")}};
  bourse_param *params = pool_alloc(call->memory, sizeof all);
  call->request.params = params;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    if (all[i].value != NULL) params[call->request.param_count++] = all[i];
  call->request.is_public = BOURSE_YES;
}

static int is_okx_interest(const oracle_call *call, int32_t operation, const json *input) {
  const char *symbol = json_text_of(input, "symbol");
  return operation == BOURSE_OP_FETCH_OPEN_INTEREST_HISTORY && strcmp(call->exchange->id, "okx") == 0 &&
         symbol != NULL && strchr(symbol, '/') == NULL;
}

/* Bybit has no timer: it can be told how long an account's connections may be gone, in a call in its own words. */
static void map_bybit_window(oracle_call *call, const json *input) {
  map_raw(call, NULL);
  int64_t timeout_ms = strtoll(json_text_of(input, "timeout"), NULL, 10);
  bourse_param *params = pool_alloc(call->memory, 2 * sizeof *params);
  params[0] = (bourse_param){.name = "product", .value = "DERIVATIVES"};
  params[1] = (bourse_param){.name = "timeWindow", .json = BOURSE_YES};
  params[1].value = pool_format(call->memory, "%lld", (long long)(timeout_ms / 1000));
  call->request.params = params;
  call->request.param_count = 2;
}

static int is_bybit_window(const oracle_call *call, int32_t operation, const json *input) {
  return operation == BOURSE_OP_CANCEL_ALL_ORDERS_AFTER && strcmp(call->exchange->id, "bybit") == 0 &&
         json_text_of(input, "timeout") != NULL;
}

/* --- Everything else --- */

static const char **strings_of(oracle_call *call, const json *list, uint32_t *count) {
  const char **strings = pool_alloc(call->memory, (list->count + 1) * sizeof *strings);
  *count = 0;
  for (const json *one = list->first; one != NULL; one = one->next) strings[(*count)++] = json_text(one);
  return strings;
}

static void set_account(oracle_call *call, const json *value, int is_from) {
  const char *word = json_text(value);
  int32_t wallet = wallet_of(call->exchange, word);
  const char *symbol = json_text_of(json_get(call->row, "params"), "symbol");
  if (word != NULL && strchr(word, '/') != NULL) { /* an isolated account goes by its market */
    wallet = BOURSE_WALLET_ISOLATED;
    symbol = word;
  }
  if (wallet == 0) fail(call, "account", word == NULL ? "" : word);
  *(is_from ? &call->request.from_wallet : &call->request.to_wallet) = wallet;
  if (wallet == BOURSE_WALLET_ISOLATED) *(is_from ? &call->request.from_symbol : &call->request.to_symbol) = symbol;
}

/* Out of the wallet that the client is about. */
static void set_way_out(oracle_call *call) {
  int from_spot = call->exchange->product == BOURSE_PRODUCT_SPOT;
  call->request.from_wallet = from_spot ? BOURSE_WALLET_SPOT : BOURSE_WALLET_FUNDING;
  call->request.to_wallet = from_spot ? BOURSE_WALLET_LINEAR : BOURSE_WALLET_SPOT;
}

/* Trailing orders are conditional; of OKX they have lists of their own. */
static void set_trailing(oracle_call *call, const json *value) {
  static const json kind = {.key = "ordType", .kind = JSON_STRING, .text = "move_order_stop"};
  if (!json_is_true(value)) return;
  call->request.trigger = BOURSE_YES;
  if (strcmp(call->exchange->id, "okx") == 0 && accepts(call->request.operation, "limit")) pass_through(call, &kind);
}

static void set_limit(oracle_call *call, const json *value) {
  call->request.limit = (uint32_t)strtoul(json_text(value) == NULL ? "0" : json_text(value), NULL, 10);
}

static void set_timer(oracle_call *call, const json *value) {
  int64_t timer_ms = strtoll(json_text(value) == NULL ? "0" : json_text(value), NULL, 10);
  call->request.timer_ms = timer_ms == 0 ? -1 : timer_ms;
}

static void set_price_kind(oracle_call *call, const char *word) {
  call->request.price_kind = word == NULL                     ? 0
                             : strncmp(word, "mark", 4) == 0  ? BOURSE_PRICE_MARK
                             : strncmp(word, "index", 5) == 0 ? BOURSE_PRICE_INDEX
                             : strcmp(word, "spot") == 0      ? BOURSE_PRICE_INDEX
                             : strncmp(word, "prem", 4) == 0  ? BOURSE_PRICE_PREMIUM
                                                              : BOURSE_PRICE_LAST;
}

/* What their client takes and does not send, and the library refuses there. */
static int is_unsent(const oracle_call *call, int32_t operation, const char *name) {
  static const struct {
    const char *exchange;
    int32_t operation;
    const char *argument;
  } unsent[] = {
      {"kucoin", BOURSE_OP_SET_POSITION_MODE, "symbol"},
      {"kucoin", BOURSE_OP_CLOSE_POSITION, "side"},
      {"bybit", BOURSE_OP_SET_MARGIN_MODE, "symbol"}, /* of the whole account */
      {"bybit", BOURSE_OP_FETCH_TRADES, "since"},     /* the newest only */
  };
  for (size_t i = 0; i < sizeof unsent / sizeof unsent[0]; i++)
    if (unsent[i].operation == operation && strcmp(unsent[i].argument, name) == 0 &&
        strcmp(unsent[i].exchange, call->exchange->name) == 0)
      return 1;
  return 0;
}

/* 1 when the argument or parameter is one of the request's. */
static int take_argument(oracle_call *call, const json *value) {
  bourse_request *request = &call->request;
  const char *name = value->key, *text = json_text(value);
  int32_t operation = request->operation;
  if (value->kind == JSON_NULL) return 1;
  if (strcmp(call->exchange->id, "coinbase") == 0 && take_coinbase_account(call, value)) return 1;
  if (is_unsent(call, operation, name)) return 1;
  if (strcmp(name, "symbol") == 0 && accepts(operation, "symbol"))
    request->symbol = text;
  else if (strcmp(name, "symbol") == 0 && operation == BOURSE_OP_TRANSFER)
    return 1;
  else if (strcmp(name, "symbol") == 0 && accepts(operation, "symbols")) {
    const char **one = pool_alloc(call->memory, sizeof *one);
    *one = text;
    request->symbols = one;
    request->symbol_count = 1;
  } else if (strcmp(name, "symbols") == 0) {
    request->symbols = strings_of(call, value, &request->symbol_count);
    if (request->symbol_count == 1 && operation == BOURSE_OP_FETCH_LEVERAGE_TIERS) {
      request->symbol = request->symbols[0];
      request->symbol_count = 0;
    }
  } else if (strcmp(name, "code") == 0)
    request->currency = text;
  else if (strcmp(name, "id") == 0 && accepts(operation, "order_id"))
    request->order_id = text;
  else if (strcmp(name, "id") == 0 && accepts(operation, "id"))
    request->id = text;
  else if (strcmp(name, "ids") == 0)
    request->order_ids = strings_of(call, value, &request->order_id_count);
  else if (strcmp(name, "clientOrderIds") == 0)
    request->client_order_ids = strings_of(call, value, &request->client_order_id_count);
  else if (is_client_id(name) && value->kind == JSON_ARRAY && accepts(operation, "client_order_ids"))
    request->client_order_ids = strings_of(call, value, &request->client_order_id_count);
  else if (strcmp(name, "clientOrderId") == 0 || (is_client_id(name) && accepts(operation, "client_order_id")))
    request->client_order_id = text;
  else if (strcmp(name, "limit") == 0)
    set_limit(call, value);
  else if (strcmp(name, "since") == 0)
    request->since_ns = time_of(value);
  else if (strcmp(name, "until") == 0)
    request->until_ns = time_of(value);
  else if (strcmp(name, "timeframe") == 0)
    request->timeframe = text;
  else if (strcmp(name, "amount") == 0)
    request->amount = decimal_of(call, value);
  else if (strcmp(name, "leverage") == 0)
    request->leverage = decimal_of(call, value);
  else if (strcmp(name, "address") == 0)
    request->address = text;
  else if (strcmp(name, "tag") == 0)
    request->tag = text;
  else if (strcmp(name, "network") == 0)
    request->network = text;
  else if (strcmp(name, "marginMode") == 0)
    request->margin_mode = margin_of(text);
  else if (strcmp(name, "hedged") == 0)
    request->hedged = json_is_true(value) ? BOURSE_YES : BOURSE_NO;
  else if (strcmp(name, "trailing") == 0 && accepts(operation, "trigger"))
    set_trailing(call, value);
  else if (strcmp(name, "trigger") == 0 || strcmp(name, "stop") == 0)
    request->trigger = json_is_true(value) ? BOURSE_YES : BOURSE_NO;
  else if (strcmp(name, "timeout") == 0)
    set_timer(call, value);
  else if (strcmp(name, "price") == 0)
    set_price_kind(call, text);
  else if (strcmp(name, "side") == 0 && operation == BOURSE_OP_CLOSE_POSITION && strcmp(call->exchange->id, "okx") == 0)
    request->position_side =
        strcmp(text, "buy") == 0 || strcmp(text, "long") == 0 ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  else if (strcmp(name, "fromAccount") == 0 || strcmp(name, "toAccount") == 0)
    set_account(call, value, name[0] == 'f');
  else
    return 0;
  return 1;
}

static void map_arguments(oracle_call *call, const json *input, const json *params) {
  for (const json *value = input == NULL ? NULL : input->first; value != NULL; value = value->next)
    if (!take_argument(call, value)) fail(call, "argument", value->key);
  for (const json *value = params == NULL ? NULL : params->first; value != NULL; value = value->next)
    if (!is_selector(value->key) && !take_argument(call, value)) pass_through(call, value);
}

/* Which account, where a margin case does not say. */
static int32_t default_margin(const oracle_call *call) {
  const char *method = json_text_of(call->row, "method");
  if (strstr(method, "Isolated") != NULL) return BOURSE_MARGIN_ISOLATED;
  /* What is borrowed has a market on an isolated account only. */
  return strstr(method, "Borrow") != NULL && call->request.symbol != NULL ? BOURSE_MARGIN_ISOLATED
                                                                          : BOURSE_MARGIN_CROSS;
}

static void map_product(oracle_call *call, const json *params) {
  bourse_request *request = &call->request;
  const char *product = json_text_of(call->row, "product"), *type = json_text_of(params, "type");
  int32_t operation = request->operation;
  if (operation == BOURSE_OP_FETCH_MARKETS &&
      (strcmp(call->exchange->name, "kraken") == 0 || strcmp(call->exchange->id, call->exchange->name) != 0))
    request->product = product_of(product); /* two of theirs are one here */
  if (operation == BOURSE_OP_FETCH_MARKETS || operation == BOURSE_OP_CALL_RAW) return;
  int told = request->symbol_count > 1 && strchr(request->symbols[0], '/') != NULL; /* by each of several symbols */
  if (!told) request->product = product_of(product);
  if (strcmp(call->exchange->id, "coinbase") == 0 && operation == BOURSE_OP_FETCH_BALANCES && type != NULL &&
      strcmp(type, "future") == 0)
    request->product = BOURSE_PRODUCT_LINEAR;
  /* What is the exchange's as a whole is offered with spot here. */
  if (!told && bourse_supports(call->handle, operation, request->product, 0) == 0 &&
      bourse_supports(call->handle, operation, BOURSE_PRODUCT_SPOT, 0) != 0)
    request->product = BOURSE_PRODUCT_SPOT;
  if (request->product == BOURSE_PRODUCT_SPOT &&
      bourse_supports(call->handle, operation, BOURSE_PRODUCT_SPOT, 0) == 0 &&
      bourse_supports(call->handle, operation, BOURSE_PRODUCT_SPOT, BOURSE_MARGIN_CROSS) != 0)
    product = "margin"; /* of spot there is none without */
  if (strcmp(product, "margin") == 0 && request->margin_mode == 0 && accepts(operation, "margin_mode"))
    request->margin_mode = default_margin(call);
  /* The name of a wallet that no product and margin mode tells. */
  int32_t wallet = wallet_of(call->exchange, type);
  if (accepts(operation, "wallet") &&
      (wallet == BOURSE_WALLET_FUNDING || (wallet == BOURSE_WALLET_SPOT && type[0] != 's')))
    request->wallet = wallet;
  /* KuCoin's futures are a host and an account of their own, and both of their clients know both. */
  if (operation == BOURSE_OP_FETCH_BALANCES && strcmp(call->exchange->id, "kucoin") == 0 &&
      wallet == BOURSE_WALLET_LINEAR)
    request->product = BOURSE_PRODUCT_LINEAR;
}

/* Strategies' orders of OKX are told by their type there, and by their id here. */
static const char *id_to_edit(oracle_call *call, const json *input) {
  static const char *const types[] = {"trigger", "conditional", "move_order_stop", "oco", "iceberg", "twap"};
  const char *id = json_text_of(input, "id");
  for (size_t i = 0; id != NULL && strcmp(call->exchange->id, "okx") == 0 && i < sizeof types / sizeof types[0]; i++)
    if (json_is(input, "type", types[i])) return pool_format(call->memory, "algo:%s", id);
  return id;
}

static int is_order_operation(int32_t operation) {
  return operation == BOURSE_OP_CREATE_ORDER || operation == BOURSE_OP_EDIT_ORDER;
}

void oracle_map(oracle_call *call) {
  const char *method = json_text_of(call->row, "method");
  const json *input = json_get(call->row, "input"), *params = json_get(call->row, "params");
  int32_t operation = operation_of(method);
  bourse_request_init(&call->request, sizeof call->request, operation);
  int bare = input == NULL || input->first == NULL; /* all is told in the exchange's words */
  if (has_tag(call->row, "raw") && bare && operation != BOURSE_OP_CREATE_ORDER_LIST) {
    map_raw(call, params);
  } else if (operation == 0) {
    fail(call, "method", method);
  } else if (is_okx_interest(call, operation, input)) {
    map_okx_interest(call, input);
  } else if (is_bybit_window(call, operation, input)) {
    map_bybit_window(call, input);
  } else if (operation == BOURSE_OP_CREATE_ORDER_LIST) {
    map_native_oco(call, params);
  } else if (is_order_operation(operation)) {
    bourse_order_request *order = make_order(call, input, params, 1);
    set_orders(call, &order, 1);
    if (operation == BOURSE_OP_EDIT_ORDER) {
      call->request.order_id = id_to_edit(call, input);
      if (call->request.order_id == NULL) { /* then that id says which order */
        call->request.client_order_id = order->client_order_id;
        order->client_order_id = NULL;
      }
    }
  } else if (json_get(input, "orders") != NULL) {
    map_orders(call, json_get(input, "orders"));
  } else {
    map_arguments(call, input, params);
    if (strcmp(method, "transferOut") == 0) set_way_out(call);
    if (strcmp(method, "fetchPortfolios") == 0) call->request.account = "portfolios";
    if (strncmp(method, "fetchMarkO", 10) == 0) call->request.price_kind = BOURSE_PRICE_MARK;
    if (strncmp(method, "fetchIndexO", 11) == 0) call->request.price_kind = BOURSE_PRICE_INDEX;
    if (strncmp(method, "fetchPremium", 12) == 0) call->request.price_kind = BOURSE_PRICE_PREMIUM;
  }
  map_product(call, params);
  /* Another client's lists and cancels are of ordinary orders unless told otherwise. */
  if (call->request.trigger == 0 && !call->exchange->one_list && accepts(call->request.operation, "trigger"))
    call->request.trigger =
        json_is_true(json_get(params, "trigger")) || json_is_true(json_get(params, "stop")) ? BOURSE_YES : BOURSE_NO;
}
