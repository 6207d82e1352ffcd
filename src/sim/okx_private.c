/* sim/okx_private.c - logging in, what is told of an account, and orders as messages. Follows "WebSocket" of "Trading Account" and
 * "Order Book Trading" of the exchange's V5 documents. */
#include "okx.h"

/* --- Who is there --- */

int32_t okx_login(sim *s, sim_connection *connection, okx_socket *socket, const cJSON *message) {
  const cJSON *arg = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(message, "args"), 0);
  const char *key = sim_json_text(arg, "apiKey"), *phrase = sim_json_text(arg, "passphrase"),
             *time = sim_json_text(arg, "timestamp"), *sign = sim_json_text(arg, "sign");
  char text[80];
  if (key == NULL || phrase == NULL || time == NULL || sign == NULL) {
    okx_socket_error(connection, message, 60012, "Illegal request: login");
    return 0;
  }
  sim_account *account = sim_account_by_key(s, key);
  (void)snprintf(text, sizeof text, "%.30sGET/users/self/verify", time);
  int64_t away = strtoll(time, NULL, 10) - sim_clock_ns(s) / OKX_SECOND;
  int32_t code = account == NULL                                                                      ? 60032
                 : strspn(time, "0123456789") != strlen(time)                                         ? 60004
                 : away > 30 || away < -30                                                            ? 60006
                 : !okx_signature_is_good(account, text, sign)                                        ? 60007
                 : account->key.passphrase != NULL && !sim_same_text(account->key.passphrase, phrase) ? 60024
                                                                                                      : 0;
  if (code != 0) {
    okx_socket_error(connection, message, code,
                     code == 60032   ? "API key doesn't exist"
                     : code == 60004 ? "Invalid timestamp"
                     : code == 60006 ? "Timestamp request expired"
                     : code == 60024 ? "Wrong passphrase"
                                     : "Invalid sign");
    return 0;
  }
  socket->account = account;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "event", "login");
  cJSON_AddStringToObject(json, "code", "0");
  cJSON_AddStringToObject(json, "msg", "");
  cJSON_AddStringToObject(json, "connId", socket->id);
  sim_send_json(connection, json);
  return 1;
}

/* --- What is told at once --- */

static cJSON *both_json(sim *s, uint32_t account, const char *why, const uint8_t *wallets,
                        const uint8_t positions[PAPER_MARKETS][2]) {
  cJSON *json = cJSON_CreateObject(), *row;
  cJSON_AddStringToObject(json, "pTime", okx_ms(s, sim_now_ns(s)));
  cJSON_AddStringToObject(json, "eventType", why);
  cJSON *balances = cJSON_AddArrayToObject(json, "balData"), *holdings = cJSON_AddArrayToObject(json, "posData");
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)) && i < OKX_CURRENCIES; i++) {
    const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, OKX_TRADING, i);
    if (wallets != NULL ? !wallets[i] : balance->total == 0) continue;
    row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "ccy", bourse__paper_currency_code(sim_engine(s), i));
    cJSON_AddStringToObject(row, "cashBal", sim_money_text(balance->total, -1));
    cJSON_AddStringToObject(row, "uTime", okx_ms(s, sim_now_ns(s)));
    cJSON_AddItemToArray(balances, row);
  }
  for (uint32_t m = OKX_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    for (int32_t slot = 0; slot < 2; slot++) {
      if (positions != NULL ? !positions[m][slot] : okx_account(s, account)->holdings[m].slots[slot].size == 0)
        continue;
      cJSON_AddItemToArray(holdings, okx_position_json(s, account, m, slot));
    }
  cJSON_AddArrayToObject(json, "trades");
  return json;
}

static void send_first(sim_connection *connection, const okx_topic *topic, cJSON *data, int32_t typed) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddRawToObject(json, "arg", topic->arg);
  if (typed) {
    cJSON_AddStringToObject(json, "eventType", "snapshot");
    sim_json_add_integer(json, "curPage", 1);
    cJSON_AddBoolToObject(json, "lastPage", 1);
  }
  cJSON_AddItemToObject(json, "data", data);
  sim_send_json(connection, json);
}

void okx_tell_first(sim *s, sim_connection *connection, const okx_topic *topic, int32_t which) {
  const okx_socket *socket = sim_connection_state(connection);
  uint32_t account = socket->account->account;
  cJSON *data = cJSON_CreateArray();
  if (which == OKX_ACCOUNT) {
    cJSON_AddItemToArray(data, okx_balance_json(s, account, NULL, NULL));
  } else if (which == OKX_BALANCE_AND_POSITION) {
    cJSON_AddItemToArray(data, both_json(s, account, "snapshot", NULL, NULL));
  } else if (which == OKX_POSITIONS) {
    for (uint32_t m = OKX_SPOT_MARKETS; m < PAPER_MARKETS; m++)
      for (int32_t slot = 0; slot < 2; slot++)
        if (okx_account(s, account)->holdings[m].slots[slot].size != 0 &&
            (topic->market < 0 || topic->market == (int32_t)m))
          cJSON_AddItemToArray(data, okx_position_json(s, account, m, slot));
  } else { /* orders begin with what happens next */
    cJSON_Delete(data);
    return;
  }
  send_first(connection, topic, data, which != OKX_BALANCE_AND_POSITION);
}

/* --- Orders --- */

/* What an algo order became could not be placed: it is the algo order that has failed. */
static int32_t has_failed(sim *s, const okx_order *order, const paper_order *as) {
  okx_order *algo = (okx_order *)sim_order_by_id(&okx_of(s)->orders, order->algo);
  if (as->status != BOURSE_ORDER_REJECTED || order->algo == 0 || algo == NULL) return 0;
  algo->child = 0;
  algo->o.own.status = BOURSE_ORDER_REJECTED;
  okx_tell_order(s, algo, &algo->o.own);
  return 1;
}

void okx_tell_order(sim *s, okx_order *order, const paper_order *as) {
  uint32_t account = order->o.account;
  int32_t market = (int32_t)order->o.market;
  if (order->kind != OKX_PLAIN) {
    okx_tell(s, account, order->kind >= OKX_TRAILING ? OKX_ADVANCED : OKX_ALGOS, market, okx_algo_json(s, order));
    return;
  }
  if (has_failed(s, order, as)) return;
  if (order->o.has_fill) { /* each fill is told with the order's state after it */
    paper_order then = *as;
    paper_fill fill = order->o.fill;
    order->o.has_fill = 0;
    int32_t goes_on = as->status != BOURSE_ORDER_FILLED;
    if (goes_on) then.status = BOURSE_ORDER_OPEN; /* the fill came first, then the end */
    okx_tell(s, account, OKX_ORDERS, market, okx_order_json(s, order, &then, &fill, 1));
    if (!goes_on || as->status == BOURSE_ORDER_OPEN) return;
  }
  okx_tell(s, account, OKX_ORDERS, market, okx_order_json(s, order, as, NULL, 1));
  order->amended = 0;
}

/* --- What is told a moment later --- */

void okx_private_event(sim *s, const paper_event *event) {
  okx_state *state = okx_of(s);
  if (event->account >= OKX_ACCOUNTS || sim_account_of(s, event->account) == NULL) return;
  if (event->kind == PAPER_EVENT_BALANCE && event->u.balance.wallet == OKX_TRADING &&
      event->u.balance.currency < OKX_CURRENCIES) {
    state->wallets[event->account][event->u.balance.currency] = 1;
    state->dirty = 1;
  } else if (event->kind == PAPER_EVENT_POSITION) {
    state->positions[event->account][event->market][event->u.position.slot] = 1;
    state->dirty = 1;
  }
}

/* In net mode both slots are one position. */
static void tell_position(sim *s, uint32_t account, uint32_t m) {
  uint8_t *changed = okx_of(s)->positions[account][m];
  const paper_account *owner = okx_account(s, account);
  const paper_position *slots = owner->holdings[m].slots;
  if (!owner->hedged && changed[0] && changed[1])
    changed[slots[PAPER_LONG].size != 0 ? PAPER_SHORT : slots[PAPER_SHORT].size != 0 ? PAPER_LONG : PAPER_SHORT] = 0;
  for (int32_t slot = 0; slot < 2; slot++)
    if (changed[slot]) okx_tell(s, account, OKX_POSITIONS, (int32_t)m, okx_position_json(s, account, m, slot));
}

void okx_private_flush(sim *s) {
  okx_state *state = okx_of(s);
  for (uint32_t a = 0; a < bourse__paper_account_count(sim_engine(s)) && a < OKX_ACCOUNTS; a++) {
    int32_t moved = 0, money = memchr(state->wallets[a], 1, OKX_CURRENCIES) != NULL;
    if (sim_account_of(s, a) == NULL) continue;
    for (uint32_t m = OKX_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
      if (!state->positions[a][m][0] && !state->positions[a][m][1]) continue;
      moved = 1;
      tell_position(s, a, m);
    }
    if (money) okx_tell(s, a, OKX_ACCOUNT, -1, okx_balance_json(s, a, state->wallets[a], NULL));
    if (money || moved)
      okx_tell(s, a, OKX_BALANCE_AND_POSITION, -1,
               both_json(s, a, "filled", state->wallets[a], (const uint8_t(*)[2])state->positions[a]));
    memset(state->wallets[a], 0, sizeof state->wallets[a]);
    memset(state->positions[a], 0, sizeof state->positions[a]);
  }
}

/* --- Orders as messages --- Answered by what answers the requests of the same kind, and counted with them. */

static int32_t check(okx_call *call, const okx_socket *socket, const cJSON *message, int32_t several) {
  const char *deadline = sim_json_text(message, "expTime");
  const cJSON *args = cJSON_GetObjectItemCaseSensitive(message, "args");
  if (socket->kind != OKX_ON_PRIVATE || call->account == NULL) return okx_fail(call, 60011, "Please log in");
  if (!several && cJSON_GetArraySize(args) != 1) return okx_fail(call, 60013, "Invalid args");
  if (deadline != NULL && strtoll(deadline, NULL, 10) < sim_clock_ns(call->s) / OKX_MS)
    return okx_fail(call, 51054, "Request timed out. Please try again.");
  if (sim_fault(call->s, "maintenance", "/ws/v5/private"))
    return okx_fail(call, 50001, "Service temporarily unavailable. Try again later");
  return 1;
}

void okx_operate(sim *s, sim_connection *connection, okx_socket *socket, const cJSON *message) {
  const char *id = sim_json_text(message, "id"), *op = sim_json_text(message, "op");
  const okx_row *row = okx_row_of_op(op);
  const cJSON *args = cJSON_GetObjectItemCaseSensitive(message, "args");
  okx_call call = {.s = s, .row = row, .account = socket->account};
  if (row == NULL) {
    okx_socket_error(connection, message, 60012, "Illegal request: op");
    return;
  }
  if (id == NULL || strlen(id) > 32) {
    okx_socket_error(connection, message, 60027, "Request parameter id is missing or too long");
    return;
  }
  call.body = row->several > 0 ? args : cJSON_GetArrayItem(args, 0);
  if (check(&call, socket, message, row->several > 0)) okx_run(&call);
  cJSON *inner = okx_envelope(&call), *json = cJSON_CreateObject();
  static const char *const names[] = {"code", "msg", "data", "inTime", "outTime"};
  cJSON_AddStringToObject(json, "id", id);
  cJSON_AddStringToObject(json, "op", op);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    cJSON_AddItemToObject(json, names[i], cJSON_DetachItemFromObject(inner, names[i]));
  cJSON_Delete(inner);
  sim_send_json(connection, json);
}
