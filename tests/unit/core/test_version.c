#include <bourse/base.h>

#include "test.h"

TEST(version_text_and_number_agree) {
  int major, minor, patch, used = 0;
  CHECK_INT(sscanf(bourse_version(), "%d.%d.%d%n", &major, &minor, &patch, &used), 3);
  CHECK_INT(used, (int)strlen(bourse_version()));
  CHECK_INT(bourse_version_number(), major * 10000 + minor * 100 + patch);
  CHECK_INT(major, BOURSE_VERSION_MAJOR);
}

TEST_MAIN()
