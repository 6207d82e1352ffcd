# What the README says of itself. A library with less than all exchanges has another table.
[ -n "${EXCHANGES_LEFT_OUT:-}" ] || run readme tests/readme.sh
