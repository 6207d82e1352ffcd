/* payload.h - replies in Binance's format, made here, the same in every run. Each returns memory of the caller's to
 * free. */
#ifndef BENCH_PAYLOAD_H
#define BENCH_PAYLOAD_H

#include <stddef.h>

typedef struct payload {
  char *bytes; /* a NUL and 64 bytes of room follow, as some parsers want */
  size_t length;
} payload;

payload payload_tickers(unsigned count); /* GET /api/v3/ticker/24hr */
payload payload_depth(unsigned levels);  /* GET /api/v3/depth; levels a side */
payload payload_trades(unsigned count);  /* GET /api/v3/aggTrades */
payload payload_exchange_info(unsigned symbols,
                              unsigned permissions); /* GET /api/v3/exchangeInfo; permissions a symbol */
payload payload_file(const char *path);              /* bytes NULL when it cannot be read */

#endif
