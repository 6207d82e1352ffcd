/* sim/kraken_account.c - private lists of spot: "Account Data" of docs.kraken.com's Spot REST API. */
#include "kraken.h"

#define PAGE      50
#define QUERY_MAX 50
#define TOKEN_NS  (15 * KRAKEN_MINUTE)

/* --- Orders as they are told --- */

const char *kraken_status(const paper_order *order) {
  switch (order->status) {
    case BOURSE_ORDER_FILLED: return "closed";
    case BOURSE_ORDER_OPEN:
    case BOURSE_ORDER_UNTRIGGERED: return "open";
    case BOURSE_ORDER_PENDING: return "pending";
    case BOURSE_ORDER_EXPIRED: return order->reason == PAPER_EXPIRED ? "expired" : "canceled";
    default: return "canceled";
  }
}

const char *kraken_reason(const kraken_record *record, const paper_order *order) {
  if (order->status == BOURSE_ORDER_FILLED || bourse__paper_is_open(order)) return NULL;
  if (record != NULL && record->reason != NULL) return record->reason;
  switch (order->reason) {
    case PAPER_CANCELED: return "User requested";
    case PAPER_EXPIRED: return "Order expired";
    case PAPER_UNFILLED: return "Immediate or cancel";
    case PAPER_SELF_TRADE: return "STP";
    case PAPER_NO_FUNDS: return "Insufficient funds";
    case PAPER_NO_LIQUIDITY: return "No liquidity";
    case PAPER_WOULD_TAKE: return "Post only order";
    case PAPER_LIST: return "Out of funds";
    default: return "Canceled";
  }
}

uint64_t kraken_fill_number(const paper_fill *fill) { return fill->id * 2 + (fill->side == BOURSE_SIDE_SELL); }

paper_money kraken_fee_in_quote(sim *s, const paper_fill *fill) {
  const paper_market *market = kraken_market(s, fill->market);
  paper_money fee = fill->fee;
  if (fill->fee_currency != market->base || market->linear) return fee;
  fee *= fill->price;
  for (int32_t i = 0; i < market->price_scale; i++) fee /= 10;
  return fee;
}

static void add_trades_of(sim *s, cJSON *out, const paper_order *order) {
  const paper_ring *fills = &kraken_account(s, order->account)->fills;
  cJSON *list = cJSON_AddArrayToObject(out, "trades");
  char id[KRAKEN_ID_SIZE];
  for (uint32_t i = 0; i < fills->count; i++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    if (fill->order_id == order->id)
      cJSON_AddItemToArray(list, cJSON_CreateString(kraken_txid(id, 'T', kraken_fill_number(fill))));
  }
}

static void add_descr(sim *s, cJSON *out, const kraken_record *record, const paper_order *order) {
  char text[200];
  cJSON *descr = cJSON_AddObjectToObject(out, "descr");
  kraken_describe(s, record, order, text);
  cJSON_AddStringToObject(descr, "pair", kraken_pairs[record->market].altname);
  cJSON_AddStringToObject(descr, "type", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(descr, "ordertype", record->type);
  cJSON_AddStringToObject(descr, "price", record->price[0] == '\0' ? "0" : record->price);
  cJSON_AddStringToObject(descr, "price2", record->price2[0] == '\0' ? "0" : record->price2);
  char leverage[24] = "none";
  if (record->leverage > 0) (void)snprintf(leverage, sizeof leverage, "%d:1", record->leverage);
  cJSON_AddStringToObject(descr, "leverage", leverage);
  cJSON_AddStringToObject(descr, "order", text);
  cJSON_AddStringToObject(descr, "close", record->close);
}

static const char *time_in_force(const paper_order *order) {
  static const char *const names[] = {NULL, "GTC", "IOC", "FOK", "GTD"};
  return order->time_in_force > 0 && order->time_in_force < 5 ? names[order->time_in_force] : NULL;
}

static void add_order(sim *s, cJSON *map, const kraken_record *record, const paper_order *order, int32_t with_trades) {
  const paper_market *market = kraken_market(s, record->market);
  char id[KRAKEN_ID_SIZE], flags[32];
  cJSON *out = cJSON_AddObjectToObject(map, kraken_base_id(record, id));
  const char *reason = kraken_reason(record, order), *tif = time_in_force(order);
  if (record->parent != 0)
    cJSON_AddStringToObject(out, "refid", kraken_txid(id, 'O', record->parent));
  else
    cJSON_AddNullToObject(out, "refid");
  sim_json_add_integer(out, "userref", record->reference);
  if (record->client_id[0] != '\0') cJSON_AddStringToObject(out, "cl_ord_id", record->client_id);
  cJSON_AddStringToObject(out, "status", kraken_status(order));
  kraken_add_seconds(out, "opentm", order->created_ns + sim_skew_ns(s));
  kraken_add_raw(out, "starttm", "0");
  kraken_add_seconds(out, "expiretm", order->expire_ns == 0 ? 0 : order->expire_ns + sim_skew_ns(s));
  add_descr(s, out, record, order);
  cJSON_AddStringToObject(
      out, "vol",
      record->viqc ? sim_money_text(order->cost_asked, 8) : kraken_amount_text(s, record->market, order->amount));
  cJSON_AddStringToObject(out, "vol_exec", kraken_amount_text(s, record->market, order->filled));
  cJSON_AddStringToObject(out, "cost", sim_money_text(order->cost_filled, -1));
  cJSON_AddStringToObject(out, "fee", sim_money_text(record->fee_quote, -1));
  cJSON_AddStringToObject(out, "price", kraken_average_text(s, record->market, order->cost_filled, order->filled));
  kraken_add_text(out, "stopprice", order->trigger_price, market->price_scale,
                  kraken_pairs[record->market].price_decimals);
  int32_t came_alive = order->trigger_kind != PAPER_TRIGGER_NONE && order->fired;
  kraken_add_text(out, "limitprice", came_alive ? order->price : 0, market->price_scale,
                  kraken_pairs[record->market].price_decimals);
  cJSON_AddStringToObject(out, "misc", record->amend_count > 0 ? "amended" : "");
  (void)snprintf(flags, sizeof flags, "%s%s%s", record->in_base ? "fcib" : "fciq", record->post ? ",post" : "",
                 record->viqc ? ",viqc" : "");
  cJSON_AddStringToObject(out, "oflags", flags);
  if (tif != NULL) cJSON_AddStringToObject(out, "timeinforce", tif);
  if (record->leverage > 0) cJSON_AddTrueToObject(out, "margin");
  if (record->reduces) cJSON_AddTrueToObject(out, "reduce_only");
  if (order->trigger_kind != PAPER_TRIGGER_NONE) cJSON_AddStringToObject(out, "trigger", record->signal);
  if (order->display > 0)
    cJSON_AddStringToObject(out, "displayvol", kraken_amount_text(s, record->market, order->display));
  if (!bourse__paper_is_open(order)) {
    kraken_add_seconds(out, "closetm", order->updated_ns + sim_skew_ns(s));
    if (reason != NULL)
      cJSON_AddStringToObject(out, "reason", reason);
    else
      cJSON_AddNullToObject(out, "reason");
  }
  if (with_trades) add_trades_of(s, out, order);
}

/* --- Which of them --- */

typedef struct filter {
  const char *client_id, *reference;
  int64_t start_ns, end_ns; /* 0: none */
  int64_t offset;
  int32_t with_trades;
} filter;

/* Seconds since 1970, maybe with parts, or the txid of an order whose time counts. */
static int64_t time_param(sim *s, const char *text) {
  bourse_decimal value;
  int64_t ns = 0;
  const kraken_record *record = kraken_record_of(s, kraken_txid_number('O', text));
  if (record != NULL && kraken_order(s, record) != NULL) return kraken_order(s, record)->created_ns;
  if (text == NULL || !sim_decimal(&value, text)) return 0;
  value.exponent += 9;
  if (bourse_decimal_round(&value, &value, 0, BOURSE_ROUND_DOWN) != BOURSE_OK ||
      bourse_decimal_to_int64(&ns, &value) != BOURSE_OK)
    return 0;
  return ns;
}

static int32_t is_true(const char *text) { return text != NULL && strcmp(text, "true") == 0; }

static filter read_filter(sim *s, const kraken_params *params) {
  const char *offset = kraken_param(params, "ofs");
  return (filter){kraken_param(params, "cl_ord_id"),
                  kraken_param(params, "userref"),
                  time_param(s, kraken_param(params, "start")),
                  time_param(s, kraken_param(params, "end")),
                  offset == NULL ? 0 : strtoll(offset, NULL, 10),
                  is_true(kraken_param(params, "trades"))};
}

static int32_t in_time(const filter *f, int64_t time_ns) {
  return (f->start_ns == 0 || time_ns > f->start_ns) && (f->end_ns == 0 || time_ns <= f->end_ns);
}

static int32_t is_wanted(const filter *f, const kraken_record *record) {
  if (f->client_id != NULL && strcmp(f->client_id, record->client_id) != 0) return 0;
  return f->reference == NULL || (record->has_reference && strtoll(f->reference, NULL, 10) == record->reference);
}

static const char *open_orders(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const kraken_state *state = kraken_of(s);
  filter f = read_filter(s, params);
  cJSON *map = cJSON_AddObjectToObject(out, "open");
  for (uint32_t i = state->record_count; i-- > 0;) {
    const kraken_record *record = state->records[i];
    if (record->owner != who->account || kraken_is_futures(record->market) || !is_wanted(&f, record)) continue;
    const paper_order *order = kraken_order(s, record);
    if (order != NULL && bourse__paper_is_open(order) && order->status != BOURSE_ORDER_PENDING)
      add_order(s, map, record, order, f.with_trades);
  }
  return NULL;
}

typedef struct closed_row {
  const kraken_record *record;
  const paper_order *order;
} closed_row;

static int newest_first(const void *a, const void *b) {
  const closed_row *x = a, *y = b;
  if (x->order->updated_ns != y->order->updated_ns) return x->order->updated_ns < y->order->updated_ns ? 1 : -1;
  return x->record->id < y->record->id ? 1 : x->record->id > y->record->id ? -1 : 0;
}

static const char *closed_orders(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const kraken_state *state = kraken_of(s);
  const char *by = kraken_param(params, "closetime");
  filter f = read_filter(s, params);
  uint32_t count = 0;
  closed_row *rows = calloc(state->record_count + 1, sizeof *rows);
  if (rows == NULL) abort();
  for (uint32_t i = 0; i < state->record_count; i++) {
    const kraken_record *record = state->records[i];
    if (record->owner != who->account || kraken_is_futures(record->market) || !is_wanted(&f, record)) continue;
    const paper_order *order = kraken_order(s, record);
    if (order == NULL || bourse__paper_is_open(order)) continue;
    int32_t opened = in_time(&f, order->created_ns), closed = in_time(&f, order->updated_ns);
    if (by != NULL && strcmp(by, "open") == 0    ? !opened
        : by != NULL && strcmp(by, "close") == 0 ? !closed
                                                 : !opened && !closed)
      continue;
    rows[count++] = (closed_row){record, order};
  }
  qsort(rows, count, sizeof *rows, newest_first);
  cJSON *map = cJSON_AddObjectToObject(out, "closed");
  for (int64_t i = f.offset; i >= 0 && i < (int64_t)count && i < f.offset + PAGE; i++)
    add_order(s, map, rows[i].record, rows[i].order, f.with_trades);
  if (!is_true(kraken_param(params, "without_count"))) sim_json_add_integer(out, "count", count);
  free(rows);
  return NULL;
}

/* Calls `one` for each text of a list with commas. Their number, or -1: more than `most`. */
static int32_t for_each(const char *list, int32_t most, char texts[QUERY_MAX][KRAKEN_ID_SIZE]) {
  int32_t count = 0;
  for (const char *at = list; at != NULL && *at != '\0';) {
    size_t end = strcspn(at, ",");
    if (count == most) return -1;
    (void)snprintf(texts[count++], KRAKEN_ID_SIZE, "%.*s", (int)end, at);
    at += end + (at[end] == ',');
  }
  return count;
}

static const char *query_orders(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  char ids[QUERY_MAX][KRAKEN_ID_SIZE];
  filter f = read_filter(s, params);
  int32_t count = for_each(kraken_param(params, "txid"), QUERY_MAX, ids);
  if (count <= 0) return "EGeneral:Invalid arguments:txid";
  for (int32_t i = 0; i < count; i++) {
    const kraken_record *record = kraken_record_of(s, kraken_txid_number('O', ids[i]));
    if (record == NULL || record->owner != who->account || kraken_is_futures(record->market))
      return "EOrder:Invalid order";
    const paper_order *order = kraken_order(s, record);
    if (order != NULL) add_order(s, out, record, order, f.with_trades);
  }
  return NULL;
}

static const char *order_amends(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  char id[KRAKEN_ID_SIZE];
  const kraken_record *record = kraken_record_of(s, kraken_txid_number('O', kraken_param(params, "order_id")));
  if (record == NULL || record->owner != who->account) return "EOrder:Unknown order";
  cJSON *list = cJSON_AddArrayToObject(out, "amends");
  for (uint32_t i = 0; i < record->amend_count; i++) {
    const kraken_amend *amend = &record->amends[i];
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "amend_id", kraken_txid(id, 'T', amend->number));
    cJSON_AddStringToObject(row, "amend_type", "user");
    cJSON_AddStringToObject(row, "order_qty", kraken_amount_text(s, record->market, amend->amount));
    cJSON_AddStringToObject(row, "remaining_qty", kraken_amount_text(s, record->market, amend->remaining));
    if (amend->price != 0)
      cJSON_AddStringToObject(row, "limit_price", kraken_price_text(s, record->market, amend->price));
    if (amend->trigger != 0)
      cJSON_AddStringToObject(row, "trigger_price", kraken_price_text(s, record->market, amend->trigger));
    cJSON_AddStringToObject(row, "reason", "User requested");
    cJSON_AddBoolToObject(row, "post_only", record->post);
    sim_json_add_integer(row, "timestamp", amend->time_ns / 1000000);
    cJSON_AddItemToArray(list, row);
  }
  sim_json_add_integer(out, "count", record->amend_count);
  return NULL;
}

/* --- Fills --- */

static void add_fill(sim *s, cJSON *map, const paper_fill *fill) {
  char id[KRAKEN_ID_SIZE];
  const kraken_record *record = kraken_record_of(s, fill->order_id);
  cJSON *out = cJSON_AddObjectToObject(map, kraken_txid(id, 'T', kraken_fill_number(fill)));
  cJSON_AddStringToObject(out, "ordertxid", kraken_txid(id, 'O', fill->order_id));
  cJSON_AddStringToObject(out, "postxid", kraken_txid(id, 'T', fill->order_id));
  cJSON_AddStringToObject(out, "pair", kraken_pairs[fill->market].id);
  cJSON_AddStringToObject(out, "aclass", "forex");
  kraken_add_seconds(out, "time", fill->time_ns + sim_skew_ns(s));
  cJSON_AddStringToObject(out, "type", fill->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(out, "ordertype", record == NULL ? "limit" : record->type);
  cJSON_AddStringToObject(out, "price", kraken_price_text(s, fill->market, fill->price));
  cJSON_AddStringToObject(out, "cost", sim_money_text(fill->cost, -1));
  cJSON_AddStringToObject(out, "fee", sim_money_text(kraken_fee_in_quote(s, fill), -1));
  cJSON_AddStringToObject(out, "vol", kraken_amount_text(s, fill->market, fill->amount));
  cJSON_AddStringToObject(out, "margin", sim_money_text(kraken_margin_of(record, fill), 5));
  cJSON_AddStringToObject(out, "leverage", sim_units_text(record == NULL ? 0 : record->leverage, 0, 0));
  cJSON_AddStringToObject(out, "misc", "");
  sim_json_add_integer(out, "trade_id", (int64_t)fill->id);
  cJSON_AddBoolToObject(out, "maker", fill->role == BOURSE_MAKER);
  if (record != NULL && record->client_id[0] != '\0') cJSON_AddStringToObject(out, "cl_ord_id", record->client_id);
}

static const char *trades_history(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  uint32_t all;
  const paper_fill **fills = kraken_fills(s, who->account, &all);
  filter f = read_filter(s, params);
  int64_t count = 0;
  cJSON *map = cJSON_AddObjectToObject(out, "trades");
  for (uint32_t i = all; i-- > 0;) {
    const paper_fill *fill = fills[i];
    if (kraken_is_futures(fill->market) || !in_time(&f, fill->time_ns)) continue;
    if (count >= f.offset && count < f.offset + PAGE) add_fill(s, map, fill);
    count++;
  }
  free(fills);
  if (!is_true(kraken_param(params, "without_count"))) sim_json_add_integer(out, "count", count);
  return NULL;
}

static const char *query_trades(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  char ids[QUERY_MAX][KRAKEN_ID_SIZE];
  uint32_t all;
  int32_t count = for_each(kraken_param(params, "txid"), 20, ids);
  if (count <= 0) return "EGeneral:Invalid arguments:txid";
  const paper_fill **fills = kraken_fills(s, who->account, &all);
  const char *error = NULL;
  for (int32_t i = 0; i < count && error == NULL; i++) {
    uint64_t number = kraken_txid_number('T', ids[i]);
    const paper_fill *found = NULL;
    for (uint32_t k = 0; k < all && found == NULL; k++)
      if (kraken_fill_number(fills[k]) == number && !kraken_is_futures(fills[k]->market)) found = fills[k];
    if (found == NULL)
      error = "EGeneral:Invalid arguments:txid";
    else
      add_fill(s, out, found);
  }
  free(fills);
  return error;
}

/* --- Money --- */

static int32_t decimals_of(const char *code) { return strcmp(code, "USD") == 0 ? 4 : 10; }

static const char *balances(sim *s, sim_account *who, cJSON *out, int32_t extended) {
  paper_engine *engine = sim_engine(s);
  for (uint32_t c = 0; c < bourse__paper_currency_count(engine); c++) {
    const char *code = bourse__paper_currency_code(engine, c);
    const paper_balance *balance = bourse__paper_balance(engine, who->account, 0, c);
    if (balance->total == 0 && balance->locked == 0) continue;
    /* As many decimals as Kraken writes, or as it takes to be exact. */
    const char *total = sim_money_text(balance->total, decimals_of(code));
    bourse_decimal shown, exact = bourse__paper_money_decimal(balance->total);
    if (!sim_decimal(&shown, total) || bourse_decimal_compare(&shown, &exact) != 0)
      total = sim_money_text(balance->total, -1);
    if (!extended) {
      cJSON_AddStringToObject(out, kraken_asset(code), total);
      continue;
    }
    cJSON *row = cJSON_AddObjectToObject(out, kraken_asset(code));
    cJSON_AddStringToObject(row, "balance", total);
    cJSON_AddStringToObject(row, "hold_trade", sim_money_text(balance->locked, -1));
    cJSON_AddStringToObject(row, "credit", "0");
    cJSON_AddStringToObject(row, "credit_used", "0");
  }
  return NULL;
}

static const char *balance(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  (void)params;
  return balances(s, who, out, 0);
}

static const char *balance_ex(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  (void)params;
  return balances(s, who, out, 1);
}

static const char *trade_volume(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const char *pairs = kraken_param(params, "pair");
  char ids[QUERY_MAX][KRAKEN_ID_SIZE];
  uint32_t all;
  const paper_fill **fills = kraken_fills(s, who->account, &all);
  paper_money volume = 0;
  for (uint32_t i = 0; i < all; i++)
    if (!kraken_is_futures(fills[i]->market) && strcmp(kraken_rows[fills[i]->market].quote, "USD") == 0)
      volume += fills[i]->cost;
  free(fills);
  cJSON_AddStringToObject(out, "currency", "ZUSD");
  cJSON_AddStringToObject(out, "volume", sim_money_text(volume, 4));
  int32_t count = for_each(pairs, QUERY_MAX, ids);
  if (count <= 0) {
    cJSON_AddNullToObject(out, "fees");
    cJSON_AddNullToObject(out, "fees_maker");
    return NULL;
  }
  for (int32_t maker = 0; maker < 2; maker++) {
    cJSON *fees = cJSON_AddObjectToObject(out, maker ? "fees_maker" : "fees");
    for (int32_t i = 0; i < count; i++) {
      int32_t market = kraken_pair_named(ids[i]);
      if (market < 0) return "EQuery:Unknown asset pair";
      bourse_decimal percent = maker ? kraken_rows[market].maker : kraken_rows[market].taker;
      percent.exponent += 2;
      cJSON *fee = cJSON_AddObjectToObject(fees, kraken_pairs[market].id);
      sim_json_add_decimal(fee, "fee", &percent);
      cJSON_AddStringToObject(fee, "minfee", "0.0800");
      sim_json_add_decimal(fee, "maxfee", &percent);
      cJSON_AddNullToObject(fee, "nextfee");
      cJSON_AddNullToObject(fee, "nextvolume");
      cJSON_AddStringToObject(fee, "tiervolume", "0.0000");
    }
  }
  return NULL;
}

/* --- The account's book: what a trade brought and the fee that was taken of it are one entry --- */

static const paper_ledger *entry_at(const paper_ring *ledger, uint32_t i) { return bourse__paper_ring_at(ledger, i); }

static int32_t is_fee_of_before(const paper_ring *ledger, uint32_t i) {
  const paper_ledger *entry = entry_at(ledger, i), *before = i == 0 ? NULL : entry_at(ledger, i - 1);
  return before != NULL && strcmp(entry->kind, "fee") == 0 && before->reference == entry->reference &&
         before->currency == entry->currency && before->wallet == entry->wallet && strcmp(before->kind, "fee") != 0;
}

uint64_t kraken_reference_number(sim *s, const paper_ledger *entry) {
  if (entry->reference == 0) return entry->id;
  if (entry->market == UINT32_MAX) return entry->reference;
  int32_t base = kraken_market(s, entry->market)->base == entry->currency, buys = (base != 0) == (entry->amount > 0);
  return entry->reference * 2 + !buys;
}

static void add_entry(sim *s, cJSON *map, const paper_ledger *entry, const paper_ledger *fee, uint32_t owner) {
  char id[KRAKEN_ID_SIZE];
  const char *code = bourse__paper_currency_code(sim_engine(s), entry->currency);
  cJSON *out = cJSON_AddObjectToObject(map, kraken_txid(id, 'L', entry->id));
  paper_money taken;
  uint64_t number = kraken_margin_entry(s, entry, owner, &taken);
  if (fee != NULL) taken = -fee->amount;
  cJSON_AddStringToObject(out, "refid", kraken_txid(id, 'T', number != 0 ? number : kraken_reference_number(s, entry)));
  kraken_add_seconds(out, "time", entry->time_ns + sim_skew_ns(s));
  cJSON_AddStringToObject(out, "type", strcmp(entry->kind, "fee") == 0 ? "trade" : entry->kind);
  int32_t moved = strcmp(entry->kind, "transfer") == 0;
  cJSON_AddStringToObject(out, "subtype", !moved ? "" : entry->amount < 0 ? "spottofutures" : "spotfromfutures");
  cJSON_AddStringToObject(out, "aclass", "currency");
  cJSON_AddStringToObject(out, "asset", kraken_asset(code));
  cJSON_AddStringToObject(out, "amount", sim_money_text(number != 0 ? entry->amount + taken : entry->amount, -1));
  cJSON_AddStringToObject(out, "fee", sim_money_text(taken, -1));
  cJSON_AddStringToObject(out, "balance", sim_money_text(fee == NULL ? entry->balance : fee->balance, -1));
}

static const char *ledgers(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const paper_ring *ledger = &kraken_account(s, who->account)->ledger;
  const char *asset = kraken_param(params, "asset"), *type = kraken_param(params, "type");
  const char *code = asset == NULL || strcmp(asset, "all") == 0 ? NULL : kraken_currency(asset);
  filter f = read_filter(s, params);
  int64_t count = 0;
  if (asset != NULL && code == NULL && strcmp(asset, "all") != 0) return "EQuery:Unknown asset";
  cJSON *map = cJSON_AddObjectToObject(out, "ledger");
  for (uint32_t i = ledger->count; i-- > 0;) {
    const paper_ledger *fee = is_fee_of_before(ledger, i) ? entry_at(ledger, i--) : NULL, *entry = entry_at(ledger, i);
    if (entry->wallet != 0 || !in_time(&f, entry->time_ns)) continue;
    if (code != NULL && strcmp(bourse__paper_currency_code(sim_engine(s), entry->currency), code) != 0) continue;
    if (type != NULL && strcmp(type, "all") != 0 && strcmp(type, entry->kind) != 0) continue;
    if (count >= f.offset && count < f.offset + PAGE) add_entry(s, map, entry, fee, who->account);
    count++;
  }
  if (!is_true(kraken_param(params, "without_count"))) sim_json_add_integer(out, "count", count);
  return NULL;
}

static const char *query_ledgers(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  char ids[QUERY_MAX][KRAKEN_ID_SIZE];
  const paper_ring *ledger = &kraken_account(s, who->account)->ledger;
  int32_t count = for_each(kraken_param(params, "id"), 20, ids);
  if (count <= 0) return "EGeneral:Invalid arguments:id";
  for (int32_t k = 0; k < count; k++) {
    uint64_t number = kraken_txid_number('L', ids[k]);
    for (uint32_t i = 0; i < ledger->count; i++) {
      if (entry_at(ledger, i)->id != number || entry_at(ledger, i)->wallet != 0) continue;
      int32_t with_fee = i + 1 < ledger->count && is_fee_of_before(ledger, i + 1);
      add_entry(s, out, entry_at(ledger, i), with_fee ? entry_at(ledger, i + 1) : NULL, who->account);
    }
  }
  return NULL;
}

/* --- Keys and tokens --- */

static const char *key_info(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  static const char *const reads[] = {"query-funds", "query-open-trades", "query-closed-trades", "query-ledger",
                                      "create-ws-token"};
  (void)params;
  cJSON_AddStringToObject(out, "api_key_name", who->key.name);
  cJSON_AddStringToObject(out, "api_key", who->key.api_key);
  cJSON_AddStringToObject(out, "nonce", sim_units_text((int64_t)who->last_nonce, 0, 0));
  cJSON_AddStringToObject(out, "nonce_window", "0");
  cJSON *list = cJSON_AddArrayToObject(out, "permissions");
  for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) cJSON_AddItemToArray(list, cJSON_CreateString(reads[i]));
  if (!who->key.read_only) {
    cJSON_AddItemToArray(list, cJSON_CreateString("modify-trades"));
    cJSON_AddItemToArray(list, cJSON_CreateString("close-trades"));
  }
  if (who->key.withdraws) cJSON_AddItemToArray(list, cJSON_CreateString("withdraw-funds"));
  cJSON_AddStringToObject(out, "iban", "AA00 SIM");
  cJSON_AddStringToObject(out, "valid_until", "0");
  cJSON_AddStringToObject(out, "created_time", sim_units_text(kraken_of(s)->start_second, 0, 0));
  cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "ip_allowlist"), cJSON_CreateString(""));
  return NULL;
}

static const char *socket_token(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  kraken_state *state = kraken_of(s);
  kraken_token *token = &state->tokens[state->next_token++ % KRAKEN_TOKENS];
  uint32_t index = 0;
  (void)params;
  while (sim_account_at(s, index) != NULL && sim_account_at(s, index) != who) index++;
  for (size_t i = 0; i < 43; i++) token->text[i] = digits[sim_random(s) & 63];
  token->text[43] = '\0';
  token->account = index;
  token->expires_ns = sim_clock_ns(s) + TOKEN_NS;
  cJSON_AddStringToObject(out, "token", token->text);
  sim_json_add_integer(out, "expires", TOKEN_NS / KRAKEN_SECOND);
  return NULL;
}

const char *kraken_account_call(sim *s, sim_account *who, const char *name, const kraken_params *params, cJSON **result,
                                int32_t *known) {
  static const struct {
    const char *name;
    const char *(*call)(sim *s, sim_account *who, const kraken_params *params, cJSON *out);
  } calls[] = {{"Balance", balance},
               {"BalanceEx", balance_ex},
               {"TradeBalance", kraken_trade_balance},
               {"OpenOrders", open_orders},
               {"ClosedOrders", closed_orders},
               {"QueryOrders", query_orders},
               {"OrderAmends", order_amends},
               {"TradesHistory", trades_history},
               {"QueryTrades", query_trades},
               {"OpenPositions", kraken_open_positions},
               {"Ledgers", ledgers},
               {"QueryLedgers", query_ledgers},
               {"TradeVolume", trade_volume},
               {"GetApiKeyInfo", key_info},
               {"GetWebSocketsToken", socket_token}};
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    if (strcmp(name, calls[i].name) != 0) continue;
    *known = 1;
    *result = cJSON_CreateObject();
    return calls[i].call(s, who, params, *result);
  }
  *known = 0;
  return NULL;
}
