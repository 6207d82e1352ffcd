/* api/schema_records.c - the members of all result structs, as data. A unit test finds members that are missing here. */
#include <bourse/journal.h>
#include <bourse/result.h>

#include "api/schema_members.h"

static const bourse_member_info server_time_members[] = {
    TIME(bourse_server_time, time_ns),
};

static const bourse_member_info system_status_members[] = {
    ENUM(bourse_system_status, status, system_status),
    STRING(bourse_system_status, message),
    TIME(bourse_system_status, time_ns),
};

static const bourse_member_info market_members[] = {
    STRING(bourse_market, symbol),
    STRING(bourse_market, id),
    STRING(bourse_market, base),
    STRING(bourse_market, quote),
    STRING(bourse_market, settle),
    ENUM(bourse_market, product, product),
    YES_NO(bourse_market, active),
    STRING(bourse_market, status),
    STRING(bourse_market, pair),
    YES_NO(bourse_market, perpetual),
    YES_NO(bourse_market, cross_margin),
    YES_NO(bourse_market, isolated_margin),
    ENUM(bourse_market, option_type, option_type),
    TIME(bourse_market, expiry_ns),
    TIME(bourse_market, listed_ns),
    DECIMAL(bourse_market, strike),
    DECIMAL(bourse_market, contract_size),
    DECIMAL(bourse_market, price_tick),
    DECIMAL(bourse_market, price_min),
    DECIMAL(bourse_market, price_max),
    DECIMAL(bourse_market, amount_step),
    DECIMAL(bourse_market, amount_min),
    DECIMAL(bourse_market, amount_max),
    DECIMAL(bourse_market, market_amount_step),
    DECIMAL(bourse_market, market_amount_min),
    DECIMAL(bourse_market, market_amount_max),
    DECIMAL(bourse_market, cost_step),
    DECIMAL(bourse_market, cost_min),
    DECIMAL(bourse_market, cost_max),
    DECIMAL(bourse_market, maker_fee),
    DECIMAL(bourse_market, taker_fee),
    YES_NO(bourse_market, cost_min_market),
    YES_NO(bourse_market, quote_order),
    YES_NO(bourse_market, iceberg),
    YES_NO(bourse_market, trailing),
    YES_NO(bourse_market, oco),
    INT32(bourse_market, iceberg_parts),
    INT32(bourse_market, price_figures),
    STRING(bourse_market, code),
};

static const bourse_member_info currency_members[] = {
    STRING(bourse_currency, currency),
    STRING(bourse_currency, id),
    STRING(bourse_currency, name),
    YES_NO(bourse_currency, active),
    YES_NO(bourse_currency, deposit),
    YES_NO(bourse_currency, withdraw),
    YES_NO(bourse_currency, fiat),
    DECIMAL(bourse_currency, step),
    DECIMAL(bourse_currency, withdraw_fee),
    DECIMAL(bourse_currency, withdraw_min),
    RECORDS(bourse_currency, networks, network_count, BOURSE_KIND_NETWORK),
};

static const bourse_member_info ticker_members[] = {
    STRING(bourse_ticker, symbol),
    STRING(bourse_ticker, id),
    TIME(bourse_ticker, time_ns),
    TIME(bourse_ticker, open_time_ns),
    DECIMAL(bourse_ticker, last),
    DECIMAL(bourse_ticker, last_amount),
    DECIMAL(bourse_ticker, bid),
    DECIMAL(bourse_ticker, bid_amount),
    DECIMAL(bourse_ticker, ask),
    DECIMAL(bourse_ticker, ask_amount),
    DECIMAL(bourse_ticker, open),
    DECIMAL(bourse_ticker, high),
    DECIMAL(bourse_ticker, low),
    DECIMAL(bourse_ticker, previous_close),
    DECIMAL(bourse_ticker, change),
    DECIMAL(bourse_ticker, percent),
    DECIMAL(bourse_ticker, vwap),
    DECIMAL(bourse_ticker, base_volume),
    DECIMAL(bourse_ticker, quote_volume),
    DECIMAL(bourse_ticker, contracts_volume),
    DECIMAL(bourse_ticker, mark_price),
    DECIMAL(bourse_ticker, index_price),
    DECIMAL(bourse_ticker, open_interest),
    INT64(bourse_ticker, trade_count),
    INT64(bourse_ticker, update_id),
};

static const bourse_member_info order_book_members[] = {
    STRING(bourse_order_book, symbol),
    STRING(bourse_order_book, id),
    TIME(bourse_order_book, time_ns),
    INT64(bourse_order_book, sequence),
    RECORDS(bourse_order_book, bids, bid_count, BOURSE_KIND_LEVEL),
    RECORDS(bourse_order_book, asks, ask_count, BOURSE_KIND_LEVEL),
};

static const bourse_member_info trade_members[] = {
    STRING(bourse_trade, symbol),
    STRING(bourse_trade, id),
    TIME(bourse_trade, time_ns),
    ENUM(bourse_trade, side, side),
    YES_NO(bourse_trade, aggregated),
    DECIMAL(bourse_trade, price),
    DECIMAL(bourse_trade, amount),
    DECIMAL(bourse_trade, cost),
    DECIMAL(bourse_trade, contracts),
    STRING(bourse_trade, first_id),
    STRING(bourse_trade, last_id),
};

static const bourse_member_info candle_members[] = {
    TIME(bourse_candle, time_ns),
    DECIMAL(bourse_candle, open),
    DECIMAL(bourse_candle, high),
    DECIMAL(bourse_candle, low),
    DECIMAL(bourse_candle, close),
    DECIMAL(bourse_candle, volume),
    DECIMAL(bourse_candle, quote_volume),
    DECIMAL(bourse_candle, taker_volume),
    DECIMAL(bourse_candle, taker_quote_volume),
    TIME(bourse_candle, close_time_ns),
    INT64(bourse_candle, trade_count),
    YES_NO(bourse_candle, closed),
};

static const bourse_member_info funding_rate_members[] = {
    STRING(bourse_funding_rate, symbol),
    STRING(bourse_funding_rate, id),
    TIME(bourse_funding_rate, time_ns),
    TIME(bourse_funding_rate, next_time_ns),
    DURATION(bourse_funding_rate, interval_ns),
    DECIMAL(bourse_funding_rate, rate),
    DECIMAL(bourse_funding_rate, mark_price),
    DECIMAL(bourse_funding_rate, index_price),
    DECIMAL(bourse_funding_rate, settle_price),
    DECIMAL(bourse_funding_rate, interest_rate),
    DECIMAL(bourse_funding_rate, rate_min),
    DECIMAL(bourse_funding_rate, rate_max),
    STRING(bourse_funding_rate, kind),
};

static const bourse_member_info open_interest_members[] = {
    STRING(bourse_open_interest, symbol),
    STRING(bourse_open_interest, id),
    TIME(bourse_open_interest, time_ns),
    DECIMAL(bourse_open_interest, amount),
    DECIMAL(bourse_open_interest, contracts),
    DECIMAL(bourse_open_interest, value),
};

static const bourse_member_info leverage_tier_members[] = {
    STRING(bourse_leverage_tier, symbol),
    STRING(bourse_leverage_tier, id),
    INT32(bourse_leverage_tier, tier),
    DECIMAL(bourse_leverage_tier, notional_min),
    DECIMAL(bourse_leverage_tier, notional_max),
    DECIMAL(bourse_leverage_tier, leverage_max),
    DECIMAL(bourse_leverage_tier, maintenance_rate),
    DECIMAL(bourse_leverage_tier, maintenance_amount),
    DECIMAL(bourse_leverage_tier, amount_min),
    DECIMAL(bourse_leverage_tier, amount_max),
};

static const bourse_member_info balance_members[] = {
    STRING(bourse_balance, currency),
    STRING(bourse_balance, symbol),
    ENUM(bourse_balance, wallet, wallet),
    TIME(bourse_balance, time_ns),
    DECIMAL(bourse_balance, total),
    DECIMAL(bourse_balance, free),
    DECIMAL(bourse_balance, used),
    DECIMAL(bourse_balance, borrowed),
    DECIMAL(bourse_balance, interest),
    DECIMAL(bourse_balance, net),
    DECIMAL(bourse_balance, unrealized_pnl),
    DECIMAL(bourse_balance, equity),
    STRING(bourse_balance, name),
};

static const bourse_member_info position_members[] = {
    STRING(bourse_position, symbol),
    STRING(bourse_position, market_id),
    STRING(bourse_position, id),
    ENUM(bourse_position, side, position_side),
    YES_NO(bourse_position, hedged),
    ENUM(bourse_position, margin_mode, margin_mode),
    TIME(bourse_position, time_ns),
    DECIMAL(bourse_position, amount),
    DECIMAL(bourse_position, contracts),
    DECIMAL(bourse_position, entry_price),
    DECIMAL(bourse_position, break_even_price),
    DECIMAL(bourse_position, mark_price),
    DECIMAL(bourse_position, liquidation_price),
    DECIMAL(bourse_position, notional),
    DECIMAL(bourse_position, leverage),
    DECIMAL(bourse_position, unrealized_pnl),
    DECIMAL(bourse_position, realized_pnl),
    DECIMAL(bourse_position, margin),
    DECIMAL(bourse_position, initial_margin),
    DECIMAL(bourse_position, maintenance_margin),
    STRING(bourse_position, margin_currency),
    INT32(bourse_position, adl_rank),
};

static const bourse_member_info leverage_members[] = {
    STRING(bourse_leverage, symbol),
    STRING(bourse_leverage, market_id),
    ENUM(bourse_leverage, margin_mode, margin_mode),
    YES_NO(bourse_leverage, hedged),
    YES_NO(bourse_leverage, multi_assets),
    DECIMAL(bourse_leverage, leverage),
    DECIMAL(bourse_leverage, leverage_short),
    DECIMAL(bourse_leverage, notional_max),
};

static const bourse_member_info fee_members[] = {
    STRING(bourse_fee, symbol),
    STRING(bourse_fee, market_id),
    DECIMAL(bourse_fee, maker),
    DECIMAL(bourse_fee, taker),
    STRING(bourse_fee, tier),
};

static const bourse_member_info ledger_entry_members[] = {
    STRING(bourse_ledger_entry, id),
    STRING(bourse_ledger_entry, reference),
    STRING(bourse_ledger_entry, currency),
    STRING(bourse_ledger_entry, symbol),
    STRING(bourse_ledger_entry, kind),
    STRING(bourse_ledger_entry, native_kind),
    TIME(bourse_ledger_entry, time_ns),
    DECIMAL(bourse_ledger_entry, amount),
    DECIMAL(bourse_ledger_entry, balance),
    DECIMAL(bourse_ledger_entry, fee),
    STRING(bourse_ledger_entry, text),
};

static const bourse_member_info permissions_members[] = {
    STRING(bourse_permissions, account),
    YES_NO(bourse_permissions, read),
    YES_NO(bourse_permissions, spot),
    YES_NO(bourse_permissions, margin),
    YES_NO(bourse_permissions, futures),
    YES_NO(bourse_permissions, options),
    YES_NO(bourse_permissions, transfer),
    YES_NO(bourse_permissions, withdraw),
    YES_NO(bourse_permissions, address_bound),
    TIME(bourse_permissions, created_ns),
    TIME(bourse_permissions, expires_ns),
};

static const bourse_member_info account_info_members[] = {
    STRING(bourse_account_info, id),
    STRING(bourse_account_info, name),
    STRING(bourse_account_info, kind),
    STRING(bourse_account_info, currency),
};

static const bourse_member_info order_members[] = {
    STRING(bourse_order, id),
    STRING(bourse_order, client_order_id),
    STRING(bourse_order, symbol),
    STRING(bourse_order, market_id),
    ENUM(bourse_order, status, order_status),
    ENUM(bourse_order, side, side),
    ENUM(bourse_order, type, order_type),
    ENUM(bourse_order, time_in_force, time_in_force),
    DECIMAL(bourse_order, price),
    DECIMAL(bourse_order, average),
    DECIMAL(bourse_order, amount),
    DECIMAL(bourse_order, filled),
    DECIMAL(bourse_order, remaining),
    DECIMAL(bourse_order, cost),
    DECIMAL(bourse_order, contracts),
    DECIMAL(bourse_order, filled_contracts),
    DECIMAL(bourse_order, requested_cost),
    TIME(bourse_order, created_ns),
    TIME(bourse_order, updated_ns),
    TIME(bourse_order, working_ns),
    TIME(bourse_order, expire_ns),
    STRING(bourse_order, native_status),
    STRING(bourse_order, native_type),
    STRING(bourse_order, reason),
    STRING(bourse_order, list_id),
    STRING(bourse_order, list_client_id),
    STRING(bourse_order, triggered_order_id),
    YES_NO(bourse_order, post_only),
    YES_NO(bourse_order, reduce_only),
    YES_NO(bourse_order, close_position),
    ENUM(bourse_order, position_side, position_side),
    ENUM(bourse_order, margin_mode, margin_mode),
    ENUM(bourse_order, self_trade, self_trade),
    YES_NO(bourse_order, conditional),
    ENUM(bourse_order, trigger_by, price_kind),
    ENUM(bourse_order, realization, realization),
    ENUM(bourse_order, list_kind, list_kind),
    DECIMAL(bourse_order, stop_loss_price),
    DECIMAL(bourse_order, take_profit_price),
    DECIMAL(bourse_order, trigger_price),
    DECIMAL(bourse_order, trailing_percent),
    DECIMAL(bourse_order, trailing_amount),
    DECIMAL(bourse_order, trailing_activation_price),
    DECIMAL(bourse_order, iceberg_amount),
    DECIMAL(bourse_order, fee),
    STRING(bourse_order, fee_currency),
    ERROR(bourse_order, error),
    ENUM(bourse_order, outcome, outcome),
    STRING(bourse_order, error_code),
    STRING(bourse_order, error_message),
    RECORDS(bourse_order, fills, fill_count, BOURSE_KIND_FILL),
    ENUM(bourse_order, origin, origin),
};

static const bourse_member_info fill_members[] = {
    STRING(bourse_fill, id),
    STRING(bourse_fill, order_id),
    STRING(bourse_fill, client_order_id),
    STRING(bourse_fill, symbol),
    STRING(bourse_fill, market_id),
    TIME(bourse_fill, time_ns),
    ENUM(bourse_fill, side, side),
    ENUM(bourse_fill, role, role),
    DECIMAL(bourse_fill, price),
    DECIMAL(bourse_fill, amount),
    DECIMAL(bourse_fill, contracts),
    DECIMAL(bourse_fill, cost),
    DECIMAL(bourse_fill, fee),
    STRING(bourse_fill, fee_currency),
    DECIMAL(bourse_fill, realized_pnl),
    ENUM(bourse_fill, position_side, position_side),
    ENUM(bourse_fill, margin_mode, margin_mode),
};

static const bourse_member_info transfer_members[] = {
    STRING(bourse_transfer, id),
    STRING(bourse_transfer, currency),
    STRING(bourse_transfer, native_type),
    TIME(bourse_transfer, time_ns),
    DECIMAL(bourse_transfer, amount),
    ENUM(bourse_transfer, from, wallet),
    ENUM(bourse_transfer, to, wallet),
    ENUM(bourse_transfer, status, transfer_status),
    STRING(bourse_transfer, native_status),
};

static const bourse_member_info deposit_address_members[] = {
    STRING(bourse_deposit_address, currency),
    STRING(bourse_deposit_address, network),
    STRING(bourse_deposit_address, address),
    STRING(bourse_deposit_address, tag),
    STRING(bourse_deposit_address, url),
};

static const bourse_member_info transaction_members[] = {
    STRING(bourse_transaction, id),
    STRING(bourse_transaction, client_id),
    STRING(bourse_transaction, transaction_hash),
    STRING(bourse_transaction, currency),
    STRING(bourse_transaction, network),
    STRING(bourse_transaction, address),
    STRING(bourse_transaction, tag),
    ENUM(bourse_transaction, direction, direction),
    ENUM(bourse_transaction, status, transfer_status),
    STRING(bourse_transaction, native_status),
    TIME(bourse_transaction, time_ns),
    TIME(bourse_transaction, updated_ns),
    DECIMAL(bourse_transaction, amount),
    DECIMAL(bourse_transaction, fee),
    YES_NO(bourse_transaction, internal),
    INT32(bourse_transaction, confirmations),
};

static const bourse_member_info borrow_rate_members[] = {
    STRING(bourse_borrow_rate, currency),
    STRING(bourse_borrow_rate, symbol),
    TIME(bourse_borrow_rate, time_ns),
    DURATION(bourse_borrow_rate, interval_ns),
    DECIMAL(bourse_borrow_rate, rate),
    DECIMAL(bourse_borrow_rate, limit),
};

static const bourse_member_info borrow_interest_members[] = {
    STRING(bourse_borrow_interest, id),
    STRING(bourse_borrow_interest, currency),
    STRING(bourse_borrow_interest, symbol),
    ENUM(bourse_borrow_interest, margin_mode, margin_mode),
    TIME(bourse_borrow_interest, time_ns),
    DECIMAL(bourse_borrow_interest, interest),
    DECIMAL(bourse_borrow_interest, rate),
    DECIMAL(bourse_borrow_interest, principal),
};

static const bourse_member_info loan_members[] = {
    STRING(bourse_loan, id),
    STRING(bourse_loan, currency),
    STRING(bourse_loan, symbol),
    ENUM(bourse_loan, kind, loan_kind),
    ENUM(bourse_loan, status, transfer_status),
    TIME(bourse_loan, time_ns),
    DECIMAL(bourse_loan, amount),
    DECIMAL(bourse_loan, interest),
};

static const bourse_member_info receipt_members[] = {
    STRING(bourse_receipt, id),
    STRING(bourse_receipt, message),
    TIME(bourse_receipt, time_ns),
    TIME(bourse_receipt, due_ns),
    ENUM(bourse_receipt, realization, realization),
    YES_NO(bourse_receipt, unchanged),
};

static const bourse_member_info network_members[] = {
    STRING(bourse_network, network),
    STRING(bourse_network, id),
    STRING(bourse_network, name),
    STRING(bourse_network, contract_address),
    YES_NO(bourse_network, deposit),
    YES_NO(bourse_network, withdraw),
    INT32(bourse_network, confirmations),
    YES_NO(bourse_network, is_default),
    DECIMAL(bourse_network, withdraw_fee),
    DECIMAL(bourse_network, withdraw_min),
    DECIMAL(bourse_network, withdraw_max),
    DECIMAL(bourse_network, withdraw_step),
    DECIMAL(bourse_network, deposit_min),
};

static const bourse_member_info journal_entry_members[] = {
    STRING(bourse_journal_entry, client_order_id),
    STRING(bourse_journal_entry, order_id),
    STRING(bourse_journal_entry, symbol),
    STRING(bourse_journal_entry, exchange),
    STRING(bourse_journal_entry, account),
    STRING(bourse_journal_entry, operation),
    STRING(bourse_journal_entry, list_client_id),
    STRING(bourse_journal_entry, replaces),
    STRING(bourse_journal_entry, reason),
    ENUM(bourse_journal_entry, environment, environment),
    ENUM(bourse_journal_entry, state, journal_state),
    ENUM(bourse_journal_entry, outcome, outcome),
    ERROR(bourse_journal_entry, error),
    ENUM(bourse_journal_entry, product, product),
    ENUM(bourse_journal_entry, margin_mode, margin_mode),
    ENUM(bourse_journal_entry, side, side),
    ENUM(bourse_journal_entry, type, order_type),
    YES_NO(bourse_journal_entry, conditional),
    ENUM(bourse_journal_entry, cancel_outcome, outcome),
    ENUM(bourse_journal_entry, edit_outcome, outcome),
    ENUM(bourse_journal_entry, list_kind, list_kind),
    DECIMAL(bourse_journal_entry, amount),
    DECIMAL(bourse_journal_entry, contracts),
    DECIMAL(bourse_journal_entry, cost),
    DECIMAL(bourse_journal_entry, price),
    TIME(bourse_journal_entry, created_ns),
    TIME(bourse_journal_entry, sent_ns),
    TIME(bourse_journal_entry, until_ns),
    TIME(bourse_journal_entry, given_up_ns),
    TIME(bourse_journal_entry, resolved_ns),
    TIME(bourse_journal_entry, cancel_ns),
    TIME(bourse_journal_entry, edit_ns),
    DECIMAL(bourse_journal_entry, edit_price),
    DECIMAL(bourse_journal_entry, edit_amount),
    RECORDS(bourse_journal_entry, order, order_count, BOURSE_KIND_ORDER),
    YES_NO(bourse_journal_entry, replacing),
    DECIMAL(bourse_journal_entry, stop_loss_price),
};

static const bourse_member_info level_members[] = {
    DECIMAL(bourse_level, price),
    DECIMAL(bourse_level, amount),
};

#define RECORD(name_, kind_) \
  { "bourse_" #name_, #name_, kind_, sizeof(bourse_##name_), name_##_members, \
    sizeof(name_##_members) / sizeof(name_##_members[0]), 0 }

static const bourse_struct_info records[] = {
    RECORD(server_time, BOURSE_KIND_SERVER_TIME),
    RECORD(system_status, BOURSE_KIND_SYSTEM_STATUS),
    RECORD(market, BOURSE_KIND_MARKET),
    RECORD(currency, BOURSE_KIND_CURRENCY),
    RECORD(ticker, BOURSE_KIND_TICKER),
    RECORD(order_book, BOURSE_KIND_ORDER_BOOK),
    RECORD(trade, BOURSE_KIND_TRADE),
    RECORD(candle, BOURSE_KIND_CANDLE),
    RECORD(funding_rate, BOURSE_KIND_FUNDING_RATE),
    RECORD(open_interest, BOURSE_KIND_OPEN_INTEREST),
    RECORD(leverage_tier, BOURSE_KIND_LEVERAGE_TIER),
    RECORD(balance, BOURSE_KIND_BALANCE),
    RECORD(position, BOURSE_KIND_POSITION),
    RECORD(leverage, BOURSE_KIND_LEVERAGE),
    RECORD(fee, BOURSE_KIND_FEE),
    RECORD(ledger_entry, BOURSE_KIND_LEDGER_ENTRY),
    RECORD(permissions, BOURSE_KIND_PERMISSIONS),
    RECORD(account_info, BOURSE_KIND_ACCOUNT_INFO),
    RECORD(order, BOURSE_KIND_ORDER),
    RECORD(fill, BOURSE_KIND_FILL),
    RECORD(transfer, BOURSE_KIND_TRANSFER),
    RECORD(deposit_address, BOURSE_KIND_DEPOSIT_ADDRESS),
    RECORD(transaction, BOURSE_KIND_TRANSACTION),
    RECORD(borrow_rate, BOURSE_KIND_BORROW_RATE),
    RECORD(borrow_interest, BOURSE_KIND_BORROW_INTEREST),
    RECORD(loan, BOURSE_KIND_LOAN),
    RECORD(receipt, BOURSE_KIND_RECEIPT),
    RECORD(network, BOURSE_KIND_NETWORK),
    RECORD(level, BOURSE_KIND_LEVEL),
    RECORD(journal_entry, BOURSE_KIND_JOURNAL_ENTRY),
};

const bourse_struct_info *bourse_schema_record_at(uint32_t index) {
  return index < sizeof(records) / sizeof(records[0]) ? &records[index] : NULL;
}

const bourse_struct_info *bourse_schema_record(int32_t kind) {
  size_t place = (size_t)kind - 1; /* where it stands as long as the list is in the order of the kinds */
  if (place < sizeof(records) / sizeof(records[0]) && records[place].kind == kind) return &records[place];
  for (uint32_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
    if (records[i].kind == kind) return &records[i];
  return NULL;
}
