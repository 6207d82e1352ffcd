#!/usr/bin/env bash
# Whether programs and adapters built with an earlier release still work (CONTRIBUTING, "ABI"). Four gates, and each is shown to
# catch a break that is planted for it. Usage: tests/abi/run.sh (BUILD, CC from the environment)
#
#   pinned    sizes, offsets and constants against tests/abi/pinned/RELEASE.txt
#   symbols   what is exported = the version script = what headers declare
#   abidiff   this library against the one built from the commit in tests/abi/baseline
#   frozen    a program and an adapter of 0.1, each compiled with the headers of then and of now, with both libraries
set -u
cd "$(dirname "$0")/../.."
build=${BUILD:-build} compiler=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED $1"; [ -n "${2:-}" ] && sed 's/^/    /' "$2" | head -n 20; return 0; }
good() { if "${@:2}" >"$work/log" 2>&1; then ok; else bad "$1" "$work/log"; fi; }
caught() { if "${@:2}" >"$work/log" 2>&1; then bad "planted and not caught: $1"; else ok; fi; }
plant() { # name, sed program, file: a copy of the headers with a break
  rm -rf "$work/planted" && cp -r include "$work/planted" && sed -i -E "$2" "$work/planted/$3"
  if cmp -s "include/$3" "$work/planted/$3"; then bad "the break could not be planted: $1"; fi
}

# --- pinned ---
# Of what was released everything stays where it is. Structs that callers index or embed keep their size; others may grow at the
# end, and what was reserved may be used.
whole="bourse_decimal bourse_param bourse_level bourse_allocator bourse_clock bourse_random bourse_market_store bourse_limiter_hook"
pinned() { # include folder
  tests/abi/layout.sh "$1" "$compiler" >"$work/layout" || return 1
  for release in tests/abi/pinned/*.txt; do
    awk -v whole=" $whole " '
      NR == FNR { if ($1 == "struct") size[$2] = $3; else if ($1 == "member") at[$2] = $3 " " $4; else value[$2] = $3; next }
      $1 == "struct" { was[$2] = $3
        if (!($2 in size)) bad($2 " is gone")
        else if (size[$2] < $3 || (size[$2] > $3 && index(whole, " " $2 " "))) bad($2 " has " size[$2] " bytes, had " $3) }
      $1 == "member" { known[$2] = 1
        if ($2 ~ /\.reserved/) { split($2, part, "."); spare[part[1] " " $3] = $4; next }
        if (!($2 in at)) bad($2 " is gone")
        else if (at[$2] != $3 " " $4) bad($2 " is at " at[$2] ", was at " $3 " " $4) }
      $1 == "constant" && !($2 in value) { bad($2 " is gone") }
      $1 == "constant" && ($2 in value) && value[$2] != $3 { bad($2 " is " value[$2] ", was " $3) }
      function bad(text) { print text; failed = 1 }
      END {
        for (name in at) {
          split(name, part, "."); split(at[name], place, " ")
          if (name in known || !(part[1] in was) || place[1] >= was[part[1]]) continue
          if (spare[part[1] " " place[1]] == "") bad(name " was put where " part[1] " had something else")
        }
        exit failed
      }' "$work/layout" "$release" || return 1
  done
}
good "pinned: layout and constants are those that were released" pinned include
plant "two members swapped" 's/^  int32_t code;  .*/  int32_t outcome_;/' bourse/error.h
caught "a member is gone" pinned "$work/planted"
plant "a member in the middle" 's/^(  int32_t http_status; .*)/  int64_t planted;\n\1/' bourse/error.h
caught "a member was put into the middle" pinned "$work/planted"
plant "a constant renumbered" 's/(BOURSE_OP_FETCH_TICKER = )5/\1500/' bourse/request.h
caught "a constant was renumbered" pinned "$work/planted"
plant "a decimal grows" 's/^(  uint32_t flags; .*BOURSE_DECIMAL.*)/\1\n  uint64_t planted;/' bourse/decimal.h
caught "a struct that is embedded has grown" pinned "$work/planted"
plant "an end grows" 's/^(  const char \*client_order_id;  \/\* of the order in question \*\/)/\1\n  int64_t planted;/' bourse/error.h
good "pinned: a member more at the end is allowed" pinned "$work/planted"

# --- symbols ---
declared() { cat "$1"/bourse.h "$1"/bourse/*.h "$1"/bourse/sys/*.h | "$compiler" -fpreprocessed -dD -E -P - 2>/dev/null | grep -v '^ *#' |
  tr '\n' ' ' | grep -oE 'BOURSE_API [^;(]*\(' | sed -E 's/.*[ *](bourse_[a-z0-9_]+)\($/\1/' | sort -u; }
exported() { nm -D --defined-only "$1" | awk '$2 == "T" { print $3 }' | sed 's/@.*//' | sort -u; }
symbols() { # include folder, library, version script
  declared "$1" >"$work/declared"
  exported "$2" >"$work/exported"
  sed -nE 's/^ *(bourse_[a-z0-9_]+);$/\1/p' "$3" | sort -u >"$work/script"
  diff "$work/declared" "$work/exported" && diff "$work/declared" "$work/script"
}
good "symbols: exported is what headers declare" symbols include "$build/libbourse.so" "$build/bourse.map"
plant "a function that is nowhere" 's/^BOURSE_API const char \*bourse_version/BOURSE_API int32_t bourse_planted(void);\n&/' bourse/base.h
caught "a function is declared and not there" symbols "$work/planted" "$build/libbourse.so" "$build/bourse.map"
plant "a function hidden" 's/^BOURSE_API (int32_t bourse_version_number)/\1/' bourse/base.h
caught "a function is exported and not declared" symbols "$work/planted" "$build/libbourse.so" "$build/bourse.map"

# --- The library of the baseline ---
baseline=$(cat tests/abi/baseline)
old=$build/abi/$baseline
if [ ! -e "$old/lib/libbourse.so" ]; then
  if git cat-file -e "$baseline^{commit}" 2>/dev/null; then
    rm -rf "$old" && mkdir -p "$old/source" && git archive "$baseline" | tar -x -C "$old/source" &&
      make -s -j2 -C "$old/source" BUILD=build PREFIX="$PWD/$old" CC="$compiler" install >"$work/log" 2>&1 ||
      bad "the baseline $baseline does not build" "$work/log"
    rm -rf "$old/source"
  fi
fi
if [ ! -e "$old/lib/libbourse.so" ]; then
  echo "skipped abidiff, frozen: the commit $baseline is not in this clone"
  skipped=$((skipped + 2))
  echo "$passed passed, $failed failed, $skipped skipped"
  exit $((failed > 0))
fi

# --- abidiff ---
# New functions, and members more at the end of a struct, are allowed; whatever moves, goes, or gets another type is not.
differ() { # old library, its headers, new library, its headers
  abidiff --no-added-syms --drop-private-types --headers-dir1 "$2" --headers-dir2 "$4" "$1" "$3" >"$work/report"
  [ $(($? & 3)) -eq 0 ] || { cat "$work/report"; return 1; } # it could not be compared
  ! grep -E -B 12 "offset changed|deletion|type name changed|size changed from ([0-9]+) to .*by -|^ *\[D\]|summary: [1-9][0-9]* Removed" "$work/report"
}
one() { # include folder: a library of one file that has results and errors in its interface
  "$compiler" -std=c11 -g -O0 -fPIC -shared -Wl,--unresolved-symbols=ignore-all -I"$1" -Ilib lib/api/result.c lib/core/error.c \
    -o "$work/one_$2.so" 2>/dev/null
}
if command -v abidiff >/dev/null; then
  good "abidiff: the interface is that of the baseline" \
    differ "$(realpath "$old/lib/libbourse.so")" "$old/include" "$(realpath "$build/libbourse.so")" include
  good "abidiff: a library is like itself" one include now
  plant "a member moved" 's/^(  int32_t http_status; .*)/  int64_t planted;\n\1/' bourse/error.h
  one "$work/planted" planted
  caught "abidiff: a member was put into the middle" differ "$work/one_now.so" include "$work/one_planted.so" "$work/planted"
  plant "an end grows" 's/^(  const char \*client_order_id;  \/\* of the order in question \*\/)/\1\n  int64_t planted;/' bourse/error.h
  one "$work/planted" planted
  good "abidiff: a member more at the end is allowed" differ "$work/one_now.so" include "$work/one_planted.so" "$work/planted"
  plant "another type" 's/int32_t (bourse_result_http_status)/int64_t \1/' bourse/result.h
  sed 's/^int32_t bourse_result_http_status/int64_t bourse_result_http_status/' lib/api/result.c >"$work/result.c"
  "$compiler" -std=c11 -g -O0 -fPIC -shared -Wl,--unresolved-symbols=ignore-all -I"$work/planted" -Ilib "$work/result.c" lib/core/error.c \
    -o "$work/one_planted.so"
  caught "abidiff: a function returns another type" differ "$work/one_now.so" include "$work/one_planted.so" "$work/planted"
else
  echo "skipped abidiff: not on this machine"
  skipped=$((skipped + 1))
fi

# --- frozen ---
compile() { # include folder, name
  "$compiler" -std=c11 -I"$1" -shared -fPIC tests/abi/frozen/adapter.c -o "$work/adapter_$2.so" &&
    "$compiler" -std=c11 -D_GNU_SOURCE -I"$1" tests/abi/frozen/program.c -L"$build" -lbourse -o "$work/program_$2"
}
frozen() { # program, adapter, folder of the library
  rm -f "$work"/journal*
  LD_LIBRARY_PATH=$3 "$work/program_$1" "$work/adapter_$2.so" "$work/journal" >"$work/printed" 2>&1
  local status=$?
  diff tests/abi/frozen/expected.txt "$work/printed" && [ $status -eq 0 ]
}
good "frozen: compiles with the headers of then" compile "$old/include" then
good "frozen: compiles with the headers of now" compile include now
for library in "$old/lib" "$build"; do
  for program in then now; do
    for adapter in then now; do
      good "frozen: program of $program, adapter of $adapter, library in $library" frozen $program $adapter "$library"
    done
  done
done
plant "an argument's place" 's/^(  int32_t operation;           .*)/  int32_t planted, planted2;\n\1/' bourse/request.h
good "frozen: the planted program compiles" compile "$work/planted" planted
caught "frozen: a program whose request has moved" frozen planted now "$build"
plant "an adapter's place" 's/^(  const bourse_endpoint \*endpoints;)/  void *planted;\n\1/' bourse/sys/adapter.h
good "frozen: the planted adapter compiles" compile "$work/planted" planted
caught "frozen: an adapter whose table has moved" frozen now planted "$build"
echo "$passed passed, $failed failed, $skipped skipped"
exit $((failed > 0))
