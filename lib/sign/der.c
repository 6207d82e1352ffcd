/* sign/der.c - private keys in DER: PKCS#8 (RFC 5208, 5958, 8410), SEC1 (RFC 5915), PKCS#1 (RFC 8017). */
#include <string.h>

#include <bourse/error.h>
#include <bourse/sys/signer.h>

#include "sign/backend.h"
#include "sign/key.h"

#define IS(oid_, bytes_) ((oid_).length == sizeof(bytes_) - 1 && memcmp((oid_).data, bytes_, sizeof(bytes_) - 1) == 0)

#define OID_RSA       "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01" /* 1.2.840.113549.1.1.1 */
#define OID_RSA_PSS   "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A" /* 1.2.840.113549.1.1.10 */
#define OID_EC        "\x2A\x86\x48\xCE\x3D\x02\x01"         /* 1.2.840.10045.2.1 */
#define OID_ED25519   "\x2B\x65\x70"                         /* 1.3.101.112 */
#define OID_ED448     "\x2B\x65\x71"                         /* 1.3.101.113 */
#define OID_X25519    "\x2B\x65\x6E"                         /* 1.3.101.110 */
#define OID_P256      "\x2A\x86\x48\xCE\x3D\x03\x01\x07"     /* 1.2.840.10045.3.1.7 */
#define OID_SECP256K1 "\x2B\x81\x04\x00\x0A"                 /* 1.3.132.0.10 */
#define OID_P384      "\x2B\x81\x04\x00\x22"                 /* 1.3.132.0.34 */
#define OID_P521      "\x2B\x81\x04\x00\x23"                 /* 1.3.132.0.35 */

/* Tags. */
#define INTEGER         0x02
#define BIT_STRING      0x03
#define OCTET_STRING    0x04
#define OBJECT_ID       0x06
#define SEQUENCE        0x30
#define CONTEXT_TAG(n_) (0xA0 | (n_))

/* A part of the DER. */
typedef struct part {
  const uint8_t *data;
  size_t length;
} part;

/* Takes the next element, which must have this tag, off the front of *from. A length is one byte below 128, or the number of
 * the bytes that follow with it, most significant first. */
static int take(part *out, part *from, uint8_t tag) {
  if (from->length < 2 || from->data[0] != tag) return 0;
  const uint8_t *p = from->data + 2, *end = from->data + from->length;
  size_t length = from->data[1];
  if (length >= 0x80) {
    size_t bytes = length & 0x7F;
    if (bytes == 0 || bytes > 4 || (size_t)(end - p) < bytes) return 0;
    for (length = 0; bytes > 0; bytes--) length = length << 8 | *p++;
  }
  if (length > (size_t)(end - p)) return 0;
  *out = (part){p, length};
  *from = (part){p + length, (size_t)(end - p) - length};
  return 1;
}

static int take_version(part *from, uint8_t most) {
  part version;
  return take(&version, from, INTEGER) && version.length == 1 && version.data[0] <= most;
}

static int32_t malformed(const bourse__key_error *error, const char *what) {
  return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the private key is damaged: %s is malformed", what);
}

static int32_t not_made(const bourse__key_error *error, int32_t code) {
  const char *text = code == BOURSE_ERROR_MEMORY ? "no memory for the key" : "the crypto library failed";
  return bourse__key_refuse(error, code, "%s", text);
}

static int32_t read_rsa(bourse__key *key, part der, const bourse__key_error *error) {
  uint32_t bits = 0;
  int32_t result = bourse__rsa_check(&bits, der.data, der.length);
  if (result == BOURSE_ERROR_MEMORY) return not_made(error, result);
  if (bits != 0 && (bits < BOURSE__RSA_BITS_MIN || bits > BOURSE__RSA_BITS_MAX))
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the RSA key has %u bits; allowed are %d to %d", bits,
                              BOURSE__RSA_BITS_MIN, BOURSE__RSA_BITS_MAX);
  if (bits == 0) return malformed(error, "its RSA part");
  if (result != BOURSE_OK)
    return bourse__key_refuse(error, result, "the private key is damaged: its RSA numbers do not belong together");
  result = bourse__secret_new(&key->material, der.length);
  if (result != BOURSE_OK) return not_made(error, result);
  memcpy(key->material.data, der.data, der.length);
  key->kind = BOURSE_KEY_RSA;
  key->signature_size = (bits + 7) / 8;
  return BOURSE_OK;
}

/* `parameters` is what stands after the algorithm, or in the [0] element. Curves written out in full are not read. */
static int32_t check_curve(part parameters, const bourse__key_error *error) {
  part oid;
  const char *name = "another curve";
  if (!take(&oid, &parameters, OBJECT_ID)) return malformed(error, "its name of the EC curve");
  if (IS(oid, OID_P256)) return BOURSE_OK;
  if (IS(oid, OID_SECP256K1)) name = "secp256k1";
  if (IS(oid, OID_P384)) name = "P-384";
  if (IS(oid, OID_P521)) name = "P-521";
  return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the EC key is on %s; only P-256 is supported", name);
}

/* `parameters`: of the enclosing PKCS#8, or NULL when the key must name its curve itself. */
static int32_t read_ec(bourse__key *key, part der, const part *parameters, const bourse__key_error *error) {
  part body, secret, inner, public_key = {NULL, 0};
  int32_t result;
  if (!take(&body, &der, SEQUENCE) || der.length != 0 || !take_version(&body, 1) || !take(&secret, &body, OCTET_STRING))
    return malformed(error, "its EC part");
  int named = take(&inner, &body, CONTEXT_TAG(0));
  if (!named && parameters == NULL)
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the EC key does not name its curve; P-256 is needed");
  result = check_curve(named ? inner : *parameters, error);
  if (result == BOURSE_OK && named && parameters != NULL) result = check_curve(*parameters, error);
  if (result != BOURSE_OK) return result;
  if (take(&inner, &body, CONTEXT_TAG(1))) {
    /* A bit string: the first byte counts unused bits. */
    if (!take(&public_key, &inner, BIT_STRING) || public_key.length < 2 || public_key.data[0] != 0)
      return malformed(error, "its EC public key");
    public_key.data++;
    public_key.length--;
  }
  if (body.length != 0 || secret.length == 0 || secret.length > 32) return malformed(error, "its EC part");
  result = bourse__secret_new(&key->material, 32);
  if (result != BOURSE_OK) return not_made(error, result);
  memcpy(key->material.data + 32 - secret.length, secret.data, secret.length);
  key->kind = BOURSE_KEY_ECDSA_P256;
  result = bourse__ecdsa_check(&key->curve, key->material.data, public_key.data, public_key.length);
  if (result == BOURSE_ERROR_CREDENTIALS)
    return bourse__key_refuse(error, result,
                              "the EC key is damaged: out of range, or its public half does not belong to it");
  return result == BOURSE_OK ? result : not_made(error, result);
}

static int32_t read_ed25519(bourse__key *key, part der, const bourse__key_error *error) {
  part seed;
  if (!take(&seed, &der, OCTET_STRING) || der.length != 0 || seed.length != crypto_sign_SEEDBYTES)
    return malformed(error, "its Ed25519 part");
  return bourse__key_set_ed25519(key, seed.data, NULL, error);
}

static int32_t read_pkcs8(bourse__key *key, part der, const bourse__key_error *error) {
  part body, algorithm, oid, content;
  if (!take(&body, &der, SEQUENCE) || der.length != 0 || !take_version(&body, 1) ||
      !take(&algorithm, &body, SEQUENCE) || !take(&oid, &algorithm, OBJECT_ID) || !take(&content, &body, OCTET_STRING))
    return malformed(error, "its PKCS#8 frame");
  if (IS(oid, OID_RSA)) return read_rsa(key, content, error);
  if (IS(oid, OID_EC)) return read_ec(key, content, &algorithm, error);
  if (IS(oid, OID_ED25519)) return read_ed25519(key, content, error);
  const char *name = "unknown to this library";
  if (IS(oid, OID_RSA_PSS)) name = "RSA-PSS";
  if (IS(oid, OID_ED448)) name = "Ed448";
  if (IS(oid, OID_X25519)) name = "X25519";
  return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                            "the private key's kind is %s; RSA, EC P-256 and Ed25519 are supported", name);
}

int32_t bourse__key_read_der(bourse__key *key, const uint8_t *der, size_t length, int32_t form,
                             const bourse__key_error *error) {
  part whole = {der, length};
  if (form == BOURSE__DER_PKCS1) return read_rsa(key, whole, error);
  if (form == BOURSE__DER_SEC1) return read_ec(key, whole, NULL, error);
  return read_pkcs8(key, whole, error);
}
