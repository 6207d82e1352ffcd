# The suites over whole exchanges. Those that read ../shared are skipped, and say so, when it is not there.
run conformance "$BUILD/tests/conformance" tests/fixtures
run ways "$BUILD/tests/ways" tests/fixtures
run bad_input "$BUILD/tests/bad_input" tests/fixtures
run sessions "$BUILD/tests/recordings" tests/fixtures/sessions
run broken "$BUILD/tests/recordings" tests/fixtures/sessions --broken
if [ -e ../shared/oracle/requests.jsonl ]; then
  run oracle "$BUILD/tests/oracle" ../shared/oracle/requests.jsonl
else
  echo "skipped oracle: ../shared/oracle is not here"
  skipped=$((skipped + 1))
fi
if [ -e ../shared/recordings/MANIFEST.json ]; then
  run recordings "$BUILD/tests/recordings" ../shared/recordings
  run broken_recordings "$BUILD/tests/recordings" ../shared/recordings --broken
else
  echo "skipped recordings: ../shared/recordings is not here"
  skipped=$((skipped + 1))
fi
