/* api/schema.h - enumerations and argument numbers shared by the schema tables. */
#ifndef API_SCHEMA_H
#define API_SCHEMA_H

#include <bourse/sys/schema.h>

/* Index of each argument in the members of bourse_request (schema_requests.c keeps the same order; a unit test compares). */
enum {
  ARG_PRODUCT,
  ARG_MARGIN_MODE,
  ARG_WALLET,
  ARG_SYMBOL,
  ARG_SYMBOLS,
  ARG_CURRENCY,
  ARG_ORDER_ID,
  ARG_CLIENT_ORDER_ID,
  ARG_ORDER_IDS,
  ARG_CLIENT_ORDER_IDS,
  ARG_ORDERS,
  ARG_TIMEFRAME,
  ARG_CURSOR,
  ARG_NETWORK,
  ARG_ADDRESS,
  ARG_TAG,
  ARG_ID,
  ARG_ACCOUNT,
  ARG_PARAMS,
  ARG_LIMIT,
  ARG_SINCE,
  ARG_UNTIL,
  ARG_TIMER,
  ARG_AMOUNT,
  ARG_LEVERAGE,
  ARG_PRICE_KIND,
  ARG_TRIGGER,
  ARG_HEDGED,
  ARG_MULTI_ASSETS,
  ARG_FROM_WALLET,
  ARG_TO_WALLET,
  ARG_POSITION_SIDE,
  ARG_LIST_KIND,
  ARG_FROM_SYMBOL,
  ARG_TO_SYMBOL,
  ARG_METHOD,
  ARG_PATH,
  ARG_HOST,
  ARG_IS_PUBLIC,
  ARG_IS_SAFE,
  ARG_TIMEOUT,
  ARG_KEEP_RAW
};

extern const bourse_enumeration bourse__enum_product, bourse__enum_margin_mode, bourse__enum_wallet, bourse__enum_side,
    bourse__enum_role, bourse__enum_option_type, bourse__enum_price_kind, bourse__enum_time_in_force,
    bourse__enum_position_side, bourse__enum_trigger_direction, bourse__enum_self_trade, bourse__enum_borrow,
    bourse__enum_list_kind, bourse__enum_realization, bourse__enum_direction, bourse__enum_outcome,
    bourse__enum_system_status, bourse__enum_order_status, bourse__enum_order_type, bourse__enum_transfer_status,
    bourse__enum_loan_kind, bourse__enum_environment, bourse__enum_origin, bourse__enum_journal_state;

#endif
