/* options.c - the options that every verb takes. They may stand anywhere; "--" ends them. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum {
  OPTION_FLAG,
  OPTION_FORMAT,
  OPTION_TEXT,
  OPTION_ENUM,
  OPTION_SECONDS,
  OPTION_DURATION,
  OPTION_WHOLE,
  OPTION_STATUS,
  OPTION_NOW,
  OPTION_NONCE,
  OPTION_PAIR,
  OPTION_LIST,
  OPTION_AMOUNT
};

typedef struct option_info {
  const char *name;
  int kind;
  int value;           /* of a format */
  size_t offset;       /* of the member in cli_options */
  size_t count_offset; /* of lists and pairs */
  const char *names;   /* enumeration of that name */
} option_info;

#define OPTION(name_, kind_, member_) \
  { name_, OPTION_##kind_, 0, offsetof(cli_options, member_), 0, NULL }
#define OPTION_MANY(name_, kind_, member_, count_) \
  { name_, OPTION_##kind_, 0, offsetof(cli_options, member_), offsetof(cli_options, count_), NULL }
#define OPTION_NAMES(name_, member_, names_) \
  { name_, OPTION_ENUM, 0, offsetof(cli_options, member_), 0, names_ }
#define OPTION_OUTPUT(name_, value_) \
  { name_, OPTION_FORMAT, value_, offsetof(cli_options, format), 0, NULL }

static const option_info option_list[] = {
    OPTION_OUTPUT("table", CLI_TABLE),
    OPTION_OUTPUT("json", CLI_JSON),
    OPTION_OUTPUT("csv", CLI_CSV),
    OPTION("columns", TEXT, columns),
    OPTION("all-columns", FLAG, all_columns),
    OPTION("raw", FLAG, raw),
    OPTION_NAMES("env", environment, "environment"),
    OPTION_NAMES("product", product, "product"),
    OPTION_NAMES("margin", margin_mode, "margin_mode"),
    OPTION("keys", TEXT, keys_file),
    OPTION("account", TEXT, account),
    OPTION("timeout", SECONDS, timeout_ms),
    OPTION("proxy", TEXT, proxy),
    OPTION("cacert", TEXT, ca_file),
    OPTION_MANY("host", PAIR, hosts, host_count),
    OPTION_MANY("setting", PAIR, settings, setting_count),
    OPTION("verbose", FLAG, verbose),
    OPTION("live", FLAG, live),
    OPTION("yes", FLAG, yes),
    OPTION("no-check", FLAG, no_check),
    OPTION("allow-withdrawals", FLAG, allow_withdrawals),
    OPTION("read-only", FLAG, read_only),
    OPTION("allow-raw-orders", FLAG, allow_raw_orders),
    OPTION_MANY("allow-symbol", LIST, allowed_symbols, allowed_symbol_count),
    OPTION("max-notional", AMOUNT, max_notional),
    OPTION("max-per-minute", AMOUNT, max_per_minute),
    OPTION("max-open-orders", WHOLE, max_open_orders),
    OPTION("reveal", FLAG, reveal),
    OPTION("now-ms", NOW, now_ms),
    OPTION("nonce", NONCE, nonce),
    OPTION_MANY("markets", LIST, markets, market_count),
    OPTION_MANY("reply", LIST, replies, reply_count),
    OPTION("for", DURATION, for_ms),
    OPTION("interval", DURATION, interval_ms),
    OPTION("count", WHOLE, count),
    OPTION("depth", WHOLE, depth),
    OPTION("output", TEXT, output_file),
    OPTION("force", FLAG, force),
    OPTION("quiet", FLAG, quiet),
    OPTION("list", FLAG, list),
    OPTION("port", WHOLE, port),
    OPTION("seed", WHOLE, seed),
    OPTION("tls-cert", TEXT, tls_cert),
    OPTION("tls-key", TEXT, tls_key),
    OPTION("faults", TEXT, faults_file),
    OPTION("accounts", TEXT, accounts_file),
    OPTION("journal", TEXT, journal_file),
    OPTION("status", STATUS, status),
    OPTION("headers", TEXT, headers_file),
    OPTION("help", FLAG, help),
    OPTION("version", FLAG, version),
};

#define OPTION_COUNT (sizeof(option_list) / sizeof(option_list[0]))

static const option_info *find_option(const char *name, size_t length) {
  for (size_t i = 0; i < OPTION_COUNT; i++)
    if (strlen(option_list[i].name) == length && memcmp(option_list[i].name, name, length) == 0) return &option_list[i];
  return NULL;
}

static int whole_number(int64_t *out, const char *text) {
  bourse_decimal value;
  for (const char *c = text; *c != '\0'; c++)
    if (*c < '0' || *c > '9') return 0;
  return bourse_decimal_parse(&value, text, SIZE_MAX) == BOURSE_OK && bourse_decimal_to_int64(out, &value) == BOURSE_OK;
}

static int set_seconds(int64_t *out, const char *text) {
  bourse_decimal seconds, thousand, product;
  bourse_decimal_from_int64(&thousand, 1000);
  if (bourse_decimal_parse(&seconds, text, SIZE_MAX) != BOURSE_OK || bourse_decimal_sign(&seconds) <= 0 ||
      bourse_decimal_mul(&product, &seconds, &thousand) != BOURSE_OK ||
      bourse_decimal_round(&product, &product, 0, BOURSE_ROUND_UP) != BOURSE_OK ||
      bourse_decimal_to_int64(out, &product) != BOURSE_OK || *out > INT64_C(86400000))
    return cli_fail(CLI_USAGE, "--timeout: \"%s\" is not a number of seconds above 0 and at most 86400", text);
  return CLI_OK;
}

/* "60s", "1.5m", "250ms"; seconds without a unit. */
static int set_duration(int64_t *out, const option_info *option, const char *text) {
  static const struct {
    const char *name;
    int64_t ms;
  } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
  size_t digits = strspn(text, "0123456789.");
  bourse_decimal number, unit;
  for (size_t i = 0; digits > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
    if (strcmp(text + digits, units[i].name) != 0) continue;
    bourse_decimal_from_int64(&unit, units[i].ms);
    if (bourse_decimal_parse(&number, text, digits) == BOURSE_OK && bourse_decimal_sign(&number) > 0 &&
        bourse_decimal_mul(&number, &number, &unit) == BOURSE_OK &&
        bourse_decimal_round(&number, &number, 0, BOURSE_ROUND_UP) == BOURSE_OK &&
        bourse_decimal_to_int64(out, &number) == BOURSE_OK && *out <= INT64_C(366) * 86400000)
      return CLI_OK;
  }
  return cli_fail(CLI_USAGE, "--%s: \"%s\" is not a time above 0 such as 500ms, 60s, 5m, 2h or 7d", option->name, text);
}

static int set_enum(int32_t *out, const option_info *option, const char *text) {
  for (uint32_t i = 0;; i++) {
    const bourse_enumeration *names = bourse_schema_enumeration_at(i);
    if (names == NULL) return cli_fail(CLI_USAGE, "--%s cannot be used with this library", option->name);
    if (strcmp(names->name, option->names) != 0) continue;
    *out = bourse_enum_value_of(names, text);
    if (*out != 0) return CLI_OK;
    cli_buffer allowed = {0};
    for (uint32_t k = 0; k < names->count; k++) {
      if (k > 0) cli_add(&allowed, ", ");
      cli_add(&allowed, names->values[k].name);
    }
    cli_fail(CLI_USAGE, "--%s: \"%s\" is none of: %s", option->name, text, allowed.data);
    cli_free_buffer(&allowed);
    return CLI_USAGE;
  }
}

static int add_pair(bourse_param *list, uint32_t *count, const option_info *option, const char *text) {
  const char *equals = strchr(text, '=');
  if (equals == NULL || equals == text || equals[1] == '\0')
    return cli_fail(CLI_USAGE, "--%s: \"%s\" is not NAME=%s", option->name, text,
                    strcmp(option->name, "host") == 0 ? "URL" : "VALUE");
  bourse_param *pair = &list[*count];
  pair->name = cli_copy_bytes(text, (size_t)(equals - text));
  pair->value = equals + 1;
  (*count)++;
  return CLI_OK;
}

static int set_option(cli_options *out, const option_info *option, const char *value) {
  char *member = (char *)out + option->offset;
  uint32_t *count = (uint32_t *)(void *)((char *)out + option->count_offset);
  int64_t number = 0;
  if (value != NULL && value[0] == '\0') return cli_fail(CLI_USAGE, "--%s: the value is empty", option->name);
  switch (option->kind) {
    case OPTION_FLAG: *(int *)(void *)member = 1; return CLI_OK;
    case OPTION_FORMAT: *(int *)(void *)member = option->value; return CLI_OK;
    case OPTION_TEXT: *(const char **)(void *)member = value; return CLI_OK;
    case OPTION_ENUM: return set_enum((int32_t *)(void *)member, option, value);
    case OPTION_SECONDS: return set_seconds((int64_t *)(void *)member, value);
    case OPTION_DURATION: return set_duration((int64_t *)(void *)member, option, value);
    case OPTION_WHOLE:
      if (!whole_number(&number, value) || number == 0)
        return cli_fail(CLI_USAGE, "--%s: \"%s\" is not a whole number above 0", option->name, value);
      *(int64_t *)(void *)member = number;
      return CLI_OK;
    case OPTION_STATUS:
      if (!whole_number(&number, value) || number < 100 || number > 599)
        return cli_fail(CLI_USAGE, "--status: \"%s\" is not an HTTP status, 100 to 599", value);
      out->status = (int32_t)number;
      out->has_status = 1;
      return CLI_OK;
    case OPTION_NOW:
      if (!whole_number(&number, value) || number > INT64_MAX / 1000000)
        return cli_fail(CLI_USAGE, "--now-ms: \"%s\" is not a number of milliseconds since 1970", value);
      out->now_ms = number;
      out->has_now = 1;
      return CLI_OK;
    case OPTION_NONCE:
      if (!whole_number(&number, value) || number == 0)
        return cli_fail(CLI_USAGE, "--nonce: \"%s\" is not a whole number above 0", value);
      out->nonce = value;
      return CLI_OK;
    case OPTION_AMOUNT:
      if (bourse_decimal_parse((bourse_decimal *)(void *)member, value, SIZE_MAX) != BOURSE_OK ||
          bourse_decimal_sign((bourse_decimal *)(void *)member) <= 0)
        return cli_fail(CLI_USAGE, "--%s: \"%s\" is not a number above 0", option->name, value);
      return CLI_OK;
    case OPTION_PAIR: return add_pair(*(bourse_param **)(void *)member, count, option, value);
    default: (*(const char ***)(void *)member)[(*count)++] = value; return CLI_OK;
  }
}

static int parse_option(cli_options *out, const char *name, const char *next, int *used_next) {
  static const struct {
    char letter;
    const char *name;
  } letters[] = {{'h', "help"}, {'V', "version"}, {'v', "verbose"}, {'y', "yes"},
                 {'j', "json"}, {'o', "output"},  {'q', "quiet"}};
  size_t length = strcspn(name, "=");
  const option_info *option = NULL;
  if (name[1] != '-') {
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
      if (name[1] == letters[i].letter && name[2] == '\0')
        option = find_option(letters[i].name, strlen(letters[i].name));
  } else {
    option = find_option(name + 2, length - 2);
  }
  if (option == NULL)
    return cli_fail(CLI_USAGE, "unknown option \"%.*s\"; \"bourse help\" lists them all", (int)length, name);
  int has_value = name[length] == '=';
  if (option->kind == OPTION_FLAG || option->kind == OPTION_FORMAT) {
    if (has_value) return cli_fail(CLI_USAGE, "--%s takes no value", option->name);
    return set_option(out, option, NULL);
  }
  if (has_value) return set_option(out, option, name + length + 1);
  if (next == NULL) return cli_fail(CLI_USAGE, "--%s needs a value", option->name);
  *used_next = 1;
  return set_option(out, option, next);
}

/* Everything the user typed goes into messages, URLs or JSON: what is not text is refused at the door. */
static int check_text(int position, const char *text) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length;) {
    uint32_t code = 0;
    size_t size = cli_utf8(text + i, length - i, &code);
    if (size == 0) return cli_fail(CLI_USAGE, "argument %d is not UTF-8 (byte %zu)", position, i + 1);
    if ((code < 0x20 && code != '\n' && code != '\t' && code != '\r') || (code >= 0x7f && code < 0xa0))
      return cli_fail(CLI_USAGE, "argument %d holds a control character (byte %zu)", position, i + 1);
    i += size;
  }
  return CLI_OK;
}

int cli_parse_options(cli_options *out, int argc, char **argv) {
  memset(out, 0, sizeof *out);
  size_t count = (size_t)(argc > 0 ? argc : 1);
  out->hosts = cli_alloc(count * sizeof *out->hosts);
  out->settings = cli_alloc((count + 1) * sizeof *out->settings);
  out->markets = cli_alloc(count * sizeof *out->markets);
  out->replies = cli_alloc(count * sizeof *out->replies);
  out->allowed_symbols = cli_alloc(count * sizeof *out->allowed_symbols);
  out->words = cli_alloc(count * sizeof *out->words);
  int only_words = 0;
  for (int i = 1; i < argc; i++) {
    int code = check_text(i, argv[i]);
    if (code != CLI_OK) return code;
  }
  for (int i = 1; i < argc; i++) {
    int used_next = 0;
    if (!only_words && strcmp(argv[i], "--") == 0) {
      only_words = 1;
    } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
      int code = parse_option(out, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &used_next);
      if (code != CLI_OK) return code;
      i += used_next;
    } else {
      out->words[out->word_count++] = argv[i];
    }
  }
  return CLI_OK;
}

void cli_free_options(cli_options *options) {
  for (uint32_t i = 0; i < options->host_count; i++) free((void *)(uintptr_t)options->hosts[i].name);
  for (uint32_t i = 0; i < options->setting_count; i++) free((void *)(uintptr_t)options->settings[i].name);
  free(options->hosts);
  free(options->settings);
  free((void *)options->markets);
  free((void *)options->replies);
  free((void *)options->allowed_symbols);
  free((void *)options->words);
}
