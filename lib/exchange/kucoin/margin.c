/* exchange/kucoin/margin.c - borrowing and paying back on margin, what it costs, and leverage there. */
#include <string.h>

#include "exchange/kucoin/kucoin.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* A market means its isolated account. */
static int32_t is_isolated(const bourse_call *call) {
  return call->margin_mode == BOURSE_MARGIN_ISOLATED || call->request->symbol != NULL;
}

static int32_t check_account(bourse_call *call) {
  if (call->margin_mode == BOURSE_MARGIN_ISOLATED && call->request->symbol == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbol", "symbol is needed: the market of the isolated account");
  return BOURSE_OK;
}

static const char *market_id(const bourse_call *call) {
  return call->market != NULL ? call->market->id : call->request->symbol;
}

BUILD(borrow) {
  const bourse_request *request = call->request;
  int32_t code = check_account(call);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "currency", request->currency);
  bourse_put_decimal(call, "size", &request->amount);
  if (call->operation == BOURSE_OP_BORROW_MARGIN) bourse_put(call, "timeInForce", "FOK");
  if (is_isolated(call)) {
    bourse__kucoin_put_true(call, "isIsolated");
    bourse_put(call, "symbol", market_id(call));
  }
  bourse__kucoin_put_true(call, "isHf");
  return BOURSE_OK;
}

static const bourse_name statuses[] = {
    {"SUCCESS", BOURSE_TRANSFER_OK},         {"DONE", BOURSE_TRANSFER_OK},
    {"FAILED", BOURSE_TRANSFER_FAILED},      {"PENDING", BOURSE_TRANSFER_PENDING},
    {"PROCESSING", BOURSE_TRANSFER_PENDING}, {NULL, 0},
};

typedef struct loan_row {
  bourse_loan loan;
  const char *names[2];
  bourse_decimal actual;
  bourse_decimal size;
  bourse_decimal principal;
} loan_row;

static const bourse_field loan_fields[] = {
    BOURSE_FIELD_MUST("orderNo", ID, loan_row, loan.id),
    KUCOIN_MARKET("symbol", loan_row, names),
    KUCOIN_CURRENCY("currency", loan_row, loan.currency),
    BOURSE_FIELD("size", DECIMAL, loan_row, size),
    BOURSE_FIELD("actualSize", DECIMAL, loan_row, actual),
    BOURSE_FIELD("principal", DECIMAL, loan_row, principal),
    BOURSE_FIELD("interest", DECIMAL, loan_row, loan.interest),
    BOURSE_FIELD_ENUM("status", loan_row, loan.status, statuses),
    KUCOIN_TIME("createdTime", loan_row, loan.time_ns),
};
static const bourse_table loan_table = BOURSE_TABLE(loan_fields);

/* What was really lent, or paid back. */
static int32_t append_loan(bourse_call *call, const loan_row *row, int32_t kind) {
  bourse_loan *loan = bourse_append(call, BOURSE_KIND_LOAN);
  if (loan == NULL) return BOURSE_ERROR_MEMORY;
  *loan = row->loan;
  loan->kind = kind;
  loan->symbol = row->names[0] != NULL ? row->names[0] : row->names[1];
  loan->amount = PRESENT(row->actual) ? row->actual : row->size;
  return BOURSE_OK;
}

PARSE(loan) {
  loan_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &loan_table, &row);
  if (code != BOURSE_OK) return code;
  code = append_loan(call, &row, call->operation == BOURSE_OP_BORROW_MARGIN ? BOURSE_LOAN_BORROW : BOURSE_LOAN_REPAY);
  if (code != BOURSE_OK) return code;
  bourse_loan *loan = bourse_appended_at(call, 0);
  loan->currency = call->request->currency;
  loan->symbol = call->request->symbol;
  if (!PRESENT(loan->amount)) loan->amount = call->request->amount;
  loan->time_ns = call->now_ns;
  loan->status = BOURSE_TRANSFER_OK;
  return BOURSE_OK;
}

static void put_times(bourse_call *call, uint32_t most) {
  uint32_t limit = call->request->limit;
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime", call->until_ns);
  bourse_put(call, "currentPage", bourse_page_token(call));
  bourse_put_uint(call, "pageSize", limit == 0 || limit <= most ? limit : most);
}

/* Loans, then what was paid back. */
BUILD(loans) {
  int32_t code = check_account(call);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "currency", call->request->currency);
  bourse_put(call, "isIsolated", bourse_bool_text(is_isolated(call)));
  bourse_put(call, "symbol", market_id(call));
  bourse_put(call, "orderNo", call->request->id);
  put_times(call, 500);
  return BOURSE_OK;
}

static int32_t loan_row_read(bourse_call *call, bourse_decoder *decoder) {
  loan_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &loan_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.loan.time_ns)) return code;
  return append_loan(call, &row, call->endpoint->variant == KUCOIN_REPAID ? BOURSE_LOAN_REPAY : BOURSE_LOAN_BORROW);
}

PARSE(loans) {
  int32_t code = bourse__kucoin_pages(call, reply, loan_row_read);
  if (code != BOURSE_OK || call->scratch[SCRATCH_STAGE] != 0 || call->request->cursor != NULL) return code;
  call->scratch[SCRATCH_STAGE] = 1;
  bourse_restart_pages(call);
  return BOURSE_CONTINUE;
}

/* --- Interest: what was charged tells the rates of the past, too --- */

BUILD(interest) {
  int32_t code = check_account(call);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "isIsolated", bourse_bool_text(is_isolated(call)));
  bourse_put(call, "symbol", market_id(call));
  bourse_put(call, "currency", call->request->currency);
  put_times(call, 500);
  return BOURSE_OK;
}

static const bourse_field interest_fields[] = {
    BOURSE_FIELD_FULL("currency", CUSTOM, bourse_borrow_interest, currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD("dayRatio", DECIMAL, bourse_borrow_interest, rate),
    BOURSE_FIELD("interestAmount", DECIMAL, bourse_borrow_interest, interest),
    BOURSE_FIELD_FULL("createdTime", CUSTOM, bourse_borrow_interest, time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_time),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

static int32_t interest_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_borrow_interest row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &interest_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  if (call->operation == BOURSE_OP_FETCH_BORROW_INTEREST) {
    bourse_borrow_interest *interest = bourse_append(call, BOURSE_KIND_BORROW_INTEREST);
    if (interest == NULL) return BOURSE_ERROR_MEMORY;
    *interest = row;
    interest->symbol = call->request->symbol;
    interest->margin_mode = is_isolated(call) ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
    return BOURSE_OK;
  }
  bourse_borrow_rate *rate = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  rate->currency = row.currency;
  rate->time_ns = row.time_ns;
  rate->rate = row.rate;
  rate->interval_ns = KUCOIN_DAY;
  return BOURSE_OK;
}

PARSE(interest) { return bourse__kucoin_pages(call, reply, interest_row); }

/* --- What borrowing costs now: the same for cross and isolated accounts --- */

BUILD(borrow_rates) {
  if (call->request->symbol != NULL)
    return bourse_unsupported(call, "symbol", "rates are of currencies, the same in all margin accounts");
  bourse_put(call, "currency", call->request->currency);
  return BOURSE_OK;
}

static const bourse_field rate_fields[] = {
    BOURSE_FIELD_FULL("currency", CUSTOM, bourse_borrow_rate, currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD_MUST("hourlyBorrowRate", DECIMAL, bourse_borrow_rate, rate),
};
static const bourse_table rate_table = BOURSE_TABLE(rate_fields);

static int32_t rate_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_borrow_rate *rate = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  rate->time_ns = call->now_ns;
  rate->interval_ns = KUCOIN_HOUR;
  return bourse_decode_object(decoder, &rate_table, rate);
}

PARSE(borrow_rates) { return bourse__kucoin_list(call, reply, "items", rate_row); }

/* --- Leverage --- */

BUILD(leverage) {
  if (call->margin_mode == BOURSE_MARGIN_ISOLATED && bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put_decimal(call, "leverage", &call->request->leverage);
  if (call->margin_mode == BOURSE_MARGIN_ISOLATED) {
    bourse__kucoin_put_true(call, "isIsolated");
    bourse_put(call, "symbol", call->market->id);
  }
  return BOURSE_OK;
}
