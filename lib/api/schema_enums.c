/* api/schema_enums.c - the names of all enumerated values. The first name of a value is the one that is printed. */
#include <bourse/journal.h>

#include <string.h>

#include "api/schema.h"

#define ENUMERATION(name_)                                                                  \
  const bourse_enumeration bourse__enum_##name_ = {#name_, name_##_values,                  \
                                                   sizeof(name_##_values) / sizeof(name_##_values[0]), 0}

static const bourse_enum_value product_values[] = {
    {"spot", BOURSE_PRODUCT_SPOT, 0},
    {"linear", BOURSE_PRODUCT_LINEAR, 0},
    {"inverse", BOURSE_PRODUCT_INVERSE, 0},
    {"option", BOURSE_PRODUCT_OPTION, 0},
};
ENUMERATION(product);

static const bourse_enum_value margin_mode_values[] = {
    {"cross", BOURSE_MARGIN_CROSS, 0},
    {"isolated", BOURSE_MARGIN_ISOLATED, 0},
};
ENUMERATION(margin_mode);

static const bourse_enum_value wallet_values[] = {
    {"spot", BOURSE_WALLET_SPOT, 0},
    {"funding", BOURSE_WALLET_FUNDING, 0},
    {"cross", BOURSE_WALLET_CROSS, 0},
    {"isolated", BOURSE_WALLET_ISOLATED, 0},
    {"linear", BOURSE_WALLET_LINEAR, 0},
    {"inverse", BOURSE_WALLET_INVERSE, 0},
    {"option", BOURSE_WALLET_OPTION, 0},
    {"unified", BOURSE_WALLET_UNIFIED, 0},
    {"earn", BOURSE_WALLET_EARN, 0},
    {"all", BOURSE_WALLET_ALL, 0},
};
ENUMERATION(wallet);

static const bourse_enum_value side_values[] = {
    {"buy", BOURSE_SIDE_BUY, 0},
    {"sell", BOURSE_SIDE_SELL, 0},
};
ENUMERATION(side);

static const bourse_enum_value role_values[] = {
    {"maker", BOURSE_MAKER, 0},
    {"taker", BOURSE_TAKER, 0},
};
ENUMERATION(role);

static const bourse_enum_value option_type_values[] = {
    {"call", BOURSE_OPTION_CALL, 0},
    {"put", BOURSE_OPTION_PUT, 0},
};
ENUMERATION(option_type);

static const bourse_enum_value price_kind_values[] = {
    {"last", BOURSE_PRICE_LAST, 0},
    {"mark", BOURSE_PRICE_MARK, 0},
    {"index", BOURSE_PRICE_INDEX, 0},
    {"premium", BOURSE_PRICE_PREMIUM, 0},
};
ENUMERATION(price_kind);

static const bourse_enum_value time_in_force_values[] = {
    {"good_till_canceled", BOURSE_GOOD_TILL_CANCELED, 0},
    {"immediate_or_cancel", BOURSE_IMMEDIATE_OR_CANCEL, 0},
    {"fill_or_kill", BOURSE_FILL_OR_KILL, 0},
    {"good_till_date", BOURSE_GOOD_TILL_DATE, 0},
    {"gtc", BOURSE_GOOD_TILL_CANCELED, 0},
    {"ioc", BOURSE_IMMEDIATE_OR_CANCEL, 0},
    {"fok", BOURSE_FILL_OR_KILL, 0},
    {"gtd", BOURSE_GOOD_TILL_DATE, 0},
};
ENUMERATION(time_in_force);

static const bourse_enum_value position_side_values[] = {
    {"long", BOURSE_POSITION_LONG, 0},
    {"short", BOURSE_POSITION_SHORT, 0},
    {"both", BOURSE_POSITION_BOTH, 0},
};
ENUMERATION(position_side);

static const bourse_enum_value trigger_direction_values[] = {
    {"rise", BOURSE_TRIGGER_RISE, 0},
    {"fall", BOURSE_TRIGGER_FALL, 0},
};
ENUMERATION(trigger_direction);

static const bourse_enum_value self_trade_values[] = {
    {"allow", BOURSE_SELF_TRADE_ALLOW, 0},
    {"cancel_maker", BOURSE_SELF_TRADE_CANCEL_MAKER, 0},
    {"cancel_taker", BOURSE_SELF_TRADE_CANCEL_TAKER, 0},
    {"cancel_both", BOURSE_SELF_TRADE_CANCEL_BOTH, 0},
    {"decrement", BOURSE_SELF_TRADE_DECREMENT, 0},
    {"transfer", BOURSE_SELF_TRADE_TRANSFER, 0},
};
ENUMERATION(self_trade);

static const bourse_enum_value borrow_values[] = {
    {"none", BOURSE_BORROW_NONE, 0},
    {"auto", BOURSE_BORROW_AUTO, 0},
    {"repay", BOURSE_BORROW_REPAY, 0},
    {"auto_repay", BOURSE_BORROW_AUTO_REPAY, 0},
};
ENUMERATION(borrow);

static const bourse_enum_value list_kind_values[] = {
    {"oco", BOURSE_LIST_OCO, 0},
    {"oto", BOURSE_LIST_OTO, 0},
    {"otoco", BOURSE_LIST_OTOCO, 0},
    {"opo", BOURSE_LIST_OPO, 0},
    {"opoco", BOURSE_LIST_OPOCO, 0},
};
ENUMERATION(list_kind);

static const bourse_enum_value realization_values[] = {
    {"native", BOURSE_NATIVE, 0},
    {"emulated", BOURSE_EMULATED, 0},
};
ENUMERATION(realization);

static const bourse_enum_value direction_values[] = {
    {"deposit", BOURSE_DEPOSIT, 0},
    {"withdrawal", BOURSE_WITHDRAWAL, 0},
};
ENUMERATION(direction);

static const bourse_enum_value outcome_values[] = {
    {"none", BOURSE_OUTCOME_NONE, 0},
    {"not_sent", BOURSE_OUTCOME_NOT_SENT, 0},
    {"rejected", BOURSE_OUTCOME_REJECTED, 0},
    {"executed", BOURSE_OUTCOME_EXECUTED, 0},
    {"unknown", BOURSE_OUTCOME_UNKNOWN, 0},
};
ENUMERATION(outcome);

static const bourse_enum_value system_status_values[] = {
    {"normal", BOURSE_SYSTEM_NORMAL, 0},
    {"maintenance", BOURSE_SYSTEM_MAINTENANCE, 0},
    {"cancel_only", BOURSE_SYSTEM_CANCEL_ONLY, 0},
    {"post_only", BOURSE_SYSTEM_POST_ONLY, 0},
    {"limit_only", BOURSE_SYSTEM_LIMIT_ONLY, 0},
};
ENUMERATION(system_status);

static const bourse_enum_value order_status_values[] = {
    {"open", BOURSE_ORDER_OPEN, 0},
    {"filled", BOURSE_ORDER_FILLED, 0},
    {"canceled", BOURSE_ORDER_CANCELED, 0},
    {"rejected", BOURSE_ORDER_REJECTED, 0},
    {"expired", BOURSE_ORDER_EXPIRED, 0},
    {"pending", BOURSE_ORDER_PENDING, 0},
    {"canceling", BOURSE_ORDER_CANCELING, 0},
    {"untriggered", BOURSE_ORDER_UNTRIGGERED, 0},
    {"triggered", BOURSE_ORDER_TRIGGERED, 0},
    {"unknown", BOURSE_ORDER_UNKNOWN, 0},
};
ENUMERATION(order_status);

static const bourse_enum_value order_type_values[] = {
    {"market", BOURSE_ORDER_MARKET, 0},
    {"limit", BOURSE_ORDER_LIMIT, 0},
};
ENUMERATION(order_type);

static const bourse_enum_value transfer_status_values[] = {
    {"ok", BOURSE_TRANSFER_OK, 0},
    {"pending", BOURSE_TRANSFER_PENDING, 0},
    {"failed", BOURSE_TRANSFER_FAILED, 0},
    {"canceled", BOURSE_TRANSFER_CANCELED, 0},
};
ENUMERATION(transfer_status);

static const bourse_enum_value loan_kind_values[] = {
    {"borrow", BOURSE_LOAN_BORROW, 0},
    {"repay", BOURSE_LOAN_REPAY, 0},
};
ENUMERATION(loan_kind);

static const bourse_enum_value environment_values[] = {
    {"live", BOURSE_LIVE, 0},
    {"testnet", BOURSE_TESTNET, 0},
    {"demo", BOURSE_DEMO, 0},
};
ENUMERATION(environment);

static const bourse_enum_value origin_values[] = {
    {"own", BOURSE_ORIGIN_OWN, 0},
    {"foreign", BOURSE_ORIGIN_FOREIGN, 0},
    {"orphan", BOURSE_ORIGIN_ORPHAN, 0},
};
ENUMERATION(origin);

static const bourse_enum_value journal_state_values[] = {
    {"pending", BOURSE_JOURNAL_PENDING, 0},
    {"unknown", BOURSE_JOURNAL_UNKNOWN, 0},
    {"open", BOURSE_JOURNAL_OPEN, 0},
    {"final", BOURSE_JOURNAL_FINAL, 0},
};
ENUMERATION(journal_state);

static const bourse_enumeration *const enumerations[] = {
    &bourse__enum_product,
    &bourse__enum_margin_mode,
    &bourse__enum_wallet,
    &bourse__enum_side,
    &bourse__enum_role,
    &bourse__enum_option_type,
    &bourse__enum_price_kind,
    &bourse__enum_time_in_force,
    &bourse__enum_position_side,
    &bourse__enum_trigger_direction,
    &bourse__enum_self_trade,
    &bourse__enum_borrow,
    &bourse__enum_list_kind,
    &bourse__enum_realization,
    &bourse__enum_direction,
    &bourse__enum_outcome,
    &bourse__enum_system_status,
    &bourse__enum_order_status,
    &bourse__enum_order_type,
    &bourse__enum_transfer_status,
    &bourse__enum_loan_kind,
    &bourse__enum_environment,
    &bourse__enum_origin,
    &bourse__enum_journal_state,
};

const bourse_enumeration *bourse_schema_enumeration_at(uint32_t index) {
  return index < sizeof(enumerations) / sizeof(enumerations[0]) ? enumerations[index] : NULL;
}

const char *bourse_enum_name(const bourse_enumeration *enumeration, int32_t value) {
  if (enumeration == NULL) return NULL;
  for (uint32_t i = 0; i < enumeration->count; i++)
    if (enumeration->values[i].value == value) return enumeration->values[i].name;
  return NULL;
}

int32_t bourse_enum_value_of(const bourse_enumeration *enumeration, const char *name) {
  if (enumeration == NULL || name == NULL) return 0;
  for (uint32_t i = 0; i < enumeration->count; i++)
    if (strcmp(enumeration->values[i].name, name) == 0) return enumeration->values[i].value;
  return 0;
}
