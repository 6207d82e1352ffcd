/* query.c */
#include "support/query.h"

#include <stdlib.h>
#include <string.h>

char *percent_decode(pool *p, const char *text, size_t length) {
  char *out = pool_alloc(p, length + 1), *to = out;
  for (size_t i = 0; i < length; i++) {
    char hex[3] = {0};
    if (text[i] == '%' && i + 2 < length) {
      memcpy(hex, text + i + 1, 2);
      *to++ = (char)strtol(hex, NULL, 16);
      i += 2;
    } else {
      *to++ = text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

int next_param(pool *p, const char **raw, const char **name, const char **value) {
  if (**raw == '\0') return 0;
  size_t pair = strcspn(*raw, "&"), size = strcspn(*raw, "=&");
  *name = percent_decode(p, *raw, size);
  *value = size < pair ? percent_decode(p, *raw + size + 1, pair - size - 1) : "";
  *raw += pair + ((*raw)[pair] == '&');
  return 1;
}

const char *raw_param(pool *p, const char *raw, const char *name) {
  const char *found, *value;
  while (next_param(p, &raw, &found, &value))
    if (strcmp(found, name) == 0) return value;
  return NULL;
}
