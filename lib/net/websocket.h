/* net/websocket.h - the WebSocket protocol (RFC 6455), the client's side, with permessage-deflate (RFC 7692). No I/O:
 *
 *     bourse__websocket_begin(ws, &upgrade);
 *     for (;;) {
 *       while ((bytes = bourse__websocket_output(ws, &length))) written = write(..., bytes, length), bourse__websocket_sent(ws, written);
 *       room = bourse__websocket_room(ws, &size);
 *       bourse__websocket_received(ws, read(..., room, size));
 *       while ((kind = bourse__websocket_next(ws, &event)) != 0) ...
 *     }
 *
 * A message that came in one frame and not compressed is handed over where it was received; one in several frames is
 * put together in that same buffer. Nothing is allocated once the buffers have grown to what the peer sends, and no
 * buffer grows beyond what was asked for here, whatever the peer does. What is sent is never compressed.
 *
 * Parts: websocket.c (frames), websocket_upgrade.c (the HTTP request and its answer), websocket_deflate.c. */
#ifndef NET_WEBSOCKET_H
#define NET_WEBSOCKET_H

#include <bourse/sys/arena.h>
#include <bourse/sys/clock.h>
#include <bourse/sys/transport.h>

#define BOURSE__WEBSOCKET_HEAD_MAX 65536u /* of the answer to the upgrade */
#define BOURSE__WEBSOCKET_BODY_MAX 2048u  /* of a refusal; what is longer is cut */
#define BOURSE__WEBSOCKET_ROOM_MIN 65536u /* what the input buffer has to begin with */

/* What bourse__websocket_next returns besides BOURSE_MESSAGE_TEXT, _BINARY and _PONG (to a ping that was sent). Pings are
 * answered and not told. */
enum {
  BOURSE__WEBSOCKET_NOTHING = 0, /* read more, or (after an end) nothing more will come */
  BOURSE__WEBSOCKET_OPENED = 32,
  BOURSE__WEBSOCKET_CLOSED = 33, /* a close frame came and is answered: event.code, and its reason in bytes */
  BOURSE__WEBSOCKET_REFUSED = 34 /* the answer was no upgrade: event.code is the HTTP status, its body (cut) in bytes */
  /* negative: BOURSE_ERROR_BAD_REPLY or _MEMORY, told in event.text; a close frame is in the output */
};

#define BOURSE__WEBSOCKET_NO_CODE 1005 /* event.code for a close frame without one */

typedef struct bourse__websocket_event {
  const char *bytes; /* valid until the next call of _next or _room */
  size_t length;
  int32_t code;
  int32_t reserved;
  const char *text;        /* of errors; static */
  const char *retry_after; /* REFUSED: that header's value (up to the line's end); NULL: none */
} bourse__websocket_event;

typedef struct bourse__websocket_options {
  bourse_random random;
  size_t message_size_max; /* > 0: of a message, as sent and inflated */
  size_t output_size_max;  /* > 0: bytes waiting to be written; less than 4 GiB */
} bourse__websocket_options;

typedef struct bourse__websocket_upgrade {
  const char *host; /* value of the Host header */
  size_t host_length;
  const char *path; /* with its query; begins with '/', or is empty for "/", or begins with '?' */
  size_t path_length;
  const bourse_http_header *headers; /* checked already */
  uint32_t header_count;
  int32_t compress; /* offer permessage-deflate */
} bourse__websocket_upgrade;

typedef struct bourse__websocket_block {
  uint8_t *data;
  size_t at; /* written until here */
  size_t length;
  size_t capacity;
} bourse__websocket_block;

typedef struct bourse__inflater bourse__inflater;

/* All of it is the protocol's own. Offsets are into `input`. */
typedef struct bourse__websocket {
  bourse_allocator allocator;
  bourse__websocket_options options;
  int32_t state;
  int32_t kind;       /* of the message under way, when some frame of it is here and the last is not; 0: none */
  int32_t compressed; /* that message is */
  int32_t offered;    /* permessage-deflate was */
  uint8_t *input;
  size_t capacity;
  size_t message; /* the message under way: [message, message_end) */
  size_t message_end;
  size_t at;            /* the next frame's header */
  size_t end;           /* of what was received */
  size_t checked;       /* how far text is known to be valid, or the answer's head to have no end */
  uint32_t small_reads; /* since the buffer was last needed as large as it is */
  int32_t status;       /* of the answer, when it is a refusal */
  size_t body;          /* ... its body: [body, body_end), without the lines between chunks */
  size_t body_end;
  size_t body_at;    /* ... what was received and not looked at */
  int64_t body_left; /* ... still to come, of it or of this chunk; -1: until the connection ends */
  int32_t chunked;
  size_t retry_after;            /* ... that header's value; 0: none */
  bourse__inflater *inflater;    /* NULL: not agreed upon */
  bourse__websocket_block going; /* not changed until it is written whole: TLS wants the same bytes again */
  bourse__websocket_block next;  /* put behind it */
  uint32_t pings;                /* sent and not answered: a pong that answers none is not told */
  int32_t pong_length;           /* a pong that waits for room in the output; -1: none */
  uint8_t pong[125];
  char accept[29];     /* what the answer must say */
  char protocols[128]; /* the subprotocols that were asked for */
} bourse__websocket;

/* Zeroed memory is given; the allocator is copied. */
void bourse__websocket_init(bourse__websocket *ws, const bourse_allocator *allocator,
                            const bourse__websocket_options *options);
void bourse__websocket_free(bourse__websocket *ws);

/* Puts the request into the output. Errors: BOURSE_ERROR_MEMORY, BOURSE_ERROR_ARGUMENT (subprotocols too long). */
int32_t bourse__websocket_begin(bourse__websocket *ws, const bourse__websocket_upgrade *upgrade);

/* Where to put what is read; NULL: memory is out. Call it when _next said NOTHING. */
uint8_t *bourse__websocket_room(bourse__websocket *ws, size_t *out_size);
void bourse__websocket_received(bourse__websocket *ws, size_t length);

/* The next thing that happened; see above. */
int32_t bourse__websocket_next(bourse__websocket *ws, bourse__websocket_event *event);

/* The connection ended, or time is over, while a refusal was coming in: what there is of it. 0: no refusal is. */
int32_t bourse__websocket_refusal(bourse__websocket *ws, bourse__websocket_event *event);

/* Queues a message, BOURSE_MESSAGE_*. Errors: BOURSE_ERROR_ARGUMENT (of no such kind, a ping or pong of more than 125
 * bytes), BOURSE_ERROR_QUEUE_FULL, BOURSE_ERROR_STATE (not open), BOURSE_ERROR_MEMORY. */
int32_t bourse__websocket_send(bourse__websocket *ws, int32_t kind, const char *bytes, size_t length);

/* Queues a close frame, if the connection is open; nothing can be sent after it. */
void bourse__websocket_close(bourse__websocket *ws, int32_t code);

int32_t bourse__websocket_is_open(const bourse__websocket *ws);

/* What is to be written now, or NULL. Until all of it is, the same bytes are given, less what _sent was told of. */
const uint8_t *bourse__websocket_output(bourse__websocket *ws, size_t *out_length);
void bourse__websocket_sent(bourse__websocket *ws, size_t length);

/* --- Between the parts --- */

enum {
  BOURSE__WEBSOCKET_NEW = 0,
  BOURSE__WEBSOCKET_UPGRADING,
  BOURSE__WEBSOCKET_REFUSING, /* the head of the refusal is here, its body not yet */
  BOURSE__WEBSOCKET_OPEN,
  BOURSE__WEBSOCKET_ENDED
};

/* Appends to the output, whatever its bound. 0: memory is out. */
int32_t bourse__websocket_put(bourse__websocket *ws, const void *bytes, size_t length);

/* Ends it with an error, and a close frame when it was open. */
int32_t bourse__websocket_fail(bourse__websocket *ws, bourse__websocket_event *event, int32_t error, int32_t code,
                               const char *text);

/* _next while the answer to the upgrade comes in. */
int32_t bourse__websocket_answer(bourse__websocket *ws, bourse__websocket_event *event);

/* Makes what undoes the peer's compression. */
int32_t bourse__inflater_new(bourse__inflater **out, const bourse_allocator *allocator, int32_t no_takeover);
void bourse__inflater_free(bourse__inflater *inflater);

/* Inflates a whole message into the inflater's own buffer. Errors: BOURSE_ERROR_BAD_REPLY (malformed),
 * BOURSE_ERROR_OVERFLOW (longer than max), BOURSE_ERROR_MEMORY. */
int32_t bourse__inflater_run(bourse__inflater *inflater, const uint8_t *bytes, size_t length, size_t max,
                             const char **out_bytes, size_t *out_length);

#endif
