/* idle.c - memory of a context and a handle that do nothing, beside what libcurl takes by itself. One of the two in a
 * process:
 *
 *   idle curl    global init, a multi and an easy handle
 *   idle bourse  a context and a handle of Binance with credentials
 * Prints the resident set in KiB. */
#include <bourse.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long resident_kib(void) {
  char line[256];
  long kib = -1;
  FILE *file = fopen("/proc/self/status", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "VmRSS: %ld", &kib) == 1) break;
  if (file != NULL) fclose(file);
  return kib;
}

static int idle_curl(void) {
  if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK) return 1;
  CURLM *multi = curl_multi_init();
  CURL *easy = curl_easy_init();
  if (multi == NULL || easy == NULL) return 1;
  printf("%ld\n", resident_kib());
  curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  return 0;
}

static int idle_bourse(void) {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  credentials.api_key = "key";
  credentials.secret = "secret";
  options.credentials = &credentials;
  if (bourse_context_new(&context, NULL) != BOURSE_OK ||
      bourse_open(&exchange, context, "binance", &options) != BOURSE_OK)
    return 1;
  printf("%ld\n", resident_kib());
  bourse_close(exchange);
  bourse_context_free(context);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "curl") == 0) return idle_curl();
  if (argc == 2 && strcmp(argv[1], "bourse") == 0) return idle_bourse();
  fprintf(stderr, "usage: idle curl|bourse\n");
  return 2;
}
