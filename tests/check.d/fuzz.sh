# The corpora of the fuzz targets, without libFuzzer.
for target in json decimal seal websocket stream rest store arguments sim; do
  run "corpus $target" "$BUILD/tests/replay_$target" tests/fuzz/corpus/$target/*
done
