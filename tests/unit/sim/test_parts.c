/* Limits, digests, signatures, JSON and accounts of simulated exchanges. */
#include "client.h"

TEST(windows_follow_the_clock) {
  sim *s = client_sim(NULL);
  const int64_t minute = INT64_C(60000000000);
  CHECK_INT(sim_take(s, "w", "a", minute, 10, 4), 4);
  CHECK_INT(sim_take(s, "w", "b", minute, 10, 4), 4);
  CHECK_INT(sim_take(s, "w", "a", minute, 10, 7), 11); /* refused: nothing is taken */
  CHECK_INT(sim_take(s, "w", "a", minute, 10, 6), 10);
  CHECK_INT(sim_take(s, "w", "a", minute, 10, -3), 7);
  sim_advance(s, CLIENT_START + 1000000000);
  CHECK_INT(sim_used(s, "w", "a", minute), 7);
  CHECK_INT(sim_violations(s), 1);
  sim_advance(s, CLIENT_START / minute * minute + minute); /* :20 to :00 of the next one */
  CHECK_INT(sim_used(s, "w", "a", minute), 0);
  sim_free(s);
}

TEST(counters_leak) {
  sim *s = client_sim(NULL);
  CHECK_INT(sim_take_leaky(s, "l", "a", 100, 1000, 900), 0);
  CHECK_INT(sim_take_leaky(s, "l", "a", 100, 1000, 200), 100); /* over by that much, and not taken */
  sim_advance(s, CLIENT_START + 1000000000);
  CHECK_INT(sim_take_leaky(s, "l", "a", 100, 1000, 200), 0);
  CHECK_INT(sim_violations(s), 100);
  sim_free(s);
}

TEST(bans_end) {
  sim *s = client_sim(NULL);
  sim_ban(s, "1.2.3.4", CLIENT_START + 5);
  CHECK_INT(sim_banned_until_ns(s, "1.2.3.4"), CLIENT_START + 5);
  CHECK_INT(sim_banned_until_ns(s, "1.2.3.5"), 0);
  sim_advance(s, CLIENT_START + 5);
  CHECK_INT(sim_banned_until_ns(s, "1.2.3.4"), 0);
  sim_free(s);
}

/* RFC 4231, case 2. */
TEST(digests) {
  char out[129];
  CHECK(sim_hmac_hex(out, 256, "Jefe", 4, "what do ya want for nothing?", 28));
  CHECK_STR(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(sim_hmac_hex(out, 512, "Jefe", 4, "what do ya want for nothing?", 28));
  CHECK(strncmp(out, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554", 64) == 0);
  CHECK(sim_hmac_base64(out, 256, "Jefe", 4, "what do ya want for nothing?", 28));
  CHECK_STR(out, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
  CHECK(!sim_hmac_hex(out, 111, "Jefe", 4, "", 0));
  uint8_t bytes[32];
  CHECK_INT(sim_base64_decode(bytes, "aGVsbG8="), 5);
  CHECK(memcmp(bytes, "hello", 5) == 0);
  CHECK_INT(sim_base64_decode(bytes, "aGVsbG8"), -1);
  CHECK_INT(sim_base64_decode(bytes, "aGVs bG8="), -1);
}

/* RFC 8032, test 2: the key's public half, as PEM. */
TEST(signatures_of_ed25519) {
  static const char pem[] =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
      "-----END PUBLIC KEY-----\n";
  static const char good[] = "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==";
  CHECK(sim_verify_pem(pem, "r", 1, good));
  CHECK(!sim_verify_pem(pem, "r", 1, "not base64"));
  CHECK(!sim_verify_pem("no pem", "r", 1, good));
  CHECK(!sim_verify_pem(pem, "s", 1, good));
}

TEST(json_keeps_digits) {
  static const char text[] =
      "{\"a\": 9007199254740993, \"b\": [1.10, -2e-7], \"c\": \"3\", \"d\": true, \"e\\\"\": \"x\\\"1\"}";
  cJSON *tree = sim_json_parse(text, strlen(text));
  bourse_decimal value;
  CHECK_STR(sim_json_text(tree, "a"), "9007199254740993");
  CHECK(sim_json_is_number(cJSON_GetObjectItem(tree, "a")));
  CHECK(!sim_json_is_number(cJSON_GetObjectItem(tree, "c")));
  CHECK_STR(sim_json_text(tree, "c"), "3");
  CHECK_STR(sim_json_text(tree, "e\""), "x\"1");
  CHECK(sim_json_text(tree, "b") == NULL && sim_json_text(tree, "z") == NULL);
  CHECK_STR(sim_json_item_text(cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "b"), 0)), "1.10");
  CHECK(sim_json_decimal(&value, tree, "a") && sim_json_true(tree, "d") && !sim_json_true(tree, "c"));
  cJSON *again = sim_json_again(cJSON_GetObjectItem(tree, "b"));
  char *printed = cJSON_PrintUnformatted(again);
  CHECK_STR(printed, "[1.10,-2e-7]");
  cJSON_free(printed);
  cJSON_Delete(again);
  cJSON_Delete(tree);
  CHECK(sim_json_parse("{\"a\": 1", 7) == NULL);
  CHECK(sim_json_parse("{} x", 4) == NULL);
  CHECK(sim_json_parse("{}\0x", 4) == NULL);
  CHECK(sim_json_parse("{\"a\":\"\xc3\x28\"}", 10) == NULL);
  CHECK(sim_json_parse("{\"a\":\"\xed\xa0\x80\"}", 11) == NULL); /* half a pair */
}

TEST(numbers_as_text) {
  CHECK_STR(sim_units_text(1050, 2, 8), "10.50000000");
  CHECK_STR(sim_units_text(1050, 2, -1), "10.5");
  CHECK_STR(sim_units_text(1000, 2, 0), "10");
  CHECK_STR(sim_money_text((paper_money)1 * 1000000000000000000 + 1, 8), "1.00000000");
}

TEST(accounts_of_a_file) {
  static const char text[] =
      "[{\"name\": \"a\", \"keys\": [{\"key\": \"k1\", \"secret\": \"s1\"}, {\"key\": \"k2\", \"secret\": \"s2\", "
      "\"read_only\": true}], \"spot\": {\"USDT\": \"12.5\"}}, {\"name\": \"b\", \"keys\": [{\"key\": \"k3\", "
      "\"secret\": "
      "\"s3\"}], \"futures\": {\"USDT\": 3}}]";
  sim_accounts accounts;
  sim_options options;
  char why[600];
  sim *s;
  CHECK_INT(sim_accounts_read(&accounts, text, why, sizeof why), BOURSE_OK);
  memset(&options, 0, sizeof options);
  options.exchange = "binance";
  options.now_ns = CLIENT_START;
  options.keys = accounts.keys;
  options.key_count = accounts.key_count;
  options.funds = accounts.funds;
  options.fund_count = accounts.fund_count;
  CHECK_INT(sim_new(&s, &options, why, sizeof why), BOURSE_OK);
  sim_accounts_free(&accounts);
  CHECK(sim_account_by_key(s, "k1")->account == sim_account_by_key(s, "k2")->account);
  CHECK(sim_account_by_key(s, "k1")->account != sim_account_by_key(s, "k3")->account);
  CHECK(sim_account_by_key(s, "sim-key") == NULL);
  uint32_t usdt = (uint32_t)bourse__paper_currency_index(sim_engine(s), "USDT");
  CHECK_STR(
      sim_money_text(bourse__paper_balance(sim_engine(s), sim_account_by_key(s, "k2")->account, 0, usdt)->total, -1),
      "12.5");
  CHECK_STR(
      sim_money_text(bourse__paper_balance(sim_engine(s), sim_account_by_key(s, "k3")->account, 1, usdt)->total, -1),
      "3");
  sim_free(s);
  CHECK_INT(sim_accounts_read(&accounts, "[]", why, sizeof why), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(sim_accounts_read(&accounts, "[{\"name\": \"a\", \"keys\": [{\"key\": \"k\"}]}]", why, sizeof why),
            BOURSE_ERROR_ARGUMENT);
  CHECK_HAS(why, "wanted is");
}

TEST_MAIN()
