/* session.c - opening contexts and handles as the options say. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t fixed_now(void *user_data) { return *(const int64_t *)user_data; }

static void write_log(void *user_data, int32_t level, const char *message) {
  static const char *const names[] = {"", "error", "warning", "info", "debug"};
  (void)user_data;
  cli_fail(0, "%s: %s", level >= 1 && level <= 4 ? names[level] : "log", message);
}

static void write_lines(cli_buffer *out, const char *mark, const char *text) {
  while (text != NULL && *text != '\0') {
    size_t length = strcspn(text, "\r\n");
    char *line = cli_copy_bytes(text, length);
    cli_add(out, mark);
    cli_add_clean(out, line);
    cli_add_char(out, '\n');
    free(line);
    text += length;
    text += strspn(text, "\r\n");
  }
}

/* The library has taken all secrets out of what arrives here. */
static void write_wire(const bourse_wire_record *record) {
  cli_buffer out = {0};
  cli_add_format(&out, "> %s %s\n", record->method, record->url);
  write_lines(&out, "> ", record->headers);
  write_lines(&out, "> ", record->body);
  cli_add_format(&out, "< %d, %zu bytes, %lld ms\n", record->http_status, record->reply_length,
                 (long long)((record->received_ns - record->sent_ns) / 1000000));
  if (record->reply != NULL) {
    size_t shown = record->reply_length < 4000 ? record->reply_length : 4000;
    char *reply = cli_copy_bytes(record->reply, shown);
    write_lines(&out, "< ", reply);
    if (shown < record->reply_length) cli_add_format(&out, "< ... %zu bytes more\n", record->reply_length - shown);
    free(reply);
  }
  fwrite(out.data, 1, out.length, stderr);
  cli_free_buffer(&out);
}

static void write_socket(const bourse_socket_record *record) {
  cli_buffer out = {0};
  char *bytes = cli_copy_bytes(record->bytes, record->length < 4000 ? record->length : 4000);
  switch (record->kind) {
    case BOURSE_TRAFFIC_OPENED: cli_add_format(&out, "> %d opens %s\n", record->connection, record->url); break;
    case BOURSE_TRAFFIC_CLOSED: cli_add_format(&out, "< %d closed %s\n", record->connection, bytes); break;
    default:
      cli_add_format(&out, "%c %d ", record->kind == BOURSE_TRAFFIC_SENT ? '>' : '<', record->connection);
      cli_add_clean(&out, bytes);
      cli_add_char(&out, '\n');
  }
  free(bytes);
  fwrite(out.data, 1, out.length, stderr);
  cli_free_buffer(&out);
}

static void tell_wire(void *user_data, const bourse_wire_record *record) {
  const cli_session *session = user_data;
  if (session->verbose) write_wire(record);
  if (session->on_wire != NULL) session->on_wire(session->hook_data, record);
}

static void tell_socket(void *user_data, const bourse_socket_record *record) {
  const cli_session *session = user_data;
  if (session->verbose) write_socket(record);
  if (session->on_socket != NULL) session->on_socket(session->hook_data, record);
}

static cli_store_item *find_item(cli_store *store, const char *key) {
  for (uint32_t i = 0; i < store->count; i++)
    if (strcmp(store->items[i].key, key) == 0) return &store->items[i];
  return NULL;
}

static int32_t store_load(void *user_data, const char *key, const char **bytes, size_t *length) {
  cli_store_item *item = find_item(user_data, key);
  if (item == NULL) return 1;
  *bytes = item->bytes;
  *length = item->length;
  return 0;
}

static void store_save(void *user_data, const char *key, const char *bytes, size_t length) {
  cli_store *store = user_data;
  cli_store_item *item = find_item(store, key);
  if (item == NULL) {
    store->items = cli_grow(store->items, (store->count + 1) * sizeof *store->items);
    item = &store->items[store->count++];
    item->key = cli_copy(key);
  } else {
    free(item->bytes);
  }
  item->bytes = cli_copy_bytes(bytes, length);
  item->length = length;
}

void cli_store_free(cli_store *store) {
  for (uint32_t i = 0; i < store->count; i++) {
    free(store->items[i].key);
    free(store->items[i].bytes);
  }
  free(store->items);
  memset(store, 0, sizeof *store);
}

int cli_open_context(cli_session *session, const cli_options *options) {
  bourse_context_options context = BOURSE_CONTEXT_OPTIONS_INIT;
  /* Offline, every request is cut off on purpose: that is not worth a word. */
  if (session->transport == NULL) context.log = write_log;
  session->verbose = options->verbose && session->transport == NULL;
  if (session->verbose) context.log_level = BOURSE_LOG_INFO;
  if (session->verbose || session->on_wire != NULL) context.on_wire = tell_wire;
  if (session->verbose || session->on_socket != NULL) context.on_socket = tell_socket;
  context.on_wire_user_data = session;
  context.on_socket_user_data = session;
  context.proxy = options->proxy;
  context.ca_file = options->ca_file;
  context.transport = session->transport;
  if (session->fixed_clock) {
    context.clock.user_data = &session->now_ns;
    context.clock.now_ns = fixed_now;
    context.clock.monotonic_ns = fixed_now;
  }
  if (session->wants_journal) {
    int journal = cli_open_journal(session, options);
    if (journal != CLI_OK) return journal;
    context.store = bourse_store_file_store(session->journal);
  }
  if (session->store != NULL) {
    context.market_store.user_data = session->store;
    context.market_store.load = store_load;
    context.market_store.save = store_save;
  }
  int32_t code = bourse_context_new(&session->context, &context);
  if (code != BOURSE_OK)
    return cli_fail(cli_exit_code(code, 0), "%s: %s", bourse_error_name(code), bourse_error_text(code));
  return CLI_OK;
}

static int check_keys(const cli_options *options, const cli_keys *keys, const char *exchange, int flags) {
  if (keys->found && keys->readable_by_others) {
    if (flags & CLI_MONEY)
      return cli_fail(CLI_AUTH, "%s: others than its owner may read or change this key file; run: chmod 600 %s",
                      keys->path, keys->path);
    cli_warn("%s: others than its owner may read or change this key file; run: chmod 600 %s", keys->path, keys->path);
  }
  if (keys->found || !(flags & CLI_NEEDS_KEYS) || strcmp(exchange, "paper") == 0) return CLI_OK;
  if (keys->path != NULL)
    return cli_fail(CLI_AUTH, "%s: no keys of %s%s in this file", keys->path, exchange,
                    options->environment != 0 ? " for this --env" : "");
  return cli_fail(CLI_AUTH, "%s needs keys: give a key file with --keys or BOURSE_KEYS, or see \"bourse help keys\"",
                  exchange);
}

static int open_exchange(cli_session *session, const cli_options *options, const char *exchange, const cli_keys *keys) {
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options open = BOURSE_OPTIONS_INIT;
  if (keys->found) {
    credentials.api_key = keys->api_key;
    credentials.secret = keys->secret;
    credentials.passphrase = keys->passphrase;
    credentials.environment = keys->environment;
    open.credentials = &credentials;
  }
  open.environment = options->environment;
  open.product = options->product;
  open.margin_mode = options->margin_mode;
  open.timeout_ms = options->timeout_ms;
  open.auto_resolve = BOURSE_NO; /* what is asked for is asked for by name */
  open.hosts = options->hosts;
  open.host_count = options->host_count;
  bourse_param *settings = cli_alloc((options->setting_count + 1) * sizeof *settings);
  if (options->setting_count > 0) memcpy(settings, options->settings, options->setting_count * sizeof *settings);
  open.settings = settings;
  open.setting_count = options->setting_count;
  if (session->transport != NULL) {
    open.clock_sync = BOURSE_NO;
    open.retry_limit = UINT32_MAX;
    open.market_refresh_ms = -1;
    if (options->nonce != NULL) {
      settings[open.setting_count].name = "nonce";
      settings[open.setting_count++].value = options->nonce;
    }
  }
  if (options->no_check) open.check_orders = BOURSE_NO;
  if (options->allow_withdrawals) open.allow_withdrawals = BOURSE_YES;
  if (options->read_only) open.read_only = BOURSE_YES;
  if (options->allow_raw_orders) open.allow_raw_orders = BOURSE_YES;
  open.allowed_symbols = options->allowed_symbols;
  open.allowed_symbol_count = options->allowed_symbol_count;
  if (session->transport == NULL) { /* what needs prices and lists; nobody answers offline */
    open.max_order_notional = options->max_notional;
    open.max_notional_per_minute = options->max_per_minute;
    open.max_open_orders = (uint32_t)(options->max_open_orders > UINT32_MAX ? UINT32_MAX : options->max_open_orders);
  }
  int32_t code = bourse_open(&session->exchange, session->context, exchange, &open);
  free(settings);
  if (code == BOURSE_OK) return CLI_OK;
  if (code == BOURSE_ERROR_UNKNOWN_NAME) {
    cli_buffer names = {0};
    for (uint32_t i = 0; bourse_exchange_at(session->context, i) != NULL; i++)
      cli_add_format(&names, "%s%s", i > 0 ? ", " : "", bourse_exchange_at(session->context, i));
    cli_fail(CLI_USAGE, "there is no exchange called \"%s\"; there are: %s", exchange,
             names.data != NULL ? names.data : "none");
    cli_free_buffer(&names);
    return CLI_USAGE;
  }
  return cli_report(options, bourse_context_error(session->context), NULL);
}

int cli_find_keys(cli_keys *out, const cli_options *options, const char *exchange, int flags) {
  memset(out, 0, sizeof *out);
  if (flags & CLI_NO_KEYS) return CLI_OK;
  int code = cli_keys_find(out, options, exchange, !(flags & CLI_NEEDS_KEYS));
  return code == CLI_OK ? check_keys(options, out, exchange, flags) : code;
}

int cli_open(cli_session *session, const cli_options *options, const char *exchange, int flags) {
  cli_keys keys = {0};
  const cli_keys *used = session->keys != NULL ? session->keys : &keys;
  int code = session->keys == NULL ? cli_find_keys(&keys, options, exchange, flags) : CLI_OK;
  if (code == CLI_OK) code = cli_open_context(session, options);
  if (code == CLI_OK) code = open_exchange(session, options, exchange, used);
  session->keys_found = used->found;
  cli_keys_free(&keys);
  return code;
}

void cli_close(cli_session *session) {
  bourse_close(session->exchange);
  bourse_context_free(session->context);
  bourse_store_file_close(session->journal);
  session->exchange = NULL;
  session->context = NULL;
  session->journal = NULL;
}
