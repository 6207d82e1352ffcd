/* sim/serve.h - a simulated exchange on a socket, by the real clock. */
#ifndef SIM_SERVE_H
#define SIM_SERVE_H

#include "sim.h"

typedef struct sim_server sim_server;

typedef struct sim_serve_options {
  int32_t port;         /* 0: a free one */
  int32_t verbose;      /* a line for each connection, on standard error */
  const char *tls_cert; /* PEM files; NULL: plain */
  const char *tls_key;
} sim_serve_options;

/* Listens on 127.0.0.1. 0 and a sentence in text when it cannot. */
int32_t sim_server_open(sim_server **out, sim *s, const sim_serve_options *options, char *text, size_t size);
int32_t sim_server_port(const sim_server *server);
/* Serves until SIGINT or SIGTERM, then says goodbye to WebSocket clients and ends. 0: it could not go on. */
int32_t sim_server_run(sim_server *server);
void sim_server_free(sim_server *server);

#endif
