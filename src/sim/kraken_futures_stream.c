/* sim/kraken_futures_stream.c - WebSocket v1 of futures: docs.kraken.com "Derivatives WebSocket".
 *
 * Every change of a book is a message with the next number; tickers come each second; an own order is told of when it is
 * placed, changes, fills or goes, each time with the reason. */
#include "kraken.h"

static const char *text_of(const cJSON *object, const char *name) {
  return sim_json_item_text(cJSON_GetObjectItemCaseSensitive(object, name));
}

static void send_event(sim *s, sim_connection *connection, const char *event, const char *name, const char *text) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "event", event);
  if (name != NULL) cJSON_AddStringToObject(message, name, text);
  kraken_send(s, connection, message);
}

void kraken_futures_open(sim *s, sim_connection *connection) {
  (void)s;
  sim_send_text(connection, "{\"event\":\"info\",\"version\":1}");
}

/* --- Public feeds --- */

static const struct {
  const char *name;
  int32_t bit;
} public_feeds[] = {{"ticker", ON_TICKER}, {"ticker_lite", ON_TICKER_LITE}, {"book", ON_BOOK}, {"trade", ON_TRADES}};

static cJSON *trade_message(sim *s, uint32_t market, const kraken_trade *trade) {
  char id[KRAKEN_ID_SIZE];
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "feed", "trade");
  cJSON_AddStringToObject(out, "product_id", kraken_pairs[market].id);
  cJSON_AddStringToObject(out, "uid", kraken_futures_uid(id, trade));
  cJSON_AddStringToObject(out, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(out, "type", "fill");
  sim_json_add_integer(out, "seq", (int64_t)trade->id);
  kraken_futures_add_ms(out, "time", s, trade->time_ns);
  kraken_futures_add_amount(out, "qty", s, market, trade->amount);
  kraken_futures_add_price(out, "price", s, market, trade->price);
  return out;
}

static cJSON *ticker_message(sim *s, uint32_t market, int32_t lite) {
  cJSON *out = kraken_futures_ticker(s, market, 1);
  if (lite) cJSON_ReplaceItemInObjectCaseSensitive(out, "feed", cJSON_CreateString("ticker_lite"));
  return out;
}

#define PAST_TRADES 100

static void snapshot_public(sim *s, sim_connection *connection, uint32_t market, int32_t bit) {
  cJSON *out = cJSON_CreateObject();
  if (bit == ON_BOOK) {
    cJSON_AddStringToObject(out, "feed", "book_snapshot");
    cJSON_AddStringToObject(out, "product_id", kraken_pairs[market].id);
    kraken_futures_add_ms(out, "timestamp", s, sim_now_ns(s));
    sim_json_add_integer(out, "seq", (int64_t)kraken_market(s, market)->update_id);
    cJSON_AddNullToObject(out, "tickSize");
    cJSON_AddItemToObject(out, "bids", kraken_futures_side(s, market, 0, 1));
    cJSON_AddItemToObject(out, "asks", kraken_futures_side(s, market, 1, 1));
  } else if (bit == ON_TRADES) {
    cJSON_AddStringToObject(out, "feed", "trade_snapshot");
    cJSON_AddStringToObject(out, "product_id", kraken_pairs[market].id);
    cJSON *list = cJSON_AddArrayToObject(out, "trades");
    for (uint32_t i = 0; i < PAST_TRADES && kraken_trade_at(s, market, i) != NULL; i++)
      cJSON_AddItemToArray(list, trade_message(s, market, kraken_trade_at(s, market, i)));
  } else {
    cJSON_Delete(out);
    out = ticker_message(s, market, bit == ON_TICKER_LITE);
  }
  kraken_send(s, connection, out);
}

/* Takes the message. */
static void send_market(sim *s, uint32_t market, int32_t bit, cJSON *message) {
  char *text = NULL;
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    kraken_connection *state = sim_connection_state(c);
    if (!state->futures || (state->on[market] & bit) == 0) continue;
    if (bit == ON_BOOK && sim_fault(s, "stream_gap", kraken_pairs[market].id)) continue;
    if (text == NULL) text = cJSON_PrintUnformatted(message);
    state->sent_ns = sim_now_ns(s);
    sim_send_text(c, text);
  }
  cJSON_free(text);
  cJSON_Delete(message);
}

static int32_t is_wanted(sim *s, uint32_t market, int32_t bit) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kraken_connection *state = sim_connection_state(c);
    if (state->futures && (state->on[market] & bit) != 0) return 1;
  }
  return 0;
}

static void subscribe_public(sim *s, sim_connection *connection, const cJSON *message, const char *feed, int32_t bit,
                             int32_t on) {
  kraken_connection *state = sim_connection_state(connection);
  const cJSON *products = cJSON_GetObjectItemCaseSensitive(message, "product_ids"), *product;
  uint32_t count = 0;
  cJSON_ArrayForEach(product, products) {
    const char *name = sim_json_item_text(product);
    if (name == NULL || kraken_product_named(name) < 0) {
      send_event(s, connection, "error", "message", "Invalid product id");
      return;
    }
    count++;
  }
  if (count == 0) {
    send_event(s, connection, "error", "message", "Bad websocket message");
    return;
  }
  cJSON *answer = cJSON_CreateObject();
  cJSON_AddStringToObject(answer, "event", on ? "subscribed" : "unsubscribed");
  cJSON_AddStringToObject(answer, "feed", feed);
  cJSON_AddItemToObject(answer, "product_ids", sim_json_again(products));
  kraken_send(s, connection, answer);
  cJSON_ArrayForEach(product, products) {
    uint32_t market = (uint32_t)kraken_product_named(sim_json_item_text(product));
    state->on[market] = (uint8_t)(on ? state->on[market] | bit : state->on[market] & ~bit);
    if (on) snapshot_public(s, connection, market, bit);
  }
}

/* --- Own orders --- */

static const char *stream_type(const kraken_record *record, const paper_order *order) {
  if (order->trigger_kind == PAPER_STOP_LOSS && !order->fired) return "stop";
  if (order->trigger_kind == PAPER_TAKE_PROFIT && !order->fired) return "take_profit";
  if (order->trigger_kind == PAPER_TRAILING && !order->fired) return "trailing_stop";
  return order->type == BOURSE_ORDER_LIMIT || record == NULL ? "limit" : "market";
}

static cJSON *order_row(sim *s, const kraken_record *record, const paper_order *order) {
  char id[KRAKEN_ID_SIZE];
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "instrument", kraken_pairs[order->market].id);
  kraken_futures_add_ms(out, "time", s, order->created_ns);
  kraken_futures_add_ms(out, "last_update_time", s, order->updated_ns);
  kraken_futures_add_amount(out, "qty", s, order->market, bourse__paper_remaining(order));
  kraken_futures_add_amount(out, "filled", s, order->market, order->filled);
  kraken_futures_add_price(out, "limit_price", s, order->market, order->price);
  kraken_futures_add_price(out, "stop_price", s, order->market, order->trigger_price);
  cJSON_AddStringToObject(out, "type", stream_type(record, order));
  cJSON_AddStringToObject(out, "order_id", sim_uuid(id, order->id));
  if (record->client_id[0] != '\0') cJSON_AddStringToObject(out, "cli_ord_id", record->client_id);
  sim_json_add_integer(out, "direction", order->side == BOURSE_SIDE_BUY ? 0 : 1);
  cJSON_AddBoolToObject(out, "reduce_only", order->reduce_only);
  if (order->trigger_kind == PAPER_TRIGGER_NONE) return out;
  cJSON_AddStringToObject(out, "triggerSignal", record->signal[0] == '\0' ? "last" : record->signal);
  if (order->trigger_kind != PAPER_TRAILING) return out;
  cJSON *options = cJSON_AddObjectToObject(out, "trailing_stop_options");
  if (order->trail_amount != 0)
    kraken_futures_add_price(options, "max_deviation", s, order->market, order->trail_amount);
  else
    kraken_add_units(options, "max_deviation", order->trail_millionths, 6, -1);
  cJSON_AddStringToObject(options, "unit", order->trail_amount != 0 ? "QUOTE_CURRENCY" : "PERCENT");
  return out;
}

static int32_t has_feed(const kraken_connection *state, uint32_t account, uint32_t bits) {
  return state->futures && (state->private_on & bits) != 0 && state->account != NULL &&
         state->account->account == account;
}

static void send_order(sim *s, const kraken_record *record, const paper_order *order, int32_t is_cancel,
                       const char *reason, int32_t whole) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kraken_connection *state = sim_connection_state(c);
    for (uint32_t bit = ON_ORDERS; bit <= ON_ORDERS_VERBOSE; bit <<= 1) {
      char id[KRAKEN_ID_SIZE];
      if (!has_feed(state, order->account, bit)) continue;
      cJSON *message = cJSON_CreateObject();
      cJSON_AddStringToObject(message, "feed", bit == ON_ORDERS ? "open_orders" : "open_orders_verbose");
      if (whole) {
        cJSON_AddItemToObject(message, "order", order_row(s, record, order));
      } else {
        cJSON_AddStringToObject(message, "order_id", sim_uuid(id, order->id));
        if (record->client_id[0] != '\0') cJSON_AddStringToObject(message, "cli_ord_id", record->client_id);
      }
      cJSON_AddBoolToObject(message, "is_cancel", is_cancel);
      cJSON_AddStringToObject(message, "reason", reason);
      kraken_send(s, c, message);
    }
  }
}

static const char *end_reason(sim *s, const paper_order *order) {
  switch (order->reason) {
    case PAPER_CANCELED: return kraken_of(s)->ending == NULL ? "cancelled_by_user" : kraken_of(s)->ending;
    case PAPER_NO_FUNDS: return "not_enough_margin";
    case PAPER_LIQUIDATED: return "liquidation";
    case PAPER_SELF_TRADE: return "would_execute_self";
    case PAPER_REDUCE_ONLY: return "would_not_reduce_position";
    case PAPER_UNFILLED:
    case PAPER_NO_LIQUIDITY:
      return order->filled == 0 ? "ioc_order_failed_because_it_would_not_be_executed" : "cancelled_by_user";
    default: return "cancelled_by_user";
  }
}

static void tell_order(sim *s, const paper_order *order) {
  kraken_record *record = kraken_record_of(s, order->id);
  int32_t open = bourse__paper_is_open(order), known = record != NULL && record->told;
  if (record == NULL) return;
  record->told = 1;
  if (!known) kraken_happened(s, HAPPENED_PLACED, order, NULL, "new_user_order");
  if (!known && open) {
    send_order(s, record, order, 0, "new_placed_order_by_user", 1);
  } else if (open && record->amended) {
    kraken_happened(s, HAPPENED_UPDATED, order, NULL, "edited_by_user");
    send_order(s, record, order, 0, "edited_by_user", 1);
  } else if (open && order->fired && !record->fired) {
    kraken_happened(s, HAPPENED_FIRED, order, NULL, "stop_order_triggered");
    send_order(s, record, order, 0, "limit_order_from_stop", 1);
  } else if (open && order->filled > record->filled) {
    kraken_happened(s, HAPPENED_UPDATED, order, NULL, "partial_fill");
    send_order(s, record, order, 0, "partial_fill", 1);
  }
  record->fired = order->fired;
  record->filled = order->filled;
  if (open) return;
  int32_t whole = order->status == BOURSE_ORDER_FILLED;
  const char *reason = whole ? "full_fill" : end_reason(s, order);
  kraken_happened(s, whole ? HAPPENED_UPDATED : HAPPENED_CANCELED, order, NULL, reason);
  send_order(s, record, order, 1, reason, whole);
}

/* --- Own fills, money, positions --- */

static cJSON *private_message(sim *s, const char *feed, const kraken_connection *state) {
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "feed", feed);
  cJSON_AddStringToObject(out, "account", state->account->key.name);
  (void)s;
  return out;
}

static void send_fill(sim *s, const paper_fill *fill) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kraken_connection *state = sim_connection_state(c);
    if (!has_feed(state, fill->account, ON_FILLS)) continue;
    cJSON *message = cJSON_CreateObject();
    cJSON_AddStringToObject(message, "feed", "fills");
    cJSON_AddStringToObject(message, "username", state->account->key.name);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(message, "fills"), kraken_futures_fill(s, fill, 1));
    kraken_send(s, c, message);
  }
}

static void send_money(sim *s, sim_connection *connection, const char *feed) {
  const kraken_connection *state = sim_connection_state(connection);
  cJSON *message = private_message(s, feed, state);
  kraken_futures_add_ms(message, "timestamp", s, sim_now_ns(s));
  sim_json_add_integer(message, "seq", (int64_t)++kraken_of(s)->pushed);
  if (strcmp(feed, "balances") != 0) { /* updates tell of the wallet that changed */
    cJSON_AddObjectToObject(message, "holding");
    cJSON_AddObjectToObject(message, "futures");
  }
  kraken_futures_money(s, state->account->account, cJSON_AddObjectToObject(message, "flex_futures"), 1);
  kraken_send(s, connection, message);
}

static void send_positions(sim *s, sim_connection *connection) {
  const kraken_connection *state = sim_connection_state(connection);
  cJSON *message = private_message(s, "open_positions", state);
  kraken_futures_add_ms(message, "timestamp", s, sim_now_ns(s));
  cJSON_AddItemToObject(message, "positions", kraken_futures_positions(s, state->account->account, 1));
  kraken_send(s, connection, message);
}

#define PAST_FILLS 100

static void snapshot_private(sim *s, sim_connection *connection, const char *feed, uint32_t bit) {
  kraken_connection *state = sim_connection_state(connection);
  uint32_t account = state->account->account, count = 0;
  char name[64];
  if (bit == ON_POSITIONS) {
    send_positions(s, connection);
    return;
  }
  (void)snprintf(name, sizeof name, "%s_snapshot", feed);
  if (bit == ON_BALANCES) {
    send_money(s, connection, name);
    return;
  }
  if (bit == ON_HEARTBEAT) return;
  cJSON *message = private_message(s, bit == ON_NOTIFICATIONS ? feed : name, state), *list;
  if (bit == ON_FILLS) {
    const paper_ring *fills = &kraken_account(s, account)->fills;
    list = cJSON_AddArrayToObject(message, "fills");
    for (uint32_t i = fills->count; i-- > 0 && count < PAST_FILLS;) {
      const paper_fill *fill = bourse__paper_ring_at(fills, i);
      if (!kraken_is_futures(fill->market)) continue;
      cJSON_InsertItemInArray(list, 0, kraken_futures_fill(s, fill, 1)); /* oldest first */
      count++;
    }
  } else if (bit == ON_ORDERS || bit == ON_ORDERS_VERBOSE) {
    const kraken_state *all = kraken_of(s);
    list = cJSON_AddArrayToObject(message, "orders");
    for (uint32_t i = 0; i < all->record_count; i++) {
      const kraken_record *record = all->records[i];
      const paper_order *order =
          record->account == account && kraken_is_futures(record->market) ? kraken_order(s, record) : NULL;
      if (order != NULL && bourse__paper_is_open(order)) cJSON_AddItemToArray(list, order_row(s, record, order));
    }
  } else {
    (void)cJSON_AddArrayToObject(message, bit == ON_LOG ? "logs" : "notifications");
  }
  kraken_send(s, connection, message);
}

/* --- Private subscriptions --- */

static const struct {
  const char *name;
  uint32_t bit;
} private_feeds[] = {{"open_orders", ON_ORDERS},
                     {"open_orders_verbose", ON_ORDERS_VERBOSE},
                     {"fills", ON_FILLS},
                     {"balances", ON_BALANCES},
                     {"open_positions", ON_POSITIONS},
                     {"account_log", ON_LOG},
                     {"notifications_auth", ON_NOTIFICATIONS}};

static void challenge(sim *s, sim_connection *connection, const cJSON *message) {
  kraken_connection *state = sim_connection_state(connection);
  const char *key = text_of(message, "api_key");
  const sim_account *who = key == NULL ? NULL : sim_account_by_key(s, key);
  if (who == NULL || strstr(who->key.api_key, "futures") == NULL) {
    send_event(s, connection, "error", "message", "Invalid api key");
    return;
  }
  sim_uuid(state->challenge, sim_random(s));
  send_event(s, connection, "challenge", "message", state->challenge);
}

/* NULL: the challenge is signed with the key's secret. */
static const char *check_proof(sim *s, kraken_connection *state, const cJSON *message) {
  const char *key = text_of(message, "api_key"), *asked = text_of(message, "original_challenge"),
             *given = text_of(message, "signed_challenge");
  uint8_t secret[256], digest[32];
  char expected[129];
  sim_account *who = key == NULL ? NULL : sim_account_by_key(s, key);
  if (who == NULL || strstr(who->key.api_key, "futures") == NULL) return "Invalid api key";
  if (asked == NULL || given == NULL || state->challenge[0] == '\0' || strcmp(asked, state->challenge) != 0)
    return "Invalid challenge";
  int64_t length = strlen(who->key.secret) < sizeof secret ? sim_base64_decode(secret, who->key.secret) : -1;
  (void)sim_sha256(digest, asked, strlen(asked));
  if (length <= 0 || !sim_hmac_base64(expected, 512, secret, (size_t)length, digest, sizeof digest) ||
      !sim_same_text(expected, given) || sim_fault(s, "token_dead", "futures"))
    return "Invalid signature";
  state->account = who;
  return NULL;
}

static void subscribe_private(sim *s, sim_connection *connection, const cJSON *message, const char *feed, uint32_t bit,
                              int32_t on) {
  kraken_connection *state = sim_connection_state(connection);
  const char *error = check_proof(s, state, message);
  if (error != NULL) {
    send_event(s, connection, "error", "message", error);
    return;
  }
  state->private_on = on ? state->private_on | bit : state->private_on & ~bit;
  send_event(s, connection, on ? "subscribed" : "unsubscribed", "feed", feed);
  if (on) snapshot_private(s, connection, feed, bit);
}

void kraken_futures_message(sim *s, sim_connection *connection, const cJSON *message) {
  const char *event = text_of(message, "event"), *feed = text_of(message, "feed");
  kraken_connection *state = sim_connection_state(connection);
  if (message == NULL) {
    send_event(s, connection, "error", "message", "Json Error");
    return;
  }
  if (event == NULL) {
    send_event(s, connection, "error", "message", "Bad websocket message");
    return;
  }
  if (strcmp(event, "challenge") == 0) {
    challenge(s, connection, message);
    return;
  }
  if (strcmp(event, "ping") == 0) {
    send_event(s, connection, "pong", NULL, NULL);
    return;
  }
  int32_t on = strcmp(event, "subscribe") == 0;
  if ((!on && strcmp(event, "unsubscribe") != 0) || feed == NULL) {
    send_event(s, connection, "error", "message", "Bad websocket message");
    return;
  }
  for (size_t i = 0; i < sizeof public_feeds / sizeof public_feeds[0]; i++)
    if (strcmp(feed, public_feeds[i].name) == 0) {
      subscribe_public(s, connection, message, feed, public_feeds[i].bit, on);
      return;
    }
  for (size_t i = 0; i < sizeof private_feeds / sizeof private_feeds[0]; i++)
    if (strcmp(feed, private_feeds[i].name) == 0) {
      subscribe_private(s, connection, message, feed, private_feeds[i].bit, on);
      return;
    }
  if (strcmp(feed, "heartbeat") == 0) {
    state->private_on = on ? state->private_on | ON_HEARTBEAT : state->private_on & ~(uint32_t)ON_HEARTBEAT;
    send_event(s, connection, on ? "subscribed" : "unsubscribed", "feed", feed);
    return;
  }
  send_event(s, connection, "error", "message", "Invalid feed");
}

/* --- As things happen, and time goes --- */

void kraken_futures_event(sim *s, const paper_event *event) {
  kraken_state *state = kraken_of(s);
  uint32_t m = event->market;
  int32_t mine = m != UINT32_MAX && kraken_is_futures(m);
  switch (event->kind) {
    case PAPER_EVENT_ORDER:
      if (mine) tell_order(s, &event->u.order);
      break;
    case PAPER_EVENT_FILL:
      if (mine) send_fill(s, &event->u.fill);
      break;
    case PAPER_EVENT_BALANCE:
      if (event->u.balance.wallet != 1 || event->account >= KRAKEN_ACCOUNTS) break;
      state->money_moved[event->account] = state->any_moved = 1;
      break;
    case PAPER_EVENT_POSITION:
      if (event->account >= KRAKEN_ACCOUNTS) break;
      state->positions_moved[event->account] = state->any_moved = 1;
      break;
    case PAPER_EVENT_TRADE:
      if (mine && is_wanted(s, m, ON_TRADES))
        send_market(s, m, ON_TRADES, trade_message(s, m, kraken_trade_at(s, m, 0)));
      break;
    case PAPER_EVENT_BOOK: {
      if (!mine || !is_wanted(s, m, ON_BOOK)) break;
      cJSON *out = cJSON_CreateObject();
      cJSON_AddStringToObject(out, "feed", "book");
      cJSON_AddStringToObject(out, "product_id", kraken_pairs[m].id);
      cJSON_AddStringToObject(out, "side", event->u.book.side == BOURSE_SIDE_BUY ? "buy" : "sell");
      sim_json_add_integer(out, "seq", (int64_t)event->u.book.update_id);
      kraken_futures_add_price(out, "price", s, m, event->u.book.price);
      kraken_futures_add_amount(out, "qty", s, m, event->u.book.amount);
      kraken_futures_add_ms(out, "timestamp", s, event->time_ns);
      send_market(s, m, ON_BOOK, out);
      break;
    }
    default: break;
  }
}

void kraken_futures_flush(sim *s) {
  kraken_state *state = kraken_of(s);
  if (!state->any_moved) return;
  state->any_moved = 0;
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kraken_connection *connection = sim_connection_state(c);
    if (!connection->futures || connection->account == NULL || connection->account->account >= KRAKEN_ACCOUNTS)
      continue;
    uint32_t account = connection->account->account;
    if (state->money_moved[account] && (connection->private_on & ON_BALANCES) != 0) send_money(s, c, "balances");
    if (state->positions_moved[account] && (connection->private_on & ON_POSITIONS) != 0) send_positions(s, c);
  }
  memset(state->money_moved, 0, sizeof state->money_moved);
  memset(state->positions_moved, 0, sizeof state->positions_moved);
}

void kraken_futures_tick(sim *s) {
  for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    if (is_wanted(s, m, ON_TICKER)) send_market(s, m, ON_TICKER, ticker_message(s, m, 0));
    if (is_wanted(s, m, ON_TICKER_LITE)) send_market(s, m, ON_TICKER_LITE, ticker_message(s, m, 1));
  }
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kraken_connection *state = sim_connection_state(c);
    if (!state->futures || (state->private_on & ON_HEARTBEAT) == 0) continue;
    cJSON *message = cJSON_CreateObject();
    cJSON_AddStringToObject(message, "feed", "heartbeat");
    kraken_futures_add_ms(message, "time", s, sim_now_ns(s));
    kraken_send(s, c, message);
  }
}
