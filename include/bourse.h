/* bourse.h - libbourse: one exact interface to every crypto exchange. Include this one. */
#ifndef BOURSE_H
#define BOURSE_H

#include <bourse/account.h>
#include <bourse/arrow.h>
#include <bourse/base.h>
#include <bourse/blocking.h>
#include <bourse/context.h>
#include <bourse/decimal.h>
#include <bourse/error.h>
#include <bourse/exchange.h>
#include <bourse/journal.h>
#include <bourse/market.h>
#include <bourse/order.h>
#include <bourse/paper.h>
#include <bourse/rails.h>
#include <bourse/request.h>
#include <bourse/result.h>
#include <bourse/seal.h>
#include <bourse/store.h>
#include <bourse/stream.h>

#endif
