/* api/socket_call.c - requests sent as messages over a socket: their answers are judged like any other's. What was sent and
 * not answered when the connection breaks has an unknown fate. */
#include <stdio.h>
#include <string.h>

#include "api/journal.h"
#include "api/rails.h"
#include "api/streaming.h"

static void unlink_request(bourse__running *running) {
  bourse__link *link = running->link;
  if (link == NULL) return;
  for (bourse__running **at = &link->requests; *at != NULL; at = &(*at)->next_on_link)
    if (*at == running) {
      *at = running->next_on_link;
      break;
    }
  running->next_on_link = NULL;
  running->link = NULL;
}

static void answer(bourse__running *running, int32_t error, int32_t status, int32_t sent, const char *text,
                   bourse_slice body) {
  bourse_context *context = running->context;
  bourse_http_reply reply = {
      .struct_size = sizeof reply,
      .error = error,
      .http_status = status,
      .sent = sent,
      .body = body.data == NULL ? "" : body.data,
      .body_length = body.length,
      .error_text = text,
      .received_ns = bourse__loop_now_ns(context->loop),
      .received_monotonic_ns = bourse__loop_monotonic_ns(context->loop),
  };
  unlink_request(running);
  bourse__running_reply(running, &reply);
}

/* Signs and sends; the link is READY. */
static int32_t send_now(bourse__running *running, bourse__link *link) {
  bourse_call *call = &running->call;
  bourse_context *context = running->context;
  int32_t admitted = bourse__rails_admit(running); /* it may have waited for the connection */
  if (admitted != BOURSE_OK) return admitted;
  int32_t code = bourse__journal_begin(running);
  if (code != BOURSE_OK) return code;
  call->now_ns = bourse__exchange_now_ns(running->exchange);
  call->message_id = ++link->last_id;
  call->token = link->seen.token;
  call->nonce = bourse__next_nonce(running);
  code = running->failure.error.code != BOURSE_OK ? running->failure.error.code : call->adapter->sign(call);
  if (code != BOURSE_OK && running->failure.error.code == BOURSE_OK)
    bourse_fail(call, code, NULL, "%s could not be signed", running->info->name);
  if (running->failure.error.code != BOURSE_OK) return running->failure.error.code;
  if (call->wire.body == NULL)
    return bourse_fail(call, BOURSE_ERROR_INTERNAL, NULL, "%s wrote no message", running->info->name);
  running->acted_before = running->sent_acting;
  running->sent_acting |= (call->endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0;
  running->last_sent_utc_ns = bourse__loop_now_ns(context->loop);
  context->metrics[BOURSE__METRIC_REQUESTS]++;
  code = bourse__link_write(link, call->wire.body, call->wire.body_length);
  if (code == BOURSE_OK) return BOURSE_OK;
  running->sent_acting = running->acted_before;
  bourse__journal_unsent(running);
  return bourse_fail(call, code, NULL, "%s could not be handed to the connection", running->info->name);
}

int32_t bourse__socket_send(bourse__running *running) {
  bourse_call *call = &running->call;
  bourse_exchange *exchange = running->exchange;
  if (exchange->adapter->stream == NULL || exchange->context->transport.connect == NULL ||
      (uint32_t)call->wire.host >= exchange->adapter->stream->socket_count)
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, NULL, "%s cannot be sent over a socket here",
                       running->info->name);
  bourse__link *link = bourse__link_for_requests(exchange, (uint32_t)call->wire.host, call->product);
  if (link == NULL) return bourse_fail_memory(call);
  running->link = link;
  running->next_on_link = link->requests;
  link->requests = running;
  running->in_flight = 1;
  running->call.message_id = 0; /* not sent yet */
  if (link->phase == BOURSE__LINK_IDLE) bourse__link_start(link);
  if (link->phase == BOURSE__LINK_READY && running->link == link && running->call.message_id == 0) {
    int32_t code = send_now(running, link);
    if (code != BOURSE_OK) {
      unlink_request(running);
      running->in_flight = 0;
      return code;
    }
  }
  return BOURSE_OK;
}

/* The link has become ready: what waited for it goes out. */
void bourse__socket_flush(bourse__link *link) {
  for (bourse__running *running = link->requests, *next; running != NULL; running = next) {
    next = running->next_on_link;
    if (running->call.message_id != 0) continue;
    int32_t code = send_now(running, link);
    if (code == BOURSE_OK) continue;
    unlink_request(running);
    running->in_flight = 0;
    bourse__running_finish(running, code == BOURSE_DONE ? BOURSE_OK : code);
    next = link->requests; /* others may have moved on meanwhile */
  }
}

void bourse__socket_cancel(bourse__running *running) { unlink_request(running); }

void bourse__socket_fail(bourse__link *link, int32_t code, const char *text) {
  bourse_slice none = {"", 0};
  bourse__running *running;
  if (code == BOURSE_OK || code > -200) code = BOURSE_ERROR_DISCONNECTED;
  while ((running = link->requests) != NULL)
    answer(running, code, 0, running->call.message_id != 0 ? BOURSE_YES : BOURSE_NO, text, none);
}

void bourse_emit_reply(bourse_link *seen, int64_t id, int32_t http_status, bourse_slice body) {
  bourse__link *link = (bourse__link *)seen;
  for (bourse__running *running = link->requests; running != NULL; running = running->next_on_link)
    if (running->call.message_id == id && id != 0) {
      answer(running, BOURSE_OK, http_status, BOURSE_YES, NULL, body);
      return;
    }
}
