/* paper/funds.c - balances, locks, fees, positions, margin, liquidation. */
#include "core/arena.h"
#include "exchange/paper/state.h"

#define MILLION 1000000

static void emit_balance(paper_engine *engine, uint32_t account, uint32_t wallet, uint32_t currency) {
  paper_event *event = bourse__paper_emit(engine, PAPER_EVENT_BALANCE, account, UINT32_MAX);
  if (event == NULL) return;
  event->u.balance.wallet = wallet;
  event->u.balance.currency = currency;
  event->u.balance.now = *balance_at(engine, account, wallet, currency);
}

/* Changes a balance. An account that is not unlimited never goes below zero: what is missing comes from the
 * insurance. */
static void change(paper_engine *engine, uint32_t account_index, uint32_t wallet, uint32_t currency, paper_money amount,
                   const char *kind, uint64_t reference, uint32_t market) {
  paper_account *account = &engine->accounts[account_index];
  paper_balance *balance = balance_at(engine, account_index, wallet, currency);
  if (amount == 0) return;
  balance->total += amount;
  if (account->unlimited) return;
  paper_money missing = balance->total < 0 ? -balance->total : 0;
  for (int32_t i = 0; i < (missing > 0 ? 2 : 1); i++) {
    paper_ledger *entry = bourse__paper_ring_push(&account->ledger);
    if (i == 1) balance->total = 0;
    if (entry == NULL) continue;
    *entry = (paper_ledger){.id = ++account->ledger_count,
                            .reference = reference,
                            .time_ns = engine->now_ns,
                            .currency = currency,
                            .wallet = wallet,
                            .market = market,
                            .kind = i == 0 ? kind : "insurance",
                            .amount = i == 0 ? amount : missing,
                            .balance = balance->total};
  }
  engine->currencies[currency].pools.insurance -= missing;
  if (balance->total < balance->locked) engine->deficit = 1;
}

/* Money that no order and no position holds. Negative only where a loss has eaten into cross margin. */
static paper_money unheld(const paper_balance *balance) { return balance->total - balance->locked - balance->margin; }

paper_money bourse__paper_available(const paper_engine *engine, uint32_t account, uint32_t wallet, uint32_t currency) {
  const paper_balance *balance = balance_at(engine, account, wallet, currency);
  paper_money available = unheld(balance);
  if (balance->margin > 0) {
    paper_money unrealized = 0;
    for (uint32_t i = 0; i < engine->market_count; i++) {
      const paper_market *market = &engine->markets[i];
      const paper_holding *holding = &engine->accounts[account].holdings[i];
      if (!market->linear || wallet_of(engine, account, market) != wallet || market->settle != currency ||
          holding->isolated)
        continue;
      for (int32_t slot = 0; slot < 2; slot++)
        unrealized += bourse__paper_unrealized(market, &holding->slots[slot], slot);
    }
    if (unrealized < 0) available += unrealized;
  }
  return available < 0 ? 0 : available;
}

/* --- Positions --- */

/* Slot that the order closes (closing) or opens. One-way: a buy closes the short and opens the long. */
static int32_t slot_of(const paper_order *order, int32_t closing) {
  if (order->position_side == BOURSE_POSITION_LONG) return PAPER_LONG;
  if (order->position_side == BOURSE_POSITION_SHORT) return PAPER_SHORT;
  return is_buy(order) == !closing ? PAPER_LONG : PAPER_SHORT;
}

static int32_t hedge_closes(const paper_order *order) {
  return order->position_side == (is_buy(order) ? BOURSE_POSITION_SHORT : BOURSE_POSITION_LONG);
}

int32_t bourse__paper_only_reduces(const paper_engine *engine, const paper_order *order) {
  return market_of(engine, order)->linear && (order->reduce_only || order->close_position || hedge_closes(order));
}

int64_t bourse__paper_closable(const paper_engine *engine, const paper_order *order) {
  const paper_holding *holding = &account_of(engine, order)->holdings[order->market];
  if (order->position_side != 0 && !hedge_closes(order)) return 0;
  return holding->slots[slot_of(order, 1)].size;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static paper_money fee_on(const paper_market *market, paper_money received, int64_t rate) {
  return received / market->fee_unit * rate; /* exact: what is received is a multiple of fee_unit */
}

/* On top of what a spot buy costs, where fees are taken in quote currency: what it must have for them. */
static paper_money fee_beside(const paper_engine *engine, const paper_market *market, paper_money cost) {
  int64_t rate = market->taker_rate > market->maker_rate ? market->taker_rate : market->maker_rate;
  return engine->config.fees_in_quote && rate > 0 ? fee_on(market, cost, rate) : 0;
}

static paper_money initial_margin(paper_money cost, int32_t leverage) { return (cost + leverage - 1) / leverage; }

paper_money bourse__paper_margin_need(const paper_engine *engine, const paper_order *order, int64_t amount,
                                      paper_money cost) {
  const paper_market *market = market_of(engine, order);
  if (bourse__paper_only_reduces(engine, order)) return 0;
  int64_t opening = amount - least(amount, bourse__paper_closable(engine, order));
  if (opening == 0) return 0;
  int32_t leverage = account_of(engine, order)->holdings[order->market].leverage;
  paper_money fee = market->taker_rate > 0 ? fee_on(market, cost, market->taker_rate) : 0;
  return initial_margin(bourse__paper_share(cost, opening, amount), leverage) + fee;
}

paper_money bourse__paper_unrealized(const paper_market *market, const paper_position *position, int32_t slot) {
  int64_t price = market->mark != 0 ? market->mark : market->last;
  paper_money value;
  if (position->size == 0 || price == 0) return 0;
  (void)bourse__paper_cost(&value, market, price, position->size); /* saturates: the loss is then as large as can be */
  return slot == PAPER_LONG ? value - position->entry_cost : position->entry_cost - value;
}

paper_money bourse__paper_maintenance(const paper_market *market, const paper_position *position) {
  int64_t price = market->mark != 0 ? market->mark : market->last;
  paper_money value;
  if (position->size == 0 || price == 0) return 0;
  (void)bourse__paper_cost(&value, market, price, position->size);
  return value / MILLION * market->maintenance_rate + value % MILLION * market->maintenance_rate / MILLION;
}

static void emit_position(paper_engine *engine, const paper_order *order, int32_t slot) {
  paper_event *event = bourse__paper_emit(engine, PAPER_EVENT_POSITION, order->account, order->market);
  if (event == NULL) return;
  event->u.position.slot = slot;
  event->u.position.now = account_of(engine, order)->holdings[order->market].slots[slot];
}

/* Closes `amount` of a position of at least that size; the profit. */
static paper_money close_part(paper_engine *engine, const paper_order *order, int64_t price, int64_t amount) {
  paper_market *market = market_of(engine, order);
  int32_t slot = slot_of(order, 1);
  paper_position *position = &account_of(engine, order)->holdings[order->market].slots[slot];
  paper_balance *balance =
      balance_at(engine, order->account, wallet_of(engine, order->account, market), market->settle);
  paper_money value, part = bourse__paper_share(position->entry_cost, amount, position->size),
                     margin = bourse__paper_share(position->margin, amount, position->size);
  (void)bourse__paper_cost(&value, market, price, amount);
  paper_money profit = slot == PAPER_LONG ? value - part : part - value;
  position->size -= amount;
  position->entry_cost -= part;
  position->margin -= margin;
  position->realized += profit;
  position->updated_ns = engine->now_ns;
  balance->margin -= margin;
  emit_position(engine, order, slot);
  if (position->size == 0) {
    memset(position, 0, sizeof *position);
    engine->closed = 1;
  }
  return profit;
}

static void open_part(paper_engine *engine, const paper_order *order, int64_t price, int64_t amount) {
  paper_market *market = market_of(engine, order);
  paper_account *account = account_of(engine, order);
  int32_t slot = slot_of(order, 0);
  paper_holding *holding = &account->holdings[order->market];
  paper_position *position = &holding->slots[slot];
  paper_money cost, margin = 0;
  (void)bourse__paper_cost(&cost, market, price, amount);
  if (!account->unlimited) margin = initial_margin(cost, holding->leverage);
  if (position->size == 0) position->opened_ns = engine->now_ns;
  position->size += amount;
  position->entry_cost += cost;
  position->margin += margin;
  position->updated_ns = engine->now_ns;
  balance_at(engine, order->account, wallet_of(engine, order->account, market), market->settle)->margin += margin;
  emit_position(engine, order, slot);
}

/* --- Locks --- */

/* What the order must hold while it waits. Market orders hold nothing once they act. */
static paper_money need(const paper_engine *engine, const paper_order *order) {
  const paper_market *market = market_of(engine, order);
  int64_t rest = bourse__paper_remaining(order), price = order->price;
  int32_t waiting = waits_for_trigger(order);
  paper_money cost;
  if (account_of(engine, order)->unlimited) return 0;
  if (market->linear) {
    if (order->type != BOURSE_ORDER_LIMIT || waiting) return 0; /* conditional futures orders hold no margin */
    (void)bourse__paper_cost(&cost, market, price, rest);
    return bourse__paper_margin_need(engine, order, rest, cost);
  }
  if (order->type == BOURSE_ORDER_MARKET && !waiting) return 0;
  if (!is_buy(order)) return (paper_money)rest * market->unit_amount;
  if (order->cost_asked > 0) return order->cost_asked - order->cost_filled;
  if (order->type == BOURSE_ORDER_MARKET) { /* bought at the trigger as far as one can tell */
    price = order->trigger_price;
    if (price == 0) price = order->trail_activation;
    if (price == 0) price = bourse__paper_reference(market, order->trigger_by);
  }
  (void)bourse__paper_cost(&cost, market, price, rest);
  return cost + fee_beside(engine, market, cost);
}

int32_t bourse__paper_lock(paper_engine *engine, paper_order *order) {
  const paper_market *market = market_of(engine, order);
  uint32_t currency = paying_currency(market, order);
  paper_money extra = need(engine, order) - order->locked;
  const paper_order *partner = bourse__paper_partner(order);
  if (partner != NULL && paying_currency(market, partner) == currency) extra -= partner->locked; /* a pair holds once */
  if (extra <= 0) return BOURSE_OK;
  paper_money available =
      bourse__paper_available(engine, order->account, wallet_of(engine, order->account, market), currency);
  if (extra > available) {
    char wanted[BOURSE_DECIMAL_TEXT_SIZE], given[BOURSE_DECIMAL_TEXT_SIZE];
    bourse_decimal a = bourse__paper_money_decimal(extra), b = bourse__paper_money_decimal(available);
    (void)bourse_decimal_format(wanted, sizeof wanted, &a);
    (void)bourse_decimal_format(given, sizeof given, &b);
    return bourse__paper_refuse(engine, PAPER_NO_FUNDS, NULL, "the order needs %s %s; %s are free", wanted,
                                engine->currencies[currency].code, given);
  }
  order->locked += extra;
  balance_at(engine, order->account, wallet_of(engine, order->account, market), currency)->locked += extra;
  emit_balance(engine, order->account, wallet_of(engine, order->account, market), currency);
  return BOURSE_OK;
}

static void give_back(paper_engine *engine, paper_order *order, paper_money amount) {
  const paper_market *market = market_of(engine, order);
  order->locked -= amount;
  balance_at(engine, order->account, wallet_of(engine, order->account, market), paying_currency(market, order))
      ->locked -= amount;
}

void bourse__paper_unlock_excess(paper_engine *engine, paper_order *order) {
  const paper_market *market = market_of(engine, order);
  paper_money excess = order->locked - need(engine, order);
  if (excess <= 0) return;
  give_back(engine, order, excess);
  emit_balance(engine, order->account, wallet_of(engine, order->account, market), paying_currency(market, order));
}

void bourse__paper_unlock(paper_engine *engine, paper_order *order) {
  if (order->locked == 0) return;
  const paper_market *market = market_of(engine, order);
  give_back(engine, order, order->locked);
  emit_balance(engine, order->account, wallet_of(engine, order->account, market), paying_currency(market, order));
}

/* Before `amount` is counted as filled or prevented. */
void bourse__paper_unlock_part(paper_engine *engine, paper_order *order, int64_t amount) {
  if (order->locked == 0) return;
  const paper_market *market = market_of(engine, order);
  int64_t rest = bourse__paper_remaining(order);
  paper_money part;
  if (amount >= rest)
    part = order->locked;
  else if (market->linear)
    part = bourse__paper_share(order->locked, amount, rest);
  else if (is_buy(order)) {
    (void)bourse__paper_cost(&part, market, order->price, amount);
    part += fee_beside(engine, market, part);
  } else {
    part = (paper_money)amount * market->unit_amount;
  }
  give_back(engine, order, part);
}

/* --- Trading --- */

/* Linear: closing always goes; opening only when its margin and fee are there. */
static int64_t fundable_linear(paper_engine *engine, const paper_order *order, int64_t price, int64_t amount,
                               int32_t *reason) {
  const paper_market *market = market_of(engine, order);
  int64_t closing = least(amount, bourse__paper_closable(engine, order));
  if (bourse__paper_only_reduces(engine, order)) {
    if (closing == 0) *reason = PAPER_REDUCE_ONLY;
    return closing;
  }
  if (closing == amount) return amount;
  const paper_holding *holding = &account_of(engine, order)->holdings[order->market];
  const paper_position *closed = &holding->slots[slot_of(order, 1)];
  int64_t rest = bourse__paper_remaining(order);
  paper_money cost, available = bourse__paper_available(engine, order->account,
                                                        wallet_of(engine, order->account, market), market->settle);
  (void)bourse__paper_cost(&cost, market, price, amount);
  if (rest > 0)
    available += bourse__paper_share(order->locked, amount, rest);
  else
    available += order->locked;
  if (closing > 0) {
    paper_money value, part = bourse__paper_share(closed->entry_cost, closing, closed->size);
    (void)bourse__paper_cost(&value, market, price, closing);
    available += bourse__paper_share(closed->margin, closing, closed->size);
    available += slot_of(order, 1) == PAPER_LONG ? value - part : part - value;
  }
  if (holding->slots[slot_of(order, 0)].entry_cost + cost > PAPER_MONEY_MAX)
    *reason = PAPER_POSITION_LIMIT;
  else if (bourse__paper_margin_need(engine, order, amount, cost) > available)
    *reason = PAPER_NO_FUNDS;
  else
    return amount;
  return closing;
}

int64_t bourse__paper_fundable(paper_engine *engine, const paper_order *order, int64_t price, int64_t amount,
                               int32_t *reason) {
  const paper_market *market = market_of(engine, order);
  if (account_of(engine, order)->unlimited) return amount;
  if (market->linear) return fundable_linear(engine, order, price, amount, reason);
  if (order->type == BOURSE_ORDER_LIMIT) return amount; /* locked */
  paper_money available = bourse__paper_available(engine, order->account, wallet_of(engine, order->account, market),
                                                  paying_currency(market, order));
  paper_money one = is_buy(order) ? (paper_money)price * market->unit_cost : market->unit_amount;
  if (is_buy(order)) one += fee_beside(engine, market, one);
  if (available / one >= amount) return amount;
  int64_t affordable = (int64_t)(available / one);
  affordable -= affordable % market->step;
  if (affordable == 0) *reason = PAPER_NO_FUNDS;
  return affordable;
}

int32_t bourse__paper_fill_reserve(paper_engine *engine, const paper_order *order) {
  paper_account *account = account_of(engine, order);
  if (account->unlimited) return 1;
  /* For both sides: they may be one account's. */
  return bourse__paper_ring_reserve(engine, &account->fills, 2) &&
         bourse__paper_ring_reserve(engine, &account->ledger, 12);
}

static paper_money settle_spot(paper_engine *engine, const paper_order *order, uint64_t trade_id, int64_t amount,
                               paper_money cost, int64_t rate) {
  const paper_market *market = market_of(engine, order);
  uint32_t paid = paying_currency(market, order), received = is_buy(order) ? market->base : market->quote;
  paper_money base = (paper_money)amount * market->unit_amount;
  paper_money in = is_buy(order) ? base : cost, out = is_buy(order) ? cost : base;
  uint32_t charged = engine->config.fees_in_quote ? market->quote : received;
  paper_money fee = fee_on(market, charged == market->quote ? cost : in, rate);
  change(engine, order->account, wallet_of(engine, order->account, market), paid, -out, "trade", trade_id,
         order->market);
  change(engine, order->account, wallet_of(engine, order->account, market), received, in, "trade", trade_id,
         order->market);
  change(engine, order->account, wallet_of(engine, order->account, market), charged, -fee, "fee", trade_id,
         order->market);
  engine->currencies[charged].pools.fees += fee;
  return fee;
}

static paper_money settle_linear(paper_engine *engine, const paper_order *order, uint64_t trade_id, int64_t price,
                                 int64_t amount, paper_money cost, int64_t rate, paper_money *realized) {
  const paper_market *market = market_of(engine, order);
  int64_t closing = least(amount, bourse__paper_closable(engine, order));
  paper_money fee = fee_on(market, cost, rate), profit = 0;
  if (closing > 0) {
    profit = close_part(engine, order, price, closing);
    change(engine, order->account, wallet_of(engine, order->account, market), market->settle, profit, "pnl", trade_id,
           order->market);
    engine->currencies[market->settle].pools.clearing -= profit;
  }
  if (amount > closing) open_part(engine, order, price, amount - closing);
  change(engine, order->account, wallet_of(engine, order->account, market), market->settle, -fee, "fee", trade_id,
         order->market);
  engine->currencies[market->settle].pools.fees += fee;
  *realized = profit;
  return fee;
}

static void record_fill(paper_engine *engine, const paper_order *order, const paper_fill *fill) {
  paper_fill *kept = bourse__paper_ring_push(&account_of(engine, order)->fills);
  if (kept != NULL) *kept = *fill;
  paper_event *event = bourse__paper_emit(engine, PAPER_EVENT_FILL, order->account, order->market);
  if (event != NULL) event->u.fill = *fill;
}

void bourse__paper_settle(paper_engine *engine, paper_order *order, uint64_t trade_id, int64_t price, int64_t amount,
                          int32_t role) {
  const paper_market *market = market_of(engine, order);
  const paper_account *account = account_of(engine, order);
  int64_t rate = account->unlimited ? 0 : role == BOURSE_MAKER ? market->maker_rate : market->taker_rate;
  paper_money cost, fee, realized = 0;
  (void)bourse__paper_cost(&cost, market, price, amount);
  bourse__paper_unlock_part(engine, order, amount);
  if (market->linear)
    fee = settle_linear(engine, order, trade_id, price, amount, cost, rate, &realized);
  else
    fee = settle_spot(engine, order, trade_id, amount, cost, rate);
  if (order->amount != PAPER_ENDLESS) order->filled += amount;
  if (account->unlimited) return;
  order->cost_filled += cost;
  order->fee += fee;
  int32_t in_base = is_buy(order) && !engine->config.fees_in_quote;
  order->fee_currency = market->linear ? market->settle : in_base ? market->base : market->quote;
  order->updated_ns = engine->now_ns;
  order->fill_count++;
  paper_fill fill = {.id = trade_id,
                     .order_id = order->id,
                     .account = order->account,
                     .market = order->market,
                     .side = order->side,
                     .role = role,
                     .position_side = order->position_side,
                     .fee_currency = order->fee_currency,
                     .time_ns = engine->now_ns,
                     .price = price,
                     .amount = amount,
                     .cost = cost,
                     .fee = fee,
                     .realized = realized};
  memcpy(fill.client_id, order->client_id, sizeof fill.client_id);
  record_fill(engine, order, &fill);
  if (market->linear) {
    emit_balance(engine, order->account, wallet_of(engine, order->account, market), market->settle);
  } else {
    emit_balance(engine, order->account, wallet_of(engine, order->account, market), market->base);
    emit_balance(engine, order->account, wallet_of(engine, order->account, market), market->quote);
  }
}

/* --- Moving money --- */

static int32_t not_free(paper_engine *engine, uint32_t currency, paper_money amount, paper_money free_now) {
  char wanted[BOURSE_DECIMAL_TEXT_SIZE], given[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal a = bourse__paper_money_decimal(amount), b = bourse__paper_money_decimal(free_now);
  (void)bourse_decimal_format(wanted, sizeof wanted, &a);
  (void)bourse_decimal_format(given, sizeof given, &b);
  (void)bourse__paper_refuse(engine, PAPER_NO_FUNDS, "amount", "%s %s were to be taken; %s are free", wanted,
                             engine->currencies[currency].code, given);
  return engine->error.code = BOURSE_ERROR_LIMIT;
}

int32_t bourse__paper_deposit(paper_engine *engine, uint32_t account, uint32_t wallet, uint32_t currency,
                              paper_money amount, const char *ledger_kind) {
  paper_balance *balance = balance_at(engine, account, wallet, currency);
  if (amount > PAPER_TOTAL_MAX || amount < -PAPER_TOTAL_MAX || balance->total + amount > PAPER_TOTAL_MAX) {
    (void)bourse__paper_refuse(engine, PAPER_TOO_LARGE, "amount", "a balance holds at most 10^18 units");
    return engine->error.code = BOURSE_ERROR_OVERFLOW;
  }
  if (amount < 0 && !engine->accounts[account].unlimited) {
    paper_money free_now = bourse__paper_available(engine, account, wallet, currency);
    if (-amount > free_now) return not_free(engine, currency, -amount, free_now);
  }
  if (!bourse__paper_ring_reserve(engine, &engine->accounts[account].ledger, 2))
    return bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
  change(engine, account, wallet, currency, amount, ledger_kind, 0, UINT32_MAX);
  engine->currencies[currency].pools.deposited += amount;
  emit_balance(engine, account, wallet, currency);
  return BOURSE_OK;
}

int32_t bourse__paper_move(paper_engine *engine, uint32_t account, uint32_t from, uint32_t to, uint32_t currency,
                           paper_money amount) {
  if (!bourse__paper_ring_reserve(engine, &engine->accounts[account].ledger, 4))
    return bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
  int32_t code = bourse__paper_deposit(engine, account, from, currency, -amount, "transfer");
  if (code != BOURSE_OK) return code;
  code = bourse__paper_deposit(engine, account, to, currency, amount, "transfer");
  if (code != BOURSE_OK) (void)bourse__paper_deposit(engine, account, from, currency, amount, "transfer");
  return code;
}

/* --- Settings of positions --- */

static int32_t has_position(const paper_holding *holding) {
  return holding->slots[PAPER_LONG].size != 0 || holding->slots[PAPER_SHORT].size != 0;
}

/* Margins of positions and orders at the leverage now set; the sum that they would hold more than now. */
static paper_money margin_change(paper_engine *engine, uint32_t account, uint32_t market_index, int32_t apply) {
  paper_market *market = &engine->markets[market_index];
  paper_holding *holding = &engine->accounts[account].holdings[market_index];
  paper_balance *balance = balance_at(engine, account, wallet_of(engine, account, market), market->settle);
  paper_money more = 0;
  for (int32_t slot = 0; slot < 2; slot++) {
    paper_money margin =
        initial_margin(holding->slots[slot].entry_cost, holding->leverage) - holding->slots[slot].margin;
    more += margin;
    if (!apply) continue;
    holding->slots[slot].margin += margin;
    balance->margin += margin;
  }
  for (paper_order *order = engine->accounts[account].open.first; order != NULL; order = order->owner_next) {
    if (order->market != market_index || order->place != PAPER_ON_BOOK) continue;
    paper_money change_of = need(engine, order) - order->locked;
    more += change_of;
    if (!apply) continue;
    order->locked += change_of;
    balance->locked += change_of;
  }
  return more;
}

int32_t bourse__paper_join_wallets(paper_engine *engine, uint32_t account_index) {
  paper_account *account = &engine->accounts[account_index];
  int32_t busy = account->open_count > 0, code = BOURSE_OK;
  for (uint32_t i = 0; i < engine->market_count; i++) busy |= has_position(&account->holdings[i]);
  if (busy)
    return bourse__paper_refuse(engine, PAPER_POSITION_LIMIT, "wallet",
                                "wallets are joined only while there is no position and no open order");
  for (uint32_t c = 0; c < engine->currency_count && code == BOURSE_OK; c++) {
    paper_money rest = balance_at(engine, account_index, 1, c)->total;
    if (rest > 0) code = bourse__paper_move(engine, account_index, 1, 0, c, rest);
  }
  account->joined = code == BOURSE_OK;
  return code;
}

int32_t bourse__paper_set_leverage(paper_engine *engine, uint32_t account, uint32_t market_index, int32_t leverage) {
  paper_market *market = &engine->markets[market_index];
  paper_holding *holding = &engine->accounts[account].holdings[market_index];
  int32_t before = holding->leverage;
  if (!market->linear)
    return bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "symbol", "%s has no leverage", market->about->symbol);
  if (leverage < 1 || leverage > market->leverage_max)
    return bourse__paper_refuse(engine, PAPER_POSITION_LIMIT, "leverage", "leverage %d; 1 to %d are allowed", leverage,
                                market->leverage_max);
  if (leverage == before)
    return bourse__paper_refuse(engine, PAPER_NO_CHANGE, "leverage", "leverage is %d already", leverage);
  holding->leverage = leverage;
  paper_money more = margin_change(engine, account, market_index, 0);
  if (more > bourse__paper_available(engine, account, wallet_of(engine, account, market), market->settle)) {
    holding->leverage = before;
    return bourse__paper_refuse(engine, PAPER_NO_FUNDS, "leverage",
                                "open positions and orders need more margin at %d times", leverage);
  }
  (void)margin_change(engine, account, market_index, 1);
  emit_balance(engine, account, wallet_of(engine, account, market), market->settle);
  return BOURSE_OK;
}

int32_t bourse__paper_set_isolated(paper_engine *engine, uint32_t account, uint32_t market_index, int32_t isolated) {
  paper_holding *holding = &engine->accounts[account].holdings[market_index];
  const char *name = isolated ? "isolated" : "cross";
  if (!engine->markets[market_index].linear)
    return bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "symbol", "%s has no margin mode",
                                engine->markets[market_index].about->symbol);
  if (holding->isolated == isolated)
    return bourse__paper_refuse(engine, PAPER_NO_CHANGE, "margin_mode", "the margin mode is %s already", name);
  if (has_position(holding) || holding->open_orders > 0)
    return bourse__paper_refuse(engine, PAPER_POSITION_LIMIT, "margin_mode",
                                "the margin mode of %s cannot change while it has a position or open orders",
                                engine->markets[market_index].about->symbol);
  holding->isolated = isolated;
  return BOURSE_OK;
}

int32_t bourse__paper_set_hedged(paper_engine *engine, uint32_t account_index, int32_t hedged) {
  paper_account *account = &engine->accounts[account_index];
  if (account->hedged == hedged)
    return bourse__paper_refuse(engine, PAPER_NO_CHANGE, "hedged", "the position mode is so already");
  for (uint32_t i = 0; i < engine->market_count; i++)
    if (engine->markets[i].linear && (has_position(&account->holdings[i]) || account->holdings[i].open_orders > 0))
      return bourse__paper_refuse(engine, PAPER_POSITION_LIMIT, "hedged",
                                  "the position mode cannot change while %s has a position or open orders",
                                  engine->markets[i].about->symbol);
  account->hedged = hedged;
  return BOURSE_OK;
}

/* --- Liquidation --- */

/* What stands behind the position besides its own profit: its margin, or in cross mode the wallet without isolated
 * margins. */
static paper_money collateral(const paper_engine *engine, uint32_t account, uint32_t market_index, int32_t slot,
                              int32_t others) {
  const paper_market *market = &engine->markets[market_index];
  const paper_holding *own = &engine->accounts[account].holdings[market_index];
  if (own->isolated) return own->slots[slot].margin;
  paper_money sum = balance_at(engine, account, wallet_of(engine, account, market), market->settle)->total;
  for (uint32_t i = 0; i < engine->market_count; i++) {
    const paper_market *m = &engine->markets[i];
    const paper_holding *holding = &engine->accounts[account].holdings[i];
    if (!m->linear || m->wallet != market->wallet || m->settle != market->settle) continue;
    for (int32_t s = 0; s < 2; s++) {
      if (holding->isolated)
        sum -= holding->slots[s].margin;
      else if (others && (i != market_index || s != slot))
        sum += bourse__paper_unrealized(m, &holding->slots[s], s) - bourse__paper_maintenance(m, &holding->slots[s]);
    }
  }
  return sum;
}

int64_t bourse__paper_liquidation_price(const paper_engine *engine, uint32_t account, uint32_t market_index,
                                        int32_t slot) {
  const paper_market *market = &engine->markets[market_index];
  const paper_position *position = &engine->accounts[account].holdings[market_index].slots[slot];
  if (position->size == 0) return 0;
  paper_money behind = collateral(engine, account, market_index, slot, 1);
  /* size * price * (1 -+ rate) = entry_cost -+ behind */
  paper_money value = slot == PAPER_LONG ? position->entry_cost - behind : position->entry_cost + behind;
  int64_t parts = slot == PAPER_LONG ? MILLION - market->maintenance_rate : MILLION + market->maintenance_rate;
  if (value <= 0) return 0;
  paper_money price = value / parts * MILLION / position->size / market->unit_cost;
  return price > INT64_MAX ? 0 : (int64_t)price;
}

static int32_t is_lost(const paper_engine *engine, uint32_t account, uint32_t market, int32_t slot) {
  const paper_position *position = &engine->accounts[account].holdings[market].slots[slot];
  if (position->size == 0) return 0;
  const paper_market *m = &engine->markets[market];
  return collateral(engine, account, market, slot, 1) + bourse__paper_unrealized(m, position, slot) <
         bourse__paper_maintenance(m, position);
}

/* The outside market takes the position over at the mark. An isolated position loses no more than its margin. */
static void take_over(paper_engine *engine, uint32_t account, paper_market *market, int32_t slot) {
  paper_holding *holding = &engine->accounts[account].holdings[market->index];
  int64_t price = market->mark != 0 ? market->mark : market->last, size = holding->slots[slot].size;
  paper_order *order = bourse__paper_order_new(engine, account, market->index);
  paper_order *other = bourse__paper_order_new(engine, engine->outside, market->index);
  if (order == NULL || other == NULL || !bourse__paper_fill_reserve(engine, order)) {
    bourse__paper_order_drop(engine, order);
    bourse__paper_order_drop(engine, other);
    return; /* memory is out: at the next price again */
  }
  order->side = slot == PAPER_LONG ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  other->side = slot == PAPER_LONG ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  order->type = other->type = BOURSE_ORDER_MARKET;
  order->amount = other->amount = size;
  order->reduce_only = 1;
  if (engine->accounts[account].hedged)
    order->position_side = slot == PAPER_LONG ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  bourse__paper_order_keep(engine, order);
  uint64_t trade_id = engine->next_id++;
  const paper_balance *balance = balance_at(engine, account, wallet_of(engine, account, market), market->settle);
  paper_money least_left = balance->total - holding->slots[slot].margin;
  bourse__paper_settle(engine, other, trade_id, price, size, BOURSE_MAKER);
  bourse__paper_settle(engine, order, trade_id, price, size, BOURSE_TAKER);
  if (holding->isolated && balance->total < least_left) {
    paper_money excess = least_left - balance->total;
    change(engine, account, wallet_of(engine, account, market), market->settle, excess, "insurance", trade_id,
           market->index);
    engine->currencies[market->settle].pools.insurance -= excess;
  }
  bourse__paper_order_drop(engine, other);
  bourse__paper_finish(engine, order, BOURSE_ORDER_FILLED, PAPER_LIQUIDATED);
}

static void cancel_market_orders(paper_engine *engine, paper_account *account, uint32_t market) {
  for (paper_order *order = account->open.first; order != NULL;) {
    if (order->market == market) {
      bourse__paper_finish(engine, order, BOURSE_ORDER_CANCELED, PAPER_LIQUIDATED);
      order = account->open.first; /* its list may have gone with it */
    } else {
      order = order->owner_next;
    }
  }
}

static void cover(paper_engine *engine, uint32_t account, uint32_t wallet, uint32_t currency) {
  const paper_balance *balance = balance_at(engine, account, wallet, currency);
  for (paper_order *order = engine->accounts[account].open.last; balance->total < balance->locked && order != NULL;) {
    const paper_market *market = market_of(engine, order);
    if (order->locked > 0 && wallet_of(engine, account, market) == wallet &&
        paying_currency(market, order) == currency) {
      bourse__paper_finish(engine, order, BOURSE_ORDER_CANCELED, PAPER_NO_FUNDS);
      order = engine->accounts[account].open.last;
    } else {
      order = order->owner_previous;
    }
  }
}

void bourse__paper_cover_deficits(paper_engine *engine) {
  engine->deficit = 0;
  for (uint32_t a = 0; a < engine->account_count; a++)
    for (uint32_t i = 0; !engine->accounts[a].unlimited && i < engine->currency_count * PAPER_WALLETS; i++)
      if (engine->accounts[a].balances[i].total < engine->accounts[a].balances[i].locked)
        cover(engine, a, i % PAPER_WALLETS, i / PAPER_WALLETS);
}

void bourse__paper_liquidate(paper_engine *engine, paper_market *market) {
  if (engine->outside == UINT32_MAX || !market->linear) return;
  for (uint32_t a = 0; a < engine->account_count; a++) {
    paper_account *account = &engine->accounts[a];
    if (account->unlimited) continue;
    for (int32_t slot = 0; slot < 2; slot++) {
      if (!is_lost(engine, a, market->index, slot)) continue;
      int32_t cross = !account->holdings[market->index].isolated;
      for (uint32_t i = 0; i < engine->market_count; i++) { /* cross positions fall together */
        paper_market *m = &engine->markets[i];
        if (i != market->index && (!cross || !m->linear || account->holdings[i].isolated ||
                                   m->wallet != market->wallet || m->settle != market->settle))
          continue;
        cancel_market_orders(engine, account, i);
        for (int32_t s = 0; s < 2; s++)
          if (account->holdings[i].slots[s].size != 0 && (i != market->index || cross || s == slot))
            take_over(engine, a, m, s);
      }
    }
  }
}
