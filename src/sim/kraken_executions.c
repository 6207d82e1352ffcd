/* sim/kraken_executions.c - private channels of WebSocket v2: own orders and fills (executions), and balances.
 *
 * Reports are sparse: the first one of an order tells all, later ones what is new. Balances move with entries of the
 * account's book, not with what orders hold. */
#include "kraken.h"

static const char *text_of(const cJSON *object, const char *name) {
  return sim_json_item_text(cJSON_GetObjectItemCaseSensitive(object, name));
}

static int32_t flag_of(const cJSON *params, const char *name, int32_t usual) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(params, name);
  return cJSON_IsBool(item) ? cJSON_IsTrue(item) : usual;
}

/* --- Rows --- */

static cJSON *new_row(sim *s, const kraken_record *record, const char *type, const char *status, int64_t time_ns) {
  char text[KRAKEN_TEXT_SIZE];
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "order_id", kraken_base_id(record, text));
  if (record->client_id[0] != '\0') cJSON_AddStringToObject(row, "cl_ord_id", record->client_id);
  sim_json_add_integer(row, "order_userref", record->reference);
  cJSON_AddStringToObject(row, "exec_type", type);
  cJSON_AddStringToObject(row, "order_status", status);
  cJSON_AddStringToObject(row, "timestamp", sim_iso(text, time_ns + sim_skew_ns(s), 6));
  return row;
}

/* What was filled of it so far, as told. */
static void add_sums(sim *s, cJSON *row, const kraken_record *record) {
  kraken_add_amount(row, "cum_qty", record->market, s, record->filled);
  kraken_add_money(row, "cum_cost", record->cost, -1);
  kraken_add_raw(row, "avg_price", kraken_average_text(s, record->market, record->cost, record->filled));
  kraken_add_money(row, "fee_usd_equiv", record->fee_quote, 6);
}

/* "+1.5%" is 1.5 with type pct. */
static void add_trigger_price(cJSON *triggers, const kraken_record *record, const char *plain) {
  const char *text = record->price;
  size_t length = strlen(text);
  char digits[KRAKEN_TEXT_SIZE];
  if (text[0] != '+') {
    kraken_add_raw(triggers, "price", plain);
    cJSON_AddStringToObject(triggers, "price_type", "static");
    return;
  }
  int32_t percent = text[length - 1] == '%';
  (void)snprintf(digits, sizeof digits, "%.*s", (int)(length - 1 - (size_t)percent), text + 1);
  kraken_add_raw(triggers, "price", digits);
  cJSON_AddStringToObject(triggers, "price_type", percent ? "pct" : "quote");
}

/* That of a trailing-stop-limit is an offset until it fires. */
static void add_limit(sim *s, cJSON *row, const kraken_record *record, const paper_order *order) {
  int32_t offset = (record->limit_offset != 0 || record->limit_millionths != 0) && !order->fired;
  const char *text = record->price2 + (record->price2[0] == '+');
  char digits[KRAKEN_TEXT_SIZE];
  cJSON_AddStringToObject(row, "limit_price_type", !offset ? "static" : record->limit_offset == 0 ? "pct" : "quote");
  (void)snprintf(digits, sizeof digits, "%.*s", (int)strcspn(text, "%"), text);
  if (offset)
    kraken_add_raw(row, "limit_price", digits);
  else if (order->type == BOURSE_ORDER_LIMIT)
    kraken_add_price(row, "limit_price", record->market, s, order->price);
}

static void add_terms(sim *s, cJSON *row, const kraken_record *record, const paper_order *order) {
  static const char *const times[] = {"GTC", "GTC", "IOC", "FOK", "GTD"};
  uint32_t market = record->market;
  char text[KRAKEN_TEXT_SIZE];
  cJSON_AddStringToObject(row, "symbol", kraken_rows[market].symbol);
  if (record->viqc)
    kraken_add_money(row, "cash_order_qty", order->cost_asked, -1);
  else
    kraken_add_amount(row, "order_qty", market, s, order->amount);
  cJSON_AddStringToObject(row, "time_in_force", times[order->time_in_force > 0 ? order->time_in_force : 0]);
  cJSON_AddStringToObject(row, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(row, "order_type", record->type);
  add_limit(s, row, record, order);
  cJSON_AddStringToObject(row, "fee_ccy_pref", record->in_base ? "fcib" : "fciq");
  if (record->post) cJSON_AddTrueToObject(row, "post_only");
  if (record->leverage > 0) cJSON_AddTrueToObject(row, "margin");
  if (record->reduces) cJSON_AddTrueToObject(row, "reduce_only");
  if (order->display > 0) kraken_add_amount(row, "display_qty", market, s, order->display);
  if (order->expire_ns != 0)
    cJSON_AddStringToObject(row, "expire_time", sim_iso(text, order->expire_ns + sim_skew_ns(s), 6));
  if (record->parent != 0) cJSON_AddStringToObject(row, "ord_ref_id", kraken_txid(text, 'O', record->parent));
  if (order->trigger_kind == PAPER_TRIGGER_NONE) return;
  cJSON *triggers = cJSON_AddObjectToObject(row, "triggers");
  cJSON_AddStringToObject(triggers, "reference", record->signal[0] == '\0' ? "last" : record->signal);
  add_trigger_price(triggers, record, kraken_price_text(s, market, order->trigger_price));
  cJSON_AddStringToObject(triggers, "status", order->fired ? "triggered" : "untriggered");
}

/* --- To whom --- */

/* Takes the rows. */
static void send_rows(sim *s, uint32_t account, cJSON *rows) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL && rows->child != NULL; c = sim_next_socket(s, c)) {
    kraken_connection *state = sim_connection_state(c);
    if (state->futures || (state->private_on & ON_EXECUTIONS) == 0 || state->account == NULL ||
        state->account->account != account)
      continue;
    cJSON *message = cJSON_CreateObject();
    cJSON_AddStringToObject(message, "channel", "executions");
    cJSON_AddStringToObject(message, "type", "update");
    cJSON_AddItemToObject(message, "data", cJSON_Duplicate(rows, 1));
    sim_json_add_integer(message, "sequence", (int64_t)++state->executions_sequence);
    kraken_send(s, c, message);
  }
  cJSON_Delete(rows);
}

static void tell_birth(sim *s, cJSON *rows, kraken_record *record, const paper_order *order) {
  if (record->told) return;
  record->told = 1;
  cJSON *row = new_row(s, record, "pending_new", "pending_new", order->created_ns);
  add_terms(s, row, record, order);
  add_sums(s, row, record);
  cJSON_AddItemToArray(rows, row);
  if (record->ghost == NULL) cJSON_AddItemToArray(rows, new_row(s, record, "new", "new", order->created_ns));
}

static void tell_end(sim *s, cJSON *rows, kraken_record *record, const paper_order *order) {
  if (bourse__paper_is_open(order)) return;
  if (record->reason == NULL && order->reason == PAPER_CANCELED) record->reason = kraken_of(s)->ending;
  const char *status = kraken_status(order), *reason = kraken_reason(record, order);
  if (strcmp(status, "closed") == 0) status = "filled";
  cJSON *row = new_row(s, record, status, status, order->updated_ns);
  add_sums(s, row, record);
  if (reason != NULL) {
    cJSON_AddStringToObject(row, "cancel_reason", reason);
    cJSON_AddStringToObject(row, "reason", reason);
  }
  cJSON_AddItemToArray(rows, row);
}

void kraken_tell_order(sim *s, const paper_order *order) {
  kraken_record *record = kraken_record_of(s, order->id);
  cJSON *rows = cJSON_CreateArray();
  int32_t known = record->told, open = bourse__paper_is_open(order);
  const char *status = record->filled > 0 ? "partially_filled" : "new";
  tell_birth(s, rows, record, order);
  if (known && open && record->amended) {
    cJSON *row = new_row(s, record, "amended", status, order->updated_ns);
    cJSON_AddTrueToObject(row, "amended");
    cJSON_AddStringToObject(row, "reason", "User requested");
    add_terms(s, row, record, order);
    kraken_add_amount(row, "cum_qty", record->market, s, record->filled);
    cJSON_AddItemToArray(rows, row);
  } else if (known && open && order->fired && !record->fired) {
    cJSON *row = new_row(s, record, "status", status, order->updated_ns);
    add_terms(s, row, record, order);
    cJSON_AddItemToArray(rows, row);
  }
  record->fired = order->fired;
  tell_end(s, rows, record, order);
  send_rows(s, record->owner, rows);
}

static cJSON *fill_row(sim *s, const kraken_record *record, const paper_fill *fill, const char *status) {
  char text[KRAKEN_TEXT_SIZE];
  cJSON *row = new_row(s, record, "trade", status, fill->time_ns), *fees, *fee = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "exec_id", kraken_txid(text, 'T', kraken_fill_number(fill)));
  sim_json_add_integer(row, "trade_id", (int64_t)fill->id);
  cJSON_AddStringToObject(row, "symbol", kraken_rows[fill->market].symbol);
  cJSON_AddStringToObject(row, "side", fill->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  kraken_add_amount(row, "last_qty", fill->market, s, fill->amount);
  kraken_add_price(row, "last_price", fill->market, s, fill->price);
  cJSON_AddStringToObject(row, "liquidity_ind", fill->role == BOURSE_MAKER ? "m" : "t");
  kraken_add_money(row, "cost", fill->cost, -1);
  cJSON_AddStringToObject(row, "order_type", record->type);
  fees = cJSON_AddArrayToObject(row, "fees");
  uint32_t currency = record->leverage > 0 ? kraken_market(s, fill->market)->quote : fill->fee_currency;
  cJSON_AddStringToObject(fee, "asset", bourse__paper_currency_code(sim_engine(s), currency));
  kraken_add_money(fee, "qty", record->leverage > 0 ? kraken_fee_in_quote(s, fill) : fill->fee, -1);
  cJSON_AddItemToArray(fees, fee);
  return row;
}

void kraken_tell_fill(sim *s, const paper_fill *fill) {
  kraken_record *record = kraken_record_of(s, fill->order_id);
  const paper_order *order = record == NULL ? NULL : kraken_order(s, record);
  cJSON *rows = cJSON_CreateArray();
  if (record == NULL) {
    cJSON_Delete(rows);
    return;
  }
  if (order != NULL) tell_birth(s, rows, record, order);
  record->filled += fill->amount;
  record->cost += fill->cost;
  record->fee_quote += kraken_fee_in_quote(s, fill);
  int32_t whole = order != NULL && order->amount > 0 && record->filled >= order->amount;
  cJSON *row = fill_row(s, record, fill, whole ? "filled" : "partially_filled");
  add_sums(s, row, record);
  cJSON_AddItemToArray(rows, row);
  send_rows(s, record->owner, rows);
}

/* --- Balances --- */

static int32_t is_fee_of(const paper_ledger *fee, const paper_ledger *entry) {
  return fee != NULL && strcmp(fee->kind, "fee") == 0 && fee->reference == entry->reference &&
         fee->currency == entry->currency && fee->wallet == entry->wallet;
}

static cJSON *ledger_row(sim *s, const paper_ledger *entry, const paper_ledger *fee, uint32_t owner) {
  char text[KRAKEN_TEXT_SIZE];
  paper_money taken;
  uint64_t number = kraken_margin_entry(s, entry, owner, &taken);
  if (fee != NULL) taken = -fee->amount;
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "ledger_id", kraken_txid(text, 'L', entry->id));
  cJSON_AddStringToObject(row, "ref_id",
                          kraken_txid(text, 'T', number != 0 ? number : kraken_reference_number(s, entry)));
  cJSON_AddStringToObject(row, "timestamp", sim_iso(text, entry->time_ns + sim_skew_ns(s), 6));
  cJSON_AddStringToObject(row, "type", entry->kind);
  cJSON_AddStringToObject(row, "asset", bourse__paper_currency_code(sim_engine(s), entry->currency));
  cJSON_AddStringToObject(row, "asset_class", "currency");
  cJSON_AddStringToObject(row, "category", strcmp(entry->kind, "trade") == 0 ? "trade" : entry->kind);
  cJSON_AddStringToObject(row, "wallet_type", "spot");
  cJSON_AddStringToObject(row, "wallet_id", "main");
  kraken_add_money(row, "amount", number != 0 ? entry->amount + taken : entry->amount, -1);
  kraken_add_money(row, "fee", taken, -1);
  kraken_add_money(row, "balance", fee == NULL ? entry->balance : fee->balance, -1);
  return row;
}

void kraken_tell_balance(sim *s, const paper_event *event) {
  kraken_state *state = kraken_of(s);
  const paper_account *account = kraken_account(s, event->account);
  if (event->account >= KRAKEN_ACCOUNTS || kraken_owner(s, event->account) != event->account) return;
  uint64_t fresh = account->ledger_count - state->ledger_told[event->account];
  state->ledger_told[event->account] = account->ledger_count;
  cJSON *rows = cJSON_CreateArray();
  if (fresh > account->ledger.count) fresh = account->ledger.count;
  for (uint32_t i = account->ledger.count - (uint32_t)fresh; i < account->ledger.count; i++) {
    const paper_ledger *entry = bourse__paper_ring_at(&account->ledger, i),
                       *next = bourse__paper_ring_at(&account->ledger, i + 1);
    if (entry->wallet != 0) continue;
    int32_t with_fee = is_fee_of(next, entry);
    cJSON_AddItemToArray(rows, ledger_row(s, entry, with_fee ? next : NULL, event->account));
    i += (uint32_t)with_fee;
  }
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL && rows->child != NULL; c = sim_next_socket(s, c)) {
    kraken_connection *connection = sim_connection_state(c);
    if (connection->futures || (connection->private_on & ON_BALANCES) == 0 || connection->account == NULL ||
        connection->account->account != event->account)
      continue;
    cJSON *message = cJSON_CreateObject();
    cJSON_AddStringToObject(message, "channel", "balances");
    cJSON_AddStringToObject(message, "type", "update");
    cJSON_AddItemToObject(message, "data", cJSON_Duplicate(rows, 1));
    sim_json_add_integer(message, "sequence", (int64_t)++connection->balances_sequence);
    kraken_send(s, c, message);
  }
  cJSON_Delete(rows);
}

/* --- Subscribing --- */

#define TIER_ORDERS 60
#define PAST_FILLS  50

const char *kraken_subscribe_private(sim *s, sim_connection *connection, const cJSON *params, const char *channel,
                                     int32_t on, cJSON *result) {
  kraken_connection *state = sim_connection_state(connection);
  const char *token = text_of(params, "token");
  uint32_t bit = strcmp(channel, "executions") == 0 ? ON_EXECUTIONS
                 : strcmp(channel, "balances") == 0 ? ON_BALANCES
                                                    : 0;
  if (bit == 0) return "Subscription name invalid";
  if (token == NULL) return "Token(s) not found";
  if (kraken_token_account(s, state, token) == NULL) return "ESession:Invalid session";
  if (on && (state->private_on & bit) != 0) return "Already subscribed";
  if (!on && (state->private_on & bit) == 0) return "Subscription Not Found";
  state->private_on ^= bit;
  if (bit == ON_EXECUTIONS) {
    sim_json_add_integer(result, "maxratecount", TIER_ORDERS);
    cJSON_AddBoolToObject(result, "snap_orders", flag_of(params, "snap_orders", 1));
    cJSON_AddBoolToObject(result, "snap_trades", flag_of(params, "snap_trades", 0));
  }
  cJSON_AddBoolToObject(result, "snapshot", flag_of(params, "snapshot", 1));
  return NULL;
}

static void snapshot_fills(sim *s, cJSON *rows, uint32_t account) {
  uint32_t count = 0, all;
  const paper_fill **fills = kraken_fills(s, account, &all);
  for (uint32_t i = all; i-- > 0 && count < PAST_FILLS;) {
    const paper_fill *fill = fills[i];
    const kraken_record *record = kraken_record_of(s, fill->order_id);
    if (kraken_is_futures(fill->market) || record == NULL) continue;
    const paper_order *order = kraken_order(s, record);
    int32_t open = order != NULL && bourse__paper_is_open(order);
    cJSON_AddItemToArray(rows, fill_row(s, record, fill, open ? "partially_filled" : "filled"));
    count++;
  }
  free(fills);
}

static void snapshot_orders(sim *s, cJSON *rows, uint32_t account) {
  const kraken_state *state = kraken_of(s);
  for (uint32_t i = 0; i < state->record_count; i++) {
    const kraken_record *record = state->records[i];
    const paper_order *order = kraken_order(s, record);
    if (record->owner != account || kraken_is_futures(record->market) || order == NULL ||
        !bourse__paper_is_open(order) || order->status == BOURSE_ORDER_PENDING)
      continue;
    cJSON *row = new_row(s, record, "new", record->filled > 0 ? "partially_filled" : "new", order->created_ns);
    add_terms(s, row, record, order);
    add_sums(s, row, record);
    cJSON_AddItemToArray(rows, row);
  }
}

static void snapshot_balances(sim *s, cJSON *rows, uint32_t account) {
  paper_engine *engine = sim_engine(s);
  if (account < KRAKEN_ACCOUNTS) /* what the account began with is in the first state */
    kraken_of(s)->ledger_told[account] = kraken_account(s, account)->ledger_count;
  for (uint32_t c = 0; c < bourse__paper_currency_count(engine); c++) {
    const paper_balance *balance = bourse__paper_balance(engine, account, 0, c);
    if (balance->total == 0) continue;
    cJSON *row = cJSON_CreateObject(), *wallets, *wallet = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "asset", bourse__paper_currency_code(engine, c));
    cJSON_AddStringToObject(row, "asset_class", "currency");
    kraken_add_money(row, "balance", balance->total, -1);
    wallets = cJSON_AddArrayToObject(row, "wallets");
    cJSON_AddStringToObject(wallet, "type", "spot");
    cJSON_AddStringToObject(wallet, "id", "main");
    kraken_add_money(wallet, "balance", balance->total, -1);
    cJSON_AddItemToArray(wallets, wallet);
    cJSON_AddItemToArray(rows, row);
  }
}

void kraken_snapshot_private(sim *s, sim_connection *connection, const cJSON *params, const char *channel) {
  kraken_connection *state = sim_connection_state(connection);
  int32_t executions = strcmp(channel, "executions") == 0, whole = flag_of(params, "snapshot", 1);
  int32_t orders = executions && flag_of(params, "snap_orders", whole),
          fills = executions && flag_of(params, "snap_trades", 0);
  if (executions ? !orders && !fills : !whole) return;
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "channel", channel);
  cJSON_AddStringToObject(message, "type", "snapshot");
  cJSON *rows = cJSON_AddArrayToObject(message, "data");
  if (fills) snapshot_fills(s, rows, state->account->account);
  if (orders) snapshot_orders(s, rows, state->account->account);
  if (!executions) snapshot_balances(s, rows, state->account->account);
  uint64_t *sequence = executions ? &state->executions_sequence : &state->balances_sequence;
  sim_json_add_integer(message, "sequence", (int64_t)++ * sequence);
  kraken_send(s, connection, message);
}
