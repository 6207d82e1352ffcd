/* tests/sim/network.h - a network that is not there: the library's transport on one end, a simulated exchange on the other,
 * virtual time between them, and faults at any byte.
 *
 * Each request and each WebSocket has a connection of its own. What is sent takes time to arrive, in order, in pieces. When the
 * client lets go of a connection, what it had sent still arrives: that is how an order that nobody waits for any more comes to
 * life. The plan of faults is drawn from the seed; network_heal ends it. */
#ifndef TESTS_SIM_NETWORK_H
#define TESTS_SIM_NETWORK_H

#include <bourse.h>

#include "sim/sim.h"

typedef struct network network;

/* Faults, each in so many of 1000 connections (or, of frames, of 10000). */
typedef struct network_faults {
  uint32_t refuse;       /* the connection is not made */
  uint32_t cut_request;  /* it breaks after some byte of the request */
  uint32_t cut_reply;    /* ... of the reply */
  uint32_t late_request; /* the request arrives after up to a minute */
  uint32_t late_reply;
  uint32_t silent;        /* half-open: nothing more comes, and nobody says so */
  uint32_t spoil_request; /* a byte becomes 0xFF */
  uint32_t spoil_reply;
  uint32_t gateway;    /* 502, 503, 504 or a page of HTML from something in between; the request came there or not */
  uint32_t limit;      /* 429 from something in between, with Retry-After; the request did not come there */
  uint32_t cut_socket; /* a WebSocket breaks after some byte of either direction */
  uint32_t frame_drop; /* of 10000 frames from the exchange */
  uint32_t frame_twice;
  uint32_t frame_swap;
  uint32_t frame_cut; /* and the connection breaks */
  uint32_t frame_spoil;
} network_faults;

/* Numbers from a seed (splitmix64). */
typedef struct draws {
  uint64_t state;
} draws;
uint64_t draw(draws *d);
uint64_t draw_below(draws *d, uint64_t bound);
int32_t draw_chance(draws *d, uint32_t of, uint32_t in);

/* `now_ns` is the world's clock; `skew_ns` what the host's UTC is wrong by. Both are the caller's. */
network *network_new(sim *server, uint64_t seed, const int64_t *now_ns, const int64_t *skew_ns);
void network_free(network *net);
void network_faulty(network *net, const network_faults *faults);
void network_heal(network *net); /* connections that are broken stay so */
bourse_transport network_transport(network *net);
/* The host died: nobody listens on any of its connections, and nothing more is sent until network_alive. What was under way
 * to the exchange arrives. */
void network_orphan(network *net);
void network_alive(network *net);
/* Called before and after each thing that is sent: a good moment to die. */
void network_on_send(network *net, void (*moment)(void *user_data), void *user_data);
/* Brings to the exchange what has arrived there by now. */
void network_deliver(network *net);
/* When the next thing arrives anywhere; INT64_MAX: nothing is under way. */
int64_t network_next_ns(const network *net);
/* A WebSocket is half-open, and the client has yet to find out. */
int32_t network_is_silent(const network *net);
/* A line for each request, reply and message, to standard output. */
void network_trace(network *net, int32_t on);

typedef struct network_counts {
  uint64_t requests, replies, messages, broken, faults;
} network_counts;
const network_counts *network_count(const network *net);

#endif
