/* tests/net/certificates.h - for tests: certificates made for the run by the openssl program, in a folder that goes with it. */
#ifndef TESTS_NET_CERTIFICATES_H
#define TESTS_NET_CERTIFICATES_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = P_tmpdir "/bourse-tls-XXXXXX";
static int has_openssl;

static inline const char *in_folder(const char *name) {
  static char paths[4][128];
  static int at;
  at = (at + 1) % 4;
  snprintf(paths[at], sizeof paths[at], "%s/%s", folder, name);
  return paths[at];
}

static inline int run(const char *command) {
  char line[1024];
  snprintf(line, sizeof line, "cd %s && { %s; } >/dev/null 2>&1", folder, command);
  return system(line) == 0;
}

static inline void remove_certificates(void) {
  run("rm -f *.key *.pem *.csr *.ext *.srl");
  rmdir(folder);
}

/* A certificate authority, a certificate it signed for 127.0.0.1 and one for another name. */
static inline void make_certificates(void) {
  static int done;
  if (done++) return;
  if (mkdtemp(folder) == NULL || atexit(remove_certificates) != 0) abort();
  has_openssl =
      run("openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca") &&
      run("for n in good other; do openssl req -newkey rsa:2048 -nodes -keyout $n.key -out $n.csr -subj /CN=$n;"
          "done") &&
      run("echo subjectAltName=IP:127.0.0.1 >good.ext; echo subjectAltName=DNS:other.example >other.ext;"
          "for n in good other; do openssl x509 -req -in $n.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
          "-extfile $n.ext -out $n.pem || exit 1; done");
  if (!has_openssl) printf("skipped: no openssl program to make certificates with\n");
}

#endif
