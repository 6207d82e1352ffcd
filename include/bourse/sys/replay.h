/* bourse/sys/replay.h - recorded messages through the same code as live ones: decoding, proofs, books, events. Second tier:
 * may change until 1.0. */
#ifndef BOURSE_SYS_REPLAY_H
#define BOURSE_SYS_REPLAY_H

#include <bourse/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_replay bourse_replay;

/* What a replay counted. */
typedef struct bourse_replay_summary {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t messages;
  uint64_t records;       /* in DATA events */
  uint64_t book_updates;  /* applied */
  uint64_t gaps;          /* checksum failures included */
  uint64_t checksum_failures;
  uint64_t undecoded;
  uint64_t quiet;         /* understood, with nothing to hand on: acknowledgements, heartbeats, channels we have not */
} bourse_replay_summary;

/* Nothing is sent. Events of everything that the messages hold go to on_event (may be NULL), whose `stream` can be read
 * with bourse_book_*. Errors: BOURSE_ERROR_ARGUMENT, _UNSUPPORTED, _MEMORY. */
BOURSE_API int32_t bourse_replay_new(bourse_replay **out, bourse_exchange *exchange,
                                     void (*on_event)(void *user_data, const bourse_stream_event *event), void *user_data);
BOURSE_API void bourse_replay_free(bourse_replay *replay);

/* A connection begins (again): `number` tells connections apart, `url` says of which kind it is (NULL or of an unknown host:
 * messages are tried as each kind that the product has); `product` (0: the handle's) where the URL does not tell. What was
 * known of an earlier one of that number is void. */
BOURSE_API int32_t bourse_replay_open(bourse_replay *replay, int32_t number, const char *url, int32_t product);
/* A message that was received: BOURSE_OK, or BOURSE_ERROR_BAD_REPLY (detail in bourse_context_error). */
BOURSE_API int32_t bourse_replay_message(bourse_replay *replay, int32_t number, const char *bytes, size_t length,
                                         int64_t received_ns);
/* A message that was sent: subscriptions tell depths. */
BOURSE_API int32_t bourse_replay_sent(bourse_replay *replay, int32_t number, const char *bytes, size_t length);
/* A fetched order book that a book of this connection may begin with. `symbol`: the exchange's id, or unified. */
BOURSE_API int32_t bourse_replay_snapshot(bourse_replay *replay, int32_t number, const char *symbol, const char *bytes,
                                          size_t length, int64_t received_ns);
BOURSE_API void bourse_replay_summarize(const bourse_replay *replay, bourse_replay_summary *out);

#ifdef __cplusplus
}
#endif
#endif
