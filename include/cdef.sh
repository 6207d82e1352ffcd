#!/bin/sh
# include/cdef.sh - prints bourse.cdef: the headers as declarations alone, which LuaJIT's ffi.cdef and Python's cffi take unedited.
# $1: the include folder, $2: the compiler. What is a #define in the headers becomes a constant in an anonymous enum.
set -e
include=$1
compiler=${2:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for header in stddef.h stdint.h; do : > "$work/$header"; done # both know size_t and int64_t by themselves
printf '#include <bourse.h>\n#include <bourse/sys/schema.h>\n' > "$work/all.c"
preprocess() { $compiler -E -nostdinc -isystem "$work" -I"$include" -U__GNUC__ -DBOURSE_STATIC "$@" "$work/all.c"; }

echo "/* bourse.cdef - made from the headers of libbourse; see them for what everything means. */"
# Only what is a number: the rest are macros for C.
preprocess -dM | grep -v 'BOURSE_STATIC' | LC_ALL=C sort | sed -nE 's/^#define (BOURSE_[A-Z0-9_]+) \(?(-?[0-9]+)[uU]?\)?$/enum { \1 = \2 };/p'
preprocess -P | sed -E '/^[[:space:]]*$/d'
