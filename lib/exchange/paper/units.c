/* paper/units.c - between decimals and the engine's whole numbers. */
#include "exchange/paper/state.h"

static const int64_t powers[19] = {1,
                                   10,
                                   100,
                                   1000,
                                   10000,
                                   100000,
                                   1000000,
                                   10000000,
                                   100000000,
                                   1000000000,
                                   10000000000,
                                   100000000000,
                                   1000000000000,
                                   10000000000000,
                                   100000000000000,
                                   1000000000000000,
                                   10000000000000000,
                                   100000000000000000,
                                   1000000000000000000};

__extension__ typedef unsigned __int128 magnitude;

#define MAGNITUDE_MAX (((magnitude)1 << 127) - 1)

/* coefficient * 10^(exponent + scale) when that is whole and below 2^127. */
static int32_t scaled(magnitude *out, const bourse_decimal *value, int32_t scale) {
  if (!bourse_decimal_is_present(value)) return 0;
  magnitude m = (magnitude)value->high << 64 | value->low;
  int32_t shift = value->exponent + scale;
  if (m == 0) shift = 0;
  while (shift < 0) {
    int32_t by = shift < -18 ? 18 : -shift;
    magnitude divisor = (magnitude)powers[by];
    if (m % divisor != 0) return 0;
    m /= divisor;
    shift += by;
  }
  while (shift > 0) {
    int32_t by = shift > 18 ? 18 : shift;
    magnitude factor = (magnitude)powers[by];
    if (m > MAGNITUDE_MAX / factor) return 0;
    m *= factor;
    shift -= by;
  }
  if (m > MAGNITUDE_MAX) return 0;
  *out = m;
  return 1;
}

int32_t bourse__paper_units(int64_t *out, const bourse_decimal *value, int32_t scale) {
  magnitude m;
  *out = 0;
  if (!scaled(&m, value, scale) || m > (magnitude)INT64_MAX) return 0;
  *out = (value->flags & BOURSE_DECIMAL_NEGATIVE) != 0 ? -(int64_t)m : (int64_t)m;
  return 1;
}

int32_t bourse__paper_to_money(paper_money *out, const bourse_decimal *value) {
  magnitude m;
  *out = 0;
  if (!scaled(&m, value, PAPER_MONEY_SCALE)) return 0;
  *out = (value->flags & BOURSE_DECIMAL_NEGATIVE) != 0 ? -(paper_money)m : (paper_money)m;
  return 1;
}

static bourse_decimal decimal(magnitude m, int32_t exponent, int32_t negative) {
  bourse_decimal out = {(uint64_t)m, (uint64_t)(m >> 64), exponent, BOURSE_DECIMAL_PRESENT};
  if (negative && m != 0) out.flags |= BOURSE_DECIMAL_NEGATIVE;
  return out;
}

bourse_decimal bourse__paper_decimal(int64_t units, int32_t scale) {
  return decimal(units < 0 ? (magnitude)0 - (magnitude)units : (magnitude)units, -scale, units < 0);
}

bourse_decimal bourse__paper_money_decimal(paper_money money) {
  magnitude m = money < 0 ? (magnitude)0 - (magnitude)money : (magnitude)money;
  int32_t exponent = -PAPER_MONEY_SCALE;
  if (m == 0) exponent = 0;
  static const int32_t steps[] = {9, 4, 2, 1, 1};
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    magnitude divisor = (magnitude)powers[steps[i]];
    if (exponent + steps[i] > 0 || m % divisor != 0) continue;
    m /= divisor;
    exponent += steps[i];
  }
  for (; exponent < 0 && m % 10 == 0; exponent++) m /= 10;
  return decimal(m, exponent, money < 0);
}

bourse_decimal bourse__paper_average(const paper_market *market, paper_money cost, int64_t amount, int32_t digits) {
  bourse_decimal out = {0, 0, 0, 0};
  if (amount == 0) return out;
  bourse_decimal total = bourse__paper_money_decimal(cost), size = bourse__paper_decimal(amount, market->amount_scale);
  if (bourse_decimal_div(&out, &total, &size, market->price_scale + digits, BOURSE_ROUND_HALF_EVEN) != BOURSE_OK)
    return out;
  bourse_decimal_trim(&out, &out);
  return out;
}

int32_t bourse__paper_cost(paper_money *out, const paper_market *market, int64_t price, int64_t amount) {
  *out = PAPER_MONEY_MAX;
  paper_money cost;
  if (__builtin_mul_overflow((paper_money)price * amount, market->unit_cost, &cost)) return 0;
  if (cost > PAPER_MONEY_MAX || cost < -PAPER_MONEY_MAX) return 0;
  *out = cost;
  return 1;
}

/* amount * part / whole without a 256-bit product: part <= whole < 2^63, so both products fit. */
paper_money bourse__paper_share(paper_money amount, int64_t part, int64_t whole) {
  if (part >= whole) return amount;
  return amount / whole * part + amount % whole * part / whole;
}

int64_t bourse__paper_remaining(const paper_order *order) {
  if (order->amount == PAPER_ENDLESS) return PAPER_ENDLESS;
  int64_t rest = order->amount - order->filled - order->prevented;
  return rest < 0 ? 0 : rest;
}
