#include <bourse/error.h>

typedef struct error_entry {
  int32_t code;
  const char *name;
  const char *text;
} error_entry;

static const error_entry entries[] = {
    {BOURSE_ERROR_ARGUMENT, "argument", "An argument is missing, malformed or out of range."},
    {BOURSE_ERROR_STRUCT, "struct",
     "An input struct has a wrong struct_size or api_version, or members set that this library does not know."},
    {BOURSE_ERROR_UNSUPPORTED, "unsupported", "This exchange or product has no such operation, order type or option."},
    {BOURSE_ERROR_UNKNOWN_NAME, "unknown_name", "There is no exchange, operation or field of that name."},
    {BOURSE_ERROR_UNKNOWN_SYMBOL, "unknown_symbol", "The exchange lists no such market or currency."},
    {BOURSE_ERROR_PRECISION, "precision", "The number has more digits than the market's tick or step allows."},
    {BOURSE_ERROR_LIMIT, "limit", "The number is outside the market's minimum, maximum or least notional."},
    {BOURSE_ERROR_CREDENTIALS, "credentials", "The credentials are missing or have the wrong shape for this exchange."},
    {BOURSE_ERROR_FORBIDDEN, "forbidden", "The options of this handle do not allow it."},
    {BOURSE_ERROR_OVERFLOW, "overflow", "A number does not fit."},
    {BOURSE_ERROR_ABSENT, "absent", "A number that is not there was used in arithmetic."},
    {BOURSE_ERROR_STATE, "state", "It is not possible now."},
    {BOURSE_ERROR_MARKET_INACTIVE, "market_inactive", "The market is listed but not trading."},
    {BOURSE_ERROR_MEMORY, "memory", "Memory is out."},
    {BOURSE_ERROR_CANCELED, "canceled", "The caller canceled it."},
    {BOURSE_ERROR_QUEUE_FULL, "queue_full", "A bounded queue has no room."},
    {BOURSE_ERROR_IO, "io", "A file, pipe or store failed."},
    {BOURSE_ERROR_CRYPTO, "crypto", "Signing, sealing or unsealing failed."},
    {BOURSE_ERROR_DEADLINE, "deadline", "The deadline passed before anything was sent."},
    {BOURSE_ERROR_NETWORK, "network", "The network failed."},
    {BOURSE_ERROR_RESOLVE, "resolve", "The host name was not found."},
    {BOURSE_ERROR_CONNECT, "connect", "The connection could not be made."},
    {BOURSE_ERROR_TLS, "tls", "The TLS handshake or the certificate check failed."},
    {BOURSE_ERROR_TIMEOUT, "timeout", "There was no complete answer within the deadline."},
    {BOURSE_ERROR_DISCONNECTED, "disconnected", "The connection broke before the answer was whole."},
    {BOURSE_ERROR_PROXY, "proxy", "The proxy failed or refused."},
    {BOURSE_ERROR_REFUSED, "refused", "The exchange refused."},
    {BOURSE_ERROR_AUTH, "auth", "The exchange does not know the key or refused the signature."},
    {BOURSE_ERROR_PERMISSION, "permission", "The key is valid but not allowed this."},
    {BOURSE_ERROR_TIMESTAMP, "timestamp", "The exchange refused the timestamp or nonce."},
    {BOURSE_ERROR_BAD_REQUEST, "bad_request", "The exchange refused a parameter."},
    {BOURSE_ERROR_BAD_SYMBOL, "bad_symbol", "The exchange refused the symbol."},
    {BOURSE_ERROR_INVALID_ORDER, "invalid_order", "The order breaks a rule of the market or of its type."},
    {BOURSE_ERROR_INSUFFICIENT_FUNDS, "insufficient_funds", "There are not enough funds."},
    {BOURSE_ERROR_ORDER_NOT_FOUND, "order_not_found", "The exchange has no such order."},
    {BOURSE_ERROR_DUPLICATE_ORDER, "duplicate_order", "That client order id is in use."},
    {BOURSE_ERROR_POST_ONLY, "post_only", "The post-only order would have taken liquidity."},
    {BOURSE_ERROR_REDUCE_ONLY, "reduce_only", "The reduce-only order would not have reduced the position."},
    {BOURSE_ERROR_WOULD_TRIGGER, "would_trigger", "The conditional order would fire at once."},
    {BOURSE_ERROR_MARKET_CLOSED, "market_closed", "The market is closed."},
    {BOURSE_ERROR_NO_LIQUIDITY, "no_liquidity", "There is not enough liquidity."},
    {BOURSE_ERROR_POSITION, "position", "A limit of position, leverage, margin or mode forbids it."},
    {BOURSE_ERROR_NO_CHANGE, "no_change", "It is already as asked."},
    {BOURSE_ERROR_LOCATION, "location", "The exchange does not serve from or for this place."},
    {BOURSE_ERROR_TOO_MANY_ORDERS, "too_many_orders", "There are too many open orders."},
    {BOURSE_ERROR_NOT_FOUND, "not_found", "The exchange has no such thing."},
    {BOURSE_ERROR_UNFILLED, "unfilled", "The order found no match and was not to rest."},
    {BOURSE_ERROR_RATE_LIMITED, "rate_limited", "The exchange is limiting the rate of requests."},
    {BOURSE_ERROR_BANNED, "banned", "The exchange has shut out this address or account for a time."},
    {BOURSE_ERROR_UNAVAILABLE, "unavailable", "The exchange had an internal error or its gateway failed."},
    {BOURSE_ERROR_MAINTENANCE, "maintenance", "The exchange is under maintenance."},
    {BOURSE_ERROR_OVERLOADED, "overloaded", "The exchange refused for load and did nothing."},
    {BOURSE_ERROR_BAD_REPLY, "bad_reply", "The answer of the exchange cannot be read."},
    {BOURSE_ERROR_FATE_UNKNOWN, "fate_unknown", "The exchange does not know whether it executed the request."},
    {BOURSE_ERROR_INTERNAL, "internal", "This is a defect of the library."},
};

#define ENTRY_COUNT (sizeof entries / sizeof entries[0])

static const error_entry *find(int32_t code) {
  for (uint32_t i = 0; i < ENTRY_COUNT; i++)
    if (entries[i].code == code) return &entries[i];
  return NULL;
}

const char *bourse_error_name(int32_t code) {
  const error_entry *entry = find(code);
  return entry != NULL ? entry->name : code == BOURSE_OK ? "ok" : "unknown_error";
}

const char *bourse_error_text(int32_t code) {
  const error_entry *entry = find(code);
  return entry != NULL ? entry->text : code == BOURSE_OK ? "It worked." : "There is no such error code.";
}

const char *bourse_outcome_name(int32_t outcome) {
  switch (outcome) {
    case BOURSE_OUTCOME_NOT_SENT: return "not_sent";
    case BOURSE_OUTCOME_REJECTED: return "rejected";
    case BOURSE_OUTCOME_EXECUTED: return "executed";
    case BOURSE_OUTCOME_UNKNOWN: return "unknown";
    default: return "none";
  }
}

int32_t bourse_error_code_at(uint32_t index) { return index < ENTRY_COUNT ? entries[index].code : BOURSE_OK; }
