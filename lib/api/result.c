/* api/result.c - results: records of one kind in one arena. */
#include <bourse/journal.h>
#include <bourse/result.h>

#include <string.h>

#include "api/api.h"

bourse_result *bourse__result_new(const bourse_allocator *allocator, int32_t operation, int32_t kind) {
  bourse_arena *arena = bourse__arena_new(allocator, 4096);
  if (arena == NULL) return NULL;
  bourse_result *result = bourse_arena_alloc(arena, sizeof *result);
  if (result == NULL) {
    bourse__arena_free(arena);
    return NULL;
  }
  const bourse_struct_info *info = bourse_schema_record(kind);
  result->arena = arena;
  result->operation = operation;
  result->kind = kind;
  result->record_size = info == NULL ? 0 : info->size;
  return result;
}

void bourse__result_use(bourse_result *result, bourse__markets *markets) {
  if (markets == NULL) return;
  for (uint32_t i = 0; i < result->table_count; i++)
    if (result->tables[i] == markets) return;
  if (result->table_count == BOURSE__RESULT_TABLES) return;
  result->tables[result->table_count++] = bourse__markets_keep(markets);
}

void bourse_result_free(bourse_result *result) {
  if (result == NULL) return;
  for (uint32_t i = 0; i < result->table_count; i++) bourse__markets_drop(result->tables[i]);
  bourse__release(&result->arena->allocator, result->memory);
  bourse__arena_free(result->arena);
}

int32_t bourse_result_code(const bourse_result *result) { return result == NULL ? BOURSE_ERROR_ARGUMENT : result->code; }

const bourse_error *bourse_result_error(const bourse_result *result) {
  static const bourse_error none = {sizeof(bourse_error), 0, 0, 0, 0, "", "", "", "", "", "", ""};
  return result == NULL || result->failure == NULL ? &none : &result->failure->error;
}

int32_t bourse_result_operation(const bourse_result *result) { return result == NULL ? 0 : result->operation; }

int32_t bourse_result_kind(const bourse_result *result) { return result == NULL ? 0 : result->kind; }

uint32_t bourse_result_count(const bourse_result *result) { return result == NULL ? 0 : result->count; }

const void *bourse_result_record(const bourse_result *result, uint32_t index) {
  if (result == NULL || index >= result->count) return NULL;
  return result->records + (size_t)index * result->record_size;
}

static const void *typed(const bourse_result *result, uint32_t index, int32_t kind) {
  return result != NULL && result->kind == kind ? bourse_result_record(result, index) : NULL;
}

#define TYPED(name_, kind_)                                                                        \
  const bourse_##name_ *bourse_result_##name_(const bourse_result *result, uint32_t index) {      \
    return (const bourse_##name_ *)typed(result, index, BOURSE_KIND_##kind_);                     \
  }

TYPED(server_time, SERVER_TIME)
TYPED(system_status, SYSTEM_STATUS)
TYPED(market, MARKET)
TYPED(currency, CURRENCY)
TYPED(ticker, TICKER)
TYPED(order_book, ORDER_BOOK)
TYPED(trade, TRADE)
TYPED(candle, CANDLE)
TYPED(funding_rate, FUNDING_RATE)
TYPED(open_interest, OPEN_INTEREST)
TYPED(leverage_tier, LEVERAGE_TIER)
TYPED(balance, BALANCE)
TYPED(position, POSITION)
TYPED(leverage, LEVERAGE)
TYPED(fee, FEE)
TYPED(ledger_entry, LEDGER_ENTRY)
TYPED(permissions, PERMISSIONS)
TYPED(account_info, ACCOUNT_INFO)
TYPED(order, ORDER)
TYPED(fill, FILL)
TYPED(transfer, TRANSFER)
TYPED(deposit_address, DEPOSIT_ADDRESS)
TYPED(transaction, TRANSACTION)
TYPED(borrow_rate, BORROW_RATE)
TYPED(borrow_interest, BORROW_INTEREST)
TYPED(loan, LOAN)
TYPED(receipt, RECEIPT)
TYPED(journal_entry, JOURNAL_ENTRY)

const bourse_order *bourse_journal_entry_order(const bourse_journal_entry *entry) {
  return entry == NULL || entry->order_count == 0 ? NULL : entry->order;
}

const bourse_network *bourse_currency_network(const bourse_currency *currency, uint32_t index) {
  return currency == NULL || index >= currency->network_count ? NULL : &currency->networks[index];
}

const bourse_level *bourse_order_book_bid(const bourse_order_book *book, uint32_t index) {
  return book == NULL || index >= book->bid_count ? NULL : &book->bids[index];
}

const bourse_level *bourse_order_book_ask(const bourse_order_book *book, uint32_t index) {
  return book == NULL || index >= book->ask_count ? NULL : &book->asks[index];
}

const bourse_fill *bourse_order_fill(const bourse_order *order, uint32_t index) {
  return order == NULL || index >= order->fill_count ? NULL : &order->fills[index];
}

const char *bourse_result_cursor(const bourse_result *result) { return result == NULL ? NULL : result->cursor; }

const char *bourse_result_raw(const bourse_result *result, size_t *length) {
  if (length != NULL) *length = result == NULL ? 0 : result->raw_length;
  return result == NULL ? NULL : result->raw;
}

int32_t bourse_result_http_status(const bourse_result *result) { return result == NULL ? 0 : result->http_status; }

int64_t bourse_result_received_ns(const bourse_result *result) { return result == NULL ? 0 : result->received_ns; }

int64_t bourse_result_delivered_ns(const bourse_result *result) { return result == NULL ? 0 : result->delivered_ns; }

int32_t bourse_result_outcome(const bourse_result *result) {
  return result == NULL ? BOURSE_OUTCOME_NONE : result->outcome;
}
