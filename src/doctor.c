/* doctor.c - checks what a first use needs; every line says ok, warn or fail, and what to do. */
#include "cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct report {
  const cli_options *options;
  cli_grid grid;
  int code; /* of the first failure */
} report;

/* A line; takes over `text`. `code` is the exit code of a failure, CLI_OK for none. */
static void add_line(report *out, const char *check, const char *verdict, int code, char *text) {
  cli_grid_row(&out->grid);
  cli_grid_set(&out->grid, 0, cli_copy(check));
  cli_grid_set(&out->grid, 1, cli_copy(verdict));
  cli_grid_set(&out->grid, 2, text);
  if (out->code == CLI_OK) out->code = code;
}

static void check_version(report *out) {
  int32_t own = BOURSE_VERSION_MAJOR * 10000 + BOURSE_VERSION_MINOR * 100 + BOURSE_VERSION_PATCH;
  if (bourse_version_number() / 100 == own / 100)
    add_line(out, "version", "ok", CLI_OK, cli_format("library %s", bourse_version()));
  else
    add_line(out, "version", "warn", CLI_OK,
             cli_format("library %s, but this program was made with %d.%d.%d; install both from one release",
                        bourse_version(), BOURSE_VERSION_MAJOR, BOURSE_VERSION_MINOR, BOURSE_VERSION_PATCH));
}

static void check_clock(report *out) {
  /* A clock before the release of this program is certainly wrong. */
  if (time(NULL) < 1735689600)
    add_line(out, "clock", "fail", CLI_LOCAL,
             cli_copy("this machine's clock is years behind; set it, signed requests need it"));
  else
    add_line(out, "clock", "ok", CLI_OK,
             cli_copy("plausible; an exchange's clock is compared by: bourse doctor EXCHANGE"));
}

static void check_ca(report *out) {
  if (out->options->ca_file == NULL) return;
  if (access(out->options->ca_file, R_OK) == 0)
    add_line(out, "cacert", "ok", CLI_OK, cli_format("%s", out->options->ca_file));
  else
    add_line(out, "cacert", "fail", CLI_LOCAL, cli_format("%s cannot be read", out->options->ca_file));
}

static void check_proxy(report *out) {
  static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  if (out->options->proxy != NULL) {
    add_line(out, "proxy", "ok", CLI_OK, cli_copy("given with --proxy"));
    return;
  }
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (getenv(names[i]) != NULL && getenv(names[i])[0] != '\0') {
      add_line(out, "proxy", "warn", CLI_OK, cli_format("%s is set, requests go through it", names[i]));
      return;
    }
}

static void check_paper(report *out) {
  cli_session session = {0};
  cli_options plain = {.format = CLI_TABLE};
  bourse_result *result = NULL;
  int code = cli_open(&session, &plain, "paper", CLI_NO_KEYS);
  if (code == CLI_OK) {
    int32_t error = bourse_fetch_ticker(&result, session.exchange, "BTC/USDT");
    if (error != BOURSE_OK) code = cli_report(&plain, bourse_context_error(session.context), NULL);
  }
  if (code == CLI_OK)
    add_line(out, "paper", "ok", CLI_OK, cli_copy("the built-in exchange works; try: bourse buy paper BTC/USDT 0.01"));
  else
    add_line(out, "paper", "fail", code, cli_copy("the built-in exchange does not work: this build is broken"));
  bourse_result_free(result);
  cli_close(&session);
}

static void add_error(report *out, const char *check, const bourse_error *error, const char *advice) {
  cli_buffer text = {0};
  cli_add_format(&text, "%s", bourse_error_name(error->code));
  if (error->exchange_message[0] != '\0')
    cli_add_format(&text, " (%s \"%s\")", error->exchange_code, error->exchange_message);
  if (error->message[0] != '\0') cli_add_format(&text, ": %s", error->message);
  cli_add_format(&text, "; %s", advice);
  int code = cli_exit_code(error->code, error->outcome);
  add_line(out, check, "fail", code != CLI_OK ? code : CLI_LOCAL, text.data);
}

static const char *network_advice(int32_t code) {
  switch (code) {
    case BOURSE_ERROR_RESOLVE: return "is there a network, does DNS work, is --host right?";
    case BOURSE_ERROR_TLS:
      return "is the clock right, are CA certificates installed (ca-certificates), is --cacert needed?";
    case BOURSE_ERROR_PROXY: return "check --proxy and https_proxy";
    case BOURSE_ERROR_LOCATION: return "this exchange does not serve this place";
    case BOURSE_ERROR_RATE_LIMITED:
    case BOURSE_ERROR_BANNED: return "this address asked too much; wait";
    case BOURSE_ERROR_TIMEOUT:
    case BOURSE_ERROR_CONNECT:
    case BOURSE_ERROR_DISCONNECTED:
    case BOURSE_ERROR_NETWORK: return "does a firewall or proxy stand between?";
    default: return "the exchange may be away; try again later";
  }
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Reachability, TLS and the clock's offset, from one request for the exchange's time. */
static int check_network(report *out, cli_session *session, const char *exchange) {
  bourse_result *result = NULL;
  if (bourse_supports(session->exchange, BOURSE_OP_FETCH_TIME, 0, 0) == 0) {
    add_line(out, "network", "ok", CLI_OK, cli_format("%s does not tell its time; not tried", exchange));
    return 1;
  }
  int64_t before = now_ns();
  int32_t error = bourse_fetch_time(&result, session->exchange);
  int64_t after = now_ns();
  const bourse_server_time *server = bourse_result_server_time(result, 0);
  if (error != BOURSE_OK || server == NULL) {
    add_error(out, "network", bourse_context_error(session->context), network_advice(error));
    bourse_result_free(result);
    return 0;
  }
  add_line(out, "network", "ok", CLI_OK,
           cli_format("%s answers after %" PRId64 " ms", exchange, (after - before) / 1000000));
  int64_t offset_ms = (server->time_ns - (before + (after - before) / 2)) / 1000000;
  int64_t size = offset_ms < 0 ? -offset_ms : offset_ms;
  if (size <= 1000)
    add_line(out, "clock offset", "ok", CLI_OK, cli_format("%" PRId64 " ms", offset_ms));
  else
    add_line(out, "clock offset", "warn", CLI_OK,
             cli_format("%" PRId64 " ms: the library makes up for it, but set this machine's clock (NTP)", offset_ms));
  bourse_result_free(result);
  return 1;
}

static void check_permissions(report *out, const bourse_permissions *granted) {
  const struct {
    const char *name;
    int32_t value;
  } all[] = {{"read", granted->read},        {"spot", granted->spot},       {"margin", granted->margin},
             {"futures", granted->futures},  {"options", granted->options}, {"transfer", granted->transfer},
             {"withdraw", granted->withdraw}};
  cli_buffer text = {0};
  cli_add(&text, "the key may:");
  for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
    if (all[i].value > 0) cli_add_format(&text, " %s", all[i].name);
  if (granted->withdraw > 0 && granted->address_bound <= 0) {
    cli_add(&text, "; it may withdraw from any address: use a key without that, or bind it to your address");
    add_line(out, "permissions", "warn", CLI_OK, text.data);
  } else {
    add_line(out, "permissions", "ok", CLI_OK, text.data);
  }
}

static void check_account(report *out, cli_session *session, const char *exchange) {
  bourse_result *result = NULL;
  int32_t error = bourse_check(&result, session->exchange);
  if (error != BOURSE_OK) {
    add_error(out, "account", bourse_context_error(session->context),
              error == BOURSE_ERROR_TIMESTAMP ? "set this machine's clock (NTP)"
              : error == BOURSE_ERROR_AUTH || error == BOURSE_ERROR_PERMISSION
                  ? "is the key of this exchange and --env, is it allowed to read, is it bound to another address?"
                  : network_advice(error));
    return;
  }
  add_line(out, "account", "ok", CLI_OK, cli_format("%s takes the key", exchange));
  const bourse_permissions *granted = bourse_result_permissions(result, 0);
  if (granted != NULL) check_permissions(out, granted);
  bourse_result_free(result);
}

/* The key file: 1 when keys were found and can be used. */
static int check_keys(report *out, cli_keys *keys, const char *exchange) {
  int code = cli_keys_find(keys, out->options, exchange, 0);
  if (code != CLI_OK) {
    add_line(out, "keys", "fail", code, cli_copy("see the message above"));
    return 0;
  }
  if (!keys->found) {
    add_line(out, "keys", "warn", CLI_OK,
             cli_format("none of %s found: public data only; \"bourse help keys\" tells where they go", exchange));
    return 0;
  }
  if (keys->readable_by_others)
    add_line(out, "keys", "fail", CLI_AUTH,
             cli_format("%s can be read or changed by others; run: chmod 600 %s", keys->path, keys->path));
  else
    add_line(out, "keys", "ok", CLI_OK,
             cli_format("from %s%s%s", keys->path != NULL ? keys->path : "the environment",
                        keys->name != NULL ? ", account " : "", keys->name != NULL ? keys->name : ""));
  return 1;
}

static void check_exchange(report *out, const char *exchange) {
  cli_session session = {0};
  cli_keys keys = {0};
  static const cli_keys none = {0};
  int is_paper = strcmp(exchange, "paper") == 0;
  int found = !is_paper && check_keys(out, &keys, exchange);
  session.keys = found ? &keys : &none;
  int code = cli_open(&session, out->options, exchange, CLI_NO_KEYS);
  if (code != CLI_OK) {
    add_line(out, found ? "credentials" : "open", "fail", code, cli_copy("see the message above"));
  } else {
    if (found) add_line(out, "credentials", "ok", CLI_OK, cli_format("the shape is right for %s", exchange));
    if (check_network(out, &session, exchange) && found) check_account(out, &session, exchange);
  }
  cli_keys_free(&keys);
  cli_close(&session);
}

int cli_doctor(const cli_options *options, const char *const *words, uint32_t count) {
  static const char *const names[] = {"check", "result", "detail"};
  report out = {.options = options};
  if (count > 1) return cli_fail(CLI_USAGE, "doctor: unexpected \"%s\"", words[1]);
  cli_grid_init(&out.grid, names, 3);
  check_version(&out);
  check_clock(&out);
  check_ca(&out);
  check_proxy(&out);
  check_paper(&out);
  if (count == 1) check_exchange(&out, words[0]);
  cli_grid_print(&out.grid, options);
  return out.code;
}
