/* bourse/result.h - what an operation gave: typed records in one arena.
 *
 * A result belongs to who received it and is freed with bourse_result_free, in any order with exchanges and contexts and
 * from any one thread. Pointers and strings reached through it live as long as it does. */
#ifndef BOURSE_RESULT_H
#define BOURSE_RESULT_H

#include <bourse/account.h>
#include <bourse/base.h>
#include <bourse/error.h>
#include <bourse/market.h>
#include <bourse/order.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_result bourse_result;
struct bourse_journal_entry; /* bourse/journal.h */

/* Kind of a result's records. */
enum {
  BOURSE_KIND_SERVER_TIME = 1,
  BOURSE_KIND_SYSTEM_STATUS = 2,
  BOURSE_KIND_MARKET = 3,
  BOURSE_KIND_CURRENCY = 4,
  BOURSE_KIND_TICKER = 5,
  BOURSE_KIND_ORDER_BOOK = 6,
  BOURSE_KIND_TRADE = 7,
  BOURSE_KIND_CANDLE = 8,
  BOURSE_KIND_FUNDING_RATE = 9,
  BOURSE_KIND_OPEN_INTEREST = 10,
  BOURSE_KIND_LEVERAGE_TIER = 11,
  BOURSE_KIND_BALANCE = 12,
  BOURSE_KIND_POSITION = 13,
  BOURSE_KIND_LEVERAGE = 14,
  BOURSE_KIND_FEE = 15,
  BOURSE_KIND_LEDGER_ENTRY = 16,
  BOURSE_KIND_PERMISSIONS = 17,
  BOURSE_KIND_ACCOUNT_INFO = 18,
  BOURSE_KIND_ORDER = 19,
  BOURSE_KIND_FILL = 20,
  BOURSE_KIND_TRANSFER = 21,
  BOURSE_KIND_DEPOSIT_ADDRESS = 22,
  BOURSE_KIND_TRANSACTION = 23,
  BOURSE_KIND_BORROW_RATE = 24,
  BOURSE_KIND_BORROW_INTEREST = 25,
  BOURSE_KIND_LOAN = 26,
  BOURSE_KIND_RECEIPT = 27,
  BOURSE_KIND_RAW = 28,     /* no records; see bourse_result_raw */
  BOURSE_KIND_NETWORK = 29, /* inside a currency */
  BOURSE_KIND_LEVEL = 30,   /* inside an order book */
  BOURSE_KIND_JOURNAL_ENTRY = 31
};

/* Frees. NULL is fine. */
BOURSE_API void bourse_result_free(bourse_result *result);

/* BOURSE_OK, or the code the operation failed with. */
BOURSE_API int32_t bourse_result_code(const bourse_result *result);

/* Detail of the failure; all "" and 0 when there was none. Never NULL for a result. */
BOURSE_API const bourse_error *bourse_result_error(const bourse_result *result);

/* What it is of: BOURSE_OP_*, BOURSE_KIND_* of its records, and how many there are; all 0 for NULL. No errors. */
BOURSE_API int32_t bourse_result_operation(const bourse_result *result);
BOURSE_API int32_t bourse_result_kind(const bourse_result *result);
BOURSE_API uint32_t bourse_result_count(const bourse_result *result);

/* Record `index` as a pointer to the struct of the result's kind; NULL past the end. */
BOURSE_API const void *bourse_result_record(const bourse_result *result, uint32_t index);

/* The same, typed; NULL past the end and when the result is of another kind. */
BOURSE_API const bourse_server_time *bourse_result_server_time(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_system_status *bourse_result_system_status(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_market *bourse_result_market(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_currency *bourse_result_currency(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_ticker *bourse_result_ticker(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_order_book *bourse_result_order_book(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_trade *bourse_result_trade(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_candle *bourse_result_candle(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_funding_rate *bourse_result_funding_rate(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_open_interest *bourse_result_open_interest(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_leverage_tier *bourse_result_leverage_tier(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_balance *bourse_result_balance(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_position *bourse_result_position(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_leverage *bourse_result_leverage(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_fee *bourse_result_fee(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_ledger_entry *bourse_result_ledger_entry(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_permissions *bourse_result_permissions(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_account_info *bourse_result_account_info(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_order *bourse_result_order(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_fill *bourse_result_fill(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_transfer *bourse_result_transfer(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_deposit_address *bourse_result_deposit_address(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_transaction *bourse_result_transaction(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_borrow_rate *bourse_result_borrow_rate(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_borrow_interest *bourse_result_borrow_interest(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_loan *bourse_result_loan(const bourse_result *result, uint32_t index);
BOURSE_API const bourse_receipt *bourse_result_receipt(const bourse_result *result, uint32_t index);
BOURSE_API const struct bourse_journal_entry *bourse_result_journal_entry(const bourse_result *result, uint32_t index);

/* What to put into bourse_request.cursor for the next page; NULL when there is none. */
BOURSE_API const char *bourse_result_cursor(const bourse_result *result);

/* The exchange's reply as it came (the last one, where the operation took several), when keep_raw was asked for or the
 * operation is call_raw; NULL otherwise. *length may be NULL; a NUL follows the bytes. */
BOURSE_API const char *bourse_result_raw(const bourse_result *result, size_t *length);

/* HTTP status of the last reply, 0: none. No errors. */
BOURSE_API int32_t bourse_result_http_status(const bourse_result *result);

/* UTC nanoseconds: when the (last) reply was whole, and when it was given to the caller; 0 for NULL. No errors. */
BOURSE_API int64_t bourse_result_received_ns(const bourse_result *result);
BOURSE_API int64_t bourse_result_delivered_ns(const bourse_result *result);

/* What became of what was asked: BOURSE_OUTCOME_*; _NONE for NULL. No errors. */
BOURSE_API int32_t bourse_result_outcome(const bourse_result *result);

#ifdef __cplusplus
}
#endif
#endif
