/* sim/kucoin_user.c - private topics: own orders of spot and futures, conditional ones, balances, wallets, positions. */
#include "kucoin.h"

/* --- To whom --- */

static int32_t is_of(const kucoin_socket *socket, uint32_t account) {
  return socket->account != NULL && socket->account->account == account && !socket->is_push;
}

/* To all of the account that have one of these topics; takes the data. */
static void tell(sim *s, uint32_t account, uint32_t bit, const char *topic, const char *subject, cJSON *data) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kucoin_socket *socket = sim_connection_state(c);
    if (is_of(socket, account) && (socket->everywhere & bit) != 0)
      kucoin_push_private(c, topic, subject, cJSON_Duplicate(data, 1));
  }
  cJSON_Delete(data);
}

/* Orders of spot have two topics, those of futures one for all symbols and one for each. */
static void tell_order(sim *s, const paper_order *order, cJSON *data, int32_t received) {
  char topic[64];
  if (!kucoin_is_futures(order->market)) {
    if (!received)
      tell(s, order->account, ON_ORDERS, "/spotMarket/tradeOrders", "orderChange", cJSON_Duplicate(data, 1));
    tell(s, order->account, ON_ORDERS_V2, "/spotMarket/tradeOrdersV2", "orderChange", data);
    return;
  }
  (void)snprintf(topic, sizeof topic, "/contractMarket/tradeOrders:%s", kucoin_rows[order->market].id);
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL && !received; c = sim_next_socket(s, c)) {
    const kucoin_socket *socket = sim_connection_state(c);
    if (is_of(socket, order->account) && socket->orders_of[order->market])
      kucoin_push_private(c, topic, "symbolOrderChange", cJSON_Duplicate(data, 1));
  }
  if (received)
    cJSON_Delete(data);
  else
    tell(s, order->account, ON_FUTURES_ORDERS, "/contractMarket/tradeOrders", "orderChange", data);
}

/* --- Orders --- */

static cJSON *order_json(sim *s, const kucoin_record *record, const paper_order *order, const char *type,
                         const char *status) {
  uint32_t market = order->market;
  char id[KUCOIN_ID_SIZE];
  int32_t futures = kucoin_is_futures(market), done = strcmp(status, "done") == 0;
  int64_t left = order->amount > record->filled && order->cost_asked == 0 ? order->amount - record->filled : 0;
  const kucoin_record *told = record->owner != NULL ? record->owner : record;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "orderType", order->type == BOURSE_ORDER_LIMIT ? "limit" : "market");
  cJSON_AddStringToObject(json, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, told));
  cJSON_AddStringToObject(json, "type", type);
  if (futures)
    kucoin_add_ns(s, json, "orderTime", order->created_ns);
  else
    kucoin_add_ms(s, json, "orderTime", order->created_ns);
  cJSON_AddStringToObject(json, "size", kucoin_amount(s, market, order->amount));
  cJSON_AddStringToObject(json, "filledSize", kucoin_amount(s, market, record->filled));
  if (order->type == BOURSE_ORDER_LIMIT) cJSON_AddStringToObject(json, "price", kucoin_price(s, market, order->price));
  cJSON_AddStringToObject(json, "clientOid", told->base.client_id);
  cJSON_AddStringToObject(json, "remainSize", kucoin_amount(s, market, done ? 0 : left));
  cJSON_AddStringToObject(json, "status", status);
  cJSON_AddStringToObject(json, "canceledSize", kucoin_amount(s, market, strcmp(type, "canceled") == 0 ? left : 0));
  kucoin_add_ns(s, json, "ts", sim_now_ns(s));
  if (futures) {
    cJSON_AddStringToObject(json, "marginMode", record->isolated ? "ISOLATED" : "CROSS");
    cJSON_AddStringToObject(json, "positionSide",
                            order->position_side == BOURSE_POSITION_LONG    ? "LONG"
                            : order->position_side == BOURSE_POSITION_SHORT ? "SHORT"
                                                                            : "BOTH");
    cJSON_AddStringToObject(json, "tradeType", "trade");
    return json;
  }
  cJSON_AddStringToObject(json, "originSize", kucoin_amount(s, market, order->amount));
  if (order->cost_asked > 0) {
    cJSON_AddStringToObject(json, "funds", sim_money_text(order->cost_asked, -1));
    cJSON_AddStringToObject(json, "originFunds", sim_money_text(order->cost_asked, -1));
    cJSON_AddStringToObject(json, "remainFunds", sim_money_text(done ? 0 : order->cost_asked - record->cost, -1));
  }
  return json;
}

/* One that waits for its price, in the words of the other service. */
static void tell_stop(sim *s, const kucoin_record *record, const paper_order *order, const char *type) {
  uint32_t market = order->market;
  int32_t futures = kucoin_is_futures(market);
  char id[KUCOIN_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  kucoin_add_ms(s, json, "createdAt", order->created_ns);
  cJSON_AddStringToObject(json, "orderId",
                          futures ? kucoin_now_id(id, record) : kucoin_order_id(id, record, UINT32_MAX));
  cJSON_AddStringToObject(json, "orderPrice", kucoin_price(s, market, order->price));
  cJSON_AddStringToObject(json, "orderType", "stop");
  cJSON_AddStringToObject(json, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  if (futures)
    kucoin_add_raw(json, "size", kucoin_amount(s, market, order->amount));
  else
    cJSON_AddStringToObject(json, "size", kucoin_amount(s, market, order->amount));
  cJSON_AddStringToObject(json, "stop",
                          futures ? (order->trigger_direction == BOURSE_TRIGGER_RISE ? "up" : "down")
                          : order->trigger_direction == BOURSE_TRIGGER_FALL ? "loss"
                                                                            : "entry");
  cJSON_AddStringToObject(json, "stopPrice", kucoin_price(s, market, order->trigger_price));
  if (futures)
    cJSON_AddStringToObject(json, "stopPriceType",
                            record->stop_type == NULL || record->stop_type[0] == '\0' ? "TP" : record->stop_type);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "tradeType", "TRADE");
  if (strcmp(type, "triggered") == 0) cJSON_AddTrueToObject(json, "triggerSuccess");
  kucoin_add_ns(s, json, "ts", sim_now_ns(s));
  cJSON_AddStringToObject(json, "type", type);
  if (futures)
    tell(s, order->account, ON_FUTURES_STOPS, "/contractMarket/advancedOrders", "stopOrder", json);
  else
    tell(s, order->account, ON_STOPS, "/spotMarket/advancedOrders", "stopOrder", json);
}

/* 1: there is nothing else to say. */
static int32_t stop_event(sim *s, kucoin_record *record, const paper_order *order) {
  if (order->trigger_kind == PAPER_TRIGGER_NONE) return 0;
  int32_t open = bourse__paper_is_open(order);
  if (!order->fired) {
    if (record->told == 0 || !open) tell_stop(s, record, order, open ? "open" : "cancel");
    record->told = open ? 2 : 3;
    return 1;
  }
  if (!record->fired) {
    if (record->told == 0) tell_stop(s, record, order, "open");
    tell_stop(s, record, order, "triggered");
    record->fired = 1;
    record->told = 0; /* as an ordinary one it is new */
  }
  return 0;
}

/* Whether it came to rest: the engine does not say so by itself, but has all done when its events are heard. */
static int32_t rests(sim *s, const kucoin_record *record, const paper_order *order) {
  const paper_order *now = sim_record_order(s, &record->base);
  return now != NULL && now->place == PAPER_ON_BOOK && now->filled == order->filled;
}

void kucoin_user_order(sim *s, kucoin_record *record, const paper_order *order) {
  int32_t open = bourse__paper_is_open(order);
  if (record->unified) {
    kucoin_unified_order_event(s, record, order);
    return;
  }
  if (order->status == BOURSE_ORDER_PENDING || order->reason == PAPER_LIST) return;
  if (!kucoin_is_futures(order->market) && order->list != NULL && order->filled == 0) return; /* its pair tells of it */
  if (stop_event(s, record, order)) return;
  if (record->told != 1) {
    record->told = 1;
    record->amount = order->amount;
    tell_order(s, order, order_json(s, record, order, "received", "new"), 1);
  }
  int32_t changed = open && record->told_open &&
                    (record->amount != order->amount || record->told_open != (int32_t)record->version + 1);
  if (open && !record->told_open && rests(s, record, order)) {
    record->told_open = (int32_t)record->version + 1;
    record->amount = order->amount;
    tell_order(s, order, order_json(s, record, order, "open", "open"), 0);
  } else if (changed) {
    cJSON *json = order_json(s, record, order, "update", "open");
    cJSON_AddStringToObject(json, "oldSize", kucoin_amount(s, order->market, record->amount));
    record->told_open = (int32_t)record->version + 1;
    record->amount = order->amount;
    tell_order(s, order, json, 0);
  }
  if (open) return;
  int32_t filled = order->status == BOURSE_ORDER_FILLED;
  tell_order(s, order, order_json(s, record, order, filled ? "filled" : "canceled", "done"), 0);
}

static void fill_event(sim *s, const paper_fill *fill) {
  kucoin_record *record = sim_record_for(s, &kucoin_of(s)->records, fill->order_id, fill->account, fill->market);
  const paper_order *order = sim_record_order(s, &record->base);
  if (order == NULL) return;
  if (order->trigger_kind != PAPER_TRIGGER_NONE && !record->fired && order->fired && !record->unified)
    (void)stop_event(s, record, order);
  record->filled += fill->amount;
  record->cost += fill->cost;
  record->fee += fill->fee;
  if (record->unified) {
    kucoin_unified_fill_event(s, record, order, fill);
    return;
  }
  cJSON *json = order_json(s, record, order, "match", "match");
  const char *number = sim_units_text(
      (int64_t)fill->id + (kucoin_is_futures(fill->market) ? INT64_C(1784000000000) : INT64_C(11029000000000000)), 0,
      0);
  cJSON_AddStringToObject(json, "tradeId", number);
  cJSON_AddStringToObject(json, "matchPrice", kucoin_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "matchSize", kucoin_amount(s, fill->market, fill->amount));
  cJSON_AddStringToObject(json, "liquidity", fill->role == BOURSE_MAKER ? "maker" : "taker");
  cJSON_AddStringToObject(json, "feeType", fill->role == BOURSE_MAKER ? "makerFee" : "takerFee");
  tell_order(s, order, json, 0);
}

/* --- Money and positions --- */

static void balance_event(sim *s, const paper_event *event) {
  uint32_t account = event->account;
  const char *code = bourse__paper_currency_code(sim_engine(s), event->u.balance.currency);
  const paper_balance *now = &event->u.balance.now;
  cJSON *json;
  if (kucoin_is_unified(s, account)) {
    kucoin_unified_balance_event(s, event);
    return;
  }
  if (event->u.balance.wallet == 1) {
    json = kucoin_overview(s, account, kucoin_asset(code), 1);
    tell(s, account, ON_WALLET, "/contractAccount/wallet", "walletBalance.change", json);
    return;
  }
  json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "accountId", "51510000000000000000");
  cJSON_AddStringToObject(json, "currency", code);
  cJSON_AddStringToObject(json, "total", sim_money_text(now->total, -1));
  cJSON_AddStringToObject(json, "available", sim_money_text(now->total - now->locked, -1));
  cJSON_AddStringToObject(json, "hold", sim_money_text(now->locked, -1));
  cJSON_AddStringToObject(json, "availableChange", "0");
  cJSON_AddStringToObject(json, "holdChange", "0");
  cJSON_AddStringToObject(json, "relationEvent", "trade.setted");
  cJSON_AddStringToObject(json, "relationEventId", sim_units_text((int64_t)event->sequence, 0, 0));
  cJSON_AddStringToObject(json, "time", sim_units_text((event->time_ns + sim_skew_ns(s)) / KUCOIN_MS, 0, 0));
  tell(s, account, ON_BALANCE, "/account/balance", "account.balance", json);
}

static void position_event(sim *s, const paper_event *event) {
  char topic[64];
  if (kucoin_is_unified(s, event->account)) {
    kucoin_unified_position_event(s, event);
    return;
  }
  cJSON *json = kucoin_position_json(s, event->account, event->market, event->u.position.slot);
  cJSON_AddStringToObject(json, "changeReason", "positionChange");
  (void)snprintf(topic, sizeof topic, "/contract/position:%s", kucoin_rows[event->market].id);
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kucoin_socket *socket = sim_connection_state(c);
    if (is_of(socket, event->account) &&
        (socket->position_of[event->market] || (socket->everywhere & ON_POSITIONS) != 0))
      kucoin_push_private(c, topic, "position.change", cJSON_Duplicate(json, 1));
  }
  cJSON_Delete(json);
}

void kucoin_tell_setting(sim *s, uint32_t account, uint32_t market, int32_t leverage) {
  const paper_holding *holding = &kucoin_paper_account(s, account)->holdings[market];
  cJSON *json = cJSON_CreateObject();
  if (leverage > 0) {
    cJSON_AddStringToObject(cJSON_AddObjectToObject(json, kucoin_rows[market].id), "leverage",
                            sim_units_text(leverage, 0, 0));
    tell(s, account, ON_LEVERAGE, "/contract/crossLeverage", "user.config", json);
  } else {
    cJSON_AddStringToObject(json, kucoin_rows[market].id, holding->isolated ? "ISOLATED" : "CROSS");
    tell(s, account, ON_MARGIN_MODE, "/contract/marginMode", "user.config", json);
  }
}

static void order_event(sim *s, const paper_order *order) {
  sim_records *records = &kucoin_of(s)->records;
  kucoin_record *record = sim_record_of(records, order->id);
  if (record == NULL && order->status == BOURSE_ORDER_CANCELED && order->filled == 0) return; /* it never lived */
  if (record == NULL) record = sim_record_for(s, records, order->id, order->account, order->market);
  record->unified = kucoin_is_unified(s, order->account);
  if (record->stop == NULL) record->stop = record->stop_type = record->self_trade = "";
  if (order->trigger_kind != PAPER_TRIGGER_NONE && record->kind == KUCOIN_PLAIN && kucoin_is_futures(order->market)) {
    record->kind = KUCOIN_STOP; /* one that came with a position */
    record->isolated = kucoin_paper_account(s, order->account)->holdings[order->market].isolated;
  }
  kucoin_user_order(s, record, order);
}

void kucoin_user_event(sim *s, const paper_event *event) {
  switch (event->kind) {
    case PAPER_EVENT_ORDER: order_event(s, &event->u.order); break;
    case PAPER_EVENT_FILL: fill_event(s, &event->u.fill); break;
    case PAPER_EVENT_BALANCE: balance_event(s, event); break;
    case PAPER_EVENT_POSITION: position_event(s, event); break;
    default: break;
  }
}
