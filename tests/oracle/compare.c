/* compare.c - two requests taken apart into named values, and compared under the marks of a case. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oracle/oracle.h"

typedef struct field {
  struct field *next;
  const char *path;
  const char *text;
  int kind; /* JSON_*: what it is in a JSON body; JSON_STRING in a query or form */
  int in_json;
  int matched;
} field;

typedef struct fields {
  pool *p;
  field *first, **end;
  const oracle_exchange *exchange;
} fields;

/* --- Messages --- */

void message_of_case(pool *p, oracle_message *out, const json *expected) {
  const json *headers = json_get(expected, "headers");
  memset(out, 0, sizeof *out);
  out->method = json_text_of(expected, "http_method");
  out->scheme = json_text_of(expected, "scheme");
  out->host = json_text_of(expected, "host");
  out->path = json_text_of(expected, "path");
  out->query = json_text_of(expected, "query_raw");
  out->body = json_text_of(expected, "body_raw");
  if (out->query == NULL) out->query = "";
  if (out->body == NULL) out->body = "";
  uint32_t count = headers == NULL ? 0 : headers->count;
  out->header_names = pool_alloc(p, (count + 1) * sizeof *out->header_names);
  out->header_values = pool_alloc(p, (count + 1) * sizeof *out->header_values);
  for (const json *header = headers == NULL ? NULL : headers->first; header != NULL; header = header->next) {
    out->header_names[out->header_count] = header->key;
    out->header_values[out->header_count++] = json_text(header) == NULL ? "" : json_text(header);
  }
}

void message_of_ours(pool *p, oracle_message *out, const world_request *request) {
  memset(out, 0, sizeof *out);
  out->method = request->method;
  out->scheme = request->scheme;
  out->host = request->host;
  out->path = request->path;
  out->query = request->query;
  out->body = request->body == NULL ? "" : request->body;
  out->header_names = pool_alloc(p, (request->header_count + 1) * sizeof *out->header_names);
  out->header_values = pool_alloc(p, (request->header_count + 1) * sizeof *out->header_values);
  for (uint32_t i = 0; i < request->header_count; i++) {
    out->header_names[i] = request->headers[i].name;
    out->header_values[i] = request->headers[i].value;
  }
  out->header_count = request->header_count;
}

const char *message_header(const oracle_message *message, const char *name) {
  for (uint32_t i = 0; i < message->header_count; i++)
    if (strcasecmp(message->header_names[i], name) == 0) return message->header_values[i];
  return NULL;
}

/* --- Taking apart --- */

static void add_field(fields *list, const char *path, const char *text, int kind, int in_json) {
  field *added = pool_alloc(list->p, sizeof *added);
  /* Where either place is good, both are called the same. */
  if (list->exchange->either_place && (strncmp(path, "query.", 6) == 0 || strncmp(path, "body.", 5) == 0))
    path = pool_format(list->p, "params%s", strchr(path, '.'));
  added->path = path;
  added->text = text;
  added->kind = kind;
  added->in_json = in_json;
  *list->end = added;
  list->end = &added->next;
}

static void add_json(fields *list, const char *path, const json *value) {
  if (value->kind != JSON_OBJECT && value->kind != JSON_ARRAY) {
    add_field(list, path, value->text, value->kind, 1);
    return;
  }
  if (value->count == 0) add_field(list, path, value->kind == JSON_ARRAY ? "[]" : "{}", value->kind, 1);
  int index = 0;
  for (const json *part = value->first; part != NULL; part = part->next, index++)
    add_json(list,
             part->key != NULL ? pool_format(list->p, "%s.%s", path, part->key)
                               : pool_format(list->p, "%s[%d]", path, index),
             part);
}

static void add_params(fields *list, const char *place, const char *raw) {
  const char *name, *value;
  while (next_param(list->p, &raw, &name, &value)) {
    const char *path = pool_format(list->p, "%s.%s", place, name);
    json *inner = *value == '[' || *value == '{' ? json_parse(list->p, value, strlen(value), NULL) : NULL;
    if (inner != NULL)
      add_json(list, path, inner);
    else
      add_field(list, path, value, JSON_STRING, 0);
  }
}

static void add_message(fields *list, const oracle_message *message) {
  add_params(list, "query", message->query);
  if (*message->body == '{' || *message->body == '[') {
    json *body = json_parse(list->p, message->body, strlen(message->body), NULL);
    if (body != NULL)
      add_json(list, "body", body);
    else
      add_field(list, "body", message->body, JSON_STRING, 0);
  } else {
    add_params(list, "body", message->body);
  }
}

static void add_claims(fields *list, const json *claims) {
  for (const json *part = claims == NULL ? NULL : claims->first; part != NULL; part = part->next)
    add_json(list, pool_format(list->p, "jwt.%s", part->key), part);
}

/* --- Marks --- */

static int path_matches(const fields *list, const char *path, const char *mark) {
  if (list->exchange->either_place && (strncmp(mark, "query.", 6) == 0 || strncmp(mark, "body.", 5) == 0))
    mark = pool_format(list->p, "params%s", strchr(mark, '.'));
  size_t length = strlen(mark);
  return strncasecmp(path, mark, length) == 0 && (path[length] == '\0' || path[length] == '.' || path[length] == '[');
}

static int is_marked(const fields *list, const json *expected, const char *mark, const char *path) {
  const json *paths = json_get(expected, mark);
  for (const json *one = paths == NULL ? NULL : paths->first; one != NULL; one = one->next)
    if (path_matches(list, path, one->text)) return 1;
  return 0;
}

/* --- Comparing --- */

static int same_text(const char *a, const char *b) {
  bourse_decimal x, y;
  if (strcmp(a, b) == 0) return 1;
  return bourse_decimal_parse(&x, a, SIZE_MAX) == BOURSE_OK && bourse_decimal_parse(&y, b, SIZE_MAX) == BOURSE_OK &&
         bourse_decimal_compare(&x, &y) == 0;
}

static int same_field(const field *a, const field *b) {
  if (a->in_json && b->in_json && a->kind != b->kind) return 0;
  return same_text(a->text, b->text);
}

typedef struct differences {
  pool *p;
  difference *first, **end;
} differences;

static void add_difference(differences *list, const char *path, const char *expected, const char *ours) {
  difference *added = pool_alloc(list->p, sizeof *added);
  added->path = path;
  added->expected = expected;
  added->ours = ours;
  *list->end = added;
  list->end = &added->next;
}

static const char *shown(pool *p, const field *one, const field *other) {
  return one->kind != other->kind ? pool_format(p, "%s %s", json_kind_name(one->kind), one->text) : one->text;
}

static void compare_fields(differences *out, const fields *theirs, const fields *ours, const json *expected,
                           const char *signature_at) {
  for (field *one = theirs->first; one != NULL; one = one->next) {
    field *other = NULL, *fallback = NULL;
    if (path_matches(theirs, one->path, signature_at) || is_marked(theirs, expected, "ignore", one->path)) continue;
    for (field *candidate = ours->first; candidate != NULL; candidate = candidate->next) {
      if (candidate->matched || strcmp(candidate->path, one->path) != 0) continue;
      if (fallback == NULL) fallback = candidate;
      if (other == NULL && same_field(one, candidate)) other = candidate;
    }
    int is_equal = other != NULL;
    if (other == NULL) other = fallback;
    if (other != NULL) other->matched = 1;
    if (is_marked(theirs, expected, "free", one->path)) continue;
    if (other == NULL)
      add_difference(out, one->path, one->text, NULL);
    else if (is_marked(theirs, expected, "variable", one->path) ? *other->text == '\0' : !is_equal)
      add_difference(out, one->path, shown(out->p, one, other), shown(out->p, other, one));
  }
  for (field *one = ours->first; one != NULL; one = one->next)
    if (!one->matched && !path_matches(theirs, one->path, signature_at) &&
        !is_marked(theirs, expected, "ignore", one->path) && !is_marked(theirs, expected, "free", one->path))
      add_difference(out, one->path, NULL, one->text);
}

static void compare_plain(differences *out, const char *path, const char *expected, const char *ours) {
  if (strcasecmp(expected, ours) != 0) add_difference(out, path, expected, ours);
}

/* A media type without its parameters; other headers as they are. */
static int same_header(const char *name, const char *a, const char *b) {
  if (strcasecmp(name, "content-type") != 0) return strcmp(a, b) == 0;
  size_t length = strcspn(a, "; ");
  return length == strcspn(b, "; ") && strncasecmp(a, b, length) == 0;
}

static void compare_headers(differences *out, const fields *list, const json *expected, const oracle_message *theirs,
                            const oracle_message *ours, const char *signature_at) {
  static const char *const any[] = {"user-agent",      "accept",       "host",
                                    "accept-encoding", "content-type", "content-length"};
  for (uint32_t i = 0; i < theirs->header_count; i++) {
    const char *path = pool_format(out->p, "headers.%s", theirs->header_names[i]);
    const char *value = message_header(ours, theirs->header_names[i]);
    int is_any = 0;
    for (size_t k = 0; k < 3; k++) is_any |= strcasecmp(theirs->header_names[i], any[k]) == 0;
    if (is_any || path_matches(list, path, signature_at) || is_marked(list, expected, "ignore", path) ||
        is_marked(list, expected, "free", path))
      continue;
    int is_fine = value != NULL && (is_marked(list, expected, "variable", path)
                                        ? *value != '\0'
                                        : same_header(theirs->header_names[i], theirs->header_values[i], value));
    if (!is_fine) add_difference(out, path, theirs->header_values[i], value);
  }
  for (uint32_t i = 0; i < ours->header_count; i++) {
    const char *path = pool_format(out->p, "headers.%s", ours->header_names[i]);
    int is_any = 0;
    for (size_t k = 0; k < sizeof any / sizeof any[0]; k++) is_any |= strcasecmp(ours->header_names[i], any[k]) == 0;
    if (!is_any && message_header(theirs, ours->header_names[i]) == NULL && !path_matches(list, path, signature_at) &&
        !is_marked(list, expected, "ignore", path) && !is_marked(list, expected, "free", path))
      add_difference(out, path, NULL, ours->header_values[i]);
  }
}

static int is_json_body(const oracle_message *message) { return *message->body == '{' || *message->body == '['; }

difference *compare_messages(pool *p, const oracle_exchange *exchange, const json *expected,
                             const oracle_message *theirs, const oracle_message *ours) {
  differences out = {p, NULL, NULL};
  fields a = {p, NULL, NULL, exchange}, b = {p, NULL, NULL, exchange};
  const char *at = json_text_of(json_get(expected, "signature"), "at");
  out.end = &out.first;
  a.end = &a.first;
  b.end = &b.first;
  if (at == NULL) at = "no signature";
  compare_plain(&out, "http_method", theirs->method, ours->method);
  compare_plain(&out, "scheme", theirs->scheme, ours->scheme);
  compare_plain(&out, "host", theirs->host, ours->host);
  if (strcmp(theirs->path, ours->path) != 0) add_difference(&out, "path", theirs->path, ours->path);
  if (*theirs->body != '\0' && *ours->body != '\0' && is_json_body(theirs) != is_json_body(ours))
    add_difference(&out, "body_type", is_json_body(theirs) ? "json" : "form", is_json_body(ours) ? "json" : "form");
  add_message(&a, theirs);
  add_message(&b, ours);
  if (json_get(expected, "jwt") != NULL) {
    add_claims(&a, json_get(expected, "jwt"));
    add_claims(&b, jwt_claims(p, ours));
  }
  compare_fields(&out, &a, &b, expected, at);
  compare_headers(&out, &a, expected, theirs, ours, at);
  return out.first;
}
