/* sim/kraken_trade.c - the calls of REST and the messages of WebSocket v2 that place, change and cancel orders of spot. */
#include "kraken.h"

#define MILLION    INT64_C(1000000)
#define BATCH_MAX  15
#define CANCEL_MAX 50
#define IDS_MAX    400

/* --- Canceling --- */

static const char *may_trade(const sim_account *who) {
  return who->key.read_only ? "EGeneral:Permission denied" : NULL;
}

static int32_t cancel_record(sim *s, const sim_account *who, kraken_record *record) {
  paper_order *order = kraken_order(s, record);
  (void)kraken_count_order(s, who, record->market, kraken_cancel_weight(s, order), 0);
  return kraken_cancel(s, order, "User requested") == BOURSE_OK;
}

static int32_t is_reference(const char *text) {
  size_t sign = text[0] == '-';
  return text[sign] != '\0' && strspn(text + sign, "0123456789") == strlen(text + sign);
}

/* All open orders with this user reference. */
static uint32_t cancel_referred(sim *s, const sim_account *who, int64_t reference) {
  kraken_state *state = kraken_of(s);
  uint32_t count = 0;
  for (uint32_t i = 0; i < state->record_count; i++) {
    kraken_record *record = state->records[i];
    const paper_order *order = kraken_order(s, record);
    if (record->owner == who->account && record->has_reference && record->reference == reference && order != NULL &&
        bourse__paper_is_open(order))
      count += (uint32_t)cancel_record(s, who, record);
  }
  return count;
}

/* txid, a list of them, or a user reference; or a client id. */
static uint32_t cancel_named(sim *s, const sim_account *who, const char *txid, const char *client_id) {
  char one[64];
  uint32_t count = 0;
  if (txid == NULL || txid[0] == '\0') {
    kraken_record *record = kraken_find(s, who, NULL, client_id);
    return record == NULL ? 0 : (uint32_t)cancel_record(s, who, record);
  }
  for (const char *at = txid; *at != '\0';) {
    size_t end = strcspn(at, ",");
    (void)snprintf(one, sizeof one, "%.*s", (int)end, at);
    at += end + (at[end] == ',');
    kraken_record *record = kraken_find(s, who, one, NULL);
    if (record != NULL)
      count += (uint32_t)cancel_record(s, who, record);
    else if (is_reference(one))
      count += cancel_referred(s, who, strtoll(one, NULL, 10));
  }
  return count;
}

static const char *cancel_order(sim *s, const sim_account *who, const kraken_params *params, cJSON **result) {
  const char *txid = kraken_param(params, "txid"), *client_id = kraken_param(params, "cl_ord_id");
  if (txid == NULL && client_id == NULL) return "EGeneral:Invalid arguments";
  uint32_t count = cancel_named(s, who, txid, client_id);
  if (count == 0) return "EOrder:Unknown order";
  *result = cJSON_CreateObject();
  sim_json_add_integer(*result, "count", count);
  return NULL;
}

/* Texts of a list: a JSON array, or form members called "orders[]", "orders[0]", or one text with commas. */
static uint32_t read_list(const kraken_params *params, const char *name, const char *out[IDS_MAX]) {
  uint32_t count = 0;
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(params->body, name), *item;
  if (params->body != NULL) {
    cJSON_ArrayForEach(item, list) if (count < IDS_MAX && sim_json_item_text(item) != NULL) out[count++] =
        sim_json_item_text(item);
    return count;
  }
  size_t length = strlen(name);
  for (uint32_t i = 0; i < sim_param_count(params->request) && count < IDS_MAX; i++) {
    const char *param = sim_param_name(params->request, i);
    if (kraken_starts(param, name) && (param[length] == '\0' || param[length] == '['))
      out[count++] = sim_param_value(params->request, i);
  }
  return count;
}

static const char *cancel_batch(sim *s, const sim_account *who, const kraken_params *params, cJSON **result) {
  const char *ids[IDS_MAX], *client_ids[IDS_MAX];
  uint32_t count = read_list(params, "orders", ids), client_count = read_list(params, "cl_ord_ids", client_ids);
  int64_t canceled = 0;
  if (count + client_count == 0 || count + client_count > CANCEL_MAX) return "EGeneral:Invalid arguments:orders";
  for (uint32_t i = 0; i < count; i++) canceled += cancel_named(s, who, ids[i], NULL);
  for (uint32_t i = 0; i < client_count; i++) canceled += cancel_named(s, who, NULL, client_ids[i]);
  *result = cJSON_CreateObject();
  sim_json_add_integer(*result, "count", canceled);
  return NULL;
}

static void set_timer(sim *s, const sim_account *who, int64_t seconds, cJSON *out) {
  char text[KRAKEN_TEXT_SIZE];
  int64_t due_ns = seconds == 0 ? 0 : sim_now_ns(s) + seconds * KRAKEN_SECOND;
  if (who->account < KRAKEN_ACCOUNTS) kraken_of(s)->timers[0][who->account] = due_ns;
  cJSON_AddStringToObject(out, "currentTime", sim_iso(text, sim_clock_ns(s), 0));
  cJSON_AddStringToObject(out, "triggerTime", seconds == 0 ? "0" : sim_iso(text, due_ns + sim_skew_ns(s), 0));
}

static const char *cancel_after(sim *s, const sim_account *who, const char *timeout, cJSON **result) {
  long long seconds = timeout == NULL ? -1 : strtoll(timeout, NULL, 10);
  if (timeout == NULL || strspn(timeout, "0123456789") != strlen(timeout) || seconds < 0 || seconds >= 86400)
    return "EGeneral:Invalid arguments:timeout";
  *result = cJSON_CreateObject();
  set_timer(s, who, seconds, *result);
  return NULL;
}

/* --- Placing --- */

static void read_words(kraken_words *words, const kraken_params *params) {
  kraken_params closing = *params;
  closing.prefix = "close";
  memset(words, 0, sizeof *words);
  words->pair = kraken_param(params, "pair");
  words->side = kraken_param(params, "type");
  words->type = kraken_param(params, "ordertype");
  words->volume = kraken_param(params, "volume");
  words->price = kraken_param(params, "price");
  words->price2 = kraken_param(params, "price2");
  words->trigger = kraken_param(params, "trigger");
  words->display = kraken_param(params, "displayvol");
  words->leverage = kraken_param(params, "leverage");
  words->reduce_only = kraken_param(params, "reduce_only");
  words->self_trade = kraken_param(params, "stptype");
  words->flags = kraken_param(params, "oflags");
  words->time_in_force = kraken_param(params, "timeinforce");
  words->expires = kraken_param(params, "expiretm");
  words->starts = kraken_param(params, "starttm");
  words->client_id = kraken_param(params, "cl_ord_id");
  words->reference = kraken_param(params, "userref");
  words->validate = kraken_param(params, "validate");
  words->deadline = kraken_param(params, "deadline");
  words->close_type = kraken_param(&closing, "ordertype");
  words->close_price = kraken_param(&closing, "price");
  words->close_price2 = kraken_param(&closing, "price2");
}

static void add_placed(cJSON *out, const kraken_record *record, const char *descr, const char *close,
                       int32_t in_batch) {
  char id[KRAKEN_ID_SIZE];
  cJSON *words = cJSON_AddObjectToObject(out, "descr");
  cJSON_AddStringToObject(words, "order", descr);
  if (close[0] != '\0') cJSON_AddStringToObject(in_batch ? out : words, "close", close);
  if (record == NULL) return;
  kraken_base_id(record, id);
  if (in_batch)
    cJSON_AddStringToObject(out, "txid", id);
  else
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "txid"), cJSON_CreateString(id));
}

static const char *add_order(sim *s, const sim_account *who, const kraken_params *params, cJSON **result) {
  kraken_words words;
  kraken_record *record;
  char descr[200], close[96];
  read_words(&words, params);
  const char *error = kraken_place(s, who, &words, &record, descr, close);
  if (error != NULL) return error;
  *result = cJSON_CreateObject();
  add_placed(*result, record, descr, close, 0);
  return NULL;
}

/* What is wrong with an order before the engine looks at funds and markets refuses the whole batch. */
static const char *check_batch(sim *s, const sim_account *who, const kraken_words *words, uint32_t count) {
  char descr[200], close[96];
  kraken_record *record;
  for (uint32_t i = 0; i < count; i++) {
    kraken_words trial = words[i];
    trial.validate = "true";
    const char *error = kraken_place(s, who, &trial, &record, descr, close);
    if (error != NULL &&
        (kraken_starts(error, "EGeneral") || kraken_starts(error, "EQuery") || kraken_starts(error, "EService")))
      return error;
  }
  return NULL;
}

/* NULL, and answers in their order; or why nothing was done. */
static const char *place_batch(sim *s, const sim_account *who, kraken_words *words, uint32_t count, cJSON *answers,
                               int32_t over_socket) {
  int32_t market = kraken_pair_named(words[0].pair);
  if (market < 0) return "EQuery:Unknown asset pair";
  int32_t only_checks = words[0].validate != NULL && strcmp(words[0].validate, "true") == 0;
  const char *error = check_batch(s, who, words, count);
  if (error == NULL && !only_checks) error = kraken_count_order(s, who, (uint32_t)market, count * MILLION / 2, 1);
  for (uint32_t i = 0; i < count && error == NULL; i++) {
    char descr[200], close[96], id[KRAKEN_ID_SIZE];
    kraken_record *record;
    cJSON *answer = cJSON_CreateObject();
    words[i].counted = 1;
    const char *refused = kraken_place(s, who, &words[i], &record, descr, close);
    if (refused != NULL) {
      cJSON_AddStringToObject(answer, "error", refused);
    } else if (!over_socket) {
      add_placed(answer, record, descr, close, 1);
    } else if (record != NULL) {
      cJSON_AddStringToObject(answer, "order_id", kraken_base_id(record, id));
      if (record->client_id[0] != '\0') cJSON_AddStringToObject(answer, "cl_ord_id", record->client_id);
    }
    cJSON_AddItemToArray(answers, answer);
  }
  return error;
}

/* Orders of a JSON body, or of a form whose members are called orders[0][price]. */
static const char *add_batch(sim *s, const sim_account *who, const kraken_params *params, cJSON **result) {
  kraken_words words[BATCH_MAX];
  char prefixes[BATCH_MAX][16];
  uint32_t count = 0;
  const cJSON *orders = cJSON_GetObjectItemCaseSensitive(params->body, "orders"), *item;
  kraken_params one = *params;
  if (params->body != NULL) {
    cJSON_ArrayForEach(item, orders) {
      if (count == BATCH_MAX) return "EGeneral:Invalid arguments:orders";
      one.body = item;
      read_words(&words[count++], &one);
    }
  } else {
    for (; count < BATCH_MAX; count++) {
      (void)snprintf(prefixes[count], sizeof prefixes[count], "orders[%u]", (unsigned)count);
      one.prefix = prefixes[count];
      if (kraken_param(&one, "ordertype") == NULL) break;
      read_words(&words[count], &one);
      words[count].close_type = NULL;
    }
  }
  if (count < 2) return "EGeneral:Invalid arguments:orders";
  for (uint32_t i = 0; i < count; i++) {
    words[i].pair = kraken_param(params, "pair");
    words[i].validate = kraken_param(params, "validate");
    words[i].deadline = kraken_param(params, "deadline");
  }
  *result = cJSON_CreateObject();
  return place_batch(s, who, words, count, cJSON_AddArrayToObject(*result, "orders"), 0);
}

/* --- Changing --- */

static const char *amend_order(sim *s, const sim_account *who, const kraken_params *params, cJSON **result) {
  char id[KRAKEN_ID_SIZE];
  uint64_t number = 0;
  kraken_changes changes = {kraken_param(params, "order_qty"),     kraken_param(params, "limit_price"),
                            kraken_param(params, "trigger_price"), kraken_param(params, "display_qty"),
                            kraken_param(params, "post_only"),     kraken_param(params, "deadline")};
  kraken_record *record = kraken_find(s, who, kraken_param(params, "txid"), kraken_param(params, "cl_ord_id"));
  if (record == NULL) return "EOrder:Unknown order";
  const char *error = kraken_amend_order(s, who, record, &changes, &number);
  if (error != NULL) return error;
  *result = cJSON_CreateObject();
  cJSON_AddStringToObject(*result, "amend_id", kraken_txid(id, 'T', number));
  return NULL;
}

/* The old way: the order is canceled, and another one takes its place. */
static const char *edit_order(sim *s, const sim_account *who, kraken_record *old, kraken_words *words,
                              kraken_record **out, char descr[200]) {
  char close[96], amount[KRAKEN_TEXT_SIZE], price[KRAKEN_TEXT_SIZE], price2[KRAKEN_TEXT_SIZE], leverage[16];
  paper_order *order = kraken_order(s, old);
  kraken_record *trial;
  (void)snprintf(amount, sizeof amount, "%s", kraken_amount_text(s, old->market, order->amount));
  (void)snprintf(price, sizeof price, "%s", old->price);
  (void)snprintf(price2, sizeof price2, "%s", old->price2);
  if (old->close[0] != '\0' || order->list != NULL) return "EOrder:Invalid order";
  words->side = order->side == BOURSE_SIDE_BUY ? "buy" : "sell";
  words->type = old->type;
  words->client_id = NULL;
  if (words->volume == NULL) words->volume = amount;
  if (words->price == NULL) words->price = price;
  if (words->price2 == NULL) words->price2 = price2;
  if (words->flags == NULL && old->post) words->flags = "post";
  if (old->leverage > 0) (void)snprintf(leverage, sizeof leverage, "%d", old->leverage);
  words->leverage = old->leverage > 0 ? leverage : NULL;
  if (words->reduce_only == NULL && old->reduces) words->reduce_only = "true";
  words->trigger = old->signal;
  words->pair = kraken_pairs[old->market].altname;
  int32_t only_checks = words->validate != NULL && strcmp(words->validate, "true") == 0;
  const char *error = check_batch(s, who, words, 1);
  if (error != NULL || only_checks) return error;
  error = kraken_count_order(s, who, old->market, kraken_edit_weight(s, order), 1);
  if (error != NULL) return error;
  words->counted = 1;
  (void)kraken_cancel(s, order, "Order replaced");
  error = kraken_place(s, who, words, &trial, descr, close);
  *out = trial;
  return error;
}

static const char *edit_call(sim *s, const sim_account *who, const kraken_params *params, cJSON **result) {
  kraken_words words;
  kraken_record *made = NULL, *old = kraken_find(s, who, kraken_param(params, "txid"), NULL);
  char descr[200] = "", id[KRAKEN_ID_SIZE];
  if (old == NULL) return "EOrder:Unknown order";
  read_words(&words, params);
  const char *error = edit_order(s, who, old, &words, &made, descr);
  if (error != NULL) return error;
  cJSON *out = *result = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "status", "ok");
  if (made != NULL) cJSON_AddStringToObject(out, "txid", kraken_base_id(made, id));
  cJSON_AddStringToObject(out, "originaltxid", kraken_base_id(old, id));
  cJSON_AddStringToObject(out, "volume", words.volume == NULL ? "" : descr[0] == '\0' ? "0" : words.volume);
  if (made != NULL) cJSON_AddStringToObject(out, "price", made->price);
  sim_json_add_integer(out, "orders_cancelled", made != NULL);
  cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "descr"), "order", descr);
  return NULL;
}

/* --- REST --- */

const char *kraken_trade_call(sim *s, sim_account *who, const char *name, const sim_request *request, const cJSON *body,
                              cJSON **result, int32_t *known) {
  static const struct {
    const char *name;
    const char *(*call)(sim *s, const sim_account *who, const kraken_params *params, cJSON **result);
  } calls[] = {{"AddOrder", add_order},  {"AddOrderBatch", add_batch},  {"AmendOrder", amend_order},
               {"EditOrder", edit_call}, {"CancelOrder", cancel_order}, {"CancelOrderBatch", cancel_batch}};
  kraken_params params = {request, body, NULL};
  *known = 1;
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
    if (strcmp(name, calls[i].name) == 0) {
      const char *error = may_trade(who);
      return error != NULL ? error : calls[i].call(s, who, &params, result);
    }
  if (strcmp(name, "CancelAll") == 0) {
    if (may_trade(who) != NULL) return may_trade(who);
    *result = cJSON_CreateObject();
    sim_json_add_integer(*result, "count", kraken_cancel_all(s, who->account, 0, -1, "User requested"));
    return NULL;
  }
  if (strcmp(name, "CancelAllOrdersAfter") == 0) {
    if (may_trade(who) != NULL) return may_trade(who);
    return cancel_after(s, who, kraken_param(&params, "timeout"), result);
  }
  *known = 0;
  return NULL;
}

/* --- Messages --- */

static const char *text_of(const cJSON *object, const char *name) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
  if (cJSON_IsBool(item)) return cJSON_IsTrue(item) ? "true" : "false";
  return sim_json_item_text(item);
}

/* Amounts and prices are numbers; as texts they are refused. */
static const char *check_numbers(sim *s, const cJSON *params) {
  static const char *const names[] = {"order_qty",   "cash_order_qty", "limit_price",
                                      "display_qty", "trigger_price",  "price"};
  kraken_state *state = kraken_of(s);
  const cJSON *inside[3] = {params, cJSON_GetObjectItemCaseSensitive(params, "triggers"),
                            cJSON_GetObjectItemCaseSensitive(params, "conditional")};
  for (size_t k = 0; k < 3; k++)
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
      const cJSON *item = cJSON_GetObjectItemCaseSensitive(inside[k], names[i]);
      if (item == NULL || sim_json_is_number(item)) continue;
      (void)snprintf(state->error, sizeof state->error, "%c%s field must be a number_float", names[i][0] - 32,
                     names[i] + 1);
      return state->error;
    }
  return NULL;
}

/* Texts that are put together for one order. */
typedef struct made_words {
  char flags[48], trigger[KRAKEN_TEXT_SIZE], limit[KRAKEN_TEXT_SIZE], self_trade[24];
} made_words;

/* "+5" and "+1%" of a price whose type says that it is an offset. */
static const char *typed_price(char out[KRAKEN_TEXT_SIZE], const char *price, const char *type) {
  if (price == NULL || type == NULL || strcmp(type, "static") == 0) return price;
  (void)snprintf(out, KRAKEN_TEXT_SIZE, "%s%s%s", price[0] == '-' || price[0] == '+' ? "" : "+", price,
                 strcmp(type, "pct") == 0 ? "%" : "");
  return out;
}

static void read_message(kraken_words *words, made_words *made, const cJSON *params) {
  const cJSON *triggers = cJSON_GetObjectItemCaseSensitive(params, "triggers"),
              *closing = cJSON_GetObjectItemCaseSensitive(params, "conditional");
  const char *cash = text_of(params, "cash_order_qty"), *preference = text_of(params, "fee_preference"),
             *stp = text_of(params, "stp_type"), *reference = text_of(params, "order_userref");
  memset(words, 0, sizeof *words);
  words->over_socket = 1;
  words->pair = text_of(params, "symbol");
  words->side = text_of(params, "side");
  words->type = text_of(params, "order_type");
  words->volume = cash != NULL ? cash : text_of(params, "order_qty");
  const char *limit = typed_price(made->limit, text_of(params, "limit_price"), text_of(params, "limit_price_type"));
  words->price = limit;
  if (triggers != NULL) {
    words->price = typed_price(made->trigger, text_of(triggers, "price"), text_of(triggers, "price_type"));
    words->price2 = limit;
    words->trigger = text_of(triggers, "reference");
  }
  words->display = text_of(params, "display_qty");
  words->leverage = sim_json_true(params, "margin") ? "max" : NULL;
  words->reduce_only = text_of(params, "reduce_only");
  (void)snprintf(made->self_trade, sizeof made->self_trade, "%s", stp == NULL ? "" : stp);
  for (char *at = made->self_trade; *at != '\0'; at++) *at = *at == '_' ? '-' : *at;
  words->self_trade = made->self_trade;
  (void)snprintf(made->flags, sizeof made->flags, "%s%s%s", sim_json_true(params, "post_only") ? "post," : "",
                 cash != NULL ? "viqc," : "",
                 preference == NULL                ? ""
                 : strcmp(preference, "base") == 0 ? "fcib"
                                                   : "fciq");
  words->flags = made->flags;
  words->time_in_force = text_of(params, "time_in_force");
  words->expires = text_of(params, "expire_time");
  words->starts = text_of(params, "effective_time");
  words->client_id = text_of(params, "cl_ord_id");
  words->reference = reference != NULL && strcmp(reference, "0") != 0 ? reference : NULL;
  words->validate = text_of(params, "validate");
  words->deadline = text_of(params, "deadline");
  words->close_type = text_of(closing, "order_type");
  words->close_price = text_of(closing, "trigger_price");
  words->close_price2 = text_of(closing, "limit_price");
}

static const char *socket_add(sim *s, const sim_account *who, const cJSON *params, cJSON *result) {
  kraken_words words;
  made_words made;
  kraken_record *record;
  char descr[200], close[96], id[KRAKEN_ID_SIZE];
  read_message(&words, &made, params);
  if (kraken_pair_by_symbol(words.pair) < 0) {
    (void)snprintf(kraken_of(s)->error, sizeof kraken_of(s)->error, "Currency pair not supported %.40s",
                   words.pair == NULL ? "" : words.pair);
    return kraken_of(s)->error;
  }
  const char *error = kraken_place(s, who, &words, &record, descr, close);
  if (error != NULL || record == NULL) return error;
  cJSON_AddStringToObject(result, "order_id", kraken_base_id(record, id));
  if (record->client_id[0] != '\0') cJSON_AddStringToObject(result, "cl_ord_id", record->client_id);
  if (record->has_reference) sim_json_add_integer(result, "order_userref", record->reference);
  return NULL;
}

static const char *socket_amend(sim *s, const sim_account *who, const cJSON *params, cJSON *result) {
  made_words made;
  char id[KRAKEN_ID_SIZE];
  uint64_t number = 0;
  kraken_changes changes = {
      text_of(params, "order_qty"),
      typed_price(made.limit, text_of(params, "limit_price"), text_of(params, "limit_price_type")),
      typed_price(made.trigger, text_of(params, "trigger_price"), text_of(params, "trigger_price_type")),
      text_of(params, "display_qty"),
      text_of(params, "post_only"),
      text_of(params, "deadline")};
  const char *order_id = text_of(params, "order_id"), *client_id = text_of(params, "cl_ord_id");
  kraken_record *record = kraken_find(s, who, order_id, client_id);
  if (record == NULL) return "EOrder:Unknown order";
  const char *error = kraken_amend_order(s, who, record, &changes, &number);
  if (error != NULL) return error;
  cJSON_AddStringToObject(result, "amend_id", kraken_txid(id, 'T', number));
  if (order_id != NULL) cJSON_AddStringToObject(result, "order_id", order_id);
  if (order_id == NULL) cJSON_AddStringToObject(result, "cl_ord_id", client_id);
  return NULL;
}

static const char *socket_edit(sim *s, const sim_account *who, const cJSON *params, cJSON *result) {
  kraken_words words;
  made_words made;
  char id[KRAKEN_ID_SIZE], descr[200] = "";
  kraken_record *record = NULL, *old = kraken_find(s, who, text_of(params, "order_id"), NULL);
  if (old == NULL) return "EOrder:Unknown order";
  read_message(&words, &made, params);
  if (made.flags[0] == '\0') words.flags = NULL;
  const char *error = edit_order(s, who, old, &words, &record, descr);
  if (error != NULL) return error;
  if (record != NULL) cJSON_AddStringToObject(result, "order_id", kraken_base_id(record, id));
  cJSON_AddStringToObject(result, "original_order_id", kraken_base_id(old, id));
  return NULL;
}

static const char *socket_batch(sim *s, const sim_account *who, const cJSON *params, cJSON *answers) {
  kraken_words words[BATCH_MAX];
  made_words made[BATCH_MAX];
  const cJSON *orders = cJSON_GetObjectItemCaseSensitive(params, "orders"), *item;
  uint32_t count = 0;
  cJSON_ArrayForEach(item, orders) {
    const char *error = check_numbers(s, item);
    if (error != NULL) return error;
    if (count == BATCH_MAX) return "EGeneral:Invalid arguments:orders";
    read_message(&words[count], &made[count], item);
    words[count].pair = text_of(params, "symbol");
    words[count].validate = text_of(params, "validate");
    words[count].deadline = text_of(params, "deadline");
    count++;
  }
  if (count < 2) return "EGeneral:Invalid arguments:orders";
  return place_batch(s, who, words, count, answers, 1);
}

/* One answer for each order that is named. */
static void socket_cancel(sim *s, sim_connection *connection, const sim_account *who, const cJSON *message,
                          const cJSON *params) {
  static const char *const names[] = {"order_id", "cl_ord_id", "order_userref"};
  uint32_t answered = 0;
  for (int32_t n = 0; n < 3; n++) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(params, names[n]), *item;
    cJSON_ArrayForEach(item, list) {
      const char *id = sim_json_item_text(item);
      if (id == NULL) continue;
      uint32_t count = n == 1 ? cancel_named(s, who, NULL, id) : cancel_named(s, who, id, NULL);
      cJSON *result = cJSON_CreateObject();
      cJSON_AddItemToObject(result, names[n], sim_json_again(item));
      kraken_answer(s, connection, message, "cancel_order", count > 0 ? NULL : "EOrder:Unknown order", result);
      answered++;
    }
  }
  if (answered == 0) kraken_answer(s, connection, message, "cancel_order", "EGeneral:Invalid arguments:order_id", NULL);
}

static const char *socket_cancel_batch(sim *s, const sim_account *who, const cJSON *params, cJSON *result) {
  static const char *const names[] = {"orders", "cl_ord_id"};
  int64_t count = 0, asked = 0;
  for (int32_t n = 0; n < 2; n++) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(params, names[n]), *item;
    cJSON_ArrayForEach(item, list) {
      const char *id = sim_json_item_text(item);
      if (id == NULL) continue;
      if (++asked > CANCEL_MAX) return "EGeneral:Invalid arguments:orders";
      count += n == 0 ? cancel_named(s, who, id, NULL) : cancel_named(s, who, NULL, id);
    }
  }
  if (asked < 2) return "EGeneral:Invalid arguments:orders";
  sim_json_add_integer(result, "orders_cancelled", count);
  return NULL;
}

static const char *run_method(sim *s, const sim_account *who, const char *method, const cJSON *params, cJSON **result) {
  cJSON *made = *result;
  if (strcmp(method, "add_order") == 0) return socket_add(s, who, params, made);
  if (strcmp(method, "amend_order") == 0) return socket_amend(s, who, params, made);
  if (strcmp(method, "edit_order") == 0) return socket_edit(s, who, params, made);
  if (strcmp(method, "batch_cancel") == 0) return socket_cancel_batch(s, who, params, made);
  cJSON_Delete(made);
  *result = NULL;
  if (strcmp(method, "batch_add") == 0) {
    *result = cJSON_CreateArray();
    return socket_batch(s, who, params, *result);
  }
  if (strcmp(method, "cancel_all_orders_after") == 0) return cancel_after(s, who, text_of(params, "timeout"), result);
  *result = cJSON_CreateObject();
  sim_json_add_integer(*result, "count", kraken_cancel_all(s, who->account, 0, -1, "User requested"));
  return NULL;
}

int32_t kraken_trade_message(sim *s, sim_connection *connection, const char *method, const cJSON *message) {
  static const char *const methods[] = {"add_order",    "amend_order", "edit_order",   "batch_add",
                                        "batch_cancel", "cancel_all",  "cancel_order", "cancel_all_orders_after"};
  const cJSON *params = cJSON_GetObjectItemCaseSensitive(message, "params");
  size_t i = 0, count = sizeof methods / sizeof methods[0];
  while (i < count && strcmp(methods[i], method) != 0) i++;
  if (i == count) return 0;
  kraken_connection *state = sim_connection_state(connection);
  const char *token = text_of(params, "token"), *error = NULL;
  const sim_account *who = kraken_token_account(s, state, token);
  if (token == NULL)
    error = "Token(s) not found";
  else if (who == NULL)
    error = "ESession:Invalid session";
  else
    error = may_trade(who);
  if (error == NULL) error = check_numbers(s, params);
  if (error == NULL && sim_fault(s, "engine_busy", method)) error = "EService:Busy";
  if (error == NULL && strcmp(method, "cancel_order") == 0) {
    socket_cancel(s, connection, who, message, params);
    return 1;
  }
  cJSON *result = cJSON_CreateObject();
  if (error == NULL) error = run_method(s, who, method, params, &result);
  if (error == NULL && sim_fault(s, "unknown_status", method)) error = "EService:Timeout"; /* it was done */
  kraken_answer(s, connection, message, method, error, result);
  return 1;
}
