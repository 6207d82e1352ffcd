/* api/cursor.c - pages that the exchange names: by a token, or by their number. The contract is bourse/sys/adapter.h. */
#include <inttypes.h>
#include <string.h>

#include "api/api.h"

/* An exchange whose pages never end must not be asked for ever. */
#define PAGES_MAX 50

/* --- By a token --- */

uint32_t bourse_page_size(const bourse_call *call, uint32_t most) {
  uint32_t wanted = call->request->limit, have = bourse_appended(call);
  if (wanted == 0) return 0;
  return wanted <= have ? 1 : wanted - have < most ? wanted - have : most;
}

const char *bourse_page_token(const bourse_call *call) {
  return call->running->page_token != NULL ? call->running->page_token : call->request->cursor;
}

void bourse_restart_pages(bourse_call *call) {
  call->running->page_token = NULL;
  call->running->pages = 0;
}

static int32_t is_last(const bourse_page *page) {
  return page->token == NULL || page->token[0] == '\0' || page->rows == 0;
}

int32_t bourse_look_on(bourse_call *call, const bourse_page *page) {
  bourse__running *running = call->running;
  if (is_last(page) || running->pages >= PAGES_MAX) {
    running->page_token = NULL; /* another list may follow */
    return BOURSE_OK;
  }
  running->pages++;
  running->page_token = bourse_arena_copy(call->arena, page->token, strlen(page->token));
  return running->page_token != NULL ? BOURSE_CONTINUE : bourse_fail_memory(call);
}

int32_t bourse_next_page(bourse_call *call, const bourse_page *page, int32_t order) {
  const bourse_request *request = call->request;
  if (is_last(page)) return bourse_look_on(call, page);
  int32_t whole = order == BOURSE_NEWEST_FIRST && request->since_ns != 0 && request->limit != 0;
  if ((whole || bourse_appended(call) < request->limit) && call->running->pages < PAGES_MAX)
    return bourse_look_on(call, page);
  bourse_set_cursor(call, page->token);
  return BOURSE_OK;
}

/* --- By their number --- */

int64_t bourse_page_number(bourse_call *call) {
  const char *cursor = call->request->cursor;
  if (cursor == NULL) return 0;
  if (strspn(cursor, "0123456789") == strlen(cursor) && strlen(cursor) <= 9 && cursor[0] != '0' && cursor[0] != '\0')
    return bourse_slice_int(bourse_slice_of(cursor));
  bourse_fail(call, BOURSE_ERROR_ARGUMENT, "cursor", "cursor is \"%s\"; the number of a page is wanted", cursor);
  return -1;
}

int32_t bourse_set_page_number(bourse_call *call, int64_t number) {
  const char *cursor = bourse_arena_format(call->arena, "%" PRId64, number);
  if (cursor == NULL) return bourse_fail_memory(call);
  bourse_set_cursor(call, cursor);
  return BOURSE_OK;
}
