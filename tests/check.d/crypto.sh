# The other library of cryptography, by the same tests: what is signed and sealed, and what exchanges are sent.
if [ "${CRYPTO:-mbedtls}" = mbedtls ] && [ -z "$SAN" ]; then
  programs=$(cd tests/unit && ls sign/test_*.c exchange/test_*_signing.c net/test_websocket_upgrade.c | sed 's/\.c$//')
  if make -s CRYPTO=openssl CC="${CC:-cc}" $(printf "$BUILD/openssl/tests/unit/%s " $programs); then
    for t in $programs; do run "openssl $t" "$BUILD/openssl/tests/unit/$t"; done
  else
    echo "FAILED openssl: the tests are not built"
    failed=$((failed + 1))
  fi
fi
