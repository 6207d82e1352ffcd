/* sim/kucoin_unified_stream.c - private pushes of the unified account: "Pro API Websocket" of the documents. What is told is what
 * requests tell, under names of one or two letters. */
#include "kucoin.h"

#include <strings.h>

static const struct {
  const char *channel, *one; /* one: of one market */
  const char *kind;          /* which member says whose, "UNIFIED" */
  uint32_t bit;
} pushes[] = {
    {"orderAll", "order", "tradeType", ON_UNIFIED_ORDERS},
    {"execution", NULL, "tradeType", ON_UNIFIED_FILLS},
    {"execution.lite", NULL, "tradeType", ON_UNIFIED_FILLS_LITE},
    {"positionAll", "position", "tradeType", ON_UNIFIED_POSITIONS},
    {"balance", NULL, "accountType", ON_UNIFIED_BALANCES},
};
#define PUSHES (sizeof pushes / sizeof pushes[0])

/* --- Connections --- */

void kucoin_unified_welcome(sim *s, sim_connection *connection) {
  char session[32];
  cJSON *message = cJSON_CreateObject();
  (void)snprintf(session, sizeof session, "%016llx", (unsigned long long)sim_random(s));
  cJSON_AddStringToObject(message, "sessionId", session);
  cJSON_AddStringToObject(message, "message", "welcome");
  sim_json_add_integer(message, "pingInterval", 18000);
  sim_json_add_integer(message, "pingTimeout", 10000);
  sim_send_json(connection, message);
}

static void answer(sim_connection *connection, const char *id, const char *why_not) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "id", id == NULL ? "" : id);
  cJSON_AddBoolToObject(message, "result", why_not == NULL);
  if (why_not != NULL) cJSON_AddStringToObject(message, "message", why_not);
  sim_send_json(connection, message);
}

static void pong(sim *s, sim_connection *connection, const char *id) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "id", id == NULL ? "" : id);
  cJSON_AddStringToObject(json, "type", "pong");
  kucoin_add_ms(s, json, "ts", sim_now_ns(s));
  sim_send_json(connection, json);
}

/* Why not; NULL: it is done. */
static const char *turn(sim *s, kucoin_socket *socket, const cJSON *message, int32_t on) {
  const char *channel = sim_json_text(message, "channel");
  int32_t market = kucoin_market_of(sim_json_text(message, "symbol")), one = 0;
  size_t i = 0;
  if (channel == NULL) channel = "";
  while (i < PUSHES && strcmp(pushes[i].channel, channel) != 0 && !one) {
    one = pushes[i].one != NULL && strcmp(pushes[i].one, channel) == 0;
    if (!one) i++;
  }
  const char *whose = i < PUSHES ? sim_json_text(message, pushes[i].kind) : NULL;
  if (i == PUSHES) return "channel is not supported";
  if (whose == NULL || strcasecmp(whose, "UNIFIED") != 0 || !kucoin_is_unified(s, socket->account->account))
    return "tradeType or accountType is not supported";
  if (one && market < 0) return "symbol is not supported";
  uint32_t *bits = one ? &socket->on[market] : &socket->everywhere;
  *bits = on ? *bits | pushes[i].bit : *bits & ~pushes[i].bit;
  return NULL;
}

/* Sources write the actions, and whose, in large letters and in small ones. */
void kucoin_unified_message(sim *s, sim_connection *connection, const cJSON *message) {
  const char *id = sim_json_text(message, "id"), *type = sim_json_text(message, "type"),
             *action = sim_json_text(message, "action");
  if (type != NULL && strcmp(type, "ping") == 0)
    pong(s, connection, id);
  else if (action != NULL && (strcasecmp(action, "SUBSCRIBE") == 0 || strcasecmp(action, "UNSUBSCRIBE") == 0))
    answer(connection, id, turn(s, sim_connection_state(connection), message, strcasecmp(action, "SUBSCRIBE") == 0));
  else
    answer(connection, id, "action is not supported");
}

/* --- Pushing --- */

static void push_one(sim *s, sim_connection *connection, const char *channel, const cJSON *data) {
  char name[32];
  cJSON *message = cJSON_CreateObject();
  (void)snprintf(name, sizeof name, "%s.UNIFIED", channel);
  cJSON_AddStringToObject(message, "T", name);
  kucoin_add_ns(s, message, "P", sim_now_ns(s));
  cJSON_AddItemToObject(message, "d", cJSON_Duplicate(data, 1));
  sim_send_json(connection, message);
}

/* To those who watch all markets or this one, -1: it is of none; takes the data. */
static void push(sim *s, uint32_t account, uint32_t bit, int64_t market, cJSON *data) {
  size_t i = 0;
  while (pushes[i].bit != bit) i++;
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kucoin_socket *socket = sim_connection_state(c);
    if (!socket->is_push || socket->account->account != account) continue;
    if ((socket->everywhere & bit) != 0) push_one(s, c, pushes[i].channel, data);
    if (market >= 0 && (socket->on[market] & bit) != 0) push_one(s, c, pushes[i].one, data);
  }
  cJSON_Delete(data);
}

/* The same members under their short names, those that have one. Takes the object. */
static cJSON *shortened(cJSON *json, const char *const (*names)[2], size_t count) {
  cJSON *out = cJSON_CreateObject();
  for (size_t i = 0; i < count; i++) {
    cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(json, names[i][0]);
    if (item != NULL) cJSON_AddItemToObject(out, names[i][1], item);
  }
  cJSON_Delete(json);
  return out;
}

#define SHORTENED(json_, names_) shortened(json_, names_, sizeof names_ / sizeof names_[0])

static const char *const order_names[][2] = {
    {"tradeType", "tT"},
    {"orderId", "oi"},
    {"clientOid", "ci"},
    {"status", "os"},
    {"symbol", "s"},
    {"side", "S"},
    {"orderType", "oT"},
    {"price", "p"},
    {"size", "q"},
    {"sizeUnit", "qU"},
    {"filledSize", "fS"},
    {"avgPrice", "aP"},
    {"fee", "f"},
    {"feeCurrency", "fC"},
    {"tax", "t"},
    {"cancelReason", "cR"},
    {"cancelSize", "cS"},
    {"triggerDirection", "tD"},
    {"triggerPrice", "tP"},
    {"triggerPriceType", "tPT"},
    {"tpTriggerPrice", "pP"},
    {"tpTriggerPriceType", "pPT"},
    {"slTriggerPrice", "lP"},
    {"slTriggerPriceType", "lPT"},
    {"triggerOrderId", "toi"},
    {"stp", "stp"},
    {"reduceOnly", "rO"},
    {"timeInForce", "tIF"},
    {"postOnly", "pO"},
    {"orderTime", "O"},
    {"updatedTime", "U"},
};

static void push_order(sim *s, const kucoin_record *record, const paper_order *order, const char *event) {
  cJSON *json = kucoin_unified_order_json(s, record, order);
  json = SHORTENED(json, order_names);
  cJSON_AddStringToObject(json, "eT", event);
  cJSON_AddStringToObject(json, "oS", "USER");
  push(s, order->account, ON_UNIFIED_ORDERS, order->market, json);
}

void kucoin_unified_order_event(sim *s, kucoin_record *record, const paper_order *order) {
  int32_t open = bourse__paper_is_open(order);
  if (order->status == BOURSE_ORDER_PENDING || (open && record->told)) return;
  if (!record->told && !open) {
    paper_order before = *order;
    before.status = BOURSE_ORDER_OPEN;
    before.filled = 0;
    before.cost_filled = before.fee = 0;
    push_order(s, record, &before, "OPEN");
  }
  record->told = 1;
  push_order(s, record, order, open ? "OPEN" : order->status == BOURSE_ORDER_FILLED ? "FILL" : "CANCEL");
}

static const char *const fill_names[][2] = {
    {"orderId", "oi"},       {"symbol", "s"}, {"side", "S"},         {"orderType", "oT"},
    {"price", "p"},          {"size", "q"},   {"tradeId", "ti"},     {"executionTime", "E"},
    {"liquidityRole", "lR"}, {"fee", "f"},    {"feeCurrency", "fC"},
};

/* The order as this fill left it, though it may have gone on by now. */
void kucoin_unified_fill_event(sim *s, kucoin_record *record, const paper_order *order, const paper_fill *fill) {
  paper_order now = *order;
  now.status = BOURSE_ORDER_OPEN;
  now.filled = record->filled;
  now.cost_filled = record->cost;
  now.fee = record->fee;
  push_order(s, record, &now, "MATCH");
  record->told = 1;
  cJSON *json = kucoin_unified_fill_json(s, fill, record);
  json = SHORTENED(json, fill_names);
  cJSON *lite = cJSON_Duplicate(json, 1);
  cJSON_DeleteItemFromObjectCaseSensitive(lite, "f");
  cJSON_DeleteItemFromObjectCaseSensitive(lite, "fC");
  push(s, fill->account, ON_UNIFIED_FILLS_LITE, -1, lite);
  cJSON_AddStringToObject(json, "ci", record->base.client_id);
  cJSON_AddStringToObject(json, "fT", "NORMAL");
  cJSON_AddStringToObject(json, "fP", fill->realized != 0 ? sim_money_text(fill->realized, -1) : "");
  push(s, fill->account, ON_UNIFIED_FILLS, -1, json);
}

static const char *const balance_names[][2] = {
    {"currency", "c"}, {"equity", "e"}, {"balance", "b"}, {"available", "a"}, {"hold", "h"}, {"liability", "l"},
};

void kucoin_unified_balance_event(sim *s, const paper_event *event) {
  cJSON *json = kucoin_unified_balance_json(s, event->account, event->u.balance.currency);
  json = SHORTENED(json, balance_names);
  cJSON_AddStringToObject(json, "cS", "1");
  kucoin_add_ns(s, json, "U", sim_now_ns(s));
  push(s, event->account, ON_UNIFIED_BALANCES, -1, json);
}

static const char *const position_names[][2] = {
    {"symbol", "s"},
    {"id", "pi"},
    {"marginMode", "mM"},
    {"size", "q"},
    {"entryPrice", "eP"},
    {"positionValue", "pV"},
    {"markPrice", "mP"},
    {"leverage", "l"},
    {"unrealizedPnL", "uPL"},
    {"realizedPnL", "rPL"},
    {"initialMargin", "iM"},
    {"mmr", "mmr"},
    {"maintenanceMargin", "mtM"},
    {"creationTime", "O"},
};

void kucoin_unified_position_event(sim *s, const paper_event *event) {
  cJSON *json = kucoin_unified_position_json(s, event->account, event->market);
  json = SHORTENED(json, position_names);
  kucoin_add_ns(s, json, "U", sim_now_ns(s));
  push(s, event->account, ON_UNIFIED_POSITIONS, event->market, json);
}
