/* api/exchange.c - exchange handles: opening with options and keys, closing. */
#include <bourse/exchange.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/journal.h"
#include "api/rails.h"
#include "api/streaming.h"
#include "api/schema.h"
#include "sign/signer.h"

#define SLACK_NS (INT64_C(100) * 1000000) /* by which two requests may come closer on their way */

/* --- Hosts --- */

static const char *host_of(const bourse_host *host, int32_t environment) {
  return environment == BOURSE_TESTNET ? host->testnet : environment == BOURSE_DEMO ? host->demo : host->live;
}

/* Length of the scheme with "://"; 0: none that we know. */
static size_t scheme_of(const char *url) {
  static const char *const schemes[] = {"https://", "http://", "wss://", "ws://"};
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
    if (strncmp(url, schemes[i], strlen(schemes[i])) == 0) return strlen(schemes[i]);
  return 0;
}

static int32_t is_url(const char *url) {
  size_t scheme = scheme_of(url);
  return scheme != 0 && url[scheme] != '\0' && url[scheme] != '/' && strpbrk(url, " ?#\"<>") == NULL &&
         bourse__is_clean_text(url, strlen(url));
}

/* A key of another world must never reach a live host, not even by way of an override. */
static int32_t is_among(const bourse_host *hosts, uint32_t count, const char *host, size_t length) {
  for (uint32_t i = 0; i < count; i++) {
    const char *live = hosts[i].live == NULL ? NULL : strstr(hosts[i].live, "://");
    /* One that serves both worlds, by what the request says of itself, is no host of the other. */
    const char *other = hosts[i].demo != NULL ? hosts[i].demo : hosts[i].testnet;
    if (other != NULL && hosts[i].live != NULL && strcmp(other, hosts[i].live) == 0) continue;
    if (live != NULL && strcspn(live + 3, "/:") == length && strncmp(live + 3, host, length) == 0) return 1;
  }
  return 0;
}

static int32_t is_live_host(const bourse_adapter *adapter, const char *url) {
  const char *host = strstr(url, "://") + 3;
  size_t length = strcspn(host, "/:");
  int32_t found = is_among(adapter->hosts, adapter->host_count, host, length);
  for (uint32_t i = 0; i < adapter->region_count; i++)
    found |= is_among(adapter->regions[i].hosts, adapter->host_count, host, length);
  return found;
}

/* The hosts of the region that the setting names; the adapter's own without one. NULL: there is no such region. */
static const bourse_host *hosts_of(const bourse_adapter *adapter, const bourse_options *options, const char **region) {
  *region = NULL;
  for (uint32_t i = 0; options->settings != NULL && i < options->setting_count; i++)
    if (options->settings[i].name != NULL && strcmp(options->settings[i].name, "region") == 0)
      *region = options->settings[i].value;
  if (*region == NULL || adapter->region_count == 0) return adapter->hosts;
  for (uint32_t i = 0; i < adapter->region_count; i++)
    if (strcmp(adapter->regions[i].name, *region) == 0) return adapter->regions[i].hosts;
  return NULL;
}

static int32_t set_host(bourse_exchange *exchange, const bourse_param *host, bourse__failure *failure) {
  const bourse_adapter *adapter = exchange->adapter;
  int32_t found = 0;
  if (host->name == NULL || host->value == NULL || !is_url(host->value))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "hosts",
                               "host \"%s\" is \"%s\"; http://NAME, https://NAME, ws://NAME or wss://NAME is wanted",
                               host->name == NULL ? "" : host->name, host->value == NULL ? "" : host->value);
  if (exchange->environment != BOURSE_LIVE && is_live_host(adapter, host->value))
    return bourse__failure_set(failure, BOURSE_ERROR_FORBIDDEN, "hosts",
                               "%s is a live host, and this handle is not for the live environment", host->value);
  /* One address serves both kinds of hosts: the scheme follows from the host that is replaced. */
  size_t length = strlen(host->value), scheme = scheme_of(host->value);
  int32_t secure = scheme == strlen("https://") || scheme == strlen("wss://");
  while (length > 0 && host->value[length - 1] == '/') length--;
  int32_t rest = (int32_t)(length - scheme);
  char *http = bourse_arena_format(exchange->arena, "http%s://%.*s", secure ? "s" : "", rest, host->value + scheme);
  char *socket = bourse_arena_format(exchange->arena, "ws%s://%.*s", secure ? "s" : "", rest, host->value + scheme);
  if (http == NULL || socket == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  for (uint32_t i = 0; i < adapter->host_count; i++)
    if (strcmp(host->name, "*") == 0 || strcmp(host->name, adapter->hosts[i].name) == 0) {
      const char *usual = adapter->hosts[i].live != NULL ? adapter->hosts[i].live : adapter->hosts[i].testnet;
      exchange->hosts[i] = usual != NULL && usual[0] == 'w' ? socket : http;
      found = 1;
    }
  if (!found)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "hosts", "%s has no host called \"%s\"", adapter->title,
                               host->name);
  return BOURSE_OK;
}

static int32_t set_hosts(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure) {
  const bourse_adapter *adapter = exchange->adapter;
  exchange->hosts = bourse_arena_alloc(exchange->arena, (adapter->host_count + 1) * sizeof *exchange->hosts);
  if (exchange->hosts == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  const char *region;
  const bourse_host *hosts = hosts_of(adapter, options, &region);
  if (hosts == NULL && adapter->host_count > 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "settings", "%s has no region called \"%s\"",
                               adapter->title, region);
  for (uint32_t i = 0; i < adapter->host_count; i++)
    exchange->hosts[i] = host_of(&hosts[i], exchange->environment);
  if (options->host_count > 0 && options->hosts == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "hosts", "host_count is %u and hosts is NULL",
                               options->host_count);
  for (uint32_t i = 0; i < options->host_count; i++) {
    int32_t code = set_host(exchange, &options->hosts[i], failure);
    if (code != BOURSE_OK) return code;
  }
  uint64_t hash = UINT64_C(1469598103934665603);
  int32_t usual = options->host_count == 0 && hosts == adapter->hosts;
  for (uint32_t i = 0; !usual && i < adapter->host_count; i++)
    for (const char *c = exchange->hosts[i] == NULL ? "" : exchange->hosts[i]; *c != '\0'; c++)
      hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
  exchange->hosts_hash = usual ? 0 : hash;
  return BOURSE_OK;
}

/* --- Limits --- */

static const int32_t bucket_kinds[] = {[BOURSE_LIMIT_WINDOW] = BOURSE__BUCKET_FIXED_WINDOW,
                                       [BOURSE_LIMIT_LEAKY] = BOURSE__BUCKET_LEAKY,
                                       [BOURSE_LIMIT_ROLLING] = BOURSE__BUCKET_ROLLING};

static bourse__bucket_options bucket_options(const bourse_limit *limit, uint32_t index, const char *name) {
  return (bourse__bucket_options){
      .name = name,
      .kind = limit->kind < sizeof bucket_kinds / sizeof *bucket_kinds ? bucket_kinds[limit->kind] : 0,
      .capacity = limit->capacity,
      .interval_ns = limit->interval_ns,
      .reserved_percent = limit->reserved_percent,
      .group = index + 1,
      .slack_ns = SLACK_NS,
  };
}

static int32_t add_buckets(bourse__limiter *limiter, const bourse_adapter *adapter, uint8_t scope, const char *suffix,
                           uint32_t *buckets) {
  for (uint32_t i = 0; i < adapter->limit_count; i++) {
    const bourse_limit *limit = &adapter->limits[i];
    char name[96];
    buckets[i] = UINT32_MAX;
    if (limit->scope != scope) continue;
    snprintf(name, sizeof name, "%s%s", limit->name, suffix);
    bourse__bucket_options options = bucket_options(limit, i, name);
    int32_t code = bourse__limiter_add_bucket(limiter, &buckets[i], &options);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

static int32_t limits_of(bourse__limits **out, bourse_exchange *exchange) {
  bourse_context *context = exchange->context;
  for (bourse__limits *limits = context->limits; limits != NULL; limits = limits->next)
    if (limits->adapter == exchange->adapter && limits->environment == exchange->environment) {
      *out = limits;
      return BOURSE_OK;
    }
  bourse__limits *limits = bourse__alloc(&context->allocator, sizeof *limits);
  if (limits == NULL) return BOURSE_ERROR_MEMORY;
  limits->adapter = exchange->adapter;
  limits->environment = exchange->environment;
  limits->address_buckets = bourse__alloc(&context->allocator, (exchange->adapter->limit_count + 1) * sizeof(uint32_t));
  int32_t code = limits->address_buckets == NULL
                     ? BOURSE_ERROR_MEMORY
                     : bourse__limiter_new(&limits->limiter, &context->allocator,
                                           context->limiter_hook.acquire == NULL ? NULL : &context->limiter_hook);
  if (code == BOURSE_OK)
    code = add_buckets(limits->limiter, exchange->adapter, BOURSE_LIMIT_PER_ADDRESS, "", limits->address_buckets);
  limits->next = context->limits; /* kept even when incomplete, so that it is freed with the context */
  if (code != BOURSE_OK) {
    bourse__limiter_free(limits->limiter);
    bourse__release(&context->allocator, limits->address_buckets);
    bourse__release(&context->allocator, limits);
    return code;
  }
  context->limits = limits;
  *out = limits;
  return BOURSE_OK;
}

static int32_t account_of(bourse__account_limits **out, bourse_exchange *exchange) {
  bourse__limits *limits = exchange->limits;
  bourse_context *context = exchange->context;
  uint8_t hash[32];
  char suffix[16];
  uint32_t ordinal = 0;
  bourse_sha256(hash, exchange->api_key, strlen(exchange->api_key));
  for (bourse__account_limits *account = limits->accounts; account != NULL; account = account->next, ordinal++)
    if (memcmp(account->key_hash, hash, sizeof hash) == 0) {
      *out = account;
      return BOURSE_OK;
    }
  bourse__account_limits *account =
      bourse__alloc(&context->allocator, sizeof *account + (exchange->adapter->limit_count + 1) * sizeof(uint32_t));
  if (account == NULL) return BOURSE_ERROR_MEMORY;
  memcpy(account->key_hash, hash, sizeof hash);
  account->ordinal = ordinal;
  account->next = limits->accounts;
  limits->accounts = account;
  *out = account;
  snprintf(suffix, sizeof suffix, "#%u", ordinal);
  return add_buckets(limits->limiter, exchange->adapter, BOURSE_LIMIT_PER_ACCOUNT, suffix, account->buckets);
}

uint32_t bourse__market_bucket(const bourse_exchange *exchange, uint32_t limit, const char *id) {
  bourse__account_limits *account = exchange->account;
  const bourse_limit *row = &exchange->adapter->limits[limit];
  char name[160];
  if (account == NULL) return UINT32_MAX;
  for (const bourse__market_budget *entry = account->markets; entry != NULL; entry = entry->next)
    if (entry->limit == limit && strcmp(entry->id, id) == 0) return entry->bucket;
  size_t length = strlen(id);
  bourse__market_budget *entry = bourse__alloc(&exchange->context->allocator, sizeof *entry + length + 1);
  if (entry == NULL) return UINT32_MAX;
  snprintf(name, sizeof name, "%s#%u %s", row->name, account->ordinal, id);
  bourse__bucket_options options = bucket_options(row, limit, name);
  if (bourse__limiter_add_bucket(exchange->limits->limiter, &entry->bucket, &options) != BOURSE_OK) {
    bourse__release(&exchange->context->allocator, entry);
    return UINT32_MAX;
  }
  entry->limit = limit;
  memcpy(entry->id, id, length + 1);
  entry->next = account->markets;
  account->markets = entry;
  return entry->bucket;
}

/* --- Keys and options --- */

static int32_t set_credentials(bourse_exchange *exchange, const bourse_credentials *credentials,
                               bourse__failure *failure) {
  const bourse_adapter *adapter = exchange->adapter;
  char text[BOURSE__SIGNER_ERROR_SIZE] = "";
  int32_t code;
  bourse_slice name = bourse_slice_of(credentials->api_key);
  if (name.length == 0 && credentials->secret != NULL)
    name = bourse__key_file_name(credentials->secret, strlen(credentials->secret));
  if (name.length == 0 || !bourse__is_clean_text(name.data, name.length))
    return bourse__failure_set(failure, BOURSE_ERROR_CREDENTIALS, "api_key", "credentials without a readable api_key");
  if ((credentials->secret == NULL) == (credentials->sign == NULL))
    return bourse__failure_set(failure, BOURSE_ERROR_CREDENTIALS, "secret",
                               "credentials need secret or sign, and not both");
  if (adapter->needs_passphrase && credentials->passphrase == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_CREDENTIALS, "passphrase",
                               "%s keys have a passphrase; give it too", adapter->title);
  if (credentials->sign != NULL)
    code = bourse__signer_new_host(&exchange->signer, &exchange->allocator, credentials->key_kind, credentials->sign,
                                   credentials->sign_user_data);
  else
    code = bourse__signer_new(&exchange->signer, &exchange->allocator, credentials->secret, strlen(credentials->secret),
                              adapter->secret_encoding, text, sizeof text);
  if (code == BOURSE_ERROR_ARGUMENT)
    return bourse__failure_set(failure, BOURSE_ERROR_CREDENTIALS, "key_kind",
                               "key_kind is %d; it says what sign signs with, BOURSE_KEY_*", credentials->key_kind);
  if (code != BOURSE_OK)
    return bourse__failure_set(failure, code, "secret", "the secret cannot be used: %s",
                               text[0] != '\0' ? text : bourse_error_text(code));
  if (credentials->passphrase != NULL) {
    code = bourse__signer_add_passphrase(exchange->signer, credentials->passphrase, strlen(credentials->passphrase));
    if (code != BOURSE_OK) return bourse__failure_set(failure, code, "passphrase", "the passphrase cannot be used");
  }
  exchange->api_key = bourse_arena_copy(exchange->arena, name.data, name.length);
  if (exchange->api_key == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  return BOURSE_OK;
}

static int32_t set_environment(bourse_exchange *exchange, const bourse_options *options,
                               const bourse_credentials *credentials, bourse__failure *failure) {
  int32_t of_key = credentials == NULL ? 0 : credentials->environment == 0 ? BOURSE_LIVE : credentials->environment;
  exchange->environment = options->environment != 0 ? options->environment : of_key != 0 ? of_key : BOURSE_LIVE;
  if (exchange->environment < BOURSE_LIVE || exchange->environment > BOURSE_DEMO || of_key < 0 || of_key > BOURSE_DEMO)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "environment",
                               "environment is %d; allowed: live (1), testnet (2), demo (3)", exchange->environment);
  if (of_key != 0 && of_key != exchange->environment)
    return bourse__failure_set(
        failure, BOURSE_ERROR_FORBIDDEN, "environment",
        "the key is for the %s environment and the handle for %s; a key is used in its own world only",
        bourse_enum_name(&bourse__enum_environment, of_key),
        bourse_enum_name(&bourse__enum_environment, exchange->environment));
  return BOURSE_OK;
}

static int32_t set_numbers(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure) {
  if (options->timeout_ms < 0 || options->timeout_ms > 86400000)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "timeout_ms",
                               "timeout_ms is %lld; 0 to 86400000 are allowed", (long long)options->timeout_ms);
  if (options->receive_window_ms < 0 || options->receive_window_ms > 60000)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "receive_window_ms",
                               "receive_window_ms is %lld; 0 to 60000 are allowed",
                               (long long)options->receive_window_ms);
  if (options->product < 0 || options->product > BOURSE_PRODUCT_OPTION)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "product", "product is %d; allowed: 1 to 4",
                               options->product);
  if (options->margin_mode < 0 || options->margin_mode > BOURSE_MARGIN_ISOLATED)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "margin_mode",
                               "margin_mode is %d; allowed: cross (1), isolated (2)", options->margin_mode);
  exchange->timeout_ms = options->timeout_ms == 0 ? 10000 : options->timeout_ms;
  exchange->receive_window_ms = options->receive_window_ms == 0 ? 5000 : options->receive_window_ms;
  exchange->market_refresh_ms = options->market_refresh_ms == 0            ? 3600000
                                : options->market_refresh_ms > 31536000000 ? 31536000000
                                                                           : options->market_refresh_ms;
  exchange->reply_size_max = options->reply_size_max == 0             ? 64u << 20
                             : options->reply_size_max > SIZE_MAX / 4 ? SIZE_MAX / 4
                                                                      : (size_t)options->reply_size_max;
  exchange->retry_limit = options->retry_limit == 0 ? 2 : options->retry_limit;
  exchange->product = options->product == 0 ? BOURSE_PRODUCT_SPOT : options->product;
  exchange->margin_mode = options->margin_mode;
  exchange->allow_withdrawals = options->allow_withdrawals;
  exchange->clock_sync = options->clock_sync;
  exchange->keep_raw = options->keep_raw;
  if (options->journal_keep_ms < 0 || options->journal_keep_ms > INT64_C(31536000000))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "journal_keep_ms",
                               "journal_keep_ms is %lld; 0 to 31536000000 (a year) are allowed", (long long)options->journal_keep_ms);
  exchange->journal_keep_ns = options->journal_keep_ms * 1000000;
  exchange->auto_resolve = options->auto_resolve != 0              ? options->auto_resolve
                           : exchange->context->store.put != NULL ? BOURSE_YES
                                                                  : BOURSE_NO;
  exchange->check_orders = options->check_orders;
  exchange->wait_for_limits = options->wait_for_limits;
  if (options->order_transport < 0 || options->order_transport > BOURSE_TRANSPORT_SOCKET)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "order_transport",
                               "order_transport is %d; allowed: HTTP (1), socket (2)", options->order_transport);
  exchange->order_transport = options->order_transport == 0 ? BOURSE_TRANSPORT_HTTP : options->order_transport;
  return BOURSE_OK;
}

int32_t bourse_is_common_setting(const char *name) {
  return strcmp(name, "nonce") == 0 || strcmp(name, "nonce_unit") == 0;
}

int32_t bourse_read_settings(bourse_open_call *call, bourse_setting_function read, const char *known) {
  for (uint32_t i = 0; i < call->options->setting_count; i++) {
    const bourse_param *setting = &call->options->settings[i];
    if (bourse_is_common_setting(setting->name)) continue;
    if (setting->value != NULL && read(call->state, setting)) continue;
    snprintf(call->error_text, call->error_text_size, "setting %s = %s is not known; there %s", setting->name,
             setting->value == NULL ? "NULL" : setting->value, known);
    return BOURSE_ERROR_ARGUMENT;
  }
  return BOURSE_OK;
}

int32_t bourse_need_key(bourse_open_call *call, uint32_t kinds, const char *wanted) {
  if (call->signer == NULL || (kinds & 1u << bourse_signer_kind(call->signer)) != 0) return BOURSE_OK;
  snprintf(call->error_text, call->error_text_size, "wanted are %s", wanted);
  return BOURSE_ERROR_CREDENTIALS;
}

/* Settings that every exchange has; its own are read by its open. Nonces count milliseconds; a key that has seen finer ones
 * takes no coarser any more, so the unit can be set. */
static int32_t set_settings(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure) {
  exchange->nonce_unit_ns = 1000000;
  if (options->setting_count > 0 && options->settings == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "settings", "setting_count is %u and settings is NULL",
                               options->setting_count);
  for (uint32_t i = 0; i < options->setting_count; i++) {
    const bourse_param *setting = &options->settings[i];
    if (setting->name == NULL || setting->value == NULL)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "settings", "setting %u has no name or no value", i);
    if (strcmp(setting->name, "region") == 0 && exchange->adapter->region_count > 0) continue; /* set_hosts has read it */
    if (strcmp(setting->name, "nonce") == 0) {
      char *end = NULL;
      exchange->fixed_nonce = strtoull(setting->value, &end, 10);
      if (end == setting->value || *end != '\0' || exchange->fixed_nonce == 0)
        return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "settings",
                                   "setting nonce is \"%s\"; a number above 0 is wanted", setting->value);
    } else if (strcmp(setting->name, "nonce_unit") == 0) {
      exchange->nonce_unit_ns = strcmp(setting->value, "ms") == 0   ? 1000000
                                : strcmp(setting->value, "us") == 0 ? 1000
                                : strcmp(setting->value, "ns") == 0 ? 1
                                                                    : 0;
      if (exchange->nonce_unit_ns == 0)
        return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "settings",
                                   "setting nonce_unit is \"%s\"; allowed: ms, us, ns", setting->value);
    } else if (exchange->adapter->open == NULL) {
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "settings", "%s has no setting called \"%s\"",
                                 exchange->adapter->title, setting->name);
    }
  }
  return BOURSE_OK;
}

static int32_t open_adapter(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure) {
  char text[256] = "";
  const bourse_adapter *adapter = exchange->adapter;
  exchange->state = bourse_arena_alloc(exchange->arena, adapter->state_size == 0 ? 1 : adapter->state_size);
  if (exchange->state == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  if (adapter->open == NULL) return BOURSE_OK;
  bourse_open_call call = {
      .state = exchange->state,
      .options = options,
      .signer = exchange->signer,
      .api_key = exchange->api_key,
      .allocator = &exchange->allocator,
      .clock = &exchange->context->clock,
      .random = &exchange->context->random,
      .error_text = text,
      .error_text_size = sizeof text,
  };
  int32_t code = adapter->open(&call);
  if (code == BOURSE_OK) return BOURSE_OK;
  return bourse__failure_set(failure, code, code == BOURSE_ERROR_ARGUMENT ? "settings" : NULL,
                             "%s cannot be opened: %s", adapter->title,
                             text[0] != '\0' ? text : bourse_error_text(code));
}

static void free_exchange(bourse_exchange *exchange) {
  bourse_allocator allocator = exchange->allocator;
  bourse__rails_close(exchange);
  bourse__tokens_free(exchange);
  bourse__signer_free(exchange->signer);
  bourse__arena_free(exchange->arena);
  bourse__drop_adapter(&allocator, exchange->registered);
  bourse__release(&allocator, exchange);
}

static int32_t fill_exchange(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure) {
  bourse_credentials credentials;
  const bourse_credentials *keys = NULL;
  int32_t code = BOURSE_OK;
  if (options->credentials != NULL) {
    code = bourse__copy_stamped(&credentials, sizeof credentials, options->credentials, "credentials", failure);
    keys = &credentials;
  }
  if (code == BOURSE_OK) code = set_environment(exchange, options, keys, failure);
  if (code == BOURSE_OK) code = set_numbers(exchange, options, failure);
  if (code == BOURSE_OK) code = set_hosts(exchange, options, failure);
  if (code == BOURSE_OK) code = set_settings(exchange, options, failure);
  if (code == BOURSE_OK && keys != NULL) code = set_credentials(exchange, keys, failure);
  if (code == BOURSE_OK && limits_of(&exchange->limits, exchange) != BOURSE_OK)
    code = bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  if (code == BOURSE_OK && keys != NULL && account_of(&exchange->account, exchange) != BOURSE_OK)
    code = bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  if (code == BOURSE_OK && (keys != NULL || exchange->adapter->execute != NULL)) code = bourse__journal_open(exchange, failure);
  if (code == BOURSE_OK) code = bourse__rails_open(exchange, options, failure);
  if (code == BOURSE_OK) code = open_adapter(exchange, options, failure); /* last: what it keeps only close gives back */
  sodium_memzero(&credentials, sizeof credentials);
  return code;
}

int32_t bourse_open(bourse_exchange **out, bourse_context *context, const char *name, const bourse_options *given) {
  static const bourse_options defaults = BOURSE_OPTIONS_INIT;
  bourse_options options;
  if (out != NULL) *out = NULL;
  if (out == NULL || context == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse__failure *failure = &context->failure;
  bourse__failure_clear(failure);
  if (name == NULL) return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "name", "the exchange's name is NULL");
  const bourse_adapter *adapter = bourse__find_adapter(context, name);
  if (adapter == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_UNKNOWN_NAME, "name", "there is no exchange called \"%s\"", name);
  int32_t code = bourse__copy_stamped(&options, sizeof options, given == NULL ? &defaults : given, "options", failure);
  if (code != BOURSE_OK) return code;
  bourse_exchange *exchange = bourse__alloc(&context->allocator, sizeof *exchange);
  if (exchange == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  exchange->context = context;
  exchange->allocator = context->allocator;
  exchange->adapter = adapter;
  exchange->registered = bourse__hold_adapter(context, adapter);
  exchange->api_key = "";
  exchange->arena = bourse__arena_new(&context->allocator, 2048);
  code = exchange->arena == NULL ? bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory")
                                 : fill_exchange(exchange, &options, failure);
  if (code != BOURSE_OK) {
    failure->error.exchange = adapter->name;
    free_exchange(exchange);
    return code;
  }
  exchange->next = context->exchanges;
  context->exchanges = exchange;
  bourse__replacing_loaded(exchange);
  bourse__resolver_wake(exchange);
  *out = exchange;
  return BOURSE_OK;
}

static void leave_context(bourse_exchange *exchange) {
  bourse_context *context = exchange->context;
  bourse__resolver_stop(exchange);
  bourse__streams_leave(context, exchange);
  bourse__dead_man_drop(exchange);
  for (bourse__running *running = context->running; running != NULL; running = running->next)
    if (running->exchange == exchange) running->finished = 1; /* so that none is moved on by the end of another */
  for (bourse__running *running = context->running, *next; running != NULL; running = next) {
    next = running->next;
    if (running->exchange != exchange) continue;
    bourse__running_drop(running);
    next = context->running; /* those of other handles may have moved on, and come or gone */
  }
  for (bourse__running *running = context->finished; running != NULL; running = running->next)
    if (running->exchange == exchange) running->exchange = NULL;
  for (bourse_exchange **link = &context->exchanges; *link != NULL; link = &(*link)->next)
    if (*link == exchange) {
      *link = exchange->next;
      break;
    }
  if (exchange->adapter->close != NULL) exchange->adapter->close(exchange->state, &exchange->allocator);
}

/* Inside a stream's callback the handle is in use: it is closed when that is over. */
static void close_later(bourse_exchange *exchange) {
  bourse_context *context = exchange->context;
  bourse__resolver_stop(exchange);
  for (bourse_exchange **link = &context->exchanges; *link != NULL; link = &(*link)->next)
    if (*link == exchange) {
      *link = exchange->next;
      break;
    }
  for (bourse_stream *stream = context->streams; stream != NULL; stream = stream->next)
    if (stream->exchange == exchange) stream->on_event = NULL;
  exchange->closing = 1;
  exchange->next = context->closing;
  context->closing = exchange;
  context->streams_dirty = 1;
}

void bourse_close(bourse_exchange *exchange) {
  if (exchange == NULL || exchange->closing) return;
  if (exchange->context != NULL && exchange->context->dispatching > 0) {
    close_later(exchange);
    return;
  }
  if (exchange->context != NULL) leave_context(exchange);
  free_exchange(exchange);
}

const char *bourse_exchange_name(const bourse_exchange *exchange) {
  return exchange == NULL ? NULL : exchange->adapter->name;
}

bourse_context *bourse_exchange_context(const bourse_exchange *exchange) {
  return exchange == NULL ? NULL : exchange->context;
}

int32_t bourse_exchange_environment(const bourse_exchange *exchange) {
  return exchange == NULL ? 0 : exchange->environment;
}

void *bourse__exchange_state(bourse_exchange *exchange, const bourse_adapter *adapter) {
  return exchange == NULL || exchange->adapter != adapter || exchange->context == NULL ? NULL : exchange->state;
}

int64_t bourse__exchange_now_ns(const bourse_exchange *exchange) {
  return bourse__loop_now_ns(exchange->context->loop) + bourse__clock_offset_ns(&exchange->clock);
}

int64_t bourse__limits_now_ns(bourse_exchange *exchange) {
  int64_t now = bourse__exchange_now_ns(exchange);
  bourse__limiter_set_ahead(exchange->limits->limiter, now - bourse__loop_monotonic_ns(exchange->context->loop));
  return now;
}

int32_t bourse__exchange_fail(bourse_exchange *exchange, int32_t code, const char *field, const char *message) {
  if (exchange == NULL || exchange->context == NULL) return BOURSE_ERROR_STATE;
  return bourse__failure_set(&exchange->context->failure, code, field, "%s", message);
}

int32_t bourse_clock_offset(int64_t *out_offset_ns, int64_t *out_round_trip_ns, const bourse_exchange *exchange) {
  if (exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  if (bourse__clock_offset_count(&exchange->clock) == 0) return BOURSE_ERROR_STATE;
  if (out_offset_ns != NULL) *out_offset_ns = bourse__clock_offset_ns(&exchange->clock);
  if (out_round_trip_ns != NULL) *out_round_trip_ns = bourse__clock_offset_round_trip_ns(&exchange->clock);
  return BOURSE_OK;
}

int32_t bourse_supports(const bourse_exchange *exchange, int32_t operation, int32_t product, int32_t margin_mode) {
  if (exchange == NULL) return 0;
  static const uint32_t bits[] = {BOURSE_FOR_ALL, BOURSE_FOR_SPOT, BOURSE_FOR_LINEAR, BOURSE_FOR_INVERSE,
                                  BOURSE_FOR_OPTION};
  if (product < 0 || product > BOURSE_PRODUCT_OPTION) return 0;
  uint32_t bit = bits[product];
  if (margin_mode != 0 && product <= BOURSE_PRODUCT_SPOT)
    bit = margin_mode == BOURSE_MARGIN_CROSS      ? BOURSE_FOR_CROSS
          : margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_FOR_ISOLATED
                                                  : 0;
  const bourse_adapter *adapter = exchange->adapter;
  int32_t needed = bourse__composed_needs(operation);
  if (needed != 0) return bourse_supports(exchange, needed, product, margin_mode) != 0 ? BOURSE_EMULATED : 0;
  if (operation == BOURSE_OP_EDIT_ORDER && (adapter->replaces & bit) != 0) return BOURSE_EMULATED;
  if (operation == BOURSE_OP_CALL_RAW) return adapter->execute == NULL ? BOURSE_NATIVE : 0;
  for (uint32_t i = 0; i < adapter->capability_count; i++) {
    if (adapter->capabilities[i].operation != operation) continue;
    if ((adapter->capabilities[i].native & bit) != 0) return BOURSE_NATIVE;
    if ((adapter->capabilities[i].emulated & bit) != 0) return BOURSE_EMULATED;
  }
  return 0;
}
