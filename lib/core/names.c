/* core/names.c - words that stand for numbers. */
#include <bourse/sys/decode.h>

static inline int32_t is_name(const char *name, bourse_slice text) {
  for (size_t i = 0; i < text.length; i++)
    if (name[i] == '\0' || name[i] != text.data[i]) return 0;
  return name[text.length] == '\0';
}

int32_t bourse_name_value(const bourse_name *names, bourse_slice text) {
  if (text.length == 0) return 0;
  for (; names->name != NULL; names++)
    if (is_name(names->name, text)) return names->value;
  return 0;
}

const char *bourse_name_text(const bourse_name *names, int32_t value) {
  for (; names->name != NULL; names++)
    if (names->value == value) return names->name;
  return NULL;
}
