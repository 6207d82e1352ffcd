/* bad_input.c - `bad_input DIR [--only PART]`: every argument of every operation that an exchange claims, given wrong in every way,
 * must be refused before anything is sent, by an error that names it; and every reply of the fixtures, damaged in every way, must
 * end in a typed error or do no harm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/bad_messages.h"
#include "conformance/bad_replies.h"
#include "conformance/fixture.h"
#include "support/members.h"

typedef struct suite {
  const fixture_set *set;
  const fixture_case *one;
  const char *only;
  fixture_run run; /* open for `one` */
  tally t;
} suite;

static void fail(suite *s, const char *what, const char *how, const char *text) {
  printf("FAILED %s %s: %s %s: %s\n", s->set->exchange, bourse_operation_name(s->one->operation), what, how, text);
  s->t.failed++;
}

/* --- One bad request --- */

static int is_local(int32_t code) { return code <= BOURSE_ERROR_ARGUMENT && code > BOURSE_ERROR_MEMORY; }

/* field: what the error must name; "*": any refusal will do; "": it may be taken, but nothing may break. */
static void try_request(suite *s, const bourse_request *request, const char *field, const char *how) {
  bourse_result *result = NULL;
  world_forget(&s->run.w);
  s->run.step = 0;
  int32_t code = bourse_execute(&result, s->run.handle, request);
  const bourse_error *error = bourse_context_error(s->run.context);
  char text[700];
  snprintf(text, sizeof text, "%s, field \"%s\": %s", bourse_error_name(code), error->field, error->message);
  const bourse_operation_info *info = bourse_schema_operation(s->one->operation);
  int acts = (info->flags & BOURSE_OPERATION_ACTS) != 0, sent = s->run.w.request_count > 0,
      any = strcmp(field, "*") == 0;
  bourse_result_free(result);
  if (*field == '\0') {
    s->t.passed++;
  } else if (code == BOURSE_OK) {
    fail(s, field, how, "it was taken");
  } else if (!is_local(code) || sent) {
    fail(s, field, how, sent ? "something was sent" : text);
  } else if (!any && strcmp(error->field, field) != 0) {
    fail(s, field, how, text);
  } else if (error->message[0] == '\0' || strcmp(error->exchange, s->set->exchange) != 0) {
    fail(s, field, how, pool_format(&s->run.w.memory, "the exchange is \"%s\": %s", error->exchange, text));
  } else if (error->outcome != BOURSE_OUTCOME_NOT_SENT && (acts || error->outcome != BOURSE_OUTCOME_NONE)) {
    fail(s, field, how, bourse_outcome_name(error->outcome));
  } else {
    s->t.passed++;
  }
}

/* --- Wrong values, by type --- */

typedef struct bad_value {
  const char *how;
  const char *text;
} bad_value;

static char long_text[700];

static const bad_value bad_texts[] = {
    {"empty", ""},           {"not UTF-8", "\xff\xfe"}, {"cut UTF-8", "a\xc3"}, {"a surrogate", "\xed\xa0\x80"},
    {"a line end", "a\nb"},  {"a tab", "a\tb"},         {"a DEL", "a\x7f"},     {"overlong", "\xc0\xaf"},
    {"too long", long_text},
};

static const int32_t bad_enums[] = {99, -1, -5, INT32_MAX, INT32_MIN};
static const int32_t bad_flags[] = {2, -2, 99, INT32_MAX, INT32_MIN};

static const struct {
  const char *how;
  bourse_decimal value;
} bad_decimals[] = {
    {"zero", {0, 0, 0, BOURSE_DECIMAL_PRESENT}},
    {"negative", {5, 0, 0, BOURSE_DECIMAL_PRESENT | BOURSE_DECIMAL_NEGATIVE}},
    {"flags of no decimal", {5, 0, 0, 0x80000001u}},
    {"negative but absent", {5, 0, 0, BOURSE_DECIMAL_NEGATIVE}},
    {"an exponent too high", {5, 0, 4000, BOURSE_DECIMAL_PRESENT}},
    {"an exponent too low", {5, 0, -4000, BOURSE_DECIMAL_PRESENT}},
};

static void *at_member(void *base, const bourse_member_info *member) { return (char *)base + member->offset; }

static void set_count(void *base, const bourse_member_info *member, uint32_t count) {
  memcpy((char *)base + member->count_offset, &count, sizeof count);
}

static void set_pointer(void *base, const bourse_member_info *member, const void *pointer) {
  memcpy(at_member(base, member), &pointer, sizeof pointer);
}

typedef struct trial {
  suite *s;
  bourse_request request;     /* what is sent */
  bourse_order_request order; /* its first order, when `base` is that */
  const bourse_order_request *orders[101];
  void *base; /* the struct whose member is changed */
} trial;

/* A fresh copy of the good request; base is it or its first order. */
static void begin_trial(trial *t, suite *s, int in_order) {
  memset(t, 0, sizeof *t);
  t->s = s;
  t->request = s->run.request;
  t->base = &t->request;
  if (!in_order) return;
  for (uint32_t i = 0; i < t->request.order_count && i < 100; i++) t->orders[i] = t->request.orders[i];
  t->order = *t->request.orders[0];
  t->orders[0] = &t->order;
  t->request.orders = t->orders;
  t->base = &t->order;
}

static void end_trial(trial *t, const char *field, const char *how) { try_request(t->s, &t->request, field, how); }

static void bad_strings(suite *s, const bourse_member_info *member, int in_order) {
  trial t;
  for (size_t i = 0; i < sizeof bad_texts / sizeof bad_texts[0]; i++) {
    begin_trial(&t, s, in_order);
    set_pointer(t.base, member, bad_texts[i].text);
    end_trial(&t, member->name, bad_texts[i].how);
  }
}

static void bad_lists(suite *s, const bourse_member_info *member) {
  const char *list[1];
  trial t;
  for (size_t i = 0; i <= sizeof bad_texts / sizeof bad_texts[0]; i++) {
    int is_null = i == sizeof bad_texts / sizeof bad_texts[0];
    list[0] = is_null ? NULL : bad_texts[i].text;
    begin_trial(&t, s, 0);
    set_pointer(t.base, member, list);
    set_count(t.base, member, 1);
    end_trial(&t, member->name, is_null ? "with a NULL in it" : bad_texts[i].how);
  }
  begin_trial(&t, s, 0);
  set_pointer(t.base, member, NULL);
  set_count(t.base, member, 1);
  end_trial(&t, member->name, "NULL with a count");
  begin_trial(&t, s, 0);
  set_pointer(t.base, member, list);
  set_count(t.base, member, UINT32_MAX);
  end_trial(&t, member->name, "with a huge count");
}

static void bad_params(suite *s, const bourse_member_info *member) {
  static const bourse_param params[] = {
      {NULL, "1", 0, 0},
      {"a", NULL, 0, 0},
      {"", "1", 0, 0},
      {"a\n", "1", 0, 0},
      {"a", "\xff", 0, 0},
      {"a", "{", BOURSE_YES, 0},
      {"a", "[1,]", BOURSE_YES, 0},
      {"a", "", BOURSE_YES, 0},
      {"\xff", "1", 0, 0},
      {long_text, "1", 0, 0},
  };
  trial t;
  for (size_t i = 0; i < sizeof params / sizeof params[0]; i++) {
    begin_trial(&t, s, 0);
    set_pointer(t.base, member, &params[i]);
    set_count(t.base, member, 1);
    end_trial(&t, member->name, "malformed");
  }
  begin_trial(&t, s, 0);
  set_pointer(t.base, member, NULL);
  set_count(t.base, member, 3);
  end_trial(&t, member->name, "NULL with a count");
}

static void bad_orders(suite *s, const bourse_member_info *member) {
  const bourse_order_request *none[1] = {NULL};
  trial t;
  begin_trial(&t, s, 0);
  set_pointer(t.base, member, NULL);
  end_trial(&t, member->name, "NULL with a count");
  begin_trial(&t, s, 0);
  set_pointer(t.base, member, none);
  set_count(t.base, member, 1);
  end_trial(&t, "*", "with a NULL in it");
  for (uint32_t i = 0; i < 3; i++) {
    begin_trial(&t, s, 1);
    if (i == 0) t.order.struct_size = 4;
    if (i == 1) t.order.api_version = 77;
    if (i == 2) t.order.struct_size = 0;
    end_trial(&t, "*", "with a wrong stamp");
  }
  for (size_t i = 0; i < 101; i++) t.orders[i] = s->run.request.orders[0];
  t.request = s->run.request;
  t.request.orders = t.orders;
  t.request.order_count = 101;
  end_trial(&t, member->name, "too many");
}

static void bad_numbers(suite *s, const bourse_member_info *member, int in_order) {
  trial t;
  size_t count = member->type == BOURSE_TYPE_ENUM ? sizeof bad_enums / sizeof bad_enums[0]
                                                  : sizeof bad_flags / sizeof bad_flags[0];
  for (size_t i = 0; i < count; i++) {
    begin_trial(&t, s, in_order);
    memcpy(at_member(t.base, member), member->type == BOURSE_TYPE_ENUM ? &bad_enums[i] : &bad_flags[i],
           sizeof(int32_t));
    end_trial(&t, member->name, "out of range");
  }
}

static void bad_amounts(suite *s, const bourse_member_info *member, int in_order) {
  trial t;
  for (size_t i = 0; i < sizeof bad_decimals / sizeof bad_decimals[0]; i++) {
    begin_trial(&t, s, in_order);
    memcpy(at_member(t.base, member), &bad_decimals[i].value, sizeof bad_decimals[i].value);
    end_trial(&t, member->name, bad_decimals[i].how);
  }
}

static void bad_times(suite *s, const bourse_member_info *member, int in_order) {
  static const int64_t values[] = {-1, INT64_MIN, INT64_MAX};
  trial t;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    begin_trial(&t, s, in_order);
    memcpy(at_member(t.base, member), &values[i], sizeof values[i]);
    int refused = member->type == BOURSE_TYPE_TIME_NS || strcmp(member->name, "timeout_ms") == 0;
    end_trial(&t, refused ? member->name : "", "out of range");
  }
}

static void bad_member(suite *s, const bourse_member_info *member, int in_order) {
  trial t;
  switch (member->type) {
    case BOURSE_TYPE_STRING: bad_strings(s, member, in_order); break;
    case BOURSE_TYPE_STRINGS: bad_lists(s, member); break;
    case BOURSE_TYPE_PARAMS: bad_params(s, member); break;
    case BOURSE_TYPE_RECORDS: bad_orders(s, member); break;
    case BOURSE_TYPE_ENUM:
    case BOURSE_TYPE_YES_NO: bad_numbers(s, member, in_order); break;
    case BOURSE_TYPE_DECIMAL: bad_amounts(s, member, in_order); break;
    case BOURSE_TYPE_UINT32:
      begin_trial(&t, s, in_order);
      memset(at_member(t.base, member), 0xff, sizeof(uint32_t));
      end_trial(&t, member->name, "out of range");
      break;
    default: bad_times(s, member, in_order); break;
  }
}

/* --- Absent, and given where not taken --- */

static void absent_member(suite *s, const bourse_member_info *member, int in_order, const char *field) {
  trial t;
  size_t size = member->type == BOURSE_TYPE_DECIMAL ? sizeof(bourse_decimal)
                : member->type == BOURSE_TYPE_ENUM || member->type == BOURSE_TYPE_YES_NO ||
                        member->type == BOURSE_TYPE_UINT32 || member->type == BOURSE_TYPE_INT32
                    ? sizeof(int32_t)
                    : sizeof(int64_t);
  begin_trial(&t, s, in_order);
  memset(at_member(t.base, member), 0, size);
  if (member->count_offset != 0) set_count(t.base, member, 0);
  end_trial(&t, field, "absent");
}

static void unwanted_member(suite *s, const bourse_member_info *member) {
  static const char *const texts[] = {"x"};
  static const bourse_param params[] = {{"a", "1", 0, 0}};
  const bourse_decimal one = {1, 0, 0, BOURSE_DECIMAL_PRESENT};
  const int64_t number = 1;
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *orders[] = {&order};
  trial t;
  begin_trial(&t, s, 0);
  switch (member->type) {
    case BOURSE_TYPE_STRING: set_pointer(t.base, member, texts[0]); break;
    case BOURSE_TYPE_STRINGS: set_pointer(t.base, member, texts); break;
    case BOURSE_TYPE_PARAMS: set_pointer(t.base, member, params); break;
    case BOURSE_TYPE_RECORDS: set_pointer(t.base, member, orders); break;
    case BOURSE_TYPE_DECIMAL: memcpy(at_member(t.base, member), &one, sizeof one); break;
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_TIME_NS: memcpy(at_member(t.base, member), &number, sizeof number); break;
    default: memcpy(at_member(t.base, member), &number, sizeof(int32_t)); break;
  }
  if (member->count_offset != 0) set_count(t.base, member, 1);
  end_trial(&t, member->name, "not taken by this operation");
}

/* --- Symbols, digits, sizes --- */

static void unknown_symbols(suite *s) {
  static const char *const symbols[] = {"NOPE/NOPE", "BTC/USDT&x=1", "btc/usdt",       "/",
                                        "BTC/",      "BTC/USDT:",    "NOPE/USDT:USDT", "%00"};
  trial t;
  for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
    if (s->run.request.symbol != NULL) {
      begin_trial(&t, s, 0);
      t.request.symbol = symbols[i];
      end_trial(&t, "symbol", "unknown");
    }
    if (s->run.request.order_count > 0) {
      begin_trial(&t, s, 1);
      t.order.symbol = symbols[i];
      end_trial(&t, "symbol", "unknown");
    }
    if (s->run.request.symbol_count > 0) {
      const char *list[] = {symbols[i]};
      begin_trial(&t, s, 0);
      t.request.symbols = list;
      t.request.symbol_count = 1;
      end_trial(&t, "symbols", "unknown");
    }
  }
}

static const char *const order_prices[] = {"price", "stop_loss_price", "take_profit_price", "trigger_price",
                                           "trailing_activation_price"};
static const char *const order_sizes[] = {"amount", "contracts", "iceberg_amount"};

static void bad_digits(suite *s, const char *name, const bourse_decimal *value, const char *how) {
  const bourse_member_info *member = find_member(bourse_schema_order_request(), name);
  trial t;
  begin_trial(&t, s, 1);
  if (!bourse_decimal_is_present(at_member(t.base, member))) return;
  memcpy(at_member(t.base, member), value, sizeof *value);
  end_trial(&t, name, how);
}

/* Only members that the good order gives: another would be refused for being there. */
static void too_many_digits(suite *s) {
  const bourse_decimal fine = {UINT64_C(1234567890123456789), 0, -18, BOURSE_DECIMAL_PRESENT};
  const bourse_decimal huge = {UINT64_MAX, UINT64_MAX, 20, BOURSE_DECIMAL_PRESENT};
  for (size_t i = 0; i < sizeof order_prices / sizeof order_prices[0]; i++)
    bad_digits(s, order_prices[i], &fine, "with too many digits");
  for (size_t i = 0; i < sizeof order_sizes / sizeof order_sizes[0]; i++)
    bad_digits(s, order_sizes[i], &fine, "with too many digits");
  /* Where the market has no largest amount, what does not fit is the exchange's to refuse. */
  const bourse_order_request *order = s->run.request.order_count > 0 ? s->run.request.orders[0] : NULL;
  const bourse_market *market = NULL;
  if (order != NULL) bourse_market_find(&market, s->run.handle, order->symbol, order->product);
  if (market == NULL || !bourse_decimal_is_present(&market->amount_max)) return;
  bad_digits(s, "amount", &huge, "huge");
  bad_digits(s, "contracts", &huge, "huge");
}

static void bad_together(suite *s) {
  trial t;
  if (s->run.request.order_count > 0 && bourse_decimal_is_present(&s->run.request.orders[0]->amount) &&
      s->one->operation == BOURSE_OP_CREATE_ORDER) {
    begin_trial(&t, s, 1);
    t.order.cost = t.order.amount;
    end_trial(&t, "amount", "and cost both");
    begin_trial(&t, s, 1);
    t.order.expire_ns = INT64_C(1900000000000000000);
    t.order.time_in_force = 0;
    end_trial(&t, "expire_ns", "without good_till_date");
  }
  if (s->run.request.since_ns != 0) {
    begin_trial(&t, s, 0);
    t.request.until_ns = 1;
    end_trial(&t, "until_ns", "before since_ns");
  }
  if (s->run.request.timeframe != NULL) {
    static const char *const frames[] = {"7x", "1", "m1", "0m", "-1m", "99999999999m", "1mm"};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
      begin_trial(&t, s, 0);
      t.request.timeframe = frames[i];
      end_trial(&t, "timeframe", frames[i]);
    }
  }
}

/* --- Stamps --- */

static void bad_stamps(suite *s) {
  struct {
    bourse_request request;
    char tail[64];
  } longer;
  static const uint32_t sizes[] = {0, 4, 8}; /* too short to name an operation */
  trial t;
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    begin_trial(&t, s, 0);
    t.request.struct_size = sizes[i];
    end_trial(&t, "*", "a wrong struct_size");
  }
  for (uint32_t version = 0; version < 3; version++) {
    begin_trial(&t, s, 0);
    t.request.api_version = version == BOURSE_API_VERSION ? 99 : version;
    end_trial(&t, "*", "a wrong api_version");
  }
  memset(&longer, 0, sizeof longer);
  longer.request = s->run.request;
  longer.request.struct_size = sizeof longer;
  try_request(s, &longer.request, "", "with an empty tail");
  longer.tail[63] = 1;
  try_request(s, &longer.request, "*", "with an unknown tail");
  begin_trial(&t, s, 0);
  t.request.operation = 9999;
  end_trial(&t, "operation", "unknown");
  t.request.operation = -1;
  end_trial(&t, "operation", "negative");
  try_request(s, NULL, "*", "no request");
}

/* --- One operation --- */

static void bad_arguments(suite *s) {
  const bourse_operation_info *info = bourse_schema_operation(s->one->operation);
  const bourse_struct_info *arguments = bourse_schema_request(), *members = bourse_schema_order_request();
  for (uint32_t i = 0; i < arguments->member_count; i++) {
    const bourse_member_info *member = &arguments->members[i];
    if ((info->accepted >> i & 1) == 0) {
      unwanted_member(s, member);
      continue;
    }
    bad_member(s, member, 0);
    if ((info->required >> i & 1) != 0) absent_member(s, member, 0, member->name);
  }
  if (s->run.request.order_count > 0) {
    for (uint32_t i = 0; i < members->member_count; i++) bad_member(s, &members->members[i], 1);
    absent_member(s, find_member(members, "symbol"), 1, "symbol");
    if (info->operation == BOURSE_OP_CREATE_ORDER || info->operation == BOURSE_OP_CREATE_ORDERS) {
      absent_member(s, find_member(members, "side"), 1, "side");
      absent_member(s, find_member(members, "type"), 1, "type");
    }
    too_many_digits(s);
  }
  unknown_symbols(s);
  bad_together(s);
  bad_stamps(s);
}

static void check_arguments(suite *s) {
  uint8_t seen[256][16] = {{0}};
  for (const fixture_case *one = s->set->cases; one != NULL; one = one->next) {
    const json *args = json_get(one->value, "args");
    uint32_t shape = (uint32_t)(json_get(args, "symbols") != NULL) | (uint32_t)(json_get(args, "symbol") != NULL) << 1 |
                     (uint32_t)(json_get(args, "since_ns") != NULL) << 2;
    if (!case_has_request(one) || (s->only != NULL && strstr(one->label, s->only) == NULL)) continue;
    /* One good request of each shape will do. */
    if (seen[one->operation][shape]++ > (json_get(args, "orders") != NULL ? 3 : 0)) continue;
    memset(&s->run, 0, sizeof s->run);
    s->one = one;
    fixture_open(&s->run, s->set, one);
    if (s->run.wrong == NULL) bad_arguments(s);
    s->run.wrong = NULL;
    fixture_close(&s->run);
    if (s->run.wrong != NULL) fail(s, "its arguments", "given wrong", s->run.wrong);
  }
}

int main(int argc, char **argv) {
  suite s = {.only = NULL};
  pool p = {NULL};
  const char *folder = NULL;
  memset(long_text, 'a', sizeof long_text - 1);
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      s.only = argv[++i];
    else
      folder = argv[i];
  }
  char **names = folder == NULL ? NULL : list_folder(&p, folder);
  if (names == NULL) {
    fprintf(stderr, "usage: bad_input DIR [--only PART]\n");
    return 2;
  }
  for (; *names != NULL; names++) {
    fixture_set set;
    char *path = join_path(&p, folder, *names);
    if (!file_exists(join_path(&p, path, "setup.json"))) continue;
    s.set = &set;
    if (fixture_load(&set, path, *names)) {
      check_arguments(&s);
      check_replies(&set, s.only, &s.t);
      check_messages(&set, s.only, &s.t);
    } else {
      s.t.failed++;
    }
    fixture_free(&set);
  }
  pool_free(&p);
  return tally_finish(&s.t, "bad_input");
}
