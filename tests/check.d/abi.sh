# What was built with an earlier release still works. Not under sanitizers: the library of then has none.
if [ -z "$SAN" ]; then
  run abi env BUILD="$BUILD" CC="$CC" tests/abi/run.sh
fi
