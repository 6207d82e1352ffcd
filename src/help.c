/* help.c - help texts and the words for shell completion. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const char options_text[] =
    "Options, anywhere on the line; \"--\" ends them:\n"
    "  --table --json --csv           output: aligned table (default), JSON Lines, CSV\n"
    "  --columns A,B  --all-columns   which columns; JSON and CSV have all by default\n"
    "  --raw                          the exchange's reply as it came\n"
    "  --env live|testnet|demo        which world of the exchange\n"
    "  --keys FILE  --account NAME    keys, and the entry of the file; see \"bourse help keys\"\n"
    "  --product spot|linear|inverse|option  --margin cross|isolated\n                                 defaults of the "
    "handle\n"
    "  --live                         send what changes something (the paper exchange needs no flag)\n"
    "  --yes                          do not ask before sending\n"
    "  --allow-withdrawals            let withdraw through (still needs --live)\n"
    "  --read-only                    refuse whatever changes something\n"
    "  --allow-symbol SYMBOL          refuse orders in other markets; may be repeated\n"
    "  --max-notional N  --max-per-minute N  --max-open-orders N\n                                 most that one order, "
    "and all of a minute, may be worth; most open orders\n"
    "  --allow-raw-orders             let call_raw and param. through though these limits cannot measure them\n"
    "  --no-check                     skip the local checks of orders\n"
    "  --journal FILE                 where orders are written down before they are sent (none: nowhere)\n"
    "  --timeout SECONDS  --proxy URL  --cacert FILE\n"
    "  --host NAME=URL                another host, *=URL for all; may be repeated\n"
    "  --setting NAME=VALUE           a setting of the exchange; may be repeated\n"
    "  --verbose                      requests, replies and messages on standard error, without secrets\n"
    "For watch, record, replay, resolve and wait:\n"
    "  --for TIME  --count N          ends after 500ms, 60s, 5m, 2h; after N events (watch) or messages (record)\n"
    "  --interval TIME                wanted time between updates, where a channel has several\n"
    "  --depth N                      levels of a book that are shown (10); limit= is what is subscribed\n"
    "  -o FILE  --force               where to record (-: standard output); writes over a file\n"
    "  --quiet                        replay: only the summary, and what is wrong\n"
    "  --port N  --seed N  --list     sim: where it listens, what its market is made of, which there are\n"
    "  --tls-cert FILE --tls-key FILE --faults FILE --accounts FILE    sim: TLS, what goes wrong, keys and balances\n"
    "For request, decode and replay, which need no network:\n"
    "  --markets FILE                 from \"bourse markets EXCHANGE --json\", or the exchange's own; may be repeated\n"
    "  --now-ms N  --nonce N          clock and nonce stand still\n"
    "  --reply FILE                   the reply to an earlier request; may be repeated\n"
    "  --reveal                       show secrets and signatures\n"
    "  --status CODE  --headers FILE  of the reply to decode\n";

static const char codes_text[] =
    "Exit codes:\n"
    "  0  done\n"
    "  1  this machine: memory, a file, output that could not be written, or the question was answered with no\n"
    "  2  the command line or an argument is wrong\n"
    "  3  keys: missing, malformed, refused, without permission; or the clock is off\n"
    "  4  refused by the exchange, by a rule of the market, or by this program's own options\n"
    "  5  unknown outcome: it may or may not have been done; \"bourse resolve\" settles it\n"
    "  6  rate limit or ban\n"
    "  7  network, or the exchange is away or cannot be understood\n"
    "  8  the exchange or product has no such thing\n"
    "  9  replay: gaps, checksums that do not match, or messages that cannot be read\n";

static const char streams_text[] =
    "Channels, with '-' or '_': ticker, tickers, bids-asks, book, trades, candles, mark-price, liquidations; with "
    "keys:\n"
    "orders, my-trades, balances, positions. Symbols stand one after the other; those of own channels only filter.\n"
    "Further arguments: bourse help watch_CHANNEL (candles: timeframe=1m, or the timeframe as a word; book: "
    "limit=DEPTH).\n";

static const char watch_text[] =
    "On a terminal a table of what is true now, redrawn in place; trades, orders and fills as lines. Elsewhere lines, "
    "with\n"
    "--json one object for each event: "
    "{\"kind\":\"data|state|gap|error\",\"operation\",\"symbol\",\"state\",...,\"records\":[...]}.\n"
    "States, gaps and errors are on standard error, with --json among the objects. Ctrl-C unsubscribes and "
    "ends.\n";

static const char record_text[] =
    "One JSON object a line: {\"t\":SECONDS,\"dir\":\"open|out|in|rest|close\",\"conn\":N,\"url\":...,\"msg\":AS IT "
    "CAME}; rest is\n"
    "what was fetched meanwhile. Secrets are hidden. A message that is not JSON becomes a JSON string.\n"
    "A file that is there is not written over unless --force is given.\n";

static const char replay_text[] =
    "Reads recordings (.jsonl, .jsonl.gz) and files that are one message (.json, .json.gz, .txt); - is standard "
    "input.\n"
    "Everything runs through the code that reads live messages, books are proven, by the recorded clock. Nothing is "
    "sent or\n"
    "fetched; --markets gives the markets, --product the product where no URL tells. Exit code 9: something was "
    "missing,\n"
    "did not match its checksum, or could not be read.\n";

static const char keys_text[] =
    "Keys come from a file or from the environment, never from the command line. In this order:\n"
    "  --keys FILE\n"
    "  BOURSE_<EXCHANGE>_API_KEY, _SECRET, _PASSPHRASE, _ENVIRONMENT  (unless --account is given)\n"
    "  the file that BOURSE_KEYS names\n"
    "  $XDG_CONFIG_HOME/bourse/keys.json or ~/.config/bourse/keys.json\n"
    "The file is JSON, for the owner's eyes only (chmod 600):\n"
    "  {\n"
    "    \"binance\":      {\"api_key\": \"...\", \"secret\": \"...\"},\n"
    "    \"binance-test\": {\"api_key\": \"...\", \"secret\": \"...\", \"environment\": \"testnet\"},\n"
    "    \"fund\":         {\"exchange\": \"okx\", \"api_key\": \"...\", \"secret\": \"...\", \"passphrase\": "
    "\"...\"}\n"
    "  }\n"
    "or one flat object. The exchange of an entry is the part of its name before the first '-' unless it says "
    "another.\n"
    "apiKey and password are other names for api_key and passphrase. A secret may be a PEM private key. A key file of\n"
    "Coinbase is one as downloaded.\n"
    "--account NAME chooses an entry; without it the one named like the exchange, or the only one that fits.\n";

void cli_usage_text(cli_buffer *out) {
  cli_add(out, "usage: bourse VERB [EXCHANGE] [WORDS] [key=value ...] [--options]\n\n");
  for (uint32_t i = 0; cli_verb_at(i) != NULL; i++) {
    const cli_verb *verb = cli_verb_at(i);
    char form[96];
    snprintf(form, sizeof form, "%s %s", verb->name, verb->usage);
    cli_add_format(out, "  %-57s %s\n", form, verb->text);
  }
  cli_add(out, "  version                                                   The versions of program and library.\n\n");
  cli_add(out, options_text);
  cli_add(out,
          "\nThe paper exchange is built in and needs neither network nor keys:\n"
          "  bourse ticker paper BTC/USDT\n"
          "  bourse buy paper BTC/USDT 0.01 market\n"
          "  bourse candles paper BTC/USDT 1h limit=5 --json\n"
          "What any operation takes: bourse help OPERATION. Exit codes: bourse help codes. Keys: bourse help keys.\n");
}

static void operations_text(cli_buffer *out) {
  const bourse_operation_info *info;
  for (uint32_t i = 0; (info = bourse_schema_operation_at(i)) != NULL; i++)
    cli_add_format(out, "%-28s %-8s %s\n", info->name,
                   info->flags & BOURSE_OPERATION_MONEY     ? "money"
                   : info->flags & BOURSE_OPERATION_ACTS    ? "acts"
                   : info->flags & BOURSE_OPERATION_PRIVATE ? "private"
                                                            : "public",
                   info->text);
}

static void operation_text(cli_buffer *out, const bourse_operation_info *info) {
  const bourse_struct_info *record = bourse_schema_record(info->kind);
  if (info->flags & BOURSE_OPERATION_STREAM)
    cli_add_format(out, "bourse watch %s EXCHANGE [SYMBOL ...] [key=value ...]\n%s\n\nArguments:\n",
                   info->name + strlen("watch_"), info->text);
  else
    cli_add_format(out, "bourse call EXCHANGE %s [key=value ...]\n%s\n\nArguments:\n", info->name, info->text);
  cli_arguments_describe(out, info);
  if (info->flags & BOURSE_OPERATION_ORDERS)
    cli_add(out, "orders= is a JSON array of objects with the members that \"bourse help create_order\" shows.\n");
  cli_add(out, "Times are ISO 8601 (2025-10-01, 2025-10-01T12:00:00Z) or milliseconds since 1970.\n");
  if (record == NULL) return;
  cli_add_format(out, "\nGives %s records:", record->short_name);
  for (uint32_t i = 0; i < record->member_count; i++)
    cli_add_format(out, "%s%s", i > 0 ? ", " : " ", record->members[i].name);
  cli_add(out, "\n");
}

static int topic_text(cli_buffer *out, const char *topic) {
  const cli_verb *verb = cli_find_verb(topic);
  int32_t operation = bourse_operation_by_name(topic);
  if (strcmp(topic, "operations") == 0) {
    operations_text(out);
  } else if (strcmp(topic, "keys") == 0) {
    cli_add(out, keys_text);
  } else if (strcmp(topic, "codes") == 0) {
    cli_add(out, codes_text);
  } else if (strcmp(topic, "options") == 0) {
    cli_add(out, options_text);
  } else if (verb != NULL) {
    cli_add_format(out, "bourse %s %s\n%s\n", verb->name, verb->usage, verb->text);
    if (strcmp(topic, "buy") == 0 || strcmp(topic, "sell") == 0)
      cli_add(out, "Without a price it is a market order. Further arguments: bourse help create_order\n");
    if (strcmp(topic, "watch") == 0) cli_add(out, watch_text);
    if (strcmp(topic, "record") == 0) cli_add(out, record_text);
    if (strcmp(topic, "replay") == 0) cli_add(out, replay_text);
    if (strcmp(topic, "watch") == 0 || strcmp(topic, "record") == 0) cli_add(out, streams_text);
    cli_add_char(out, '\n');
    if (operation != 0) {
      operation_text(out, bourse_schema_operation(operation));
      cli_add_char(out, '\n');
    }
    cli_add(out, options_text);
  } else if (operation != 0) {
    operation_text(out, bourse_schema_operation(operation));
  } else {
    return 0;
  }
  return 1;
}

int cli_help(const cli_options *options, const char *const *words, uint32_t count) {
  cli_buffer out = {0};
  (void)options;
  if (count > 1) return cli_fail(CLI_USAGE, "help: unexpected \"%s\"", words[1]);
  if (count == 0)
    cli_usage_text(&out);
  else if (!topic_text(&out, words[0]))
    return cli_fail(
        CLI_USAGE,
        "there is no verb or operation called \"%s\"; \"bourse help\" and \"bourse help operations\" list them",
        words[0]);
  fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&out);
  return CLI_OK;
}

static void add_channels(cli_buffer *out) {
  const bourse_operation_info *info;
  for (uint32_t i = 0; (info = bourse_schema_operation_at(i)) != NULL; i++) {
    if (!(info->flags & BOURSE_OPERATION_STREAM)) continue;
    size_t begin = out->length;
    cli_add_format(out, "%s\n", info->operation == BOURSE_OP_WATCH_ORDER_BOOK ? "book" : info->name + strlen("watch_"));
    for (; begin < out->length; begin++)
      if (out->data[begin] == '_') out->data[begin] = '-';
  }
}

/* __complete exchanges | verbs | operations | channels | keys OPERATION: one word a line, for the completion scripts. */
int cli_complete(const cli_options *options, const char *const *words, uint32_t count) {
  cli_buffer out = {0};
  const char *what = count > 0 ? words[0] : "";
  int32_t operation = count > 1 ? bourse_operation_by_name(words[1]) : 0;
  if (operation == 0 && count > 1) operation = cli_channel(words[1]);
  if (strcmp(what, "verbs") == 0) {
    for (uint32_t i = 0; cli_verb_at(i) != NULL; i++) cli_add_format(&out, "%s\n", cli_verb_at(i)->name);
    cli_add(&out, "version\n");
  } else if (strcmp(what, "operations") == 0) {
    for (uint32_t i = 0; bourse_schema_operation_at(i) != NULL; i++)
      cli_add_format(&out, "%s\n", bourse_schema_operation_at(i)->name);
  } else if (strcmp(what, "channels") == 0) {
    add_channels(&out);
  } else if (strcmp(what, "exchanges") == 0) {
    cli_session session = {0};
    if (cli_open_context(&session, options) == CLI_OK)
      for (uint32_t i = 0; bourse_exchange_at(session.context, i) != NULL; i++)
        cli_add_format(&out, "%s\n", bourse_exchange_at(session.context, i));
    cli_close(&session);
  } else if (strcmp(what, "keys") == 0 && count == 2 && operation != 0) {
    cli_arguments_names(&out, bourse_schema_operation(operation));
    cli_add_char(&out, '\n');
  }
  if (out.length > 0) fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&out);
  return CLI_OK;
}
