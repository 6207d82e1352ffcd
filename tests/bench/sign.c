/* sign.c - an order on its way to the wire, beside the HMAC that its signature takes.
 *
 *   sign count WHO  runs it a hundred times, for callgrind to count; prints "100". WHO:
 *                   submit: bourse_submit until the transport has it: arguments, market rules, client id, copies, all;
 *                   hmac: mbedtls_md_hmac over the bytes that were signed.
 *                   Of submit, build and sign alone: count bourse__running_build and bourse__running_send, which end
 *                   at the transport too, with the URL made.
 *   sign payload    what is signed
 *   sign time       "submit NS", "hmac NS" in turns (medians), and "sign NS": bourse_sign alone, over the same bytes
 *   sign keys       bourse_sign with each kind of key (medians): "hmac NS", "ed25519 NS", "es256 NS", "rsa2048 NS"
 *   sign tokens     a request of Coinbase's with an ES256 key until the transport has it (medians): "new NS", "kept NS" */
#include <bourse.h>
#include <bourse/sys/adapter.h>
#include <mbedtls/md.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "payload.h"
#include "sign/signer.h"
#include "unit/sign/keys.h"

enum { TIMES = 100, ROUNDS = 31 };

static const char secret[] = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

static struct {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_order_request order;
  char message[1024]; /* that was signed */
  size_t message_length;
  size_t sent;
  int64_t now_ns;
} bench;

_Noreturn static void die(const char *why) {
  fprintf(stderr, "sign: %s\n", why);
  exit(1);
}

/* --- A transport that takes requests and keeps them --- */

static int32_t take(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  (void)user_data, (void)token;
  bench.sent++;
  if (bench.message_length != 0) return BOURSE_OK;
  const char *query = strchr(request->url, '?');
  const char *text = request->body_length > 0 ? request->body : query == NULL ? "" : query + 1;
  const char *end = strstr(text, "&signature=");
  if (end == NULL || (size_t)(end - text) >= sizeof bench.message) die("no signature in what was sent");
  bench.message_length = (size_t)(end - text);
  memcpy(bench.message, text, bench.message_length);
  return BOURSE_OK;
}

static void give_up(void *user_data, bourse_exchange_token *token) { (void)user_data, (void)token; }

/* Time goes on by itself, so that rate budgets never run out. */
static int64_t clock_of_bench(void *user_data) {
  (void)user_data;
  return bench.now_ns += 1000000;
}

/* --- What is measured --- */

MEASURED int32_t measured_submit(uint64_t *ticket);
MEASURED int measured_hmac(uint8_t out[32]);

MEASURED int32_t measured_submit(uint64_t *ticket) {
  const bourse_order_request *orders[] = {&bench.order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  request.orders = orders;
  request.order_count = 1;
  return bourse_submit(bench.exchange, &request, ticket);
}

MEASURED int measured_hmac(uint8_t out[32]) {
  return mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), (const uint8_t *)secret, sizeof secret - 1,
                         (const uint8_t *)bench.message, bench.message_length, out);
}

static void let_go(uint64_t ticket) {
  bourse_event event = BOURSE_EVENT_INIT;
  if (bourse_cancel(bench.context, ticket) != BOURSE_OK || bourse_next(bench.context, &event) != 1)
    die("an order was lost");
  bourse_result_free(event.result);
}

static void submit_once(void) {
  uint64_t ticket;
  size_t before = bench.sent;
  bench.now_ns += INT64_C(1000000000);
  if (measured_submit(&ticket) != BOURSE_OK || bench.sent != before + 1)
    die(bourse_context_error(bench.context)->message);
  let_go(ticket);
}

static void set_up(void) {
  bourse_transport transport = {
      .struct_size = sizeof transport, .api_version = BOURSE_API_VERSION, .send = take, .cancel = give_up};
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  payload markets = payload_exchange_info(1000, 0);
  bench.now_ns = INT64_C(1754603741000000000);
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){NULL, clock_of_bench, clock_of_bench};
  credentials.api_key = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
  credentials.secret = secret;
  options.credentials = &credentials;
  options.clock_sync = BOURSE_NO;
  options.market_refresh_ms = -1;
  if (bourse_context_new(&bench.context, &context_options) != BOURSE_OK) die("no context");
  if (bourse_open(&bench.exchange, bench.context, "binance", &options) != BOURSE_OK ||
      bourse_markets_load(bench.exchange, BOURSE_PRODUCT_SPOT, markets.bytes, markets.length) != BOURSE_OK)
    die(bourse_context_error(bench.context)->message);
  free(markets.bytes);
  bourse_order_request_init(&bench.order, sizeof bench.order);
  bench.order.symbol = "AAAX/USDT";
  bench.order.side = BOURSE_SIDE_BUY;
  bench.order.type = BOURSE_ORDER_LIMIT;
  if (bourse_decimal_parse(&bench.order.price, "116432.17", SIZE_MAX) != BOURSE_OK ||
      bourse_decimal_parse(&bench.order.amount, "12", SIZE_MAX) != BOURSE_OK)
    die("numbers");
  submit_once();
}

static void tear_down(void) {
  bourse_close(bench.exchange);
  bourse_context_free(bench.context);
}

static int count(const char *who) {
  uint8_t out[32];
  for (int i = 0; i < TIMES; i++) {
    if (strcmp(who, "submit") == 0)
      submit_once();
    else if (measured_hmac(out) != 0)
      die("HMAC");
  }
  return printf("%d\n", TIMES) < 0;
}

static double time_submit(void) {
  uint64_t tickets[TIMES];
  int64_t spent = 0;
  for (int i = 0; i < TIMES; i++) {
    bench.now_ns += INT64_C(1000000000);
    int64_t begin = clock_ns();
    if (measured_submit(&tickets[i]) != BOURSE_OK) die(bourse_context_error(bench.context)->message);
    spent += clock_ns() - begin;
    let_go(tickets[i]);
  }
  return (double)spent / TIMES;
}

static int time_all(void) {
  double submit[ROUNDS], hmac[ROUNDS], sign[ROUNDS];
  char text[BOURSE__SIGNER_ERROR_SIZE];
  bourse_signer *signer;
  uint8_t out[32];
  size_t length;
  if (bourse__signer_new(&signer, NULL, secret, sizeof secret - 1, BOURSE_SECRET_TEXT, text, sizeof text) != BOURSE_OK)
    die(text);
  for (int round = 0; round < ROUNDS; round++) {
    submit[round] = time_submit();
    int64_t begin = clock_ns();
    for (int i = 0; i < TIMES; i++)
      if (measured_hmac(out) != 0) die("HMAC");
    hmac[round] = (double)(clock_ns() - begin) / TIMES;
    begin = clock_ns();
    for (int i = 0; i < TIMES; i++)
      if (bourse_sign(signer, BOURSE_SIGN_HMAC_SHA256, bench.message, bench.message_length, out, sizeof out, &length) !=
          BOURSE_OK)
        die("signing");
    sign[round] = (double)(clock_ns() - begin) / TIMES;
  }
  bourse__signer_free(signer);
  return printf("submit %.0f\nhmac %.0f\nsign %.0f\n", clock_median(submit, ROUNDS), clock_median(hmac, ROUNDS),
                clock_median(sign, ROUNDS)) < 0;
}

static int time_keys(void) {
  static const struct {
    const char *name;
    const char *key;
    int32_t encoding;
    int32_t algorithm;
  } kinds[] = {
      {"hmac", secret, BOURSE__SECRET_TEXT, BOURSE_SIGN_HMAC_SHA256},
      {"ed25519", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", BOURSE__SECRET_ED25519_BASE64, BOURSE_SIGN_ED25519},
      {"es256", ec_pkcs8, BOURSE__SECRET_TEXT, BOURSE_SIGN_ECDSA_P256},
      {"rsa2048", rsa2048_pkcs8, BOURSE__SECRET_TEXT, BOURSE_SIGN_RSA_SHA256},
  };
  enum { EACH = 20 };
  for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
    double spent[ROUNDS];
    uint8_t out[BOURSE_SIGNATURE_SIZE_MAX];
    size_t length;
    bourse_signer *signer;
    if (bourse__signer_new(&signer, NULL, kinds[kind].key, strlen(kinds[kind].key), kinds[kind].encoding, NULL, 0) !=
        BOURSE_OK)
      die(kinds[kind].name);
    for (int round = 0; round < ROUNDS; round++) {
      int64_t begin = clock_ns();
      for (int i = 0; i < EACH; i++)
        if (bourse_sign(signer, kinds[kind].algorithm, bench.message, bench.message_length, out, sizeof out, &length) !=
            BOURSE_OK)
          die("signing");
      spent[round] = (double)(clock_ns() - begin) / EACH;
    }
    bourse__signer_free(signer);
    printf("%s %.0f\n", kinds[kind].name, clock_median(spent, ROUNDS));
  }
  return 0;
}

/* A second of the exchange's goes by from one request to the next, or more than a token's life. */
static double time_requests(bourse_exchange *exchange, int64_t between_ns) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_BALANCES);
  int64_t spent = 0;
  for (int i = 0; i < TIMES; i++) {
    uint64_t ticket;
    size_t before = bench.sent;
    bench.now_ns += between_ns;
    int64_t begin = clock_ns();
    if (bourse_submit(exchange, &request, &ticket) != BOURSE_OK) die(bourse_context_error(bench.context)->message);
    spent += clock_ns() - begin;
    if (bench.sent != before + 1) die("a request was not sent");
    let_go(ticket);
  }
  return (double)spent / TIMES;
}

static int time_tokens(void) {
  double made[5], kept[5];
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_exchange *exchange;
  credentials.api_key = "organizations/1/apiKeys/2";
  credentials.secret = ec_pkcs8;
  options.credentials = &credentials;
  options.clock_sync = BOURSE_NO;
  if (bourse_open(&exchange, bench.context, "coinbase", &options) != BOURSE_OK)
    die(bourse_context_error(bench.context)->message);
  for (int round = 0; round < 5; round++) {
    made[round] = time_requests(exchange, INT64_C(200000000000));
    kept[round] = time_requests(exchange, INT64_C(100000000));
  }
  bourse_close(exchange);
  return printf("new %.0f\nkept %.0f\n", clock_median(made, 5), clock_median(kept, 5)) < 0;
}

int main(int argc, char **argv) {
  int status = 2;
  set_up();
  if (argc > 2 && strcmp(argv[1], "count") == 0)
    status = count(argv[2]);
  else if (argc > 1 && strcmp(argv[1], "payload") == 0)
    status = printf("%s\n", bench.message) < 0;
  else if (argc > 1 && strcmp(argv[1], "time") == 0)
    status = time_all();
  else if (argc > 1 && strcmp(argv[1], "keys") == 0)
    status = time_keys();
  else if (argc > 1 && strcmp(argv[1], "tokens") == 0)
    status = time_tokens();
  else
    fprintf(stderr, "usage: sign count submit|hmac; sign payload; sign time; sign keys; sign tokens\n");
  tear_down();
  return status;
}
