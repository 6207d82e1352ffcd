/* api/tables.c - the small tables of adapters: error codes, words, lengths of candles, operations served by others'
 * endpoints. The contract is bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"

/* --- Error codes --- */

int32_t bourse_error_of(const bourse_error_row *rows, size_t count, bourse_slice code) {
  for (size_t i = 0; i < count; i++)
    if (bourse_slice_is(code, rows[i].code)) return rows[i].error;
  return 0;
}

int32_t bourse_error_by_text(const bourse_error_hint *rows, size_t count, bourse_slice code, bourse_slice message) {
  for (size_t i = 0; i < count; i++)
    if ((rows[i].code == NULL || bourse_slice_is(code, rows[i].code)) && bourse_slice_contains(message, rows[i].text))
      return rows[i].error;
  return 0;
}

/* --- Words --- */

const char *bourse_word_name(const bourse_word *rows, size_t count, const char *native) {
  for (size_t i = 0; native != NULL && i < count; i++)
    if (strcmp(rows[i].native, native) == 0) return rows[i].name;
  return native;
}

const char *bourse_word_native(const bourse_word *rows, size_t count, const char *name) {
  for (size_t i = 0; name != NULL && i < count; i++)
    if (strcmp(rows[i].name, name) == 0) return rows[i].native;
  return name;
}

/* --- Lengths of candles --- */

const bourse_interval *bourse_interval_of(const bourse_interval *table, size_t count, const char *timeframe) {
  for (size_t i = 0; timeframe != NULL && i < count; i++)
    if (strcmp(table[i].timeframe, timeframe) == 0) return &table[i];
  return NULL;
}

/* "1m, 5m, 1h" */
static const char *all_of(bourse_arena *arena, const bourse_interval *table, size_t count) {
  bourse_text text;
  bourse_text_init(&text, arena);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) bourse_text_string(&text, ", ");
    bourse_text_string(&text, table[i].timeframe);
  }
  const char *all = bourse_text_finish(&text);
  return all == NULL ? "" : all;
}

const bourse_interval *bourse_named_interval(bourse_call *call, const bourse_interval *table, size_t count,
                                             const char *timeframe) {
  const bourse_interval *found = bourse_interval_of(table, count, timeframe);
  if (found == NULL)
    bourse_fail(call, BOURSE_ERROR_ARGUMENT, "timeframe", "timeframe is \"%s\"; allowed: %s",
                timeframe == NULL ? "" : timeframe, all_of(call->arena, table, count));
  return found;
}

const bourse_interval *bourse_find_interval(bourse_call *call, const bourse_interval *table, size_t count) {
  return bourse_named_interval(call, table, count, call->request->timeframe);
}

void bourse_end_candle(const bourse_call *call, bourse_candle *candle, const bourse_interval *table, size_t count) {
  const bourse_interval *interval = bourse_interval_of(table, count, call->request->timeframe);
  if (interval == NULL || candle->time_ns > INT64_MAX - interval->length_ns) return;
  candle->close_time_ns = candle->time_ns + interval->length_ns - 1000000;
  candle->closed = candle->close_time_ns < call->now_ns ? BOURSE_YES : BOURSE_NO;
}

const bourse_interval *bourse_watch_interval(bourse_watch_call *call, const bourse_interval *table, size_t count) {
  const char *timeframe = call->request->timeframe;
  const bourse_interval *found = bourse_interval_of(table, count, timeframe);
  if (found == NULL)
    bourse_watch_fail(call, BOURSE_ERROR_ARGUMENT, "timeframe", "timeframe is \"%s\"; %s streams %s",
                      timeframe == NULL ? "" : timeframe, call->adapter->title, all_of(call->arena, table, count));
  return found;
}

/* --- Operations --- */

int32_t bourse_alias_of(const bourse_alias *rows, size_t count, int32_t operation) {
  for (size_t i = 0; i < count; i++)
    if (rows[i].operation == operation) return rows[i].served_by;
  return operation;
}
