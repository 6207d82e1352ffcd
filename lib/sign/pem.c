/* sign/pem.c - finding and decoding the private key in PEM text, however it was pasted. */
#include <string.h>

#include <bourse/error.h>

#include "sign/key.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"

static const struct {
  const char *label;
  int32_t form;        /* 0: refused */
  const char *refusal;
} labels[] = {
    {"PRIVATE KEY", BOURSE__DER_PKCS8, NULL},
    {"EC PRIVATE KEY", BOURSE__DER_SEC1, NULL},
    {"RSA PRIVATE KEY", BOURSE__DER_PKCS1, NULL},
    {"ENCRYPTED PRIVATE KEY", 0, "the PEM private key is encrypted; decrypt it first (openssl pkey -in FILE)"},
    {"OPENSSH PRIVATE KEY", 0, "the private key is in OpenSSH's own form; PKCS#8 PEM is needed"},
    {"DSA PRIVATE KEY", 0, "the private key is a DSA key; RSA, EC P-256 and Ed25519 are supported"},
};
#define LABEL_COUNT (sizeof labels / sizeof labels[0])

/* Copies the text: "\n", "\r", "\t" in letters (with one or more backslashes, as nested JSON makes them) become line
 * breaks, as does a NUL; other backslashes, such as those before slashes, are left out. Ends with a NUL. */
static void unescape(char *out, const char *text, size_t length) {
  int escaped = 0;
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    if (c == '\\') {
      escaped = 1;
      continue;
    }
    if ((escaped && (c == 'n' || c == 'r' || c == 't')) || c == '\0') c = '\n';
    *out++ = c;
    escaped = 0;
  }
  *out = '\0';
}

/* The place after the BEGIN line of the first private key, and which label it has; NULL when there is none. Other
 * blocks, such as the EC PARAMETERS that OpenSSL writes before a key, are passed over. */
static const char *find_key(size_t *label, const char *text) {
  for (const char *p = strstr(text, BEGIN); p != NULL; p = strstr(p, BEGIN)) {
    p += strlen(BEGIN);
    for (size_t i = 0; i < LABEL_COUNT; i++) {
      size_t length = strlen(labels[i].label);
      if (strncmp(p, labels[i].label, length) == 0 && strncmp(p + length, DASHES, strlen(DASHES)) == 0) {
        *label = i;
        return p + length + strlen(DASHES);
      }
    }
  }
  return NULL;
}

static int32_t decode(bourse__secret *der, size_t *der_length, const char *body, const char *label,
                      const bourse__key_error *error) {
  const char *end = strstr(body, DASHES);
  size_t end_length = strlen(END), label_length = strlen(label);
  if (end == NULL || strncmp(end, END, end_length) != 0 || strncmp(end + end_length, label, label_length) != 0 ||
      strncmp(end + end_length + label_length, DASHES, strlen(DASHES)) != 0)
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                              "the PEM private key is cut off: its line \"-----END %s-----\" is missing", label);
  size_t length = (size_t)(end - body);
  if (memchr(body, ':', length) != NULL)
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                              "the PEM private key is encrypted; decrypt it first (openssl pkey -in FILE)");
  int32_t result = bourse__secret_new(der, length);
  if (result != BOURSE_OK) return bourse__key_refuse(error, result, "no memory for the key");
  if (sodium_base642bin(der->data, length, body, length, " \r\n\t", der_length, NULL,
                        sodium_base64_VARIANT_ORIGINAL) != 0 || *der_length == 0)
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                              "the PEM private key is damaged: between its BEGIN and END lines is more than base64");
  return BOURSE_OK;
}

int32_t bourse__pem_read(bourse__secret *der, size_t *der_length, int32_t *form, const char *text, size_t length,
                         const bourse__key_error *error) {
  bourse__secret clean;
  size_t label = 0;
  der->data = NULL;
  der->size = 0;
  int32_t result = bourse__secret_new(&clean, length + 1);
  if (result != BOURSE_OK) return bourse__key_refuse(error, result, "no memory for the key");
  unescape((char *)clean.data, text, length);
  const char *body = find_key(&label, (const char *)clean.data);
  if (body == NULL) {
    result = bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                                "the PEM private key has no line \"-----BEGIN PRIVATE KEY-----\" (or EC, or RSA)");
  } else if (labels[label].form == 0) {
    result = bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "%s", labels[label].refusal);
  } else {
    *form = labels[label].form;
    result = decode(der, der_length, body, labels[label].label, error);
    if (result != BOURSE_OK) bourse__secret_free(der);
  }
  bourse__secret_free(&clean);
  return result;
}
