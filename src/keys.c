/* keys.c - finding keys: a JSON file or the environment, never the command line. All copies are wiped. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void wipe_text(char *text) {
  if (text == NULL) return;
  bourse_wipe(text, strlen(text));
  free(text);
}

void cli_keys_free(cli_keys *keys) {
  wipe_text(keys->api_key);
  wipe_text(keys->secret);
  wipe_text(keys->passphrase);
  free(keys->name);
  free(keys->path);
  memset(keys, 0, sizeof *keys);
}

/* One entry of a key file while it is read. */
typedef struct entry {
  char *name;
  char *exchange;
  char *api_key;
  char *secret;
  char *passphrase;
  int32_t environment;
} entry;

static void free_entry(entry *item) {
  free(item->name);
  free(item->exchange);
  wipe_text(item->api_key);
  wipe_text(item->secret);
  wipe_text(item->passphrase);
  memset(item, 0, sizeof *item);
}

static int32_t environment_value(const char *name) {
  for (uint32_t i = 0;; i++) {
    const bourse_enumeration *names = bourse_schema_enumeration_at(i);
    if (names == NULL) return 0;
    if (strcmp(names->name, "environment") == 0) return bourse_enum_value_of(names, name);
  }
}

static char *read_text(bourse_json *json) {
  bourse_slice text;
  int32_t escaped = 0;
  if (bourse_json_null(json)) return NULL;
  if (!bourse_json_string(json, &text, &escaped)) return NULL;
  char *out = cli_alloc(text.length + 1);
  int64_t length = bourse_json_unescape(out, text);
  if (length >= 0 && strlen(out) == (size_t)length) return out;
  bourse_wipe(out, text.length);
  free(out);
  bourse_json_fail(json, "a NUL or a malformed escape in a text");
  return NULL;
}

/* Where a member of this name goes; NULL when it is none of ours. Key files of Coinbase are taken as downloaded. */
static char **entry_place(entry *item, bourse_slice key) {
  if (bourse_slice_is(key, "api_key") || bourse_slice_is(key, "apiKey")) return &item->api_key;
  if (bourse_slice_is(key, "name") || bourse_slice_is(key, "id")) return &item->api_key;
  if (bourse_slice_is(key, "secret") || bourse_slice_is(key, "privateKey")) return &item->secret;
  if (bourse_slice_is(key, "passphrase") || bourse_slice_is(key, "password")) return &item->passphrase;
  if (bourse_slice_is(key, "exchange")) return &item->exchange;
  return NULL;
}

static void read_member(bourse_json *json, entry *item, bourse_slice key) {
  char **place = entry_place(item, key);
  if (place != NULL) {
    if (*place != NULL) {
      bourse_json_fail(json, "a member is given twice");
      return;
    }
    *place = read_text(json);
  } else if (bourse_slice_is(key, "environment")) {
    char *text = read_text(json);
    if (text == NULL) return;
    item->environment = environment_value(text);
    if (item->environment == 0) bourse_json_fail(json, "environment is none of: live, testnet, demo");
    free(text);
  } else {
    bourse_json_skip(json);
  }
}

static void read_entry(bourse_json *json, entry *item) {
  bourse_slice key;
  if (!bourse_json_object_begin(json)) return;
  while (bourse_json_object_next(json, &key)) read_member(json, item, key);
}

typedef struct key_file {
  entry *items;
  uint32_t count;
  int flat; /* one entry, without a name */
} key_file;

static void free_file(key_file *file) {
  for (uint32_t i = 0; i < file->count; i++) free_entry(&file->items[i]);
  free(file->items);
}

static void read_file(bourse_json *json, key_file *file) {
  bourse_slice key;
  entry flat = {0};
  if (!bourse_json_object_begin(json)) return;
  while (bourse_json_object_next(json, &key)) {
    if (bourse_json_kind(json) != BOURSE_JSON_OBJECT) {
      file->flat = file->flat || entry_place(&flat, key) != NULL;
      read_member(json, &flat, key);
      continue;
    }
    file->items = cli_grow(file->items, (file->count + 1) * sizeof *file->items);
    entry *item = &file->items[file->count++];
    memset(item, 0, sizeof *item);
    item->name = cli_copy_bytes(key.data, key.length);
    read_entry(json, item);
  }
  if (file->flat && file->count > 0) bourse_json_fail(json, "keys both at the top and in entries");
  if (file->flat && file->count == 0) {
    file->items = cli_alloc(sizeof *file->items);
    file->items[0] = flat;
    file->count = 1;
  } else {
    free_entry(&flat);
  }
}

static int is_of(const entry *item, const char *exchange) {
  if (item->exchange != NULL) return strcmp(item->exchange, exchange) == 0;
  if (item->name == NULL) return 1;
  size_t length = strcspn(item->name, "-");
  return strlen(exchange) == length && strncmp(item->name, exchange, length) == 0;
}

/* The entry to use. CLI_OK with *out NULL when there is none for the exchange. */
static int choose(entry **out, key_file *file, const cli_options *options, const char *exchange, const char *path) {
  cli_buffer names = {0};
  uint32_t fitting = 0;
  *out = NULL;
  for (uint32_t i = 0; i < file->count; i++) {
    entry *item = &file->items[i];
    if (options->account != NULL) {
      if (item->name == NULL || strcmp(item->name, options->account) != 0) continue;
      if (!is_of(item, exchange))
        return cli_fail(CLI_AUTH, "%s: account %s is not of %s", path, options->account, exchange);
      *out = item;
      return CLI_OK;
    }
    if (!is_of(item, exchange)) continue;
    if (options->environment != 0 && (item->environment != 0 ? item->environment : BOURSE_LIVE) != options->environment)
      continue;
    if (item->name != NULL && strcmp(item->name, exchange) == 0) {
      cli_free_buffer(&names);
      *out = item;
      return CLI_OK;
    }
    fitting++;
    cli_add_format(&names, "%s%s", names.length > 0 ? ", " : "", item->name != NULL ? item->name : "");
    *out = item;
  }
  int code = CLI_OK;
  if (options->account != NULL)
    code = cli_fail(CLI_AUTH, "%s: there is no account called %s", path, options->account);
  else if (fitting > 1)
    code = cli_fail(CLI_AUTH, "%s: several accounts of %s, choose one with --account: %s", path, exchange, names.data);
  cli_free_buffer(&names);
  return code;
}

static int take_entry(cli_keys *out, entry *item, const char *path) {
  if (item->api_key == NULL || item->secret == NULL)
    return cli_fail(CLI_AUTH, "%s: %s%shas no %s", path, item->name != NULL ? item->name : "",
                    item->name != NULL ? " " : "it ", item->api_key == NULL ? "api_key" : "secret");
  out->found = 1;
  out->source = "file";
  out->api_key = item->api_key;
  out->secret = item->secret;
  out->passphrase = item->passphrase;
  out->environment = item->environment;
  out->name = item->name;
  item->api_key = item->secret = item->passphrase = item->name = NULL;
  return CLI_OK;
}

static int read_keys(cli_keys *out, const cli_options *options, const char *exchange, const char *path) {
  struct stat status;
  cli_buffer text = {0};
  out->path = cli_copy(path);
  int error = cli_read_file(&text, path);
  if (error != 0) {
    cli_free_buffer(&text);
    return cli_fail(CLI_AUTH, "%s: the key file cannot be read: %s", path, strerror(error));
  }
  out->readable_by_others = strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
                            (status.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH)) != 0;
  bourse_json json;
  key_file file = {0};
  bourse_json_init(&json, text.data, text.length);
  read_file(&json, &file);
  int code = CLI_OK;
  if (bourse_json_finish(&json) != BOURSE_OK) {
    code = cli_fail(CLI_AUTH, "%s: not a key file: %s at byte %zu", path, json.error, json.error_offset);
  } else {
    entry *item = NULL;
    code = choose(&item, &file, options, exchange, path);
    if (code == CLI_OK && item != NULL) code = take_entry(out, item, path);
  }
  free_file(&file);
  cli_free_buffer(&text);
  return code;
}

static const char *variable(const char *exchange, const char *suffix) {
  char *name = cli_format("BOURSE_%s_%s", exchange, suffix);
  for (char *c = name; *c != '\0'; c++) {
    if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    if (*c == '-') *c = '_';
  }
  const char *value = getenv(name);
  free(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Private keys in a variable often have their line ends written as \n. */
static char *copy_secret(const char *text) {
  char *copy = cli_copy(text);
  if (strncmp(copy, "-----BEGIN", 10) != 0 || strchr(copy, '\n') != NULL) return copy;
  char *to = copy;
  for (const char *from = copy; *from != '\0'; from++) {
    if (from[0] == '\\' && from[1] == 'n') {
      *to++ = '\n';
      from++;
    } else {
      *to++ = *from;
    }
  }
  *to = '\0';
  return copy;
}

static int from_environment(cli_keys *out, const char *exchange) {
  const char *api_key = variable(exchange, "API_KEY");
  const char *secret = variable(exchange, "SECRET");
  const char *passphrase = variable(exchange, "PASSPHRASE");
  const char *environment = variable(exchange, "ENVIRONMENT");
  if (api_key == NULL && secret == NULL) return CLI_OK;
  if (api_key == NULL || secret == NULL)
    return cli_fail(CLI_AUTH, "the environment has only one of the key and the secret of %s", exchange);
  if (environment != NULL) {
    out->environment = environment_value(environment);
    if (out->environment == 0)
      return cli_fail(CLI_AUTH, "the environment's ENVIRONMENT of %s is none of: live, testnet, demo", exchange);
  }
  out->found = 1;
  out->source = "environment";
  out->api_key = cli_copy(api_key);
  out->secret = copy_secret(secret);
  out->passphrase = passphrase != NULL ? cli_copy(passphrase) : NULL;
  return CLI_OK;
}

static char *default_path(void) {
  const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
  if (config != NULL && config[0] == '/') return cli_format("%s/bourse/keys.json", config);
  return home != NULL && home[0] == '/' ? cli_format("%s/.config/bourse/keys.json", home) : NULL;
}

int cli_keys_find(cli_keys *out, const cli_options *options, const char *exchange, int quiet) {
  memset(out, 0, sizeof *out);
  if (options->keys_file != NULL) return read_keys(out, options, exchange, options->keys_file);
  int code = options->account == NULL ? from_environment(out, exchange) : CLI_OK;
  if (code != CLI_OK || out->found) return code;
  const char *named = getenv("BOURSE_KEYS");
  if (named != NULL && named[0] != '\0') return read_keys(out, options, exchange, named);
  char *path = default_path();
  struct stat status;
  if (path != NULL && (stat(path, &status) == 0 || errno != ENOENT)) {
    code = read_keys(out, options, exchange, path);
    if (code != CLI_OK && quiet) {
      cli_warn("going on without keys");
      code = CLI_OK;
    }
  } else if (options->account != NULL) {
    code =
        cli_fail(CLI_AUTH, "--account %s: there is no key file; give one with --keys or BOURSE_KEYS", options->account);
  }
  free(path);
  return code;
}
