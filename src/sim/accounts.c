/* sim/accounts.c - keys, the accounts behind them, and what these begin with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

static const char *copied(const char *text) { return text == NULL ? NULL : sim_copy(text, strlen(text)); }

static int32_t add_key(sim *s, const sim_key *key, char *text, size_t size) {
  uint32_t account = UINT32_MAX;
  if (key->name == NULL || key->api_key == NULL || key->secret == NULL) {
    (void)snprintf(text, size, "accounts: a key needs the account's name, the key and the secret");
    return BOURSE_ERROR_ARGUMENT;
  }
  for (uint32_t i = 0; i < s->account_count; i++) {
    if (strcmp(s->accounts[i].key.api_key, key->api_key) == 0) {
      (void)snprintf(text, size, "accounts: the key \"%s\" is there twice", key->api_key);
      return BOURSE_ERROR_ARGUMENT;
    }
    if (strcmp(s->accounts[i].key.name, key->name) == 0) account = s->accounts[i].account;
  }
  if (account == UINT32_MAX && bourse__paper_add_account(&account, s->engine, 0) != BOURSE_OK) abort();
  sim_account *row = &s->accounts[s->account_count++];
  memset(row, 0, sizeof *row);
  row->key = (sim_key){copied(key->name),       copied(key->api_key), copied(key->secret),
                       copied(key->passphrase), key->read_only,       key->withdraws};
  row->account = account;
  return BOURSE_OK;
}

static int32_t add_fund(sim *s, const sim_fund *fund, char *text, size_t size) {
  int32_t found = 0;
  for (uint32_t i = 0; i < s->account_count; i++) {
    int32_t is_first = sim_account_of(s, s->accounts[i].account) == &s->accounts[i];
    if (!is_first || (fund->account != NULL && strcmp(fund->account, s->accounts[i].key.name) != 0)) continue;
    found = 1;
    if (sim_deposit(s, s->accounts[i].account, (uint32_t)fund->wallet, fund->currency, &fund->amount, "deposit") !=
        BOURSE_OK) {
      (void)snprintf(text, size, "accounts: %s %s cannot be given", sim_decimal_text(&fund->amount), fund->currency);
      return BOURSE_ERROR_ARGUMENT;
    }
  }
  if (found) return BOURSE_OK;
  (void)snprintf(text, size, "accounts: there is no account called \"%s\"", fund->account);
  return BOURSE_ERROR_ARGUMENT;
}

int32_t sim_accounts_open(sim *s, const sim_options *options, char *text, size_t size) {
  const sim_key usual = {"main", s->dialect->default_key, s->dialect->default_secret, s->dialect->default_passphrase, 0,
                         1};
  const sim_key *keys = options->key_count > 0 ? options->keys : &usual;
  uint32_t count = options->key_count > 0 ? options->key_count : 1;
  uint32_t more = options->key_count > 0 ? 0 : s->dialect->more_key_count;
  int32_t code = BOURSE_OK;
  s->accounts = sim_alloc(((size_t)count + more) * sizeof *s->accounts);
  for (uint32_t i = 0; i < count && code == BOURSE_OK; i++) code = add_key(s, &keys[i], text, size);
  for (uint32_t i = 0; i < more && code == BOURSE_OK; i++) {
    sim_key key = s->dialect->more_keys[i];
    if (key.name == NULL) key.name = usual.name;
    code = add_key(s, &key, text, size);
  }
  int32_t own = options->fund_count > 0;
  const sim_fund *funds = own ? options->funds : s->dialect->funds;
  count = own ? options->fund_count : s->dialect->fund_count;
  for (uint32_t i = 0; i < count && code == BOURSE_OK; i++) code = add_fund(s, &funds[i], text, size);
  return code;
}

sim_account *sim_account_by_key(sim *s, const char *api_key) {
  for (uint32_t i = 0; api_key != NULL && i < s->account_count; i++)
    if (strcmp(s->accounts[i].key.api_key, api_key) == 0) return &s->accounts[i];
  return NULL;
}

sim_account *sim_account_of(sim *s, uint32_t engine_account) {
  for (uint32_t i = 0; i < s->account_count; i++)
    if (s->accounts[i].account == engine_account) return &s->accounts[i];
  return NULL;
}

sim_account *sim_account_at(sim *s, uint32_t index) { return index < s->account_count ? &s->accounts[index] : NULL; }

/* --- From a file --- */

static int32_t read_funds(sim_accounts *out, const char *name, const cJSON *funds, int32_t wallet) {
  const cJSON *item;
  cJSON_ArrayForEach(item, funds) {
    const char *value = sim_json_item_text(item);
    out->funds = sim_grow(out->funds, (out->fund_count + 1) * sizeof *out->funds);
    sim_fund *fund = &out->funds[out->fund_count];
    memset(fund, 0, sizeof *fund);
    if (item->string == NULL || !sim_decimal(&fund->amount, value) || bourse_decimal_sign(&fund->amount) < 0) return 0;
    fund->account = copied(name);
    fund->currency = copied(item->string);
    fund->wallet = wallet;
    out->fund_count++;
  }
  return 1;
}

static int32_t read_keys(sim_accounts *out, const char *name, const cJSON *keys) {
  const cJSON *item;
  cJSON_ArrayForEach(item, keys) {
    const char *key = sim_json_text(item, "key"), *secret = sim_json_text(item, "secret");
    if (key == NULL || secret == NULL) return 0;
    out->keys = sim_grow(out->keys, (out->key_count + 1) * sizeof *out->keys);
    out->keys[out->key_count++] = (sim_key){copied(name),
                                            copied(key),
                                            copied(secret),
                                            copied(sim_json_text(item, "passphrase")),
                                            sim_json_true(item, "read_only"),
                                            sim_json_true(item, "withdraws")};
  }
  return 1;
}

int32_t sim_accounts_read(sim_accounts *out, const char *json, char *text, size_t size) {
  const cJSON *row;
  memset(out, 0, sizeof *out);
  cJSON *tree = sim_json_parse(json, strlen(json));
  const cJSON *list = cJSON_IsObject(tree) ? cJSON_GetObjectItemCaseSensitive(tree, "accounts") : tree;
  int32_t good = cJSON_IsArray(list);
  if (good) {
    cJSON_ArrayForEach(row, list) {
      const char *name = sim_json_text(row, "name");
      good = good && name != NULL && read_keys(out, name, cJSON_GetObjectItemCaseSensitive(row, "keys")) &&
             read_funds(out, name, cJSON_GetObjectItemCaseSensitive(row, "spot"), 0) &&
             read_funds(out, name, cJSON_GetObjectItemCaseSensitive(row, "futures"), 1);
    }
  }
  good = good && out->key_count > 0;
  cJSON_Delete(tree);
  if (good) return BOURSE_OK;
  (void)snprintf(text, size,
                 "accounts: wanted is [{\"name\": \"main\", \"keys\": [{\"key\": \"...\", \"secret\": \"...\"}], "
                 "\"spot\": {\"USDT\": \"1000\"}, \"futures\": {}}, ...]");
  sim_accounts_free(out);
  return BOURSE_ERROR_ARGUMENT;
}

void sim_accounts_free(sim_accounts *accounts) {
  for (uint32_t i = 0; i < accounts->key_count; i++) {
    free((void *)(uintptr_t)accounts->keys[i].name);
    free((void *)(uintptr_t)accounts->keys[i].api_key);
    free((void *)(uintptr_t)accounts->keys[i].secret);
    free((void *)(uintptr_t)accounts->keys[i].passphrase);
  }
  for (uint32_t i = 0; i < accounts->fund_count; i++) {
    free((void *)(uintptr_t)accounts->funds[i].account);
    free((void *)(uintptr_t)accounts->funds[i].currency);
  }
  free(accounts->keys);
  free(accounts->funds);
  memset(accounts, 0, sizeof *accounts);
}
