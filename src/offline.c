/* offline.c - request and decode: the library runs as always, over a transport that shows instead of sending. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct capture {
  const cli_options *options;
  cli_buffer *replies;
  uint32_t reply_count;
  uint32_t shown;
  int stopped; /* a request found no reply left */
} capture;

static void show_json(const cli_options *options, const bourse_http_request *request) {
  cli_buffer out = {0}, part = {0};
  cli_add(&out, "{\"method\":");
  cli_add_json(&out, request->method);
  cli_add(&out, ",\"url\":");
  cli_add_url(&part, request->url, options->reveal);
  cli_add_json(&out, part.data);
  cli_add(&out, ",\"headers\":{");
  for (uint32_t i = 0; i < request->header_count; i++) {
    const bourse_http_header *header = &request->headers[i];
    if (i > 0) cli_add_char(&out, ',');
    cli_add_json(&out, header->name);
    cli_add_char(&out, ':');
    cli_add_json(&out, cli_header_value(header->name, header->value, options->reveal));
  }
  cli_add(&out, "},\"body\":");
  cli_free_buffer(&part);
  if (request->body != NULL && request->body_length > 0) {
    cli_add_body(&part, request->body, request->body_length, options->reveal);
    cli_add_json_bytes(&out, part.data, part.length);
  } else {
    cli_add(&out, "null");
  }
  cli_add(&out, "}\n");
  fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&part);
  cli_free_buffer(&out);
}

static void show_text(const cli_options *options, const bourse_http_request *request, int first) {
  cli_buffer out = {0}, part = {0};
  if (!first) cli_add_char(&out, '\n');
  cli_add_url(&part, request->url, options->reveal);
  cli_add_format(&out, "%s ", request->method);
  cli_add_clean(&out, part.data);
  cli_add_char(&out, '\n');
  for (uint32_t i = 0; i < request->header_count; i++) {
    const bourse_http_header *header = &request->headers[i];
    cli_add_clean(&out, header->name);
    cli_add(&out, ": ");
    cli_add_clean(&out, cli_header_value(header->name, header->value, options->reveal));
    cli_add_char(&out, '\n');
  }
  cli_free_buffer(&part);
  if (request->body != NULL && request->body_length > 0) {
    cli_add_body(&part, request->body, request->body_length, options->reveal);
    cli_add_char(&out, '\n');
    cli_add_clean(&out, part.data);
    cli_add_char(&out, '\n');
  }
  fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&part);
  cli_free_buffer(&out);
}

static int32_t capture_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  capture *seen = user_data;
  bourse_http_reply reply = {.struct_size = sizeof reply};
  if (seen->options->format == CLI_JSON)
    show_json(seen->options, request);
  else
    show_text(seen->options, request, seen->shown == 0);
  if (seen->shown < seen->reply_count) {
    reply.http_status = 200;
    reply.sent = BOURSE_YES;
    reply.body = seen->replies[seen->shown].length > 0 ? seen->replies[seen->shown].data : "";
    reply.body_length = seen->replies[seen->shown].length;
  } else {
    seen->stopped = 1;
    reply.error = BOURSE_ERROR_CANCELED;
    reply.sent = BOURSE_NO;
    reply.error_text = "nothing is sent";
  }
  seen->shown++;
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void capture_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static int read_replies(capture *seen, const cli_options *options) {
  seen->options = options;
  seen->replies = cli_alloc((options->reply_count + 1) * sizeof *seen->replies);
  for (uint32_t i = 0; i < options->reply_count; i++) {
    int error = cli_read_file(&seen->replies[i], options->replies[i]);
    if (error != 0)
      return cli_fail(CLI_LOCAL, "%s: the reply cannot be read: %s", options->replies[i], strerror(error));
    seen->reply_count++;
  }
  return CLI_OK;
}

static void free_capture(capture *seen) {
  for (uint32_t i = 0; i < seen->reply_count; i++) cli_free_buffer(&seen->replies[i]);
  free(seen->replies);
}

/* Opens a handle over the capturing transport, in *session as prepared by the caller. */
static int open_offline(cli_session *session, capture *seen, bourse_transport *transport, const cli_options *options,
                        const char *exchange, int flags) {
  memset(transport, 0, sizeof *transport);
  transport->struct_size = sizeof *transport;
  transport->api_version = BOURSE_API_VERSION;
  transport->user_data = seen;
  transport->send = capture_send;
  transport->cancel = capture_cancel;
  session->transport = transport;
  if (options->has_now) {
    session->fixed_clock = 1;
    session->now_ns = options->now_ms * 1000000;
  }
  int code = cli_open(session, options, exchange, flags);
  return code == CLI_OK ? cli_load_markets(session, options) : code;
}

int cli_needs_keys(const cli_arguments *arguments) {
  if (arguments->info->operation == BOURSE_OP_CALL_RAW) return arguments->request.is_public != BOURSE_YES;
  return (arguments->info->flags & BOURSE_OPERATION_PRIVATE) != 0;
}

static int show_requests(cli_session *session, const cli_options *options, const char *exchange,
                         cli_arguments *arguments) {
  capture seen = {0};
  bourse_transport transport;
  bourse_result *result = NULL;
  arguments->exchange = exchange;
  int code = read_replies(&seen, options);
  if (code == CLI_OK)
    code = open_offline(session, &seen, &transport, options, exchange, cli_needs_keys(arguments) ? CLI_NEEDS_KEYS : 0);
  if (code == CLI_OK) {
    cli_choose_product(session->exchange, options, arguments);
    int32_t error = bourse_execute(&result, session->exchange, &arguments->request);
    if (error != BOURSE_OK && !seen.stopped)
      code = cli_report(options, bourse_context_error(session->context), arguments);
    else if (seen.shown == 0)
      cli_fail(0, "%s at %s sends no request", arguments->info->name, exchange);
  }
  bourse_result_free(result);
  cli_close(session);
  free_capture(&seen);
  return code;
}

int cli_request(const cli_options *options, const char *exchange, cli_arguments *arguments) {
  cli_session session = {0};
  cli_options here = *options;
  here.allow_withdrawals = 1; /* nothing can be sent here */
  return show_requests(&session, &here, exchange, arguments);
}

/* --- Previews ------------------------------------------------------------------------------------------------------ */

/* Brings the markets that the operation is about into the session's store. */
static int learn_markets(cli_session *session, const cli_options *options, const cli_arguments *arguments) {
  const bourse_request *request = &arguments->request;
  uint32_t asked = 0;
  int32_t code = BOURSE_OK;
  const bourse_market *market = NULL;
  if (!(arguments->info->flags & BOURSE_OPERATION_MARKETS)) return CLI_OK;
  for (uint32_t i = 0; i < request->order_count + request->symbol_count + 1 && code == BOURSE_OK; i++) {
    const bourse_order_request *order = i < request->order_count ? request->orders[i] : NULL;
    const char *symbol = order != NULL                                      ? order->symbol
                         : i < request->order_count + request->symbol_count ? request->symbols[i - request->order_count]
                                                                            : request->symbol;
    if (symbol == NULL) continue;
    asked++;
    code = bourse_market_find(&market, session->exchange, symbol,
                              order != NULL && order->product != 0 ? order->product : request->product);
  }
  if (asked == 0) {
    bourse_request all = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MARKETS);
    bourse_result *result = NULL;
    all.product = request->product != 0   ? request->product
                  : options->product != 0 ? options->product
                                          : BOURSE_PRODUCT_SPOT;
    code = bourse_execute(&result, session->exchange, &all);
    bourse_result_free(result);
  }
  return code == BOURSE_OK ? CLI_OK : cli_report(options, bourse_context_error(session->context), arguments);
}

int cli_preview(const cli_options *options, const char *exchange, cli_arguments *arguments) {
  cli_store store = {0};
  cli_keys keys;
  arguments->exchange = exchange;
  int code = cli_find_keys(&keys, options, exchange, cli_needs_keys(arguments) ? CLI_NEEDS_KEYS : 0);
  if (code == CLI_OK && options->market_count == 0) {
    cli_session online = {.store = &store, .keys = &keys};
    code = cli_open(&online, options, exchange, 0);
    if (code == CLI_OK) code = learn_markets(&online, options, arguments);
    cli_close(&online);
  }
  if (code == CLI_OK) {
    cli_session session = {.store = &store, .keys = &keys};
    code = show_requests(&session, options, exchange, arguments);
  }
  cli_keys_free(&keys);
  cli_store_free(&store);
  fflush(stdout);
  if (code == CLI_OK) cli_fail(0, "nothing was sent; add --live to send it");
  return code;
}

/* --- decode -------------------------------------------------------------------------------------------------------- */

typedef struct header_list {
  bourse_http_header *items;
  uint32_t count;
  int32_t status; /* of a status line; 0: there was none */
} header_list;

static void add_header(header_list *list, char *line) {
  size_t length = strlen(line);
  if (length > 0 && line[length - 1] == '\r') line[--length] = '\0';
  if (strncmp(line, "HTTP/", 5) == 0) {
    const char *space = strchr(line, ' ');
    list->status = space != NULL ? (int32_t)strtol(space + 1, NULL, 10) : 0;
    list->count = 0; /* of the last reply where several follow each other */
    return;
  }
  char *colon = strchr(line, ':');
  if (colon == NULL || colon == line) return;
  *colon = '\0';
  for (char *c = line; *c != '\0'; c++)
    if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
  list->items = cli_grow(list->items, (list->count + 1) * sizeof *list->items);
  list->items[list->count].name = line;
  list->items[list->count++].value = colon + 1 + strspn(colon + 1, " \t");
}

/* "Name: value" lines, as curl -i or -D writes them; the texts stay in `text`. */
static int read_headers(header_list *list, cli_buffer *text, const char *path) {
  int error = cli_read_file(text, path);
  if (error != 0) return cli_fail(CLI_LOCAL, "%s: the headers cannot be read: %s", path, strerror(error));
  for (char *line = text->data, *next; line != NULL; line = next) {
    next = strchr(line, '\n');
    if (next != NULL) *next++ = '\0';
    add_header(list, line);
  }
  return CLI_OK;
}

int cli_decode(const cli_options *options, const char *exchange, cli_arguments *arguments) {
  capture seen = {.options = options};
  bourse_transport transport;
  cli_session session = {0};
  cli_buffer body = {0}, header_text = {0};
  header_list headers = {0};
  bourse_result *result = NULL;
  arguments->exchange = exchange;
  int code = options->headers_file != NULL ? read_headers(&headers, &header_text, options->headers_file) : CLI_OK;
  int error = code == CLI_OK ? cli_read_file(&body, "-") : 0;
  if (error != 0) code = cli_fail(CLI_LOCAL, "standard input cannot be read: %s", strerror(error));
  if (code == CLI_OK) code = open_offline(&session, &seen, &transport, options, exchange, CLI_NO_KEYS);
  if (code == CLI_OK) {
    if (options->raw) arguments->request.keep_raw = BOURSE_YES;
    cli_choose_product(session.exchange, options, arguments);
    int32_t status = options->has_status ? options->status : headers.status != 0 ? headers.status : 200;
    int32_t failed = bourse_decode(&result, session.exchange, &arguments->request, status, headers.items, headers.count,
                                   body.data != NULL ? body.data : "", body.length);
    if (failed != BOURSE_OK)
      code = cli_report(options, bourse_context_error(session.context), arguments);
    else
      cli_print_result(options, result);
  }
  bourse_result_free(result);
  cli_close(&session);
  free(headers.items);
  cli_free_buffer(&header_text);
  cli_free_buffer(&body);
  return code;
}
