# Torture: a slice of `make torture`. Sanitizers replace malloc themselves.
run "torture of fixtures" "$BUILD/tests/torture" tests/fixtures
if [ -z "$SAN" ]; then
  for t in $(find "$BUILD/torture/unit" -name 'test_*' -type f ! -name '*.d' | sort); do
    run "torture of ${t#"$BUILD"/torture/}" "$t" --ms 10
  done
fi
