/* exchange/okx/words.c - what replies and channels tell of orders, fills, positions and balances in the same words; and what
 * sizes in contracts are in base units. */
#include <string.h>

#include "exchange/okx/okx.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

const bourse_name bourse__okx_sides[] = BOURSE_SIDE_NAMES("buy", "sell");

const bourse_name bourse__okx_position_sides[] = {
    {"long", BOURSE_POSITION_LONG}, {"short", BOURSE_POSITION_SHORT}, {NULL, 0}};

const bourse_name bourse__okx_margin_modes[] = {
    {"cross", BOURSE_MARGIN_CROSS}, {"isolated", BOURSE_MARGIN_ISOLATED}, {NULL, 0}};

const bourse_name bourse__okx_self_trades[] = {{"cancel_maker", BOURSE_SELF_TRADE_CANCEL_MAKER},
                                               {"cancel_taker", BOURSE_SELF_TRADE_CANCEL_TAKER},
                                               {"cancel_both", BOURSE_SELF_TRADE_CANCEL_BOTH},
                                               {NULL, 0}};

const bourse_name bourse__okx_triggers[] = {
    {"last", BOURSE_PRICE_LAST}, {"mark", BOURSE_PRICE_MARK}, {"index", BOURSE_PRICE_INDEX}, {NULL, 0}};

const bourse_name bourse__okx_roles[] = {{"M", BOURSE_MAKER}, {"T", BOURSE_TAKER}, {NULL, 0}};

/* --- Sizes --- */

/* BTC-USDT, BTC-USDT-SWAP, BTC-USD-251226, BTC-USD_UM-SWAP, BTC-USD-251226-100000-C: contracts of plain USD are inverse, all
 * others are settled in what they are quoted in. */
int32_t bourse__okx_product_of(bourse_slice id) {
  uint32_t dashes = 0;
  size_t first = 0, second = id.length;
  for (size_t i = 0; i < id.length; i++) {
    if (id.data[i] != '-') continue;
    dashes++;
    if (dashes == 1) first = i + 1;
    if (dashes == 2) second = i;
  }
  if (dashes < 2) return BOURSE_PRODUCT_SPOT;
  if (dashes >= 4) return BOURSE_PRODUCT_OPTION;
  return bourse_slice_is((bourse_slice){id.data + first, second - first}, "USD") ? BOURSE_PRODUCT_INVERSE
                                                                                 : BOURSE_PRODUCT_LINEAR;
}

int32_t bourse__okx_size(const bourse_market *market, int32_t product, const bourse_decimal *size,
                         bourse_decimal *amount, bourse_decimal *contracts) {
  if (!bourse_decimal_is_present(size)) return BOURSE_OK;
  if (product == BOURSE_PRODUCT_SPOT) {
    *amount = *size;
    return BOURSE_OK;
  }
  *contracts = *size;
  if (product == BOURSE_PRODUCT_INVERSE || market == NULL) return BOURSE_OK;
  bourse_from_contracts(market, size, amount);
  return bourse_decimal_is_present(amount) || !PRESENT(market->contract_size) ? BOURSE_OK : BOURSE_ERROR_OVERFLOW;
}

int32_t bourse__okx_scale(const bourse_market *market, bourse_level_list *side) {
  if (market == NULL || market->product == BOURSE_PRODUCT_SPOT || market->product == BOURSE_PRODUCT_INVERSE ||
      !PRESENT(market->contract_size))
    return BOURSE_OK;
  for (uint32_t i = 0; i < side->count; i++)
    if (bourse_decimal_mul(&side->levels[i].amount, &side->levels[i].amount, &market->contract_size) != BOURSE_OK)
      return BOURSE_ERROR_OVERFLOW;
  return BOURSE_OK;
}

/* Contracts of an inverse market are of quote currency each. */
void bourse__okx_cost(int32_t product, const bourse_market *market, const bourse_decimal *amount,
                      const bourse_decimal *contracts, const bourse_decimal *price, bourse_decimal *cost) {
  if (product != BOURSE_PRODUCT_INVERSE) {
    if (bourse_decimal_is_present(amount) && bourse_decimal_is_present(price)) bourse_decimal_mul(cost, amount, price);
  } else if (market != NULL && bourse_decimal_is_present(contracts) && PRESENT(market->contract_size)) {
    bourse_decimal_mul(cost, contracts, &market->contract_size);
  }
}

void bourse__okx_drop_zero(bourse_decimal *value) {
  if (bourse_decimal_sign(value) == 0) memset(value, 0, sizeof *value);
}

/* --- Orders --- */

#define NONZERO(name_, type_, member_) BOURSE_FIELD_CUSTOM(name_, type_, member_, bourse_decode_nonzero)
#define TIME(name_, type_, member_)    BOURSE_FIELD_CUSTOM(name_, type_, member_, bourse_decode_time_ms)
#define PASS(name_, type_)             BOURSE_FIELD(name_, CHECK, type_, order)

/* Attached stop loss and take profit are orders of their own once this one is filled. */
static const bourse_field order_fields[] = {
    BOURSE_FIELD("accFillSz", DECIMAL, bourse__okx_order, filled),
    BOURSE_FIELD("algoClOrdId", STRING, bourse__okx_order, strategy_client_id),
    NONZERO("avgPx", bourse__okx_order, order.average),
    TIME("cTime", bourse__okx_order, order.created_ns),
    BOURSE_FIELD("cancelSource", STRING, bourse__okx_order, cancel_source),
    BOURSE_FIELD("cancelSourceReason", STRING, bourse__okx_order, order.reason),
    BOURSE_FIELD("clOrdId", STRING, bourse__okx_order, order.client_order_id),
    BOURSE_FIELD_ENUM("execType", bourse__okx_order, fill.role, bourse__okx_roles),
    BOURSE_FIELD("fee", DECIMAL, bourse__okx_order, order.fee),
    BOURSE_FIELD("feeCcy", STRING, bourse__okx_order, order.fee_currency),
    BOURSE_FIELD("fillFee", DECIMAL, bourse__okx_order, fee_of_fill),
    BOURSE_FIELD("fillFeeCcy", STRING, bourse__okx_order, fee_of_fill_currency),
    BOURSE_FIELD("fillPnl", DECIMAL, bourse__okx_order, fill.realized_pnl),
    BOURSE_FIELD("fillPx", DECIMAL, bourse__okx_order, fill.price),
    BOURSE_FIELD("fillSz", DECIMAL, bourse__okx_order, fill_size),
    TIME("fillTime", bourse__okx_order, fill.time_ns),
    BOURSE_FIELD_FULL("instId", SLICE, bourse__okx_order, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("instType", SLICE, bourse__okx_order, kind),
    BOURSE_FIELD_FULL("ordId", ID, bourse__okx_order, order.id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("ordType", SLICE, bourse__okx_order, type),
    BOURSE_FIELD_ENUM("posSide", bourse__okx_order, order.position_side, bourse__okx_position_sides),
    NONZERO("px", bourse__okx_order, order.price),
    BOURSE_FIELD("reduceOnly", BOOL, bourse__okx_order, order.reduce_only),
    BOURSE_FIELD_ENUM("side", bourse__okx_order, order.side, bourse__okx_sides),
    BOURSE_FIELD("state", SLICE, bourse__okx_order, state),
    BOURSE_FIELD_ENUM("stpMode", bourse__okx_order, order.self_trade, bourse__okx_self_trades),
    BOURSE_FIELD("sz", DECIMAL, bourse__okx_order, size),
    BOURSE_FIELD("tdMode", SLICE, bourse__okx_order, mode),
    BOURSE_FIELD("tgtCcy", SLICE, bourse__okx_order, target),
    BOURSE_FIELD("tradeId", ID, bourse__okx_order, fill.id),
    TIME("uTime", bourse__okx_order, order.updated_ns),
};
const bourse_table bourse__okx_order_table = BOURSE_TABLE(order_fields);

enum { IS_LIMIT = 1, IS_POST = 2, IS_IMMEDIATE = 4, IS_WHOLE = 8, IS_KNOWN = 16 };

static const bourse_name order_types[] = {{"limit", IS_KNOWN | IS_LIMIT},
                                          {"market", IS_KNOWN},
                                          {"post_only", IS_KNOWN | IS_LIMIT | IS_POST},
                                          {"ioc", IS_KNOWN | IS_LIMIT | IS_IMMEDIATE},
                                          {"fok", IS_KNOWN | IS_LIMIT | IS_WHOLE},
                                          {"op_fok", IS_KNOWN | IS_LIMIT | IS_WHOLE},
                                          {"optimal_limit_ioc", IS_KNOWN | IS_IMMEDIATE},
                                          {"mmp", IS_KNOWN | IS_LIMIT},
                                          {"mmp_and_post_only", IS_KNOWN | IS_LIMIT | IS_POST},
                                          {"rpi", IS_KNOWN | IS_LIMIT | IS_POST},
                                          {NULL, 0}};

static const bourse_name order_states[] = {
    {"live", BOURSE_ORDER_OPEN},         {"partially_filled", BOURSE_ORDER_OPEN}, {"filled", BOURSE_ORDER_FILLED},
    {"canceled", BOURSE_ORDER_CANCELED}, {"mmp_canceled", BOURSE_ORDER_CANCELED}, {NULL, 0}};

static const char *copy_of(bourse_arena *arena, bourse_slice text) {
  return text.length == 0 ? NULL : bourse_arena_copy(arena, text.data, text.length);
}

static void set_type(bourse_order *order, int32_t kind) {
  if (kind == 0) return;
  order->type = (kind & IS_LIMIT) != 0 ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  order->post_only = (kind & IS_POST) != 0 ? BOURSE_YES : BOURSE_NO;
  order->time_in_force = (kind & IS_IMMEDIATE) != 0 ? BOURSE_IMMEDIATE_OR_CANCEL
                         : (kind & IS_WHOLE) != 0   ? BOURSE_FILL_OR_KILL
                         : (kind & IS_LIMIT) != 0   ? BOURSE_GOOD_TILL_CANCELED
                                                    : 0;
}

/* Spot orders at the market may be of quote currency, and purchases on margin always are. */
static int32_t is_of_quote(int32_t product, bourse_slice target, bourse_slice kind, const bourse_order *order) {
  if (product != BOURSE_PRODUCT_SPOT) return 0;
  return bourse_slice_is(target, "quote_ccy") ||
         (bourse_slice_is(kind, "MARGIN") && order->side == BOURSE_SIDE_BUY && order->type == BOURSE_ORDER_MARKET);
}

static int32_t set_sizes(const bourse_market *market, int32_t product, int32_t of_quote, bourse_order *order,
                         const bourse_decimal *size, const bourse_decimal *filled) {
  int32_t code = BOURSE_OK;
  if (of_quote)
    order->requested_cost = *size;
  else
    code = bourse__okx_size(market, product, size, &order->amount, &order->contracts);
  if (code == BOURSE_OK) code = bourse__okx_size(market, product, filled, &order->filled, &order->filled_contracts);
  if (code != BOURSE_OK) return code;
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
  if (PRESENT(order->average))
    bourse__okx_cost(product, market, &order->filled, &order->filled_contracts, &order->average, &order->cost);
  return BOURSE_OK;
}

int32_t bourse__okx_finish_order(bourse_arena *arena, const bourse_market *market, bourse__okx_order *row) {
  bourse_order *order = &row->order;
  int32_t product = bourse__okx_product_of(row->id);
  order->native_type = copy_of(arena, row->type);
  order->native_status = copy_of(arena, row->state);
  if ((row->type.length > 0 && order->native_type == NULL) || (row->state.length > 0 && order->native_status == NULL))
    return BOURSE_ERROR_MEMORY;
  set_type(order, bourse_name_value(order_types, row->type));
  order->status = bourse_name_value(order_states, row->state);
  if (order->status == 0 && row->state.length > 0) order->status = BOURSE_ORDER_UNKNOWN;
  order->margin_mode = bourse_name_value(bourse__okx_margin_modes, row->mode);
  if (order->reason == NULL || order->reason[0] == '\0') order->reason = row->cancel_source;
  if (order->reason != NULL && order->reason[0] == '\0') order->reason = NULL;
  if (order->client_order_id != NULL && order->client_order_id[0] == '\0') order->client_order_id = NULL;
  /* What a conditional order became goes by that one's name: it is told of before the other is said to have fired. */
  if (order->client_order_id == NULL && row->strategy_client_id != NULL && row->strategy_client_id[0] != '\0')
    order->client_order_id = row->strategy_client_id;
  if (order->fee_currency != NULL && order->fee_currency[0] == '\0') order->fee_currency = NULL;
  bourse_decimal_negate(&order->fee);
  order->conditional = BOURSE_NO;
  order->realization = BOURSE_NATIVE;
  return set_sizes(market, product, is_of_quote(product, row->target, row->kind, order), order, &row->size,
                   &row->filled);
}

/* Sheet: each fill is one report. */
int32_t bourse__okx_take_fill(const bourse_market *market, bourse__okx_order *row) {
  bourse_fill *fill = &row->fill;
  const bourse_order *order = &row->order;
  int32_t product = bourse__okx_product_of(row->id);
  if (bourse_decimal_sign(&row->fill_size) <= 0 || fill->id == NULL || fill->id[0] == '\0' ||
      strcmp(fill->id, "0") == 0)
    return 0;
  fill->order_id = order->id;
  fill->client_order_id = order->client_order_id;
  fill->symbol = order->symbol;
  fill->market_id = order->market_id;
  fill->side = order->side;
  fill->position_side = order->position_side;
  fill->margin_mode = order->margin_mode;
  if (PRESENT(row->fee_of_fill)) {
    fill->fee = row->fee_of_fill;
    fill->fee_currency = row->fee_of_fill_currency;
    if (fill->fee_currency == NULL || fill->fee_currency[0] == '\0') fill->fee_currency = order->fee_currency;
    bourse_decimal_negate(&fill->fee);
  }
  if (bourse__okx_size(market, product, &row->fill_size, &fill->amount, &fill->contracts) != BOURSE_OK) return 0;
  bourse__okx_cost(product, market, &fill->amount, &fill->contracts, &fill->price, &fill->cost);
  return 1;
}

/* --- Orders of strategies --- */

static const bourse_field algo_fields[] = {
    NONZERO("activePx", bourse__okx_algo, order.trailing_activation_price),
    NONZERO("actualPx", bourse__okx_algo, order.average),
    BOURSE_FIELD("actualSide", SLICE, bourse__okx_algo, fired),
    BOURSE_FIELD("actualSz", DECIMAL, bourse__okx_algo, filled),
    BOURSE_FIELD("algoClOrdId", STRING, bourse__okx_algo, order.client_order_id),
    BOURSE_FIELD_FULL("algoId", SLICE, bourse__okx_algo, number, BOURSE_FIELD_REQUIRED, NULL, NULL),
    TIME("cTime", bourse__okx_algo, order.created_ns),
    NONZERO("callbackRatio", bourse__okx_algo, ratio),
    NONZERO("callbackSpread", bourse__okx_algo, order.trailing_amount),
    NONZERO("closeFraction", bourse__okx_algo, fraction),
    BOURSE_FIELD("failCode", STRING, bourse__okx_algo, order.reason),
    BOURSE_FIELD_FULL("instId", SLICE, bourse__okx_algo, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("instType", SLICE, bourse__okx_algo, kind),
    BOURSE_FIELD("ordId", ID, bourse__okx_algo, order.triggered_order_id),
    BOURSE_FIELD("ordPx", DECIMAL, bourse__okx_algo, order_price),
    BOURSE_FIELD("ordType", SLICE, bourse__okx_algo, type),
    BOURSE_FIELD_ENUM("posSide", bourse__okx_algo, order.position_side, bourse__okx_position_sides),
    BOURSE_FIELD("pxLimit", DECIMAL, bourse__okx_algo, limit_price),
    BOURSE_FIELD("reduceOnly", BOOL, bourse__okx_algo, order.reduce_only),
    BOURSE_FIELD_ENUM("side", bourse__okx_algo, order.side, bourse__okx_sides),
    BOURSE_FIELD("slOrdPx", DECIMAL, bourse__okx_algo, stop_price),
    NONZERO("slTriggerPx", bourse__okx_algo, order.stop_loss_price),
    BOURSE_FIELD_ENUM("slTriggerPxType", bourse__okx_algo, order.trigger_by, bourse__okx_triggers),
    BOURSE_FIELD("state", SLICE, bourse__okx_algo, state),
    NONZERO("sz", bourse__okx_algo, size),
    BOURSE_FIELD("szLimit", DECIMAL, bourse__okx_algo, visible),
    BOURSE_FIELD("tdMode", SLICE, bourse__okx_algo, mode),
    BOURSE_FIELD("tgtCcy", SLICE, bourse__okx_algo, target),
    BOURSE_FIELD("tpOrdPx", DECIMAL, bourse__okx_algo, gain_price),
    NONZERO("tpTriggerPx", bourse__okx_algo, order.take_profit_price),
    BOURSE_FIELD_ENUM("tpTriggerPxType", bourse__okx_algo, order.trigger_by, bourse__okx_triggers),
    NONZERO("triggerPx", bourse__okx_algo, order.trigger_price),
    BOURSE_FIELD_ENUM("triggerPxType", bourse__okx_algo, order.trigger_by, bourse__okx_triggers),
    TIME("triggerTime", bourse__okx_algo, order.working_ns),
    TIME("uTime", bourse__okx_algo, order.updated_ns),
};
const bourse_table bourse__okx_algo_table = BOURSE_TABLE(algo_fields);

static const bourse_name algo_states[] = {{"live", BOURSE_ORDER_UNTRIGGERED},
                                          {"pause", BOURSE_ORDER_UNTRIGGERED},
                                          {"partially_effective", BOURSE_ORDER_UNTRIGGERED},
                                          {"effective", BOURSE_ORDER_TRIGGERED},
                                          {"order_placed", BOURSE_ORDER_TRIGGERED},
                                          {"canceled", BOURSE_ORDER_CANCELED},
                                          {"order_failed", BOURSE_ORDER_REJECTED},
                                          {"partially_failed", BOURSE_ORDER_REJECTED},
                                          {NULL, 0}};

/* -1 is the market. Of a pair the side that was looked for last counts. */
static void set_algo_price(bourse__okx_algo *row) {
  bourse_order *order = &row->order;
  const bourse_decimal *price = bourse_slice_is(row->type, "iceberg") || bourse_slice_is(row->type, "twap")
                                    ? &row->limit_price
                                : PRESENT(order->trigger_price)     ? &row->order_price
                                : PRESENT(order->take_profit_price) ? &row->gain_price
                                                                    : &row->stop_price;
  if (bourse_slice_is(row->type, "move_order_stop")) price = &row->order_price;
  if (bourse_decimal_sign(price) > 0) order->price = *price;
  order->type = PRESENT(order->price) ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
}

int32_t bourse__okx_finish_algo(bourse_arena *arena, const bourse_market *market, bourse__okx_algo *row) {
  bourse_order *order = &row->order;
  int32_t product = bourse__okx_product_of(row->id), code = BOURSE_OK;
  order->id = bourse_arena_format(arena, OKX_ALGO_PREFIX "%.*s", (int)row->number.length, row->number.data);
  order->native_type = copy_of(arena, row->type);
  order->native_status = copy_of(arena, row->state);
  if (order->id == NULL || (row->type.length > 0 && order->native_type == NULL) ||
      (row->state.length > 0 && order->native_status == NULL))
    return BOURSE_ERROR_MEMORY;
  order->status = bourse_name_value(algo_states, row->state);
  if (order->status == 0 && row->state.length > 0) order->status = BOURSE_ORDER_UNKNOWN;
  /* Orders that are placed in parts become no other order: they are done with their last part. */
  int32_t in_parts = bourse_slice_is(row->type, "iceberg") || bourse_slice_is(row->type, "twap");
  if (in_parts && bourse_slice_is(row->state, "effective")) order->status = BOURSE_ORDER_FILLED;
  if (in_parts) order->triggered_order_id = NULL;
  order->margin_mode = bourse_name_value(bourse__okx_margin_modes, row->mode);
  order->conditional = BOURSE_YES;
  order->realization = BOURSE_NATIVE;
  if (order->client_order_id != NULL && order->client_order_id[0] == '\0') order->client_order_id = NULL;
  if (order->triggered_order_id != NULL && order->triggered_order_id[0] == '\0') order->triggered_order_id = NULL;
  if (order->reason != NULL && (order->reason[0] == '\0' || strcmp(order->reason, "0") == 0)) order->reason = NULL;
  if (PRESENT(row->fraction)) order->close_position = BOURSE_YES;
  set_algo_price(row);
  bourse__okx_drop_zero(&row->filled);
  if (PRESENT(row->ratio)) {
    order->trailing_percent = row->ratio;
    order->trailing_percent.exponent += 2;
  }
  bourse_decimal none = {0, 0, 0, 0};
  code = bourse__okx_size(market, product, &row->visible, &order->iceberg_amount, &none);
  if (code != BOURSE_OK) return code;
  if (bourse_slice_is(row->type, "oco")) {
    order->list_kind = BOURSE_LIST_OCO;
    order->list_id = order->id;
    order->list_client_id = order->client_order_id;
    if (order->reason == NULL && order->status == BOURSE_ORDER_TRIGGERED)
      order->reason = bourse_slice_is(row->fired, "sl")   ? "stop_loss"
                      : bourse_slice_is(row->fired, "tp") ? "take_profit"
                                                          : NULL;
  }
  return set_sizes(market, product, is_of_quote(product, row->target, row->kind, order), order, &row->size,
                   &row->filled);
}

/* --- Positions --- */

static int32_t read_size(bourse_decoder *decoder, void *member) {
  return bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "pos", member);
}

static const bourse_field position_fields[] = {
    BOURSE_FIELD("adl", INT32, bourse__okx_position, position.adl_rank),
    NONZERO("avgPx", bourse__okx_position, position.entry_price),
    NONZERO("bePx", bourse__okx_position, position.break_even_price),
    BOURSE_FIELD("ccy", STRING, bourse__okx_position, position.margin_currency),
    BOURSE_FIELD("imr", DECIMAL, bourse__okx_position, position.initial_margin),
    BOURSE_FIELD_FULL("instId", SLICE, bourse__okx_position, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("instType", SLICE, bourse__okx_position, kind),
    BOURSE_FIELD("lever", DECIMAL, bourse__okx_position, position.leverage),
    NONZERO("liqPx", bourse__okx_position, position.liquidation_price),
    NONZERO("margin", bourse__okx_position, position.margin),
    BOURSE_FIELD("markPx", DECIMAL, bourse__okx_position, position.mark_price),
    BOURSE_FIELD_ENUM("mgnMode", bourse__okx_position, position.margin_mode, bourse__okx_margin_modes),
    BOURSE_FIELD("mmr", DECIMAL, bourse__okx_position, position.maintenance_margin),
    BOURSE_FIELD("notionalUsd", DECIMAL, bourse__okx_position, notional_usd),
    BOURSE_FIELD_FULL("pos", CUSTOM, bourse__okx_position, size, BOURSE_FIELD_REQUIRED, NULL, read_size),
    BOURSE_FIELD("posCcy", SLICE, bourse__okx_position, currency),
    BOURSE_FIELD("posId", ID, bourse__okx_position, position.id),
    BOURSE_FIELD("posSide", SLICE, bourse__okx_position, side),
    BOURSE_FIELD("realizedPnl", DECIMAL, bourse__okx_position, position.realized_pnl),
    TIME("uTime", bourse__okx_position, position.time_ns),
    BOURSE_FIELD("upl", DECIMAL, bourse__okx_position, position.unrealized_pnl),
};
const bourse_table bourse__okx_position_table = BOURSE_TABLE(position_fields);

/* On margin a position is of one currency of the market: of its base it is long, of its quote short. */
static int32_t finish_margin_position(bourse__okx_position *row) {
  bourse_position *position = &row->position;
  size_t base = row->currency.length;
  int32_t of_base = base > 0 && row->id.length > base && memcmp(row->id.data, row->currency.data, base) == 0 &&
                    row->id.data[base] == '-';
  if (position->side != 0) position->side = of_base ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  bourse_decimal_absolute(&row->size);
  if (of_base)
    position->amount = row->size;
  else
    position->notional = row->size;
  return BOURSE_OK;
}

int32_t bourse__okx_finish_position(const bourse_market *market, bourse__okx_position *row) {
  bourse_position *position = &row->position;
  int32_t product = bourse__okx_product_of(row->id), sign = bourse_decimal_sign(&row->size);
  int32_t named = bourse_name_value(bourse__okx_position_sides, row->side);
  position->hedged = named != 0 ? BOURSE_YES : BOURSE_NO;
  position->side = sign == 0 ? 0 : named != 0 ? named : sign > 0 ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  if (product == BOURSE_PRODUCT_SPOT) return finish_margin_position(row);
  bourse_decimal_absolute(&row->size);
  int32_t code = bourse__okx_size(market, product, &row->size, &position->amount, &position->contracts);
  if (code != BOURSE_OK) return code;
  if (product == BOURSE_PRODUCT_INVERSE)
    bourse__okx_cost(product, market, NULL, &position->contracts, NULL, &position->notional);
  else if (PRESENT(position->amount) && PRESENT(position->mark_price))
    bourse_decimal_mul(&position->notional, &position->amount, &position->mark_price);
  return BOURSE_OK;
}

/* --- Balances --- */

static const bourse_field balance_fields[] = {
    BOURSE_FIELD("availBal", DECIMAL, bourse__okx_balance, balance.free),
    BOURSE_FIELD("availEq", DECIMAL, bourse__okx_balance, free_equity),
    BOURSE_FIELD("cashBal", DECIMAL, bourse__okx_balance, balance.total),
    BOURSE_FIELD_FULL("ccy", STRING, bourse__okx_balance, balance.currency, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("eq", DECIMAL, bourse__okx_balance, balance.equity),
    BOURSE_FIELD("frozenBal", DECIMAL, bourse__okx_balance, balance.used),
    BOURSE_FIELD("interest", DECIMAL, bourse__okx_balance, balance.interest),
    BOURSE_FIELD("liab", DECIMAL, bourse__okx_balance, balance.borrowed),
    TIME("uTime", bourse__okx_balance, balance.time_ns),
    BOURSE_FIELD("upl", DECIMAL, bourse__okx_balance, balance.unrealized_pnl),
};
const bourse_table bourse__okx_balance_table = BOURSE_TABLE(balance_fields);

/* Which of the two tells what is free depends on the mode of the account. */
void bourse__okx_finish_balance(bourse__okx_balance *row) {
  if (!PRESENT(row->balance.free)) row->balance.free = row->free_equity;
  row->balance.wallet = BOURSE_WALLET_UNIFIED;
}
