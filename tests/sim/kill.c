/* tests/sim/kill.c - a trading program is killed (SIGKILL) again and again while it sends orders over a socket to a simulated
 * exchange; then what its journal says of each order is held against the exchange.
 *
 *   kill TRADER [TIMES] [EXCHANGE] [SYMBOL]     TRADER: the program of kill_trader.c */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bourse.h>

#include "sim/records.h"
#include "sim/serve.h"

static const char *trader, *exchange = "binance", *symbol = "ETH/USDT";
static char url[64], directory[160], journal[200], verdicts[200], lock[208];

/* *out: the reading end of its output, unless that goes to a file. */
static pid_t start_trader(const char *what, int *out) {
  int ends[2] = {-1, -1};
  if (out != NULL && pipe(ends) != 0) return -1;
  pid_t pid = fork();
  if (pid == 0) {
    if (out != NULL ? dup2(ends[1], 1) < 0 : freopen(verdicts, "w", stdout) == NULL) _exit(2);
    execl(trader, trader, exchange, url, journal, what, symbol, (char *)NULL);
    _exit(2);
  }
  if (out != NULL) {
    close(ends[1]);
    *out = ends[0];
  }
  return pid;
}

/* Kills it `times` times, mostly a few milliseconds after it has begun to send orders, now and then before; then lets it
 * settle. */
static int kill_and_settle(unsigned times) {
  int status = 0, out;
  srand(1);
  for (unsigned i = 0; i < times; i++) {
    pid_t pid = start_trader("trade", &out);
    struct timespec wait = {0, (long)(rand() % 20000) * 1000};
    char begun;
    if (pid < 0) return 2;
    if (rand() % 10 > 0 && read(out, &begun, 1) != 1) {
      fprintf(stderr, "the trader ended before it sent an order\n");
      return 1;
    }
    nanosleep(&wait, NULL);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    close(out);
    if (!WIFSIGNALED(status)) {
      fprintf(stderr, "the trader ended by itself with %d\n", WEXITSTATUS(status));
      return 1;
    }
  }
  pid_t pid = start_trader("settle", NULL);
  if (pid < 0) return 2;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static unsigned orders_of(const paper_account *account, const char *client_id) {
  unsigned count = 0;
  for (const paper_order *order = account->all.first; order != NULL; order = order->all_next)
    count += strcmp(sim_client_id(order), client_id) == 0;
  return count;
}

/* Kraken's futures have keys of their own, and those are the second account's. */
static const sim_account *trader_account(sim *s) {
  return sim_account_at(s, strcmp(exchange, "kraken") == 0 && strchr(symbol, ':') != NULL);
}

static int compare(sim *s) {
  const paper_account *account = bourse__paper_account(sim_engine(s), trader_account(s)->account);
  unsigned entries = 0, twice = 0, wrong = 0, unsettled = 0, there = 0, known = 0;
  char line[256], id[128];
  int state, outcome;
  FILE *file = fopen(verdicts, "r");
  if (file == NULL) return 1;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "%127s %d %d", id, &state, &outcome) != 3) continue;
    unsigned count = orders_of(account, id);
    entries++;
    known += count;
    twice += count > 1;
    unsettled += state != BOURSE_JOURNAL_OPEN && state != BOURSE_JOURNAL_FINAL;
    if ((outcome == BOURSE_OUTCOME_EXECUTED) != (count == 1)) {
      wrong++;
      printf("%s is %u orders at the exchange, and the journal says %s\n", id, count, bourse_outcome_name(outcome));
    }
  }
  fclose(file);
  for (const paper_order *order = account->all.first; order != NULL; order = order->all_next) there++;
  printf("%u intents, %u orders at the exchange; %u twice, %u lost, %u told wrongly, %u not settled\n", entries, there,
         twice, there - known, wrong, unsettled);
  return twice > 0 || there != known || wrong > 0 || unsettled > 0 || there == 0;
}

int main(int argc, char **argv) {
  sim_options options = {.seed = 7, .no_limits = 1};
  sim_serve_options serve = {0};
  sim *s;
  sim_server *server;
  struct timespec now;
  char text[256];
  if (argc < 2) {
    fprintf(stderr, "usage: kill TRADER [TIMES] [EXCHANGE] [SYMBOL]\n");
    return 2;
  }
  trader = argv[1];
  unsigned times = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1000;
  if (argc > 3) exchange = argv[3];
  if (argc > 4) symbol = argv[4];
  const char *temporary = getenv("TMPDIR");
  snprintf(directory, sizeof directory, "%.120s/bourse-kill-XXXXXX", temporary == NULL ? "/tmp" : temporary);
  clock_gettime(CLOCK_REALTIME, &now);
  options.exchange = exchange;
  options.now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
  if (mkdtemp(directory) == NULL || sim_new(&s, &options, text, sizeof text) != BOURSE_OK ||
      !sim_server_open(&server, s, &serve, text, sizeof text)) {
    fprintf(stderr, "no simulated exchange: %s\n", text);
    return 2;
  }
  snprintf(url, sizeof url, "http://127.0.0.1:%d", sim_server_port(server));
  snprintf(journal, sizeof journal, "%s/journal", directory);
  snprintf(verdicts, sizeof verdicts, "%s/verdicts", directory);
  const sim_key *key = &trader_account(s)->key;
  setenv("KILL_KEY", key->api_key, 1);
  setenv("KILL_SECRET", key->secret, 1);
  if (key->passphrase != NULL) setenv("KILL_PASSPHRASE", key->passphrase, 1);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    sigset_t none; /* the server has signals for itself: this one, and the traders, end by them */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int status = kill_and_settle(times);
    kill(getppid(), SIGTERM);
    _exit(status);
  }
  int status = 0;
  if (child < 0 || !sim_server_run(server)) return 2;
  waitpid(child, &status, 0);
  int failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0 || compare(s);
  printf("%u kills: %d passed, %d failed\n", times, !failed, failed);
  sim_server_free(server);
  sim_free(s);
  unlink(journal);
  unlink(verdicts);
  snprintf(lock, sizeof lock, "%s.lock", journal);
  unlink(lock);
  rmdir(directory);
  return failed;
}
