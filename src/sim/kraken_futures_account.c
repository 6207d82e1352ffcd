/* sim/kraken_futures_account.c - own orders, fills, money, positions and leverage of futures. */
#include "kraken.h"

#define MILLION      INT64_C(1000000)
#define LAST_FILLS   100
#define STATUS_NS    (5 * KRAKEN_SECOND) /* how long an ended order is still told of */
#define LEVERAGE_MAX 50

/* --- Orders --- */

static const char *listed_type(const kraken_record *record) {
  return strcmp(record->type, "stp") == 0 ? "stop" : record->type;
}

static void add_trailing(sim *s, cJSON *out, const paper_order *order) {
  if (order->trigger_kind != PAPER_TRAILING) return;
  if (order->trail_amount != 0)
    kraken_futures_add_price(out, "trailingStopMaxDeviation", s, order->market, order->trail_amount);
  else
    kraken_add_units(out, "trailingStopMaxDeviation", order->trail_millionths, 6, -1);
  cJSON_AddStringToObject(out, "trailingStopDeviationUnit", order->trail_amount != 0 ? "QUOTE_CURRENCY" : "PERCENT");
}

static void add_open_order(sim *s, cJSON *list, const kraken_record *record, const paper_order *order) {
  char id[KRAKEN_ID_SIZE];
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "order_id", sim_uuid(id, record->id));
  if (record->client_id[0] != '\0') cJSON_AddStringToObject(out, "cliOrdId", record->client_id);
  cJSON_AddStringToObject(out, "symbol", kraken_pairs[record->market].id);
  cJSON_AddStringToObject(out, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(out, "orderType", listed_type(record));
  if (order->price != 0) kraken_futures_add_price(out, "limitPrice", s, record->market, order->price);
  if (order->trigger_price != 0) kraken_futures_add_price(out, "stopPrice", s, record->market, order->trigger_price);
  add_trailing(s, out, order);
  kraken_futures_add_amount(out, "unfilledSize", s, record->market, bourse__paper_remaining(order));
  kraken_add_iso(out, "receivedTime", s, order->created_ns);
  cJSON_AddStringToObject(out, "status", order->filled > 0 ? "partiallyFilled" : "untouched");
  kraken_futures_add_amount(out, "filledSize", s, record->market, order->filled);
  cJSON_AddBoolToObject(out, "reduceOnly", order->reduce_only);
  if (order->trigger_kind != PAPER_TRIGGER_NONE)
    cJSON_AddStringToObject(out, "triggerSignal", record->signal[0] == '\0' ? "last" : record->signal);
  kraken_add_iso(out, "lastUpdateTime", s, order->updated_ns);
  cJSON_AddItemToArray(list, out);
}

static const char *open_orders(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  const kraken_state *state = kraken_of(s);
  cJSON *list = cJSON_AddArrayToObject(out, "openOrders");
  (void)request;
  for (uint32_t i = state->record_count; i-- > 0;) {
    const kraken_record *record = state->records[i];
    if (record->account != who->account || !kraken_is_futures(record->market)) continue;
    const paper_order *order = kraken_order(s, record);
    if (order != NULL && bourse__paper_is_open(order)) add_open_order(s, list, record, order);
  }
  return NULL;
}

/* Whether one of the parameters of this name, which may come several times or hold a list, is this text. */
static int32_t is_asked(const sim_request *request, const char *name, const char *text) {
  size_t length = strlen(text), names = strlen(name);
  for (uint32_t i = 0; length > 0 && i < sim_param_count(request); i++) {
    const char *given = sim_param_name(request, i), *value = sim_param_value(request, i);
    if (!kraken_starts(given, name) || (given[names] != '\0' && given[names] != '[')) continue;
    for (const char *at = strstr(value, text); at != NULL; at = strstr(at + 1, text)) {
      int32_t begins = at == value || strchr(",[\" ", at[-1]) != NULL;
      if (begins && (at[length] == '\0' || strchr(",]\" ", at[length]) != NULL)) return 1;
    }
  }
  return 0;
}

static const char *status_word(const paper_order *order) {
  if (kraken_futures_waits(order) && bourse__paper_is_open(order)) return "TRIGGER_PLACED";
  if (bourse__paper_is_open(order)) return "ENTERED_BOOK";
  return order->status == BOURSE_ORDER_FILLED ? "FULLY_EXECUTED" : "CANCELLED";
}

static const char *order_status(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  const kraken_state *state = kraken_of(s);
  cJSON *list = cJSON_AddArrayToObject(out, "orders");
  for (uint32_t i = 0; i < state->record_count; i++) {
    const kraken_record *record = state->records[i];
    char id[KRAKEN_ID_SIZE];
    if (record->account != who->account || !kraken_is_futures(record->market) || record->id == 0) continue;
    if (!is_asked(request, "orderIds", sim_uuid(id, record->id)) && !is_asked(request, "cliOrdIds", record->client_id))
      continue;
    const paper_order *order = kraken_order(s, record);
    if (order == NULL || (!bourse__paper_is_open(order) && order->updated_ns + STATUS_NS < sim_now_ns(s))) continue;
    cJSON *row = cJSON_CreateObject(), *inner = kraken_futures_order(s, order, order->filled);
    int32_t waits = kraken_futures_waits(order);
    cJSON_ReplaceItemInObjectCaseSensitive(inner, "type", cJSON_CreateString(waits ? "TRIGGER_ORDER" : "ORDER"));
    if (waits) {
      cJSON *trigger = kraken_futures_trigger(s, order),
            *options = cJSON_AddObjectToObject(inner, "priceTriggerOptions");
      static const char *const names[] = {"triggerPrice", "triggerSide", "triggerSignal", "trailingStopOptions"};
      for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(trigger, names[k]);
        if (item != NULL) cJSON_AddItemToObject(options, names[k], item);
      }
      cJSON_Delete(trigger);
    }
    cJSON_AddItemToObject(row, "order", inner);
    cJSON_AddStringToObject(row, "status", status_word(order));
    cJSON_AddNullToObject(row, "updateReason");
    cJSON_AddNullToObject(row, "error");
    cJSON_AddItemToArray(list, row);
  }
  return NULL;
}

/* --- Fills --- */

cJSON *kraken_futures_fill(sim *s, const paper_fill *fill, int32_t on_stream) {
  char id[KRAKEN_ID_SIZE];
  const kraken_record *record = kraken_record_of(s, fill->order_id);
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, on_stream ? "instrument" : "symbol", kraken_pairs[fill->market].id);
  if (on_stream) {
    kraken_futures_add_ms(out, "time", s, fill->time_ns);
    sim_json_add_integer(out, "seq", (int64_t)fill->id);
    cJSON_AddBoolToObject(out, "buy", fill->side == BOURSE_SIDE_BUY);
  } else {
    kraken_add_iso(out, "fillTime", s, fill->time_ns);
    cJSON_AddStringToObject(out, "side", fill->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  }
  kraken_futures_add_price(out, "price", s, fill->market, fill->price);
  kraken_futures_add_amount(out, on_stream ? "qty" : "size", s, fill->market, fill->amount);
  cJSON_AddStringToObject(out, "order_id", sim_uuid(id, fill->order_id));
  if (record != NULL && record->client_id[0] != '\0')
    cJSON_AddStringToObject(out, on_stream ? "cli_ord_id" : "cliOrdId", record->client_id);
  cJSON_AddStringToObject(out, "fill_id", sim_uuid(id, fill->id));
  cJSON_AddStringToObject(out, on_stream ? "fill_type" : "fillType", fill->role == BOURSE_MAKER ? "maker" : "taker");
  if (!on_stream) return out;
  const paper_order *order = record == NULL ? NULL : kraken_order(s, record);
  kraken_futures_add_amount(out, "remaining_order_qty", s, fill->market,
                            order == NULL ? 0 : bourse__paper_remaining(order));
  kraken_add_money(out, "fee_paid", fill->fee, -1);
  cJSON_AddStringToObject(out, "fee_currency", "USD");
  cJSON_AddStringToObject(out, "order_type", record != NULL && strcmp(record->type, "mkt") == 0 ? "market" : "limit");
  return out;
}

static const char *fills(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  const paper_ring *ring = &kraken_account(s, who->account)->fills;
  int64_t before_ns = sim_iso_read(sim_param(request, "lastFillTime"));
  int32_t count = 0;
  cJSON *list = cJSON_AddArrayToObject(out, "fills");
  for (uint32_t i = ring->count; i-- > 0 && count < LAST_FILLS;) {
    const paper_fill *fill = bourse__paper_ring_at(ring, i);
    if (!kraken_is_futures(fill->market) || (before_ns > 0 && fill->time_ns >= before_ns)) continue;
    cJSON_AddItemToArray(list, kraken_futures_fill(s, fill, 0));
    count++;
  }
  return NULL;
}

/* --- Money --- */

static const char *asset_of(const char *code) { return strcmp(code, "BTC") == 0 ? "XBT" : code; }

typedef struct sums {
  paper_money quantity, pnl, initial, with_orders, maintenance, available;
} sums;

static sums sums_of(sim *s, uint32_t account, uint32_t currency) {
  const paper_account *a = kraken_account(s, account);
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 1, currency);
  sums out = {balance->total, 0, balance->margin, balance->margin + balance->locked, 0, 0};
  for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    for (int32_t slot = 0; slot < 2; slot++) {
      const paper_position *position = &a->holdings[m].slots[slot];
      if (position->size == 0 || kraken_market(s, m)->settle != currency) continue;
      out.pnl += bourse__paper_unrealized(kraken_market(s, m), position, slot);
      out.maintenance += bourse__paper_maintenance(kraken_market(s, m), position);
    }
  out.available = bourse__paper_available(sim_engine(s), account, 1, currency);
  return out;
}

/* The wallet that backs linear contracts; the stream writes the same with bars. */
void kraken_futures_money(sim *s, uint32_t account, cJSON *out, int32_t on_stream) {
  paper_engine *engine = sim_engine(s);
  int64_t usd = bourse__paper_currency_index(engine, "USD");
  sums all = sums_of(s, account, (uint32_t)usd);
#define NAME(rest_, stream_) (on_stream ? (stream_) : (rest_))
  cJSON *list = cJSON_AddObjectToObject(out, "currencies");
  for (uint32_t c = 0; c < bourse__paper_currency_count(engine); c++) {
    const paper_balance *balance = bourse__paper_balance(engine, account, 1, c);
    if (balance->total == 0 && c != (uint32_t)usd) continue;
    sums one = sums_of(s, account, c);
    cJSON *row = cJSON_AddObjectToObject(list, asset_of(bourse__paper_currency_code(engine, c)));
    kraken_add_money(row, "quantity", one.quantity, -1);
    kraken_add_money(row, "value", c == (uint32_t)usd ? one.quantity : 0, -1);
    kraken_add_money(row, NAME("collateral", "collateral_value"), c == (uint32_t)usd ? one.quantity : 0, -1);
    kraken_add_money(row, "available", one.available, -1);
  }
  kraken_add_money(out, NAME("balanceValue", "balance_value"), all.quantity, -1);
  kraken_add_money(out, NAME("portfolioValue", "portfolio_value"), all.quantity + all.pnl, -1);
  kraken_add_money(out, NAME("collateralValue", "collateral_value"), all.quantity, -1);
  kraken_add_money(out, NAME("initialMargin", "initial_margin"), on_stream ? all.with_orders : all.initial, -1);
  if (on_stream)
    kraken_add_money(out, "initial_margin_without_orders", all.initial, -1);
  else
    kraken_add_money(out, "initialMarginWithOrders", all.with_orders, -1);
  kraken_add_money(out, NAME("maintenanceMargin", "maintenance_margin"), all.maintenance, -1);
  kraken_add_money(out, "pnl", all.pnl, -1);
  kraken_add_raw(out, NAME("unrealizedFunding", "unrealized_funding"), "0");
  kraken_add_money(out, NAME("totalUnrealized", "total_unrealized"), all.pnl, -1);
  kraken_add_money(out, NAME("marginEquity", "margin_equity"), all.quantity + all.pnl, -1);
  kraken_add_money(out, NAME("availableMargin", "available_margin"), all.available, -1);
#undef NAME
}

static const char *accounts(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  cJSON *all = cJSON_AddObjectToObject(out, "accounts"), *cash = cJSON_AddObjectToObject(all, "cash"),
        *flex = cJSON_AddObjectToObject(all, "flex");
  (void)request;
  cJSON_AddStringToObject(cash, "type", "cashAccount");
  cJSON_AddObjectToObject(cash, "balances");
  cJSON_AddStringToObject(flex, "type", "multiCollateralMarginAccount");
  kraken_futures_money(s, who->account, flex, 0);
  return NULL;
}

/* --- Positions --- */

static void add_position(sim *s, cJSON *list, uint32_t account, uint32_t m, int32_t slot, int32_t on_stream) {
  const paper_holding *holding = &kraken_account(s, account)->holdings[m];
  const paper_position *position = &holding->slots[slot];
  const paper_market *market = kraken_market(s, m);
  bourse_decimal price = bourse__paper_average(market, position->entry_cost, position->size, 8);
  cJSON *row = cJSON_CreateObject();
  bourse_decimal_trim(&price, &price);
  if (on_stream) {
    cJSON_AddStringToObject(row, "instrument", kraken_pairs[m].id);
    kraken_futures_add_amount(row, "balance", s, m, slot == PAPER_LONG ? position->size : -position->size);
    kraken_add_money(row, "pnl", bourse__paper_unrealized(market, position, slot), -1);
    sim_json_add_number(row, "entry_price", &price);
    kraken_futures_add_price(row, "mark_price", s, m, market->mark != 0 ? market->mark : market->last);
    kraken_futures_add_price(row, "index_price", s, m, market->index_price);
    kraken_futures_add_price(row, "liquidation_threshold", s, m,
                             bourse__paper_liquidation_price(sim_engine(s), account, m, slot));
    sim_json_add_integer(row, "effective_leverage", holding->leverage);
    kraken_add_raw(row, "unrealized_funding", "0");
    kraken_add_money(row, "initial_margin", position->margin, -1);
    kraken_add_money(row, "maintenance_margin", bourse__paper_maintenance(market, position), -1);
    cJSON_AddStringToObject(row, "pnl_currency", "USD");
  } else {
    cJSON_AddStringToObject(row, "side", slot == PAPER_LONG ? "long" : "short");
    cJSON_AddStringToObject(row, "symbol", kraken_pairs[m].id);
    sim_json_add_number(row, "price", &price);
    kraken_add_iso(row, "fillTime", s, position->updated_ns);
    kraken_futures_add_amount(row, "size", s, m, position->size);
    kraken_add_raw(row, "unrealizedFunding", "0");
    cJSON_AddStringToObject(row, "pnlCurrency", "USD");
    if (holding->isolated) sim_json_add_integer(row, "maxFixedLeverage", holding->leverage);
  }
  cJSON_AddItemToArray(list, row);
}

cJSON *kraken_futures_positions(sim *s, uint32_t account, int32_t on_stream) {
  cJSON *list = cJSON_CreateArray();
  for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    for (int32_t slot = 0; slot < 2; slot++)
      if (kraken_account(s, account)->holdings[m].slots[slot].size != 0)
        add_position(s, list, account, m, slot, on_stream);
  return list;
}

static const char *open_positions(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  (void)request;
  cJSON_AddItemToObject(out, "openPositions", kraken_futures_positions(s, who->account, 0));
  return NULL;
}

/* --- Leverage: a market with one of its own is isolated --- */

static const char *leverage(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  const char *symbol = sim_param(request, "symbol"), *text = sim_param(request, "maxLeverage");
  int32_t market = kraken_product_named(symbol);
  if (strcmp(request->method, "PUT") != 0) {
    cJSON *list = cJSON_AddArrayToObject(out, "leveragePreferences");
    for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
      const paper_holding *holding = &kraken_account(s, who->account)->holdings[m];
      if (!holding->isolated || (market >= 0 && (uint32_t)market != m)) continue;
      cJSON *row = cJSON_CreateObject();
      cJSON_AddStringToObject(row, "symbol", kraken_pairs[m].id);
      sim_json_add_integer(row, "maxLeverage", holding->leverage);
      cJSON_AddItemToArray(list, row);
    }
    return NULL;
  }
  if (who->key.read_only) return "Not authorized";
  if (symbol == NULL) return "requiredArgumentMissing";
  if (market < 0) return "contractNotFound";
  long wanted = text == NULL ? LEVERAGE_MAX : strtol(text, NULL, 10);
  if (wanted < 1 || wanted > LEVERAGE_MAX) return "invalidArgument: maxLeverage";
  paper_engine *engine = sim_engine(s);
  int32_t code = bourse__paper_set_isolated(engine, who->account, (uint32_t)market, text != NULL);
  if (code == BOURSE_OK || code == BOURSE_ERROR_NO_CHANGE)
    code = bourse__paper_set_leverage(engine, who->account, (uint32_t)market, (int32_t)wanted);
  sim_settle(s);
  if (code == BOURSE_ERROR_INSUFFICIENT_FUNDS) return "insufficientFunds";
  return code == BOURSE_OK || code == BOURSE_ERROR_NO_CHANGE ? NULL : "invalidArgument: symbol";
}

/* --- Moving money --- */

static const char *read_move(const sim_request *request, const char *name, const char **code, bourse_decimal *amount) {
  const char *text = sim_param(request, "amount");
  *code = kraken_currency(sim_param(request, name));
  if (*code == NULL) return "invalidUnit";
  return text != NULL && sim_decimal(amount, text) && bourse_decimal_sign(amount) > 0 ? NULL : "invalidAmount";
}

static const char *withdrawal(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  const char *code, *wallet = sim_param(request, "sourceWallet");
  bourse_decimal amount, less;
  char id[KRAKEN_ID_SIZE];
  const char *error = read_move(request, "currency", &code, &amount);
  if (who->key.read_only) return "Not authorized";
  if (error != NULL) return error;
  if (wallet != NULL && strcmp(wallet, "flex") != 0) return "insufficientFunds"; /* nothing lies elsewhere */
  less = amount;
  less.flags |= BOURSE_DECIMAL_NEGATIVE;
  if (sim_deposit(s, who->account, 1, code, &less, "transfer") != BOURSE_OK) return "insufficientFunds";
  (void)sim_deposit(s, who->account, 0, code, &amount, "transfer");
  cJSON_AddStringToObject(out, "uid", sim_uuid(id, sim_next_number(s)));
  return NULL;
}

/* Within futures there is but one wallet with money in it. */
static const char *transfer(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  const char *code, *from = sim_param(request, "fromAccount"), *to = sim_param(request, "toAccount");
  bourse_decimal amount;
  (void)s, (void)out;
  if (who->key.read_only) return "Not authorized";
  if (from == NULL || to == NULL) return "requiredArgumentMissing";
  const char *error = read_move(request, "unit", &code, &amount);
  if (error != NULL) return error;
  return strcmp(from, "flex") == 0 ? "invalidAccount" : "insufficientFunds";
}

static const char *notifications(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  (void)s, (void)who, (void)request;
  cJSON_AddArrayToObject(out, "notifications");
  return NULL;
}

static const char *self_trade_strategy(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  (void)s, (void)who, (void)request;
  cJSON_AddStringToObject(out, "strategy", "REJECT_TAKER");
  return NULL;
}

static const char *pnl_preferences(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  (void)s, (void)who, (void)request;
  cJSON_AddArrayToObject(out, "preferences");
  return NULL;
}

static const char *volumes(sim *s, sim_account *who, const sim_request *request, cJSON *out) {
  (void)s, (void)who, (void)request;
  cJSON_AddObjectToObject(out, "volumesByFeeSchedule");
  return NULL;
}

const char *kraken_futures_account(sim *s, sim_account *who, const char *name, const sim_request *request, cJSON *out,
                                   int32_t *known) {
  static const struct {
    const char *name;
    const char *(*call)(sim *s, sim_account *who, const sim_request *request, cJSON *out);
  } calls[] = {{"openorders", open_orders},
               {"orders/status", order_status},
               {"fills", fills},
               {"accounts", accounts},
               {"openpositions", open_positions},
               {"leveragepreferences", leverage},
               {"withdrawal", withdrawal},
               {"transfer", transfer},
               {"notifications", notifications},
               {"self-trade-strategy", self_trade_strategy},
               {"pnlpreferences", pnl_preferences},
               {"feeschedules/volumes", volumes}};
  *known = 1;
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
    if (strcmp(name, calls[i].name) == 0) return calls[i].call(s, who, request, out);
  *known = 0;
  return NULL;
}
