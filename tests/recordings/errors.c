/* errors.c - what an exchange's error must become. */
#include <stdio.h>
#include <string.h>

#include "recordings/recordings.h"

static int has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (; list != NULL && *list != '\0'; list += strcspn(list, " "), list += strspn(list, " "))
    if (strcspn(list, " ") == length && strncmp(list, word, length) == 0) return 1;
  return 0;
}

int is_error_body(const map_exchange *exchange, const json *body) {
  if (exchange->refusal != NULL) return exchange->refusal(body) != NULL;
  const char *code = json_text_of(body, "code");
  return code != NULL && json_get(body, "msg") != NULL && code[0] == '-';
}

static const map_error *error_of(const map_exchange *exchange, const char *product, const char *code,
                                 const char *text) {
  char where[64];
  snprintf(where, sizeof where, "%s/%s", exchange->id, product);
  for (uint32_t i = 0; i < exchange->error_count; i++) {
    const map_error *one = &exchange->errors[i];
    if (strcmp(one->code, code) != 0 || (strcmp(one->where, exchange->id) != 0 && strcmp(one->where, where) != 0))
      continue;
    if (one->text == NULL || strstr(text, one->text) != NULL) return one;
  }
  return NULL;
}

/* What the exchange said: of the whole, or of a part where the whole only says that a part failed (then words of our own may stand
 * before it, for the part alone does not tell what became of the other). */
static int is_said(const json *body, const bourse_error *error, int is_part) {
  const json *data = json_get(body, "data");
  if (json_get(body, "code") == NULL && !is_part)
    return error->exchange_code[0] == '\0' && json_text_of(body, "msg") != NULL &&
           strstr(error->exchange_message, json_text_of(body, "msg")) != NULL;
  const char *code = json_text_of(body, "code"), *text = json_text_of(body, "msg");
  size_t length = text == NULL ? 0 : strlen(text), have = strlen(error->exchange_message);
  if (code != NULL && strcmp(code, error->exchange_code) == 0 &&
      (is_part ? have >= length : have == length || text == NULL) &&
      (text == NULL || strcmp(error->exchange_message + (is_part ? have - length : 0), text) == 0))
    return 1;
  for (const json *part = data == NULL ? NULL : data->first; part != NULL; part = part->next)
    if (part->kind == JSON_OBJECT && is_said(part, error, 1)) return 1;
  return 0;
}

const char *compare_error(pool *p, const map_exchange *exchange, const char *product, const json *body,
                          const bourse_error *error, int acts) {
  const char *refusal = exchange->refusal == NULL ? NULL : exchange->refusal(body);
  const char *code = refusal != NULL ? refusal : json_get(body, "code") == NULL ? "" : json_text_of(body, "code");
  const char *text = refusal == NULL                  ? json_text_of(body, "msg")
                     : exchange->refusal_text != NULL ? exchange->refusal_text(body)
                                                      : refusal;
  const map_error *wanted = error_of(exchange, product == NULL ? "" : product, code, text == NULL ? "" : text);
  const char *name = bourse_error_name(error->code), *outcome = bourse_outcome_name(error->outcome);
  int told = error->code <= BOURSE_ERROR_REFUSED && error->code > BOURSE_ERROR_INTERNAL &&
             error->code != BOURSE_ERROR_BAD_REPLY;
  if (refusal != NULL ? strcmp(error->exchange_code, refusal) != 0 || strcmp(error->exchange_message, text) != 0
                      : !is_said(body, error, 0))
    return pool_format(p, "exchange_code is \"%s\" and exchange_message \"%s\", the payload says %s \"%s\"",
                       error->exchange_code, error->exchange_message, code, text);
  if (wanted == NULL ? !told : !has_word(wanted->categories, name))
    return pool_format(p, "%s \"%s\" became %s, it should be %s", code, text, name,
                       wanted == NULL ? "a refusal or a failure of the exchange" : wanted->categories);
  const char *outcomes = wanted == NULL ? "rejected unknown" : wanted->outcomes == NULL ? "rejected" : wanted->outcomes;
  if (acts && !has_word(outcomes, outcome))
    return pool_format(p, "%s \"%s\" has outcome %s, it should be %s", code, text, outcome, outcomes);
  return NULL;
}
