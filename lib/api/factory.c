/* api/factory.c - the exchanges that are compiled in. Adding one adds a line here. */
#include <string.h>

#include "api/api.h"
#include "api/schema.h"

/* Declared here: headers of exchanges are for their own folders, and have names in common. */
extern const bourse_adapter bourse__binance_adapter;
extern const bourse_adapter bourse__bybit_adapter;
extern const bourse_adapter bourse__coinbase_adapter;
extern const bourse_adapter bourse__kraken_adapter;
extern const bourse_adapter bourse__kucoin_adapter;
extern const bourse_adapter bourse__okx_adapter;
extern const bourse_adapter bourse__paper_adapter;

static const bourse_adapter *const builtin[] = {
#ifndef BOURSE_WITHOUT_BINANCE
    &bourse__binance_adapter,
#endif
#ifndef BOURSE_WITHOUT_BYBIT
    &bourse__bybit_adapter,
#endif
#ifndef BOURSE_WITHOUT_COINBASE
    &bourse__coinbase_adapter,
#endif
#ifndef BOURSE_WITHOUT_KRAKEN
    &bourse__kraken_adapter,
#endif
#ifndef BOURSE_WITHOUT_KUCOIN
    &bourse__kucoin_adapter,
#endif
#ifndef BOURSE_WITHOUT_OKX
    &bourse__okx_adapter,
#endif
    &bourse__paper_adapter,
};

const bourse_adapter *bourse__builtin_adapter_at(uint32_t index) {
  return index < sizeof builtin / sizeof builtin[0] ? builtin[index] : NULL;
}

const bourse_adapter *bourse__find_adapter(const bourse_context *context, const char *name) {
  for (uint32_t i = 0; i < sizeof builtin / sizeof builtin[0]; i++)
    if (strcmp(builtin[i]->name, name) == 0) return builtin[i];
  for (const bourse__registered *r = context->registered; r != NULL; r = r->next)
    if (strcmp(r->adapter.name, name) == 0) return &r->adapter;
  return NULL;
}

bourse__registered *bourse__hold_adapter(const bourse_context *context, const bourse_adapter *adapter) {
  bourse__registered *registered = context->registered;
  while (registered != NULL && &registered->adapter != adapter) registered = registered->next;
  if (registered != NULL) registered->holders++;
  return registered;
}

void bourse__drop_adapter(const bourse_allocator *allocator, bourse__registered *registered) {
  if (registered != NULL && --registered->holders == 0) bourse__release(allocator, registered);
}

static int32_t check_streams(const bourse_adapter *adapter, bourse__failure *failure) {
  const bourse_stream_adapter *stream = adapter->stream;
  if (stream->subscribe == NULL || stream->receive == NULL || stream->sockets == NULL || stream->channels == NULL ||
      stream->socket_count > BOURSE__SOCKETS_MAX)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "adapter",
                               "the adapter's streams lack subscribe, receive, channels or sockets (at most %d)",
                               BOURSE__SOCKETS_MAX);
  for (uint32_t i = 0; i < stream->socket_count; i++)
    if (stream->sockets[i].name == NULL || stream->sockets[i].path == NULL ||
        stream->sockets[i].host >= adapter->host_count)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "adapter",
                                 "socket %u lacks a name, path or known host", i);
  for (uint32_t i = 0; i < stream->channel_count; i++) {
    const bourse_operation_info *info = bourse_schema_operation(stream->channels[i].operation);
    if (stream->channels[i].name == NULL || stream->channels[i].socket >= stream->socket_count || info == NULL ||
        (info->flags & BOURSE_OPERATION_STREAM) == 0)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "adapter",
                                 "channel %u lacks a name, known socket or watch operation", i);
  }
  return BOURSE_OK;
}

static int32_t check_adapter(const bourse_adapter *adapter, bourse__failure *failure) {
  const char *missing = NULL;
  if (adapter->name == NULL || adapter->name[0] == '\0')
    missing = "name";
  else if (adapter->title == NULL)
    missing = "title";
  else if (adapter->capability_count == 0 || adapter->capabilities == NULL)
    missing = "capabilities";
  else if (adapter->products == 0)
    missing = "products";
  else if (adapter->client_id_format == BOURSE_CLIENT_ID_TEXT && adapter->client_id_max < 12)
    missing = "client_id_max (12 or more)";
  else if (adapter->execute == NULL && (adapter->hosts == NULL || adapter->host_count == 0))
    missing = "hosts";
  else if (adapter->execute == NULL && adapter->route == NULL)
    missing = "route";
  else if (adapter->execute == NULL && adapter->sign == NULL)
    missing = "sign";
  if (missing != NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "adapter", "the adapter lacks %s", missing);
  for (uint32_t i = 0; i < adapter->endpoint_count; i++) {
    const bourse_endpoint *endpoint = &adapter->endpoints[i];
    uint32_t hosts = (endpoint->flags & BOURSE_ENDPOINT_SOCKET) == 0 ? adapter->host_count
                     : adapter->stream == NULL                       ? 0
                                                                     : adapter->stream->socket_count;
    if (endpoint->method == NULL || endpoint->path == NULL || endpoint->host >= hosts)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "adapter",
                                 "endpoint %u lacks a method, path or known host", i);
    for (uint32_t k = 0; k < BOURSE_COSTS_MAX; k++)
      if (endpoint->costs[k].weight > 0 && endpoint->costs[k].bucket >= adapter->limit_count)
        return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "adapter",
                                   "endpoint %s names a budget that is not there", endpoint->path);
  }
  return adapter->stream != NULL ? check_streams(adapter, failure) : BOURSE_OK;
}

/* What an older program registers is shorter: its structs are copied, and what it does not know is zero. */
static int32_t copy_adapter(bourse__registered *out, const bourse_adapter *adapter, bourse__failure *failure) {
  int32_t code = bourse__copy_stamped(&out->adapter, sizeof out->adapter, adapter, "adapter", failure);
  out->adapter.struct_size = sizeof out->adapter;
  if (code != BOURSE_OK || out->adapter.stream == NULL) return code;
  code = bourse__copy_stamped(&out->stream, sizeof out->stream, out->adapter.stream, "adapter.stream", failure);
  out->stream.struct_size = sizeof out->stream;
  out->adapter.stream = &out->stream;
  return code;
}

int32_t bourse_register(bourse_context *context, const struct bourse_adapter *adapter) {
  if (context == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse__registered *registered = bourse__alloc(&context->allocator, sizeof *registered);
  if (registered == NULL) return bourse__failure_set(&context->failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  int32_t code = copy_adapter(registered, adapter, &context->failure);
  if (code == BOURSE_OK) code = check_adapter(&registered->adapter, &context->failure);
  if (code == BOURSE_OK && bourse__find_adapter(context, registered->adapter.name) != NULL)
    code = bourse__failure_set(&context->failure, BOURSE_ERROR_ARGUMENT, "adapter", "the name \"%s\" is taken",
                               registered->adapter.name);
  if (code != BOURSE_OK) {
    bourse__release(&context->allocator, registered);
    return code;
  }
  registered->holders = 1;
  bourse__registered **end = &context->registered;
  while (*end != NULL) end = &(*end)->next;
  *end = registered;
  return BOURSE_OK;
}

const char *bourse_exchange_at(const bourse_context *context, uint32_t index) {
  const uint32_t count = sizeof builtin / sizeof builtin[0];
  if (index < count) return builtin[index]->name;
  const bourse__registered *registered = context == NULL ? NULL : context->registered;
  for (index -= count; registered != NULL && index > 0; index--) registered = registered->next;
  return registered == NULL ? NULL : registered->adapter.name;
}
