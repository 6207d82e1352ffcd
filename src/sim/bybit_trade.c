/* sim/bybit_trade.c - orders as messages: the trade connection. Follows "WebSocket Trade" of the exchange's V5 documents. A
 * message is answered by what answers the request of the same name, and counts against the same limits. */
#include "bybit.h"

/* Of each connection the last ids are known. */
static int32_t is_repeated(bybit_socket *socket, const char *id) {
  const uint32_t room = sizeof socket->request_ids / sizeof socket->request_ids[0];
  for (uint32_t i = 0; i < room; i++)
    if (strcmp(socket->request_ids[i], id) == 0) return 1;
  (void)snprintf(socket->request_ids[socket->request_count++ % room], sizeof socket->request_ids[0], "%s", id);
  return 0;
}

static int32_t check_time(bybit_call *call, const cJSON *message) {
  const cJSON *header = cJSON_GetObjectItemCaseSensitive(message, "header");
  const char *time = sim_json_text(header, "X-BAPI-TIMESTAMP"), *window = sim_json_text(header, "X-BAPI-RECV-WINDOW");
  int64_t now = sim_clock_ns(call->s) / BYBIT_MS, length = window == NULL ? 5000 : strtoll(window, NULL, 10),
          at = time == NULL ? 0 : strtoll(time, NULL, 10);
  if (time == NULL) return bybit_fail(call, 10001, "Params Error: header X-BAPI-TIMESTAMP");
  if (at < now + 1000 && at >= now - length) return 1;
  return bybit_fail(call, 10002, "invalid request, please check your server timestamp or recv_window param");
}

static void run(bybit_call *call, bybit_socket *socket, const cJSON *message) {
  const char *id = sim_json_text(message, "reqId");
  const cJSON *args = cJSON_GetObjectItemCaseSensitive(message, "args");
  call->row = bybit_row_of_op(sim_json_text(message, "op"));
  call->account = socket->account;
  call->body = cJSON_GetArrayItem(args, 0);
  if (call->row == NULL) {
    (void)bybit_fail(call, 10404, "op type is not found");
  } else if (call->account == NULL) {
    (void)bybit_fail(call, 10005, "Permission denied, please auth first.");
  } else if (id != NULL && (strlen(id) > 36 || is_repeated(socket, id))) {
    (void)bybit_fail(call, strlen(id) > 36 ? 10001 : 20006,
                     strlen(id) > 36 ? "Params Error: reqId" : "reqId is duplicated");
  } else if (!cJSON_IsObject(call->body)) {
    (void)bybit_fail(call, 10001, "Params Error: args");
  } else if (sim_fault(call->s, "maintenance", "/v5/trade")) {
    (void)bybit_fail(call, 10019, "ws trade service is restarting, do not accept new request for the time being");
  } else if (check_time(call, message)) {
    bybit_run(call);
  }
}

void bybit_trade_message(sim *s, sim_connection *connection, const cJSON *message) {
  bybit_socket *socket = sim_connection_state(connection);
  bybit_call call = {.s = s};
  const char *id = sim_json_text(message, "reqId");
  run(&call, socket, message);
  cJSON *inner = bybit_envelope(&call), *json = cJSON_CreateObject(), *header = cJSON_CreateObject();
  char number[32];
  if (id != NULL) cJSON_AddStringToObject(json, "reqId", id);
  cJSON_AddItemToObject(json, "retCode", cJSON_DetachItemFromObject(inner, "retCode"));
  cJSON_AddItemToObject(json, "retMsg", cJSON_DetachItemFromObject(inner, "retMsg"));
  cJSON_AddStringToObject(json, "op", sim_json_text(message, "op"));
  cJSON_AddItemToObject(json, "data", cJSON_DetachItemFromObject(inner, "result"));
  cJSON_AddItemToObject(json, "retExtInfo", cJSON_DetachItemFromObject(inner, "retExtInfo"));
  (void)snprintf(number, sizeof number, "%d", call.limit);
  cJSON_AddStringToObject(header, "X-Bapi-Limit", number);
  (void)snprintf(number, sizeof number, "%d", call.left);
  cJSON_AddStringToObject(header, "X-Bapi-Limit-Status", number);
  cJSON_AddStringToObject(header, "X-Bapi-Limit-Reset-Timestamp", sim_units_text(call.reset_ms, 0, 0));
  cJSON_AddStringToObject(header, "Traceid", socket->id);
  cJSON_AddStringToObject(header, "Timenow", sim_units_text(sim_clock_ns(s) / BYBIT_MS, 0, 0));
  cJSON_AddItemToObject(json, "header", header);
  cJSON_AddStringToObject(json, "connId", socket->id);
  cJSON_Delete(inner);
  sim_send_json(connection, json);
}
