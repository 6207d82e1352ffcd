/* sim/kraken_orders.c - orders of spot: what their words mean, what is refused and how, changing and ending them.
 *
 * Followed: "Add Order", "Amend Order" and "Spot trading rate limits" of docs.kraken.com. There are no scheduled orders
 * (starttm). What orders with leverage need is in kraken_margin.c. */
#include "kraken.h"
#include "records.h"

#define GHOST       (UINT64_C(1) << 48) /* numbers of orders that ended before the engine had them */
#define MILLION     INT64_C(1000000)
#define TIER_ORDERS 60 /* open ones of a pair, and the engine's counter */

enum { PLAIN, STOPS, GAINS, TRAILS, SETTLES };

static const struct {
  const char *word, *spoken;
  int32_t limit, kind;
} types[] = {
    {"market", "market", 0, PLAIN},
    {"limit", "limit", 1, PLAIN},
    {"iceberg", "limit", 1, PLAIN},
    {"stop-loss", "stop loss", 0, STOPS},
    {"stop-loss-limit", "stop loss", 1, STOPS},
    {"take-profit", "take profit", 0, GAINS},
    {"take-profit-limit", "take profit", 1, GAINS},
    {"trailing-stop", "trailing stop", 0, TRAILS},
    {"trailing-stop-limit", "trailing stop", 1, TRAILS},
    {"settle-position", "settle position", 0, SETTLES},
};
#define TYPES (sizeof types / sizeof types[0])

static size_t type_named(const char *word) {
  size_t i = 0;
  while (i < TYPES && (word == NULL || strcmp(types[i].word, word) != 0)) i++;
  return i;
}

static int32_t is_given(const char *text) { return text != NULL && text[0] != '\0'; }

/* One of a list of words: "post,fcib". */
static int32_t has_flag(const char *flags, const char *flag) {
  size_t length = strlen(flag);
  for (const char *at = flags; is_given(at);) {
    size_t end = strcspn(at, ",");
    if (end == length && memcmp(at, flag, length) == 0) return 1;
    at += end + (at[end] == ',');
  }
  return 0;
}

/* --- Prices --- */

int32_t kraken_read_trailing(bourse_order_request *request, const char *text) {
  char digits[KRAKEN_TEXT_SIZE];
  size_t length = is_given(text) ? strlen(text) : 0;
  if (length < 2 || length >= sizeof digits || text[0] != '+') return 0;
  int32_t percent = text[length - 1] == '%';
  (void)snprintf(digits, sizeof digits, "%.*s", (int)(length - 1 - (size_t)percent), text + 1);
  return sim_decimal(percent ? &request->trailing_percent : &request->trailing_amount, digits);
}

/* The limit of a trailing-stop-limit: "-10", "+0.5%", or "#2", which is on the side where it is worse. Until the order fires
 * it has the price that it would have now. */
static int32_t read_offset(sim *s, kraken_record *record, int32_t side, const char *text, bourse_decimal *price) {
  const paper_market *market = kraken_market(s, record->market);
  char digits[KRAKEN_TEXT_SIZE - 2];
  bourse_decimal value;
  size_t length = is_given(text) ? strlen(text) : 0;
  if (length < 2 || length >= sizeof digits || strchr("+-#", text[0]) == NULL) return 0;
  int32_t percent = text[length - 1] == '%', down = text[0] == '-' || (text[0] == '#' && side == BOURSE_SIDE_SELL);
  (void)snprintf(digits, sizeof digits, "%.*s", (int)(length - 1 - (size_t)percent), text + 1);
  int64_t units = 0, near;
  if (!sim_decimal(&value, digits) || !bourse__paper_units(&units, &value, percent ? 6 : market->price_scale)) return 0;
  if (percent && units >= 100 * MILLION) return 0;
  record->limit_offset = percent ? 0 : down ? -units : units;
  record->limit_millionths = !percent ? 0 : down ? -units : units;
  near = market->last + record->limit_offset +
         (int64_t)((paper_money)market->last * record->limit_millionths / (100 * MILLION));
  near -= near % market->tick;
  if (near < market->tick) near = market->tick;
  *price = bourse__paper_decimal(near, market->price_scale);
  (void)snprintf(record->price2, sizeof record->price2, "%c%s%s", down ? '-' : '+', digits, percent ? "%" : "");
  return 1;
}

/* A plain price, or an offset from the last one: "+10", "-1%", "#2" (the sign is the side's to know). */
static int32_t read_price(sim *s, bourse_decimal *out, uint32_t market, int32_t side, const char *text) {
  char digits[KRAKEN_TEXT_SIZE];
  size_t length = strlen(text);
  if (strchr("+-#", text[0]) == NULL && text[length - 1] != '%')
    return sim_decimal(out, text) && bourse_decimal_sign(out) > 0;
  const paper_market *m = kraken_market(s, market);
  bourse_decimal offset, last = bourse__paper_decimal(m->last, m->price_scale);
  int32_t percent = text[length - 1] == '%', sign = strchr("+-#", text[0]) != NULL;
  if (length >= sizeof digits) return 0;
  (void)snprintf(digits, sizeof digits, "%.*s", (int)(length - (size_t)sign - (size_t)percent), text + sign);
  if (!sim_decimal(&offset, digits)) return 0;
  if (percent) {
    offset.exponent -= 2;
    (void)bourse_decimal_mul(&offset, &offset, &last);
  }
  int32_t down = text[0] == '-' || (text[0] == '#' && side == BOURSE_SIDE_BUY);
  (void)(down ? bourse_decimal_sub(out, &last, &offset) : bourse_decimal_add(out, &last, &offset));
  return bourse_decimal_round(out, out, kraken_pairs[market].price_decimals, BOURSE_ROUND_HALF_EVEN) == BOURSE_OK;
}

/* --- Refusals --- */

static const char *say(sim *s, const char *text, const char *detail) {
  kraken_state *state = kraken_of(s);
  (void)snprintf(state->error, sizeof state->error, "%s%s", text, detail);
  return state->error;
}

/* The engine's reason in Kraken's words. */
static const char *refusal(sim *s, uint32_t market) {
  const paper_error *error = bourse__paper_error(sim_engine(s));
  const char *field = error->field == NULL ? "" : error->field;
  char detail[80];
  switch (error->reason) {
    case PAPER_NO_FUNDS: return "EOrder:Insufficient funds";
    case PAPER_BAD_TICK:
      (void)snprintf(detail, sizeof detail, ":%s price can only be specified up to %d decimals.",
                     kraken_rows[market].symbol, kraken_pairs[market].price_decimals);
      return say(s, "EOrder:Invalid price", detail);
    case PAPER_PRICE_RANGE:
    case PAPER_WOULD_TRIGGER: return "EOrder:Invalid price";
    case PAPER_AMOUNT_MIN: return "EOrder:Order minimum not met";
    case PAPER_COST_MIN: return "EOrder:Cost minimum not met";
    case PAPER_WOULD_TAKE: return "EOrder:Post only order";
    case PAPER_DUPLICATE: return "EOrder:Duplicate cl_ord_id";
    case PAPER_TOO_MANY: return "EOrder:Orders limit exceeded";
    case PAPER_REDUCE_ONLY: return "EOrder:Reduce only:No position exists";
    case PAPER_UNKNOWN_ORDER: return "EOrder:Unknown order";
    case PAPER_UNSUPPORTED: return say(s, "EOrder:Invalid order:", field);
    case PAPER_MEMORY: return "EGeneral:Internal error";
    default: return say(s, "EGeneral:Invalid arguments:", strcmp(field, "amount") == 0 ? "volume" : field);
  }
}

/* Orders that the exchange takes and ends at once, with a reason. */
static const char *ghostly(int32_t reason) {
  switch (reason) {
    case PAPER_WOULD_TAKE: return "Post only order";
    case PAPER_UNFILLED: return "Immediate or cancel";
    case PAPER_NO_LIQUIDITY: return "No liquidity";
    case PAPER_SELF_TRADE: return "STP";
    default: return NULL;
  }
}

/* --- The engine's counter --- */

const char *kraken_count_order(sim *s, const sim_account *who, uint32_t market, int64_t millionths, int32_t refuses) {
  char name[160];
  (void)snprintf(name, sizeof name, "%s %s", who->key.name, kraken_pairs[market].altname);
  int64_t capacity = refuses ? TIER_ORDERS * MILLION : INT64_MAX / 2;
  return sim_take_leaky(s, "kraken engine", name, MILLION, capacity, millionths) > 0 ? "EOrder:Rate limit exceeded"
                                                                                     : NULL;
}

static int64_t weight_by_age(sim *s, const paper_order *order, const int32_t steps[6]) {
  static const int32_t ages[6] = {5, 10, 15, 45, 90, 300};
  int64_t age = (sim_now_ns(s) - order->created_ns) / KRAKEN_SECOND;
  for (int32_t i = 0; i < 6; i++)
    if (age < ages[i]) return steps[i];
  return 0;
}

int64_t kraken_cancel_weight(sim *s, const paper_order *order) {
  static const int32_t steps[6] = {8, 6, 5, 4, 2, 1};
  return MILLION * weight_by_age(s, order, steps);
}

int64_t kraken_edit_weight(sim *s, const paper_order *order) {
  static const int32_t steps[6] = {6, 5, 4, 2, 1, 0};
  return MILLION * (1 + weight_by_age(s, order, steps));
}

static int64_t amend_weight(sim *s, const paper_order *order) {
  static const int32_t steps[6] = {3, 2, 1, 0, 0, 0};
  return MILLION * (1 + weight_by_age(s, order, steps));
}

/* --- Words into an order --- */

static int32_t is_hex(const char *text, size_t length, int32_t dashes) {
  for (size_t i = 0; i < length; i++) {
    int32_t dash = dashes && (i == 8 || i == 13 || i == 18 || i == 23);
    if (dash ? text[i] != '-' : strchr("0123456789abcdefABCDEF", text[i]) == NULL) return 0;
  }
  return 1;
}

/* A UUID, its hex digits, or up to 18 characters. */
static int32_t is_client_id(const char *text) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length; i++)
    if (text[i] < ' ' || text[i] > '~') return 0;
  return length <= 18 || (length == 32 && is_hex(text, 32, 0)) || (length == 36 && is_hex(text, 36, 1));
}

static const char *read_names(const kraken_words *words, kraken_record *record) {
  if (is_given(words->client_id)) {
    if (!is_client_id(words->client_id) || is_given(words->reference)) return "EGeneral:Invalid arguments:cl_ord_id";
    (void)snprintf(record->client_id, sizeof record->client_id, "%s", words->client_id);
  }
  if (is_given(words->reference)) {
    char *end;
    long long number = strtoll(words->reference, &end, 10);
    if (*end != '\0' || number < INT32_MIN || number > INT32_MAX) return "EGeneral:Invalid arguments:userref";
    record->reference = number;
    record->has_reference = 1;
  }
  return NULL;
}

static const char *read_time_in_force(sim *s, const kraken_words *words, bourse_order_request *request) {
  static const char *const names[] = {"", "gtc", "ioc", "fok", "gtd"};
  const char *text = words->time_in_force;
  char small[8] = "";
  for (size_t i = 0; is_given(text) && i + 1 < sizeof small && text[i] != '\0'; i++) small[i] = (char)(text[i] | 32);
  for (int32_t i = 1; i < 5; i++)
    if (strcmp(small, names[i]) == 0) request->time_in_force = i;
  if (is_given(text) && request->time_in_force == 0) return "EGeneral:Invalid arguments:timeinforce";
  if (is_given(words->expires) && strcmp(words->expires, "0") != 0) {
    int64_t iso_ns = words->over_socket ? sim_iso_read(words->expires) : -1;
    long long seconds = strtoll(words->expires, NULL, 10);
    request->expire_ns = iso_ns > 0 ? iso_ns : (int64_t)seconds * KRAKEN_SECOND;
    if (iso_ns <= 0 && words->expires[0] == '+') request->expire_ns += sim_clock_ns(s);
    if (seconds <= 0 || request->expire_ns <= sim_clock_ns(s)) return "EGeneral:Invalid arguments:expiretm";
    request->expire_ns -= sim_skew_ns(s);
    request->time_in_force = BOURSE_GOOD_TILL_DATE;
  }
  if (request->time_in_force == BOURSE_GOOD_TILL_DATE && request->expire_ns == 0)
    return "EGeneral:Invalid arguments:expiretm";
  if (request->type == BOURSE_ORDER_MARKET && request->time_in_force == BOURSE_GOOD_TILL_CANCELED)
    request->time_in_force = 0;
  return NULL;
}

static const char *read_flags(const kraken_words *words, kraken_record *record, bourse_order_request *request) {
  static const char *const known[] = {"post", "fcib", "fciq", "nompp", "viqc"};
  for (const char *at = words->flags; is_given(at);) {
    size_t end = strcspn(at, ","), i = 0;
    while (i < 5 && (strlen(known[i]) != end || memcmp(at, known[i], end) != 0)) i++;
    if (i == 5) return "EGeneral:Invalid arguments:oflags";
    at += end + (at[end] == ',');
  }
  record->post = has_flag(words->flags, "post");
  record->viqc = has_flag(words->flags, "viqc");
  record->in_base = request->side == BOURSE_SIDE_BUY; /* fees are taken of what is received, whatever was preferred */
  if (record->post && request->type != BOURSE_ORDER_LIMIT) return "EGeneral:Invalid arguments:oflags";
  request->post_only = record->post ? BOURSE_YES : BOURSE_NO;
  if (record->viqc && (request->type != BOURSE_ORDER_MARKET || request->side != BOURSE_SIDE_BUY))
    return "EGeneral:Invalid arguments:viqc";
  return NULL;
}

static int32_t on_margin(const kraken_words *words) {
  return is_given(words->leverage) && strcmp(words->leverage, "none") != 0;
}

/* All of a position. */
static int32_t is_whole(const kraken_words *words) {
  bourse_decimal volume;
  return on_margin(words) && is_given(words->volume) && sim_decimal(&volume, words->volume) &&
         bourse_decimal_sign(&volume) == 0;
}

static const char *read_volume(const kraken_words *words, const kraken_record *record, bourse_order_request *request) {
  bourse_decimal *amount = record->viqc ? &request->cost : &request->amount;
  if (is_whole(words)) return is_given(words->display) ? "EGeneral:Invalid arguments:displayvol" : NULL;
  if (!is_given(words->volume) || !sim_decimal(amount, words->volume) || bourse_decimal_sign(amount) <= 0)
    return "EGeneral:Invalid arguments:volume";
  if (!is_given(words->display)) return NULL;
  bourse_decimal parts = {15, 0, 0, BOURSE_DECIMAL_PRESENT}, most;
  if (strcmp(record->type, "iceberg") != 0 || !sim_decimal(&request->iceberg_amount, words->display) ||
      bourse_decimal_mul(&most, &request->iceberg_amount, &parts) != BOURSE_OK ||
      bourse_decimal_compare(&most, amount) < 0)
    return "EGeneral:Invalid arguments:displayvol";
  return NULL;
}

static const char *read_prices(sim *s, const kraken_words *words, kraken_record *record, int32_t kind,
                               bourse_order_request *request) {
  uint32_t market = record->market;
  int32_t limit = request->type == BOURSE_ORDER_LIMIT;
  bourse_decimal *first = kind == STOPS   ? &request->stop_loss_price
                          : kind == GAINS ? &request->take_profit_price
                                          : &request->price;
  if (kind == TRAILS) {
    if (!kraken_read_trailing(request, words->price)) return "EGeneral:Invalid arguments:price";
    (void)snprintf(record->price, sizeof record->price, "%s", words->price);
    return !limit || read_offset(s, record, request->side, words->price2, &request->price)
               ? NULL
               : "EGeneral:Invalid arguments:price2";
  }
  (void)snprintf(record->price, sizeof record->price, "0");
  (void)snprintf(record->price2, sizeof record->price2, "0");
  if (kind == PLAIN && !limit) return NULL;
  if (!is_given(words->price) || !read_price(s, first, market, request->side, words->price))
    return "EGeneral:Invalid arguments:price";
  (void)snprintf(record->price, sizeof record->price, "%s", sim_decimal_text(first));
  if (kind == PLAIN || !limit) return NULL;
  if (!is_given(words->price2) || !read_price(s, &request->price, market, request->side, words->price2))
    return "EGeneral:Invalid arguments:price2";
  (void)snprintf(record->price2, sizeof record->price2, "%s", sim_decimal_text(&request->price));
  return NULL;
}

/* The one order that a fill brings along. */
static const char *read_close(sim *s, const kraken_words *words, kraken_record *record, bourse_order_request *request) {
  size_t type = type_named(words->close_type);
  if (!is_given(words->close_type)) return NULL;
  if (type == TYPES || (types[type].kind != STOPS && types[type].kind != GAINS))
    return "EGeneral:Invalid arguments:close[ordertype]";
  int32_t stop = types[type].kind == STOPS, side = request->side;
  bourse_decimal *trigger = stop ? &request->attached_stop_loss_trigger : &request->attached_take_profit_trigger;
  bourse_decimal *price = stop ? &request->attached_stop_loss_price : &request->attached_take_profit_price;
  if (!is_given(words->close_price) || !read_price(s, trigger, record->market, side, words->close_price))
    return "EGeneral:Invalid arguments:close[price]";
  if (types[type].limit &&
      (!is_given(words->close_price2) || !read_price(s, price, record->market, side, words->close_price2)))
    return "EGeneral:Invalid arguments:close[price2]";
  (void)snprintf(record->close, sizeof record->close, "close position @ %s %s%s%s", types[type].spoken,
                 sim_decimal_text(trigger), types[type].limit ? " -> limit " : "",
                 types[type].limit ? sim_decimal_text(price) : "");
  return NULL;
}

static const char *read_rest(const kraken_words *words, kraken_record *record, bourse_order_request *request) {
  const char *stp = words->self_trade;
  if (!on_margin(words) && is_given(words->reduce_only) && strcmp(words->reduce_only, "true") == 0)
    return "EOrder:Reduce only:No position exists";
  if (is_given(words->starts) && strcmp(words->starts, "0") != 0) return "EGeneral:Invalid arguments:starttm";
  request->self_trade = BOURSE_SELF_TRADE_CANCEL_TAKER;
  if (is_given(stp) && strstr(stp, "oldest") != NULL) request->self_trade = BOURSE_SELF_TRADE_CANCEL_MAKER;
  if (is_given(stp) && strstr(stp, "both") != NULL) request->self_trade = BOURSE_SELF_TRADE_CANCEL_BOTH;
  if (is_given(stp) && !kraken_starts(stp, "cancel")) return "EGeneral:Invalid arguments:stptype";
  if (is_given(words->trigger) && strcmp(words->trigger, "last") != 0 && strcmp(words->trigger, "index") != 0)
    return "EGeneral:Invalid arguments:trigger";
  /* There is one price here: the index is the last price. */
  (void)snprintf(record->signal, sizeof record->signal, "%s", is_given(words->trigger) ? words->trigger : "last");
  return NULL;
}

static const char *read_words(sim *s, const kraken_words *words, kraken_record *record, bourse_order_request *request) {
  size_t type = type_named(words->type);
  const char *error = NULL;
  if (type == TYPES) return "EGeneral:Invalid arguments:ordertype";
  if (types[type].kind == SETTLES) return "EOrder:Unknown position";
  record->type = types[type].word;
  request->type = types[type].limit ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  request->side = !is_given(words->side)             ? 0
                  : strcmp(words->side, "buy") == 0  ? BOURSE_SIDE_BUY
                  : strcmp(words->side, "sell") == 0 ? BOURSE_SIDE_SELL
                                                     : 0;
  if (request->side == 0) return "EGeneral:Invalid arguments:type";
  error = read_names(words, record);
  if (error == NULL) error = read_flags(words, record, request);
  if (error == NULL) error = read_volume(words, record, request);
  if (error == NULL) error = read_prices(s, words, record, types[type].kind, request);
  if (error == NULL) error = read_time_in_force(s, words, request);
  if (error == NULL) error = read_close(s, words, record, request);
  if (error == NULL) error = read_rest(words, record, request);
  request->test = is_given(words->validate) && strcmp(words->validate, "true") == 0 ? BOURSE_YES : BOURSE_NO;
  return error;
}

/* --- Placing --- */

static const char *check_deadline(sim *s, const char *deadline) {
  if (!is_given(deadline)) return NULL;
  int64_t at_ns = sim_iso_read(deadline);
  if (at_ns < 0) return "EGeneral:Invalid arguments:deadline";
  return at_ns < sim_clock_ns(s) ? "EService:Deadline elapsed" : NULL;
}

static const char *check_state(sim *s, const sim_account *who, const kraken_record *record,
                               const bourse_order_request *request) {
  if (who->key.read_only) return "EGeneral:Permission denied";
  if (sim_fault(s, "maintenance", "spot")) return "EService:Market in cancel_only mode";
  if (request->test > 0) return NULL;
  if (kraken_account(s, record->account)->holdings[record->market].open_orders >= TIER_ORDERS)
    return "EOrder:Orders limit exceeded";
  return NULL;
}

/* Accepted, and ended at once. */
static void make_ghost(sim *s, kraken_record *record, const bourse_order_request *request, int32_t reason) {
  const paper_market *market = kraken_market(s, record->market);
  paper_order *ghost = calloc(1, sizeof *ghost);
  if (ghost == NULL) abort();
  ghost->id = GHOST | sim_next_number(s);
  ghost->account = record->account;
  ghost->market = record->market;
  ghost->status = BOURSE_ORDER_CANCELED;
  ghost->reason = reason;
  ghost->side = request->side;
  ghost->type = request->type;
  ghost->time_in_force = request->time_in_force;
  ghost->post_only = request->post_only > 0;
  (void)bourse__paper_units(&ghost->price, &request->price, market->price_scale);
  (void)bourse__paper_units(&ghost->amount, &request->amount, market->amount_scale);
  (void)bourse__paper_to_money(&ghost->cost_asked, &request->cost);
  ghost->created_ns = ghost->updated_ns = sim_now_ns(s);
  record->ghost = ghost;
  record->reason = ghostly(reason);
  kraken_record_bind(s, record, ghost->id);
  kraken_tell_order(s, ghost);
}

const char *kraken_submit(sim *s, kraken_record *record, const bourse_order_request *request) {
  kraken_state *state = kraken_of(s);
  paper_order *order = NULL;
  state->placing = record;
  int32_t code = sim_submit(s, &order, record->account, record->market, request);
  state->placing = NULL;
  if (code == BOURSE_OK) {
    if (order != NULL && record->id == 0) kraken_record_bind(s, record, order->id);
    if (order != NULL) bourse__paper_limit_from_trigger(order, record->limit_offset, record->limit_millionths);
    return NULL;
  }
  int32_t reason = bourse__paper_error(sim_engine(s))->reason;
  if (ghostly(reason) == NULL || request->test > 0) return refusal(s, record->market);
  make_ghost(s, record, request, reason);
  return NULL;
}

/* The engine sees one of the owner's two accounts. */
static int32_t is_taken(sim *s, const kraken_record *record) {
  const kraken_record *other = kraken_by_client(s, record->owner, record->client_id, 0);
  return other != NULL && bourse__paper_is_open(kraken_order(s, other));
}

const char *kraken_place(sim *s, const sim_account *who, const kraken_words *words, kraken_record **out,
                         char descr[200], char close[96]) {
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  char client_id[PAPER_CLIENT_ID_SIZE];
  int32_t market = kraken_pair_named(words->pair);
  *out = NULL;
  descr[0] = close[0] = '\0';
  if (market < 0) return "EQuery:Unknown asset pair";
  kraken_record *record = kraken_record_new(s, who->account, (uint32_t)market);
  const char *error = read_words(s, words, record, &request);
  if (error == NULL) error = check_deadline(s, words->deadline);
  if (error == NULL && on_margin(words))
    error = kraken_margin_prepare(s, who, words, record, &request, is_whole(words));
  if (error == NULL) error = check_state(s, who, record, &request);
  if (error == NULL && request.test <= 0 && !words->counted)
    error = kraken_count_order(s, who, (uint32_t)market, MILLION, 1);
  if (error == NULL) {
    (void)sim_engine_client_id(client_id, "", record->client_id);
    if (client_id[0] != '\0') request.client_order_id = client_id;
    error = is_taken(s, record) ? "EOrder:Duplicate cl_ord_id" : kraken_submit(s, record, &request);
  }
  if (error == NULL) {
    paper_order asked;
    memset(&asked, 0, sizeof asked);
    asked.side = request.side;
    (void)bourse__paper_units(&asked.amount, &request.amount, kraken_market(s, (uint32_t)market)->amount_scale);
    (void)bourse__paper_to_money(&asked.cost_asked, &request.cost);
    kraken_describe(s, record, &asked, descr);
    (void)snprintf(close, 96, "%s", record->close);
  }
  if (error != NULL || request.test > 0)
    kraken_record_drop(s, record);
  else
    *out = record;
  kraken_margin_settle(s);
  return error;
}

/* "buy 1.25000000 XBTUSD @ stop loss 27500.0 -> limit 27400.0" */
void kraken_describe(sim *s, const kraken_record *record, const paper_order *order, char out[200]) {
  size_t type = type_named(record->type);
  int32_t waits = type < TYPES && types[type].kind != PLAIN, limit = type < TYPES && types[type].limit;
  const char *amount =
      record->viqc ? sim_money_text(order->cost_asked, 5) : kraken_amount_text(s, record->market, order->amount);
  char leverage[32] = "";
  if (record->leverage > 0) (void)snprintf(leverage, sizeof leverage, " with %d:1 leverage", record->leverage);
  (void)snprintf(out, 200, "%s %s %s @ %s%s%s%s%s%s", order->side == BOURSE_SIDE_BUY ? "buy" : "sell", amount,
                 kraken_pairs[record->market].altname, type < TYPES ? types[type].spoken : record->type,
                 limit || waits ? " " : "", limit || waits ? record->price : "", waits && limit ? " -> limit " : "",
                 waits && limit ? record->price2 : "", leverage);
}

/* --- Finding and changing --- */

kraken_record *kraken_find(sim *s, const sim_account *who, const char *txid, const char *client_id) {
  kraken_record *record = is_given(txid) ? kraken_record_of(s, kraken_txid_number('O', txid))
                                         : kraken_by_client(s, who->account, client_id, 0);
  if (record == NULL || record->owner != who->account || kraken_is_futures(record->market)) return NULL;
  const paper_order *order = kraken_order(s, record);
  return order != NULL && bourse__paper_is_open(order) && order->status != BOURSE_ORDER_PENDING ? record : NULL;
}

static const char *read_changes(sim *s, kraken_record *record, const paper_order *order, const kraken_changes *changes,
                                bourse_order_request *request) {
  if (is_given(changes->display)) return "EGeneral:Invalid arguments:display_qty";
  if (is_given(changes->amount) &&
      (!sim_decimal(&request->amount, changes->amount) || bourse_decimal_sign(&request->amount) <= 0))
    return "EGeneral:Invalid arguments:order_qty";
  int32_t offset = order->trigger_kind == PAPER_TRAILING && !order->fired;
  if (is_given(changes->price) &&
      (order->type != BOURSE_ORDER_LIMIT ||
       !(offset ? read_offset(s, record, order->side, changes->price, &request->price)
                : read_price(s, &request->price, record->market, order->side, changes->price))))
    return "EGeneral:Invalid arguments:limit_price";
  if (!is_given(changes->trigger)) return NULL;
  bourse_decimal *trigger =
      order->trigger_kind == PAPER_STOP_LOSS ? &request->stop_loss_price : &request->take_profit_price;
  int32_t good = order->trigger_kind == PAPER_TRAILING
                     ? kraken_read_trailing(request, changes->trigger)
                     : order->trigger_kind != PAPER_TRIGGER_NONE &&
                           read_price(s, trigger, record->market, order->side, changes->trigger);
  return good ? NULL : "EGeneral:Invalid arguments:trigger_price";
}

static int32_t would_cross(sim *s, const paper_order *order, const bourse_decimal *price) {
  const paper_market *market = kraken_market(s, order->market);
  int64_t units = 0, best;
  int32_t buys = order->side == BOURSE_SIDE_BUY;
  if (!bourse__paper_units(&units, price, market->price_scale)) return 0;
  best = bourse__paper_best(market, buys ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY);
  return best != 0 && (buys ? units >= best : units <= best);
}

static void remember_amend(sim *s, kraken_record *record, const kraken_changes *changes, uint64_t number) {
  const paper_order *order = kraken_order(s, record);
  kraken_amend *grown = realloc(record->amends, (record->amend_count + 1) * sizeof *grown);
  if (grown == NULL) abort();
  record->amends = grown;
  record->amends[record->amend_count++] = (kraken_amend){
      number, sim_clock_ns(s), order->amount, bourse__paper_remaining(order), order->price, order->trigger_price};
  if (record->ghost != NULL) return;
  if (order->trigger_kind == PAPER_TRAILING && !order->fired) { /* told as offsets */
    if (is_given(changes->trigger)) (void)snprintf(record->price, KRAKEN_TEXT_SIZE, "%s", changes->trigger);
    return;
  }
  int32_t waits = order->trigger_price != 0;
  char *price = waits ? record->price2 : record->price;
  if (order->price != 0)
    (void)snprintf(price, KRAKEN_TEXT_SIZE, "%s", kraken_price_text(s, record->market, order->price));
  if (waits)
    (void)snprintf(record->price, KRAKEN_TEXT_SIZE, "%s", kraken_price_text(s, record->market, order->trigger_price));
}

const char *kraken_amend_order(sim *s, const sim_account *who, kraken_record *record, const kraken_changes *changes,
                               uint64_t *amend_id) {
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  paper_order *order = kraken_order(s, record);
  const char *error = who->key.read_only ? "EGeneral:Permission denied" : check_deadline(s, changes->deadline);
  if (error == NULL && sim_fault(s, "maintenance", "spot")) error = "EService:Market in cancel_only mode";
  if (error == NULL) error = read_changes(s, record, order, changes, &request);
  if (error == NULL && is_given(changes->post_only) && strcmp(changes->post_only, "true") == 0 &&
      bourse_decimal_is_present(&request.price) && would_cross(s, order, &request.price))
    error = "EOrder:Post only order";
  if (error == NULL) error = kraken_margin_amend(s, record, order, &request);
  if (error == NULL) error = kraken_count_order(s, who, record->market, amend_weight(s, order), 1);
  if (error != NULL) return error;
  int64_t amount = 0;
  *amend_id = sim_next_number(s);
  (void)bourse__paper_units(&amount, &request.amount, kraken_market(s, record->market)->amount_scale);
  if (amount != 0 && amount <= order->filled) { /* less than is filled: what is left goes */
    (void)kraken_cancel(s, order, "User requested");
    return NULL;
  }
  record->amended = 1;
  int32_t code = sim_edit(s, order, &request);
  record->amended = 0;
  order = kraken_order(s, record);
  if (code == BOURSE_OK && order != NULL && record->ghost == NULL)
    bourse__paper_limit_from_trigger(order, record->limit_offset, record->limit_millionths);
  kraken_margin_settle(s);
  if (code != BOURSE_OK && bourse__paper_error(sim_engine(s))->reason != PAPER_NO_CHANGE)
    return refusal(s, record->market);
  if (code == BOURSE_OK && kraken_order(s, record) != NULL) remember_amend(s, record, changes, *amend_id);
  return NULL;
}
