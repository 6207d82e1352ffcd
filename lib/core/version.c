#include <bourse/base.h>

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

const char *bourse_version(void) {
  return TEXT(BOURSE_VERSION_MAJOR) "." TEXT(BOURSE_VERSION_MINOR) "." TEXT(BOURSE_VERSION_PATCH);
}

int32_t bourse_version_number(void) {
  return BOURSE_VERSION_MAJOR * 10000 + BOURSE_VERSION_MINOR * 100 + BOURSE_VERSION_PATCH;
}
