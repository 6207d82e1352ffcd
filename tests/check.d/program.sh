# The program; the examples and the bindings against an installed copy.
run headers tests/ffi/headers.sh
run program tests/cli/run.sh "$BUILD/bourse" "$BUILD/tests/ws_serve"
if [ -z "$SAN" ]; then
  prefix=$PWD/$BUILD/prefix
  if make -s install BUILD="$BUILD" PREFIX="$prefix" >"$log" 2>&1; then
    run examples tests/examples/run.sh "$prefix" "$BUILD/tests/ws_serve"
    run bindings tests/ffi/run.sh "$prefix"
  else
    echo "FAILED install"
    tail -n 20 "$log"
    failed=$((failed + 1))
  fi
fi
