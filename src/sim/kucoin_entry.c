/* sim/kucoin_entry.c - orders as messages: "WebSocket API: Add/Cancel Order". A connection is challenged, and what it answers
 * is checked; then each message is what a request of REST would be. */
#include "kucoin.h"

static void query_member(const char *query, const char *name, char out[200]) {
  size_t length = strlen(name);
  out[0] = '\0';
  for (; *query != '\0'; query += strcspn(query, "&"), query += *query == '&') {
    if (strncmp(query, name, length) != 0 || query[length] != '=') continue;
    char *to = out;
    for (const char *at = query + length + 1; *at != '\0' && *at != '&' && to < out + 199; at++) {
      char digits[3] = {0, 0, 0};
      if (at[0] == '%' && at[1] != '\0' && at[2] != '\0') {
        memcpy(digits, at + 1, 2);
        *to++ = (char)strtoul(digits, NULL, 16);
        at += 2;
      } else {
        *to++ = *at;
      }
    }
    *to = '\0';
    return;
  }
}

static void refuse(sim_connection *connection, const char *code, const char *text) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "code", code);
  cJSON_AddStringToObject(message, "msg", text);
  sim_send_json(connection, message);
  sim_send_close(connection, 1000, "");
}

#define WINDOW_MS 5000

void kucoin_entry_open(sim *s, sim_connection *connection) {
  kucoin_socket *socket = sim_connection_state(connection);
  const char *query = sim_connection_query(connection);
  char key[200], sign[200], pass[200], timestamp[200], expected[129], text[420];
  query_member(query, "apikey", key);
  query_member(query, "sign", sign);
  query_member(query, "passphrase", pass);
  query_member(query, "timestamp", timestamp);
  sim_account *who = sim_account_by_key(s, key);
  int64_t off = strtoll(timestamp, NULL, 10) - sim_clock_ns(s) / KUCOIN_MS;
  if (who == NULL) {
    refuse(connection, "400003", "KC-API-KEY not exists");
    return;
  }
  if (off > WINDOW_MS || off < -WINDOW_MS) {
    refuse(connection, "400002", "Invalid KC-API-TIMESTAMP");
    return;
  }
  (void)snprintf(text, sizeof text, "%s%s", key, timestamp);
  if (!sim_same_text(kucoin_hmac(expected, who, text), sign)) {
    refuse(connection, "400005", "Invalid KC-API-SIGN");
    return;
  }
  if (!sim_same_text(kucoin_hmac(expected, who, who->key.passphrase == NULL ? "" : who->key.passphrase), pass)) {
    refuse(connection, "400004", "Invalid KC-API-PASSPHRASE");
    return;
  }
  socket->account = who;
  (void)snprintf(socket->challenge, sizeof socket->challenge, "{\"sessionId\":\"%016llx\",\"timestamp\":%lld}",
                 (unsigned long long)sim_random(s), (long long)(sim_clock_ns(s) / KUCOIN_MS));
  sim_send_text(connection, socket->challenge);
}

static void enter(sim_connection *connection, const char *text) {
  kucoin_socket *socket = sim_connection_state(connection);
  char expected[129], session[32];
  if (socket->account == NULL || !sim_same_text(kucoin_hmac(expected, socket->account, socket->challenge), text)) {
    refuse(connection, "400011", "WebSocket session verification failed");
    return;
  }
  socket->entered = 1;
  (void)snprintf(session, sizeof session, "%.16s", socket->challenge + strlen("{\"sessionId\":\""));
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "data", "welcome");
  cJSON_AddStringToObject(message, "sessionId", session);
  sim_json_add_integer(message, "pingInterval", 18000);
  sim_json_add_integer(message, "pingTimeout", 10000);
  sim_send_json(connection, message);
}

/* --- Operations --- */

static void cancel_spot(kucoin_call *call, int32_t sync) {
  const char *id = kucoin_param(call, "orderId"), *client_id = kucoin_param(call, "clientOid");
  if (id == NULL && client_id == NULL)
    (void)kucoin_fail(call, "400100", "The orderId or the clientOid is required.");
  else
    kucoin_run_cancel_named(call, id, id != NULL ? NULL : client_id, sync);
}

static void run_cancel(kucoin_call *call) { cancel_spot(call, 0); }
static void run_cancel_sync(kucoin_call *call) { cancel_spot(call, 1); }

static void run_futures_cancel(kucoin_call *call) {
  const char *id = kucoin_param(call, "orderId"), *client_id = kucoin_param(call, "clientOid");
  kucoin_futures_cancel_named(call, id, id != NULL ? NULL : client_id == NULL ? "" : client_id);
}

static void run_no_margin(kucoin_call *call) {
  (void)kucoin_fail(call, "101030", "You haven't yet enabled the margin trading");
}

static const struct {
  const char *name, *pool;
  int32_t weight;
  int64_t quota;
  void (*run)(kucoin_call *call);
} operations[] = {
    {"spot.order", "kucoin spot", 1, 4000, kucoin_run_place},
    {"spot.sync_order", "kucoin spot", 1, 4000, kucoin_run_place_sync},
    {"spot.cancel", "kucoin spot", 1, 4000, run_cancel},
    {"spot.sync_cancel", "kucoin spot", 1, 4000, run_cancel_sync},
    {"spot.modify", "kucoin spot", 1, 4000, kucoin_run_alter},
    {"margin.order", "kucoin spot", 2, 4000, run_no_margin},
    {"margin.cancel", "kucoin spot", 2, 4000, run_no_margin},
    {"futures.order", "kucoin futures", 2, 2000, kucoin_run_futures_place},
    {"futures.cancel", "kucoin futures", 1, 2000, run_futures_cancel},
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

#define POOL_NS (30 * KUCOIN_SECOND)

static void run(kucoin_call *call, size_t i, cJSON *message) {
  int64_t reset_ns, used = sim_take_opened(call->s, operations[i].pool, call->account->key.name, POOL_NS,
                                           operations[i].quota, operations[i].weight, &reset_ns);
  cJSON *limit = cJSON_AddObjectToObject(message, "rateLimit");
  sim_json_add_integer(limit, "limit", operations[i].quota);
  sim_json_add_integer(limit, "remaining", used > operations[i].quota ? 0 : operations[i].quota - used);
  sim_json_add_integer(limit, "reset", reset_ns / KUCOIN_MS);
  if (used > operations[i].quota)
    (void)kucoin_fail(call, "429000", "Too many requests");
  else if (call->account->key.read_only || kucoin_is_unified(call->s, call->account->account))
    (void)kucoin_fail(call, "400007", "Access denied, require more permission.");
  else if (sim_fault(call->s, "engine_busy", operations[i].name))
    (void)kucoin_fail(call, "503000", "Service Unavailable");
  else
    operations[i].run(call);
}

void kucoin_entry_message(sim *s, sim_connection *connection, const char *text, const cJSON *message) {
  kucoin_socket *socket = sim_connection_state(connection);
  const char *operation = cJSON_IsObject(message) ? sim_json_text(message, "op") : NULL,
             *id = cJSON_IsObject(message) ? sim_json_text(message, "id") : NULL;
  size_t i = 0;
  if (!socket->entered) {
    enter(connection, text);
    return;
  }
  cJSON *answer = cJSON_CreateObject();
  if (id != NULL) cJSON_AddStringToObject(answer, "id", id);
  if (operation != NULL) cJSON_AddStringToObject(answer, "op", operation);
  if (operation != NULL && strcmp(operation, "ping") == 0) {
    sim_json_add_integer(answer, "timestamp", sim_clock_ns(s) / KUCOIN_MS);
    sim_send_json(connection, answer);
    return;
  }
  while (i < OPERATIONS && (operation == NULL || strcmp(operations[i].name, operation) != 0)) i++;
  kucoin_call call;
  memset(&call, 0, sizeof call);
  call.s = s;
  call.account = socket->account;
  call.body = cJSON_GetObjectItemCaseSensitive(message, "args");
  if (i == OPERATIONS)
    (void)kucoin_fail(&call, "400100", "The op is not supported.");
  else
    run(&call, i, answer);
  cJSON_AddStringToObject(answer, "code", call.code == NULL ? "200000" : call.code);
  if (call.code != NULL) {
    cJSON_AddStringToObject(answer, "msg", call.text);
    cJSON_Delete(call.data);
  } else {
    cJSON_AddItemToObject(answer, "data", call.data == NULL ? cJSON_CreateNull() : call.data);
  }
  sim_json_add_integer(answer, "inTime", sim_clock_ns(s) / KUCOIN_MS);
  sim_json_add_integer(answer, "outTime", sim_clock_ns(s) / KUCOIN_MS);
  sim_send_json(connection, answer);
}
