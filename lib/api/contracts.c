/* api/contracts.c - sizes in contracts and in base units. The contract is bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* Digits of a quotient that is to be exact: contract sizes have few. */
#define DIGITS 24

static int32_t has_size(const bourse_market *market) {
  return (market->product == BOURSE_PRODUCT_LINEAR || market->product == BOURSE_PRODUCT_OPTION) &&
         bourse_decimal_sign(&market->contract_size) > 0;
}

int32_t bourse_to_contracts(bourse_call *call, const bourse_market *market, const char *field,
                            const bourse_decimal *amount, bourse_decimal *out) {
  char given[BOURSE_DECIMAL_TEXT_SIZE], size[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal back;
  memset(out, 0, sizeof *out);
  if (!bourse_decimal_is_present(amount)) return BOURSE_OK;
  if (!has_size(market))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, field, "%s is in base units, and %s is traded in contracts", field,
                       market->symbol);
  if (bourse_decimal_div(out, amount, &market->contract_size, DIGITS, BOURSE_ROUND_DOWN) == BOURSE_OK &&
      bourse_decimal_mul(&back, out, &market->contract_size) == BOURSE_OK &&
      bourse_decimal_compare(&back, amount) == 0) {
    bourse_decimal_trim(out, out);
    return BOURSE_OK;
  }
  bourse_decimal_format(given, sizeof given, amount);
  bourse_decimal_format(size, sizeof size, &market->contract_size);
  return bourse_fail(call, BOURSE_ERROR_PRECISION, field,
                     "%s of %s is %s, which contracts of %s cannot make up exactly", field, market->symbol, given,
                     size);
}

int32_t bourse_order_contracts(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                               bourse_decimal *out) {
  *out = order->contracts;
  return PRESENT(order->contracts) ? BOURSE_OK : bourse_to_contracts(call, market, "amount", &order->amount, out);
}

void bourse_from_contracts(const bourse_market *market, const bourse_decimal *contracts, bourse_decimal *amount) {
  if (market != NULL && has_size(market) && bourse_decimal_is_present(contracts) &&
      bourse_decimal_mul(amount, contracts, &market->contract_size) != BOURSE_OK)
    memset(amount, 0, sizeof *amount);
}
