/* sim/bybit_private.c - private topics: orders, fills, positions, the wallet. Follows "Private" of the exchange's V5 WebSocket
 * documents. */
#include "bybit.h"

static const char *const topics[BYBIT_PRIVATE_TOPICS] = {"order",  "execution", "execution.fast", "position", "wallet",
                                                         "greeks", "dcp"};
static const char *const categories[] = {"", "spot", "linear", "inverse", "option"};

/* --- Who is there --- */

static cJSON *auth_answer(const bybit_socket *socket, const cJSON *message, int32_t code, const char *text) {
  const char *id = sim_json_text(message, socket->kind == BYBIT_ON_TRADE ? "reqId" : "req_id");
  cJSON *json = cJSON_CreateObject();
  if (socket->kind == BYBIT_ON_TRADE) {
    if (id != NULL) cJSON_AddStringToObject(json, "reqId", id);
    sim_json_add_integer(json, "retCode", code);
    cJSON_AddStringToObject(json, "retMsg", text);
    cJSON_AddStringToObject(json, "op", "auth");
    cJSON_AddStringToObject(json, "connId", socket->id);
    return json;
  }
  cJSON_AddBoolToObject(json, "success", code == 0);
  cJSON_AddStringToObject(json, "ret_msg", code == 0 ? "" : text);
  cJSON_AddStringToObject(json, "op", "auth");
  if (id != NULL) cJSON_AddStringToObject(json, "req_id", id);
  cJSON_AddStringToObject(json, "conn_id", socket->id);
  return json;
}

cJSON *bybit_auth(sim *s, bybit_socket *socket, const cJSON *message) {
  const cJSON *args = cJSON_GetObjectItemCaseSensitive(message, "args");
  const char *key = sim_json_item_text(cJSON_GetArrayItem(args, 0)),
             *expires = sim_json_item_text(cJSON_GetArrayItem(args, 1)),
             *signature = sim_json_item_text(cJSON_GetArrayItem(args, 2));
  char text[64];
  if (key == NULL || expires == NULL || signature == NULL) return auth_answer(socket, message, 10001, "Params Error");
  if (socket->kind == BYBIT_ON_TRADE && socket->account != NULL)
    return auth_answer(socket, message, 20001, "Repeat auth");
  sim_account *account = sim_account_by_key(s, key);
  if (account == NULL) return auth_answer(socket, message, 10003, "Invalid apikey");
  (void)snprintf(text, sizeof text, "GET/realtime%.30s", expires);
  if (!bybit_signature_is_good(account, text, signature)) return auth_answer(socket, message, 10004, "Invalid sign");
  if (strtoll(expires, NULL, 10) <= sim_clock_ns(s) / BYBIT_MS)
    return auth_answer(socket, message, 10001, "Params Error: expires");
  socket->account = account;
  return auth_answer(socket, message, 0, "OK");
}

static int32_t topic_of(const char *topic, int32_t *variant) {
  static const char *const dcp[] = {"dcp.spot", "dcp.future", "dcp.option"};
  for (int32_t i = 0; i < 3; i++)
    if (strcmp(dcp[i], topic) == 0) {
      *variant = i;
      return ON_DCP;
    }
  for (int32_t i = 0; i < ON_DCP; i++)
    for (int32_t v = 0; v < 5; v++) {
      char name[40];
      (void)snprintf(name, sizeof name, "%s%s%s", topics[i], v == 0 ? "" : ".", categories[v]);
      *variant = v;
      if (strcmp(name, topic) == 0) return i;
    }
  return -1;
}

const char *bybit_subscribe_private(sim *s, sim_connection *connection, const char *topic, int32_t on) {
  bybit_socket *socket = sim_connection_state(connection);
  int32_t variant, which = topic_of(topic, &variant);
  (void)s;
  if (which < 0) return "handler not found";
  uint8_t *bits = &socket->private_on[which];
  *bits = (uint8_t)(on ? *bits | 1u << variant : *bits & ~(1u << variant));
  if (which == ON_DCP && on && socket->account->account < BYBIT_ACCOUNTS)
    bybit_of(s)->dcp[socket->account->account][variant].due_ns = 0;
  return NULL;
}

/* To those of the account who have this topic, in all or in its category's form. Takes the row. */
static void tell(sim *s, uint32_t account, int32_t topic, uint32_t market, cJSON *row) {
  int32_t category = market >= PAPER_MARKETS ? 0 : bybit_is_spot(market) ? BYBIT_SPOT : BYBIT_LINEAR;
  char id[SIM_UUID_SIZE];
  sim_uuid(id, ++bybit_of(s)->sequence);
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const bybit_socket *socket = sim_connection_state(c);
    if (socket->kind != BYBIT_ON_PRIVATE || socket->account == NULL || socket->account->account != account) continue;
    for (int32_t v = 0; v < 5; v++) {
      char name[40];
      if ((socket->private_on[topic] >> v & 1) == 0 || (v != 0 && v != category)) continue;
      cJSON *message = cJSON_CreateObject();
      (void)snprintf(name, sizeof name, "%s%s%s", topics[topic], v == 0 ? "" : ".", categories[v]);
      cJSON_AddStringToObject(message, "topic", name);
      if (topic != ON_FAST) cJSON_AddStringToObject(message, "id", id);
      sim_json_add_integer(message, "creationTime", sim_clock_ns(s) / BYBIT_MS);
      cJSON_AddItemToArray(cJSON_AddArrayToObject(message, "data"), cJSON_Duplicate(row, 1));
      sim_send_json(c, message);
    }
  }
  cJSON_Delete(row);
}

/* --- Orders and fills --- */

static cJSON *fast_json(sim *s, const paper_fill *fill, const bybit_order *order) {
  char id[BYBIT_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  int32_t maker = fill->role == BOURSE_MAKER;
  cJSON_AddStringToObject(json, "category", bybit_category_text(fill->market));
  cJSON_AddStringToObject(json, "symbol", bybit_market(s, fill->market)->about->id);
  cJSON_AddStringToObject(json, "execId", bybit_exec_id(id, fill->market, fill->id, fill->side));
  cJSON_AddStringToObject(json, "execPrice", bybit_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "execQty", bybit_amount(s, fill->market, fill->amount));
  cJSON_AddStringToObject(json, "orderId", bybit_order_id(id, order));
  cJSON_AddStringToObject(json, "orderLinkId", maker ? "" : order->o.client_id);
  cJSON_AddStringToObject(json, "side", fill->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
  cJSON_AddBoolToObject(json, "isMaker", maker);
  bybit_add_ms(json, "execTime", s, fill->time_ns);
  sim_json_add_integer(json, "seq", (int64_t)fill->id);
  return json;
}

void bybit_tell_order(sim *s, bybit_order *order, const paper_order *as) {
  uint32_t account = order->o.account, market = order->o.market;
  if (order->o.has_fill) {
    paper_fill fill = order->o.fill;
    order->o.has_fill = 0;
    tell(s, account, ON_EXECUTION, market, bybit_fill_json(s, &fill, as, 1));
    tell(s, account, ON_FAST, market, fast_json(s, &fill, order));
  }
  tell(s, account, ON_ORDER, market, bybit_order_json(s, order, as, 1));
  if (!bybit_is_spot(market) && account < BYBIT_ACCOUNTS) {
    bybit_of(s)->positions[account][market] = 1;
    bybit_of(s)->dirty = 1;
  }
}

/* --- What is told a moment later --- */

void bybit_private_event(sim *s, const paper_event *event) {
  bybit_state *state = bybit_of(s);
  if (event->account >= BYBIT_ACCOUNTS || sim_account_of(s, event->account) == NULL) return;
  if (event->kind == PAPER_EVENT_BALANCE && event->u.balance.wallet == BYBIT_UNIFIED &&
      event->u.balance.currency < BYBIT_CURRENCIES) {
    state->wallets[event->account][event->u.balance.currency] = 1;
    state->dirty = 1;
  } else if (event->kind == PAPER_EVENT_POSITION) {
    state->positions[event->account][event->market] = 1;
    state->dirty = 1;
    if (event->u.position.now.size == 0) bybit_clear_position(s, event->account, event->market, event->u.position.slot);
  }
}

static void tell_positions(sim *s, uint32_t account, uint32_t market) {
  const paper_account *owner = bourse__paper_account(sim_engine(s), account);
  const paper_position *slots = owner->holdings[market].slots;
  for (int32_t slot = 0; slot < 2; slot++) {
    int32_t one = !owner->hedged && slots[0].size == 0 && slots[1].size == 0 && slot == 1;
    if (one || (!owner->hedged && slots[slot].size == 0 && slots[1 - slot].size != 0)) continue;
    tell(s, account, ON_POSITION, market, bybit_position_json(s, account, market, slot, 1));
  }
}

void bybit_private_flush(sim *s) {
  bybit_state *state = bybit_of(s);
  for (uint32_t a = 0; a < bourse__paper_account_count(sim_engine(s)) && a < BYBIT_ACCOUNTS; a++) {
    if (sim_account_of(s, a) == NULL) continue;
    for (uint32_t m = BYBIT_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
      if (!state->positions[a][m]) continue;
      state->positions[a][m] = 0;
      tell_positions(s, a, m);
    }
    if (memchr(state->wallets[a], 1, BYBIT_CURRENCIES) == NULL) continue;
    tell(s, a, ON_WALLET, PAPER_MARKETS, bybit_wallet_json(s, a, state->wallets[a]));
    memset(state->wallets[a], 0, BYBIT_CURRENCIES);
  }
}
