/* api/constants.c - the constants of the headers by name. Their table is made from the headers (see the Makefile). */
#include <bourse/base.h>
#include <bourse/error.h>

#include <string.h>

static const struct {
  const char *name;
  int64_t value;
} constants[] = {
#include "api/constants.inc"
};

#define COUNT (sizeof(constants) / sizeof(constants[0]))

int32_t bourse_constant(int64_t *out, const char *name) {
  size_t low = 0, high = COUNT;
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  *out = 0;
  while (name != NULL && low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(name, constants[middle].name);
    if (order == 0) {
      *out = constants[middle].value;
      return BOURSE_OK;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return BOURSE_ERROR_UNKNOWN_NAME;
}

const char *bourse_constant_name(uint32_t index) { return index < COUNT ? constants[index].name : NULL; }
