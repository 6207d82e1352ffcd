/* sim/kraken_margin.c - spot orders with leverage: what they need, the positions that they open and close, and what these are
 * backed with.
 *
 * Followed: "Add Order", "Get Open Positions" and "Get Trade Balance" of docs.kraken.com's Spot REST API. Each fill that opens
 * is a position of its own; fills of the other side close the oldest first, and what is left of them opens. All currencies back
 * them with their whole worth, there is no fee for holding them (rollover), and settle-position is not there. Fees are taken in
 * quote currency; a conditional close of a buy is all the same for what would be left after one in base currency. */
#include "kraken.h"

#define SHADOW_FUNDS 1000000000 /* of each currency */
#define PERCENT_STOP 40         /* margin level at which positions are closed */

typedef struct kraken_position {
  uint64_t number, order_id; /* of the fill, and its order */
  uint32_t market;
  int32_t side, leverage;
  const char *type;
  int64_t time_ns, price, amount, closed;
  paper_money fee;
} kraken_position;

/* What a fill brought and cost, to be booked. */
typedef struct kraken_due {
  uint64_t number, ledger_id; /* 0: not booked yet */
  uint32_t currency;
  paper_money gain, fee;
} kraken_due;

typedef struct kraken_margin {
  uint32_t owner, account;
  kraken_position *positions;
  kraken_due *dues;
  uint32_t position_count, due_count, booked; /* those before are booked */
  int32_t booking;
} kraken_margin;

/* --- Accounts --- */

static void *grow(void *rows, uint32_t count, size_t size) {
  char *bigger = realloc(rows, (count + 1) * size);
  if (bigger == NULL) abort();
  memset(bigger + count * size, 0, size);
  return bigger;
}

static kraken_margin *margin_at(sim *s, uint32_t account, int32_t of_owner) {
  const kraken_state *state = kraken_of(s);
  for (uint32_t i = 0; i < state->margin_count; i++)
    if ((of_owner ? state->margins[i]->owner : state->margins[i]->account) == account) return state->margins[i];
  return NULL;
}

uint32_t kraken_owner(sim *s, uint32_t account) {
  const kraken_margin *margin = margin_at(s, account, 0);
  return margin == NULL ? account : margin->owner;
}

static kraken_margin *margin_of(sim *s, uint32_t owner) {
  static const bourse_decimal funds = {SHADOW_FUNDS, 0, 0, BOURSE_DECIMAL_PRESENT};
  kraken_state *state = kraken_of(s);
  kraken_margin *margin = margin_at(s, owner, 1);
  if (margin != NULL) return margin;
  margin = calloc(1, sizeof *margin);
  if (margin == NULL || bourse__paper_add_account(&margin->account, sim_engine(s), 0) != BOURSE_OK) abort();
  margin->owner = owner;
  state->margins = grow(state->margins, state->margin_count, sizeof(kraken_margin *));
  state->margins[state->margin_count++] = margin;
  for (uint32_t c = 0; c < bourse__paper_currency_count(sim_engine(s)); c++)
    if (sim_deposit(s, margin->account, 0, bourse__paper_currency_code(sim_engine(s), c), &funds, "margin") !=
        BOURSE_OK)
      abort();
  return margin;
}

void kraken_margin_close(sim *s) {
  kraken_state *state = kraken_of(s);
  for (uint32_t i = 0; i < state->margin_count; i++) {
    free(state->margins[i]->positions);
    free(state->margins[i]->dues);
    free(state->margins[i]);
  }
  free(state->margins);
}

/* --- Money --- */

static int64_t power(int32_t digits) {
  int64_t ten = 1;
  while (digits-- > 0) ten *= 10;
  return ten;
}

static uint32_t dollar_market(uint32_t currency, sim *s) {
  const char *code = bourse__paper_currency_code(sim_engine(s), currency);
  uint32_t m = 0;
  while (m < KRAKEN_SPOT_MARKETS &&
         (strcmp(kraken_rows[m].base, code) != 0 || strcmp(kraken_rows[m].quote, "USD") != 0))
    m++;
  return m;
}

/* In dollars, at the last price. */
static paper_money worth(sim *s, uint32_t currency, paper_money money) {
  uint32_t m = dollar_market(currency, s);
  if (m == KRAKEN_SPOT_MARKETS) return money;
  const paper_market *market = kraken_market(s, m);
  return money * market->last / power(market->price_scale);
}

static paper_money cost_at(const paper_market *market, int64_t price, int64_t amount) {
  return (paper_money)price * amount * market->unit_cost;
}

static int64_t open_of(const kraken_position *position) { return position->amount - position->closed; }

static paper_money gain_at(const paper_market *market, const kraken_position *position, int64_t price, int64_t amount) {
  int64_t moved = position->side == BOURSE_SIDE_BUY ? price - position->price : position->price - price;
  return cost_at(market, moved, amount);
}

typedef struct margin_sums {
  paper_money all, backing, used, gain, cost, value, waiting; /* in dollars */
} margin_sums;

/* What open orders that are not for reducing would take as margin. */
static paper_money margin_of_orders(sim *s, const kraken_margin *margin, paper_money *value) {
  paper_money sum = 0;
  for (const paper_order *order = kraken_account(s, margin->account)->open.first; order != NULL;
       order = order->owner_next) {
    const kraken_record *record = kraken_record_of(s, order->id);
    const paper_market *market = kraken_market(s, order->market);
    int64_t price = order->price != 0 ? order->price : order->trigger_price != 0 ? order->trigger_price : market->last;
    paper_money cost = worth(s, market->quote, cost_at(market, price, bourse__paper_remaining(order)));
    *value += cost;
    if (record != NULL && !record->reduces && record->leverage > 0) sum += cost / record->leverage;
  }
  return sum;
}

static void sum_up(sim *s, uint32_t owner, margin_sums *sums) {
  const kraken_margin *margin = margin_at(s, owner, 1);
  memset(sums, 0, sizeof *sums);
  for (uint32_t c = 0; c < bourse__paper_currency_count(sim_engine(s)); c++)
    sums->all += worth(s, c, bourse__paper_balance(sim_engine(s), owner, 0, c)->total);
  sums->backing = sums->all;
  for (uint32_t i = margin == NULL ? 0 : margin->booked; margin != NULL && i < margin->due_count; i++)
    sums->backing += worth(s, margin->dues[i].currency, margin->dues[i].gain - margin->dues[i].fee);
  for (uint32_t i = 0; margin != NULL && i < margin->position_count; i++) {
    const kraken_position *position = &margin->positions[i];
    const paper_market *market = kraken_market(s, position->market);
    int64_t amount = open_of(position);
    paper_money cost = worth(s, market->quote, cost_at(market, position->price, amount));
    sums->cost += cost;
    sums->used += cost / position->leverage;
    sums->value += worth(s, market->quote, cost_at(market, market->last, amount));
    sums->gain += worth(s, market->quote, gain_at(market, position, market->last, amount));
  }
}

paper_money kraken_margin_of(const kraken_record *record, const paper_fill *fill) {
  return record == NULL || record->leverage == 0 ? 0 : fill->cost / record->leverage;
}

/* --- What orders need --- */

int32_t kraken_leverage_max(uint32_t market) {
  static const int32_t most[KRAKEN_SPOT_MARKETS] = {5, 5, 3, 5, 3, 2};
  return most[market];
}

/* "2", "2.00000", "2:1", or "max"; 0: the pair does not have it. */
static int32_t read_leverage(const char *text, uint32_t market) {
  if (strcmp(text, "max") == 0) return kraken_leverage_max(market);
  char digits[KRAKEN_TEXT_SIZE];
  bourse_decimal value;
  int64_t whole = 0;
  (void)snprintf(digits, sizeof digits, "%.*s", (int)strcspn(text, ":"), text);
  if (!sim_decimal(&value, digits)) return 0;
  bourse_decimal_trim(&value, &value);
  if (bourse_decimal_to_int64(&whole, &value) != BOURSE_OK) return 0;
  return whole >= 2 && whole <= kraken_leverage_max(market) ? (int32_t)whole : 0;
}

/* What of positions an order of this side would close. */
static int64_t closable(const kraken_margin *margin, uint32_t market, int32_t side) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < margin->position_count; i++)
    if (margin->positions[i].market == market && margin->positions[i].side != side)
      sum += open_of(&margin->positions[i]);
  return sum;
}

static const char *check_margin(sim *s, const kraken_margin *margin, const kraken_record *record,
                                const bourse_order_request *request, int64_t opens) {
  const paper_market *market = kraken_market(s, record->market);
  const bourse_decimal *stop =
      bourse_decimal_is_present(&request->stop_loss_price) ? &request->stop_loss_price : &request->take_profit_price;
  margin_sums sums;
  paper_money waiting = 0;
  int64_t price = 0;
  if (!bourse__paper_units(&price, bourse_decimal_is_present(&request->price) ? &request->price : stop,
                           market->price_scale) ||
      price == 0)
    price = market->last;
  sum_up(s, margin->owner, &sums);
  paper_money needed = worth(s, market->quote, cost_at(market, price, opens)) / record->leverage,
              free_now = sums.backing + sums.gain - sums.used - margin_of_orders(s, margin, &waiting);
  return needed > free_now ? "EOrder:Insufficient margin" : NULL;
}

const char *kraken_margin_prepare(sim *s, const sim_account *who, const kraken_words *words, kraken_record *record,
                                  bourse_order_request *request, int32_t whole) {
  const paper_market *market = kraken_market(s, record->market);
  kraken_margin *margin = margin_of(s, who->account);
  int64_t amount = 0, closes = closable(margin, record->market, request->side);
  record->leverage = read_leverage(words->leverage, record->market);
  record->reduces = words->reduce_only != NULL && strcmp(words->reduce_only, "true") == 0;
  record->account = margin->account;
  record->in_base = 0;
  if (record->leverage == 0) return "EGeneral:Invalid arguments:leverage";
  if (record->viqc) return "EGeneral:Invalid arguments:viqc";
  if (record->reduces && closes == 0) return "EOrder:Reduce only:No position exists";
  if (whole && closes == 0) return "EOrder:Unknown position";
  if (!whole && !bourse__paper_units(&amount, &request->amount, market->amount_scale))
    return NULL; /* the engine says so */
  if (whole || (record->reduces && amount > closes)) amount = closes;
  request->amount = bourse__paper_decimal(amount, market->amount_scale);
  return amount > closes ? check_margin(s, margin, record, request, amount - closes) : NULL;
}

const char *kraken_margin_amend(sim *s, const kraken_record *record, const paper_order *order,
                                bourse_order_request *changes) {
  const paper_market *market = kraken_market(s, record->market);
  const kraken_margin *margin = margin_at(s, record->account, 0);
  int64_t amount = 0;
  if (margin == NULL || !bourse_decimal_is_present(&changes->amount) ||
      !bourse__paper_units(&amount, &changes->amount, market->amount_scale))
    return NULL;
  int64_t closes = closable(margin, record->market, order->side), rest = bourse__paper_remaining(order);
  if (record->reduces && amount > order->filled + closes)
    changes->amount = bourse__paper_decimal(order->filled + closes, market->amount_scale);
  if (record->reduces || amount - order->filled <= (rest > closes ? rest : closes)) return NULL;
  return check_margin(s, margin, record, changes, amount - order->filled - (rest > closes ? rest : closes));
}

/* --- Fills --- */

static void add_due(kraken_margin *margin, uint64_t number, uint32_t currency, paper_money gain, paper_money fee) {
  margin->dues = grow(margin->dues, margin->due_count, sizeof *margin->dues);
  margin->dues[margin->due_count++] = (kraken_due){number, 0, currency, gain, fee};
}

void kraken_margin_fill(sim *s, const kraken_record *record, const paper_fill *fill) {
  kraken_margin *margin = margin_at(s, fill->account, 0);
  const paper_market *market = kraken_market(s, fill->market);
  int64_t left = fill->amount;
  paper_money gain = 0, fee = kraken_fee_in_quote(s, fill);
  if (margin == NULL) return;
  for (uint32_t i = 0; i < margin->position_count && left > 0; i++) {
    kraken_position *position = &margin->positions[i];
    int64_t taken = open_of(position) < left ? open_of(position) : left;
    if (position->market != fill->market || position->side == fill->side) continue;
    gain += gain_at(market, position, fill->price, taken);
    position->closed += taken;
    left -= taken;
  }
  add_due(margin, kraken_fill_number(fill), market->quote, gain, fee);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < margin->position_count; i++)
    if (open_of(&margin->positions[i]) > 0) margin->positions[kept++] = margin->positions[i];
  margin->position_count = kept;
  if (left == 0) return;
  margin->positions = grow(margin->positions, margin->position_count, sizeof *margin->positions);
  margin->positions[margin->position_count++] = (kraken_position){kraken_fill_number(fill),
                                                                  fill->order_id,
                                                                  fill->market,
                                                                  fill->side,
                                                                  record->leverage,
                                                                  record->type,
                                                                  fill->time_ns,
                                                                  fill->price,
                                                                  left,
                                                                  0,
                                                                  fee * left / fill->amount};
}

int32_t kraken_margin_is_due(sim *s) {
  const kraken_state *state = kraken_of(s);
  for (uint32_t i = 0; i < state->margin_count; i++)
    if (state->margins[i]->booked < state->margins[i]->due_count) return 1;
  return 0;
}

/* 0: there is not so much; it is owed until there is. */
static int32_t book(sim *s, kraken_margin *margin, kraken_due *due) {
  bourse_decimal amount = bourse__paper_money_decimal(due->gain - due->fee);
  if (due->gain == due->fee) return 1;
  margin->booking = 1;
  int32_t code =
      sim_deposit(s, margin->owner, 0, bourse__paper_currency_code(sim_engine(s), due->currency), &amount, "margin");
  margin->booking = 0;
  if (code != BOURSE_OK) return 0;
  const paper_ring *ledger = &kraken_account(s, margin->owner)->ledger;
  due->ledger_id = ((const paper_ledger *)bourse__paper_ring_at(ledger, ledger->count - 1))->id;
  return 1;
}

static void shrink_reducers(sim *s, const kraken_margin *margin) {
  for (paper_order *order = kraken_account(s, margin->account)->open.first, *next; order != NULL; order = next) {
    const kraken_record *record = kraken_record_of(s, order->id);
    const paper_market *market = kraken_market(s, order->market);
    int64_t most = closable(margin, order->market, order->side);
    bourse_order_request less = BOURSE_ORDER_REQUEST_INIT;
    next = order->owner_next;
    if (record == NULL || !record->reduces || bourse__paper_remaining(order) <= most) continue;
    less.amount = bourse__paper_decimal(order->filled + most, market->amount_scale);
    if (most == 0 || sim_edit(s, order, &less) != BOURSE_OK) (void)kraken_cancel(s, order, "Reduce only");
  }
}

void kraken_margin_settle(sim *s) {
  const kraken_state *state = kraken_of(s);
  for (uint32_t i = 0; i < state->margin_count; i++) {
    kraken_margin *margin = state->margins[i];
    uint32_t before = margin->booked;
    while (margin->booked < margin->due_count && book(s, margin, &margin->dues[margin->booked])) margin->booked++;
    if (margin->booked > before) shrink_reducers(s, margin);
  }
}

/* One that is being booked is asked about before it has its number here. */
uint64_t kraken_margin_entry(sim *s, const paper_ledger *entry, uint32_t owner, paper_money *fee) {
  const kraken_margin *margin = margin_at(s, owner, 1);
  *fee = 0;
  if (margin == NULL || strcmp(entry->kind, "margin") != 0) return 0;
  uint32_t i = 0;
  while (i < margin->booked && margin->dues[i].ledger_id != entry->id) i++;
  if (i == margin->booked && !margin->booking) return 0;
  *fee = margin->dues[i].fee;
  return margin->dues[i].number;
}

/* --- Not backed any more --- */

static void close_all(sim *s, kraken_margin *margin) {
  for (uint32_t m = 0; m < KRAKEN_SPOT_MARKETS; m++)
    for (int32_t side = BOURSE_SIDE_BUY; side <= BOURSE_SIDE_SELL; side++) {
      bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
      int64_t amount = closable(margin, m, side);
      if (amount == 0) continue;
      kraken_record *record = kraken_record_new(s, margin->account, m);
      record->type = "market";
      record->leverage = kraken_leverage_max(m);
      record->reduces = 1;
      (void)snprintf(record->signal, sizeof record->signal, "last");
      request.side = side;
      request.type = BOURSE_ORDER_MARKET;
      request.amount = bourse__paper_decimal(amount, kraken_market(s, m)->amount_scale);
      if (kraken_submit(s, record, &request) != NULL) kraken_record_drop(s, record);
    }
}

void kraken_margin_watch(sim *s) {
  const kraken_state *state = kraken_of(s);
  for (uint32_t i = 0; i < state->margin_count; i++) {
    kraken_margin *margin = state->margins[i];
    margin_sums sums;
    if (margin->position_count == 0) continue;
    sum_up(s, margin->owner, &sums);
    if ((sums.backing + sums.gain) * 100 >= sums.used * PERCENT_STOP) continue;
    for (paper_order *order = kraken_account(s, margin->account)->open.first, *next; order != NULL; order = next) {
      next = order->owner_next;
      (void)kraken_cancel(s, order, "Liquidation");
    }
    close_all(s, margin);
  }
}

/* --- What is asked --- */

static void add_signed(cJSON *out, const char *name, paper_money money) {
  char text[64];
  (void)snprintf(text, sizeof text, "%s%s", money >= 0 ? "+" : "", sim_money_text(money, 4));
  cJSON_AddStringToObject(out, name, text);
}

static cJSON *position_json(sim *s, const kraken_position *position, int32_t with_values) {
  const paper_market *market = kraken_market(s, position->market);
  char id[KRAKEN_ID_SIZE];
  cJSON *row = cJSON_CreateObject();
  paper_money cost = cost_at(market, position->price, position->amount);
  cJSON_AddStringToObject(row, "ordertxid", kraken_txid(id, 'O', position->order_id));
  cJSON_AddStringToObject(row, "posstatus", "open");
  cJSON_AddStringToObject(row, "pair", kraken_pairs[position->market].id);
  kraken_add_seconds(row, "time", position->time_ns + sim_skew_ns(s));
  cJSON_AddStringToObject(row, "type", position->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(row, "ordertype", position->type);
  cJSON_AddStringToObject(row, "cost", sim_money_text(cost, -1));
  cJSON_AddStringToObject(row, "fee", sim_money_text(position->fee, -1));
  cJSON_AddStringToObject(row, "vol", kraken_amount_text(s, position->market, position->amount));
  cJSON_AddStringToObject(row, "vol_closed", kraken_amount_text(s, position->market, position->closed));
  cJSON_AddStringToObject(row, "margin", sim_money_text(cost / position->leverage, -1));
  if (with_values) {
    cJSON_AddStringToObject(row, "value", sim_money_text(cost_at(market, market->last, open_of(position)), 4));
    add_signed(row, "net", gain_at(market, position, market->last, open_of(position)));
  }
  cJSON_AddStringToObject(row, "terms", "0.0000% per 4 hours");
  cJSON_AddStringToObject(
      row, "rollovertm",
      sim_units_text((position->time_ns + sim_skew_ns(s)) / KRAKEN_SECOND + INT64_C(4) * 3600, 0, 0));
  cJSON_AddStringToObject(row, "misc", "");
  cJSON_AddStringToObject(row, "oflags", "");
  return row;
}

/* All of one side of a pair as one. */
static cJSON *consolidated_json(sim *s, const kraken_margin *margin, uint32_t m, int32_t side, int32_t with_values) {
  const paper_market *market = kraken_market(s, m);
  paper_money cost = 0, used = 0, fee = 0, value = 0, gain = 0;
  int64_t amount = 0, closed = 0, count = 0;
  for (uint32_t i = 0; i < margin->position_count; i++) {
    const kraken_position *position = &margin->positions[i];
    paper_money one = cost_at(market, position->price, position->amount);
    if (position->market != m || position->side != side) continue;
    count++;
    amount += position->amount;
    closed += position->closed;
    cost += one;
    used += one / position->leverage;
    fee += position->fee;
    value += cost_at(market, market->last, open_of(position));
    gain += gain_at(market, position, market->last, open_of(position));
  }
  if (count == 0) return NULL;
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "pair", kraken_pairs[m].id);
  cJSON_AddStringToObject(row, "positions", sim_units_text(count, 0, 0));
  cJSON_AddStringToObject(row, "type", side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(row, "leverage", sim_units_text((int64_t)((cost * 100000 + used / 2) / used), 5, 5));
  cJSON_AddStringToObject(row, "cost", sim_money_text(cost, -1));
  cJSON_AddStringToObject(row, "fee", sim_money_text(fee, -1));
  cJSON_AddStringToObject(row, "vol", kraken_amount_text(s, m, amount));
  cJSON_AddStringToObject(row, "vol_closed", kraken_amount_text(s, m, closed));
  cJSON_AddStringToObject(row, "margin", sim_money_text(used, -1));
  if (!with_values) return row;
  cJSON_AddStringToObject(row, "value", sim_money_text(value, 4));
  add_signed(row, "net", gain);
  return row;
}

/* The list put together by market takes the place of `out`, which is a map. */
const char *kraken_open_positions(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const kraken_margin *margin = margin_at(s, who->account, 1);
  const char *together = kraken_param(params, "consolidation"), *wanted = kraken_param(params, "txid"),
             *calculates = kraken_param(params, "docalcs");
  int32_t with_values = calculates != NULL && strcmp(calculates, "true") == 0;
  char id[KRAKEN_ID_SIZE];
  if (together != NULL && strcmp(together, "market") != 0) return "EGeneral:Invalid arguments:consolidation";
  if (together != NULL) out->type = cJSON_Array;
  for (uint32_t i = 0; together == NULL && margin != NULL && i < margin->position_count; i++) {
    const kraken_position *position = &margin->positions[i];
    (void)kraken_txid(id, 'T', position->number);
    if (wanted == NULL || sim_is_listed(wanted, id))
      cJSON_AddItemToObject(out, id, position_json(s, position, with_values));
  }
  for (uint32_t m = 0; together != NULL && margin != NULL && m < KRAKEN_SPOT_MARKETS; m++)
    for (int32_t side = BOURSE_SIDE_BUY; side <= BOURSE_SIDE_SELL; side++) {
      cJSON *row = consolidated_json(s, margin, m, side, with_values);
      if (row != NULL) cJSON_AddItemToArray(out, row);
    }
  return NULL;
}

const char *kraken_trade_balance(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const char *asset = kraken_param(params, "asset"), *code = asset == NULL ? "USD" : kraken_currency(asset);
  const kraken_margin *margin = margin_at(s, who->account, 1);
  margin_sums sums;
  if (code == NULL) return "EQuery:Unknown asset";
  sum_up(s, who->account, &sums);
  if (margin != NULL) (void)margin_of_orders(s, margin, &sums.waiting);
  paper_money equity = sums.backing + sums.gain;
  const struct {
    const char *name;
    paper_money money;
  } rows[] = {{"eb", sums.all}, {"tb", sums.backing},       {"m", sums.used},
              {"n", sums.gain}, {"c", sums.cost},           {"v", sums.value},
              {"e", equity},    {"mf", equity - sums.used}, {"uv", sums.waiting}};
  uint32_t m = dollar_market((uint32_t)bourse__paper_currency_index(sim_engine(s), code), s);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const paper_market *market = m == KRAKEN_SPOT_MARKETS ? NULL : kraken_market(s, m);
    paper_money shown =
        market == NULL || market->last == 0 ? rows[i].money : rows[i].money * power(market->price_scale) / market->last;
    cJSON_AddStringToObject(out, rows[i].name, sim_money_text(shown, market == NULL ? 4 : 10));
  }
  if (sums.used > 0) cJSON_AddStringToObject(out, "ml", sim_units_text((int64_t)(equity * 10000 / sums.used), 2, 2));
  return NULL;
}

const paper_fill **kraken_fills(sim *s, uint32_t owner, uint32_t *count) {
  const kraken_margin *margin = margin_at(s, owner, 1);
  const paper_ring *rings[2] = {&kraken_account(s, owner)->fills,
                                margin == NULL ? NULL : &kraken_account(s, margin->account)->fills};
  uint32_t more = rings[1] == NULL ? 0 : rings[1]->count, at[2] = {0, 0};
  *count = rings[0]->count + more;
  const paper_fill **fills = calloc(*count + 1, sizeof(const paper_fill *));
  if (fills == NULL) abort();
  for (uint32_t i = 0; i < *count; i++) {
    const paper_fill *first = at[0] < rings[0]->count ? bourse__paper_ring_at(rings[0], at[0]) : NULL,
                     *second = at[1] < more ? bourse__paper_ring_at(rings[1], at[1]) : NULL;
    int32_t which = first == NULL || (second != NULL && second->id < first->id);
    fills[i] = which ? second : first;
    at[which]++;
  }
  return fills;
}
