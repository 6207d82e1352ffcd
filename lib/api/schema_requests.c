/* api/schema_requests.c - the arguments: members of bourse_request and bourse_order_request, as data. */
#include <bourse/request.h>

#include "api/schema_members.h"

static const bourse_member_info request_members[] = {
    ENUM(bourse_request, product, product),
    ENUM(bourse_request, margin_mode, margin_mode),
    ENUM(bourse_request, wallet, wallet),
    STRING(bourse_request, symbol),
    STRINGS(bourse_request, symbols, symbol_count),
    STRING(bourse_request, currency),
    STRING(bourse_request, order_id),
    STRING(bourse_request, client_order_id),
    STRINGS(bourse_request, order_ids, order_id_count),
    STRINGS(bourse_request, client_order_ids, client_order_id_count),
    RECORDS(bourse_request, orders, order_count, 0),
    STRING(bourse_request, timeframe),
    STRING(bourse_request, cursor),
    STRING(bourse_request, network),
    STRING(bourse_request, address),
    STRING(bourse_request, tag),
    STRING(bourse_request, id),
    STRING(bourse_request, account),
    PARAMS(bourse_request, params, param_count),
    UINT32(bourse_request, limit),
    TIME(bourse_request, since_ns),
    TIME(bourse_request, until_ns),
    INT64(bourse_request, timer_ms),
    DECIMAL(bourse_request, amount),
    DECIMAL(bourse_request, leverage),
    ENUM(bourse_request, price_kind, price_kind),
    YES_NO(bourse_request, trigger),
    YES_NO(bourse_request, hedged),
    YES_NO(bourse_request, multi_assets),
    ENUM(bourse_request, from_wallet, wallet),
    ENUM(bourse_request, to_wallet, wallet),
    ENUM(bourse_request, position_side, position_side),
    ENUM(bourse_request, list_kind, list_kind),
    STRING(bourse_request, from_symbol),
    STRING(bourse_request, to_symbol),
    STRING(bourse_request, method),
    STRING(bourse_request, path),
    STRING(bourse_request, host),
    YES_NO(bourse_request, is_public),
    YES_NO(bourse_request, is_safe),
    INT64(bourse_request, timeout_ms),
    YES_NO(bourse_request, keep_raw),
};

static const bourse_member_info order_request_members[] = {
    STRING(bourse_order_request, symbol),
    ENUM(bourse_order_request, product, product),
    ENUM(bourse_order_request, side, side),
    ENUM(bourse_order_request, type, order_type),
    ENUM(bourse_order_request, time_in_force, time_in_force),
    DECIMAL(bourse_order_request, amount),
    DECIMAL(bourse_order_request, contracts),
    DECIMAL(bourse_order_request, cost),
    DECIMAL(bourse_order_request, price),
    STRING(bourse_order_request, client_order_id),
    YES_NO(bourse_order_request, post_only),
    YES_NO(bourse_order_request, reduce_only),
    YES_NO(bourse_order_request, close_position),
    ENUM(bourse_order_request, position_side, position_side),
    ENUM(bourse_order_request, margin_mode, margin_mode),
    ENUM(bourse_order_request, borrow, borrow),
    ENUM(bourse_order_request, self_trade, self_trade),
    ENUM(bourse_order_request, trigger_direction, trigger_direction),
    ENUM(bourse_order_request, trigger_by, price_kind),
    YES_NO(bourse_order_request, test),
    TIME(bourse_order_request, expire_ns),
    DECIMAL(bourse_order_request, leverage),
    DECIMAL(bourse_order_request, stop_loss_price),
    DECIMAL(bourse_order_request, take_profit_price),
    DECIMAL(bourse_order_request, trigger_price),
    DECIMAL(bourse_order_request, trailing_percent),
    DECIMAL(bourse_order_request, trailing_amount),
    DECIMAL(bourse_order_request, trailing_activation_price),
    DECIMAL(bourse_order_request, iceberg_amount),
    DECIMAL(bourse_order_request, attached_stop_loss_trigger),
    DECIMAL(bourse_order_request, attached_stop_loss_price),
    DECIMAL(bourse_order_request, attached_take_profit_trigger),
    DECIMAL(bourse_order_request, attached_take_profit_price),
};

static const bourse_struct_info request_info = {
    "bourse_request", "request", 0, sizeof(bourse_request), request_members,
    sizeof(request_members) / sizeof(request_members[0]), 0};

static const bourse_struct_info order_request_info = {
    "bourse_order_request", "order_request", 0, sizeof(bourse_order_request), order_request_members,
    sizeof(order_request_members) / sizeof(order_request_members[0]), 0};

const bourse_struct_info *bourse_schema_request(void) { return &request_info; }

const bourse_struct_info *bourse_schema_order_request(void) { return &order_request_info; }
