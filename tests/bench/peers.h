/* peers.h - parsers written in C++, as C functions. Each only parses; what it built is freed by the second function,
 * so that freeing can be left out of what is measured. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *peer_simdjson_new(const char *bytes, size_t length); /* the padded input and a parser that is used again */
int peer_simdjson_parse(void *peer);                       /* DOM; 1: parsed */
void peer_simdjson_free(void *peer);
const char *peer_simdjson_kernel(void);

/* Many small messages, padded, and one parser for all of them. */
void *peer_messages_new(void);
void peer_messages_add(void *peer, const char *bytes, size_t length);
size_t peer_messages_parse(void *peer); /* how many could be parsed */
void peer_messages_free(void *peer);

void *peer_rapidjson_parse(const char *text, size_t length); /* a document; NULL: refused */
void peer_rapidjson_free(void *document);

#ifdef __cplusplus
}
#endif
#endif
