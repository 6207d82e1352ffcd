/* simulate.c - bourse sim: a simulated exchange on a socket. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/serve.h"

static int list_dialects(void) {
  for (uint32_t i = 0; sim_dialect_at(i) != NULL; i++)
    printf("%-16s %s\n", sim_dialect_at(i)->name, sim_dialect_at(i)->title);
  return CLI_OK;
}

static int read_whole_file(cli_buffer *out, const char *option, const char *path) {
  if (path == NULL) return CLI_OK;
  int error = cli_read_file(out, path);
  return error == 0 ? CLI_OK : cli_fail(CLI_USAGE, "--%s: %s: %s", option, path, strerror(error));
}

static const sim_dialect *dialect_of(const char *name) {
  for (uint32_t i = 0; sim_dialect_at(i) != NULL; i++)
    if (strcmp(sim_dialect_at(i)->name, name) == 0) return sim_dialect_at(i);
  return NULL;
}

static void print_key(const char *key, const char *secret, const char *passphrase, const char *account,
                      int32_t read_only) {
  printf("keys:     %s  %s%s%s  (%s%s)\n", key,
         strstr(secret, "PUBLIC KEY") != NULL ? "signs with its private key" : secret, passphrase != NULL ? "  " : "",
         passphrase != NULL ? passphrase : "", account, read_only ? ", read only" : "");
}

static void print_keys(const sim_dialect *dialect, const sim_accounts *accounts) {
  for (uint32_t i = 0; i < accounts->key_count; i++) {
    const sim_key *key = &accounts->keys[i];
    print_key(key->api_key, key->secret, key->passphrase, key->name, key->read_only);
  }
  if (accounts->key_count > 0) return;
  print_key(dialect->default_key, dialect->default_secret, dialect->default_passphrase, "main", 0);
  for (uint32_t i = 0; i < dialect->more_key_count; i++) {
    const sim_key *key = &dialect->more_keys[i];
    print_key(key->api_key, key->secret, key->passphrase, key->name != NULL ? key->name : "main", key->read_only);
  }
}

static void print_ways(const sim_dialect *dialect, const cli_options *options, int32_t port) {
  const char *tls = options->tls_cert != NULL ? "s" : "", *name = dialect->name;
  printf("address:  http%s://127.0.0.1:%d  ws%s://127.0.0.1:%d\n", tls, (int)port, tls, (int)port);
  printf("bourse:   bourse --host '*=http%s://127.0.0.1:%d' ... %s\n", tls, (int)port, name);
  printf(
      "others:   every path of the exchange's hosts is here; replace the hosts by the address. ccxt: set the texts "
      "under\n"
      "          exchange.urls to it (README, \"bourse sim\")\n");
}

static int serve(sim *s, const cli_options *options, const sim_accounts *accounts) {
  const sim_serve_options serving = {(int32_t)options->port, options->verbose, options->tls_cert, options->tls_key};
  char text[256];
  sim_server *server;
  if (!sim_server_open(&server, s, &serving, text, sizeof text)) return cli_fail(CLI_LOCAL, "sim: %s", text);
  const sim_dialect *dialect = dialect_of(options->words[1]);
  printf("%s, simulated; seed %llu; ends with ^C\n", dialect->title,
         (unsigned long long)(options->seed == 0 ? 1 : options->seed));
  print_ways(dialect, options, sim_server_port(server));
  print_keys(dialect, accounts);
  fflush(stdout);
  int32_t good = sim_server_run(server);
  sim_server_free(server);
  return good ? CLI_OK : cli_fail(CLI_LOCAL, "sim: waiting for sockets failed");
}

int cli_simulate(const cli_options *options, const char *const *words, uint32_t count) {
  sim_options how;
  sim_accounts accounts;
  cli_buffer faults = {0}, keys = {0};
  char text[512] = "";
  sim *s = NULL;
  struct timespec now;
  if (options->list) return list_dialects();
  if (count != 1) return cli_fail(CLI_USAGE, "sim: which exchange? \"bourse sim --list\" lists them");
  if ((options->tls_cert == NULL) != (options->tls_key == NULL))
    return cli_fail(CLI_USAGE, "sim: --tls-cert and --tls-key go together");
  if (options->port > 65535) return cli_fail(CLI_USAGE, "--port: %lld is above 65535", (long long)options->port);
  memset(&how, 0, sizeof how);
  memset(&accounts, 0, sizeof accounts);
  (void)clock_gettime(CLOCK_REALTIME, &now);
  how.exchange = words[0];
  how.is_tls = options->tls_cert != NULL;
  how.seed = options->seed == 0 ? 1 : (uint64_t)options->seed;
  how.now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
  int code = read_whole_file(&faults, "faults", options->faults_file);
  if (code == CLI_OK) code = read_whole_file(&keys, "accounts", options->accounts_file);
  if (code == CLI_OK && options->accounts_file != NULL &&
      sim_accounts_read(&accounts, keys.data, text, sizeof text) != BOURSE_OK)
    code = cli_fail(CLI_USAGE, "%s", text);
  if (code == CLI_OK) {
    how.keys = accounts.keys;
    how.key_count = accounts.key_count;
    how.funds = accounts.funds;
    how.fund_count = accounts.fund_count;
    how.faults = options->faults_file != NULL ? faults.data : NULL;
    if (sim_new(&s, &how, text, sizeof text) != BOURSE_OK) code = cli_fail(CLI_USAGE, "sim: %s", text);
  }
  if (code == CLI_OK) code = serve(s, options, &accounts);
  sim_free(s);
  sim_accounts_free(&accounts);
  cli_free_buffer(&faults);
  cli_free_buffer(&keys);
  return code;
}
