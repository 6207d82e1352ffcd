/* exchange/paper/paper.h - the paper exchange (see bourse/paper.h).
 *
 *   adapter.c    the table of operations, settings, the host's functions
 *   public.c     time, markets, public market data
 *   account.c    balances, positions, fees, ledger, transfers, deposits, withdrawals
 *   orders.c     orders, lists, fills
 *   feed.c       the outside market
 *   engine.c     orders and their lives; rules.c match.c book.c funds.c outside.c setup.c units.c: the rest of the
 * engine */
#ifndef EXCHANGE_PAPER_PAPER_H
#define EXCHANGE_PAPER_PAPER_H

#include <bourse/sys/adapter.h>

extern const bourse_adapter bourse__paper_adapter;

#endif
