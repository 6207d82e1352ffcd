# The suites over whole exchanges. Those over shared data run where that stands beside the checkout; a name is printed where not.
run tests/conformance "$BUILD/tests/conformance" tests/fixtures
run tests/ways "$BUILD/tests/ways" tests/fixtures
run tests/bad_input "$BUILD/tests/bad_input" tests/fixtures
for data in ../shared/oracle/requests.jsonl ../shared/recordings; do
  if [ ! -e "$data" ]; then
    echo "not there, not run: $data"
    continue
  fi
  case $data in
    */requests.jsonl) run tests/oracle "$BUILD/tests/oracle" "$data" ;;
    *) run tests/recordings "$BUILD/tests/recordings" "$data" ;;
  esac
done
