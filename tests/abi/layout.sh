#!/bin/sh
# Prints the layout of what headers make public: size of each struct, offset and size of each member, every constant.
# Usage: layout.sh INCLUDE [CC]
set -e
include=$1
compiler=${2:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(dirname "$0")/../../include/cdef.sh" "$include" "$compiler" > "$work/cdef"
{
  printf '#include <bourse.h>\n#include <bourse/sys/schema.h>\n#include <stdio.h>\nint main(void) {\n'
  # A member's name stands before its ';', or as (*name) of a function; those of one struct lie between '{' and '} name;'.
  tr '\n' ' ' < "$work/cdef" | grep -oE 'typedef struct [a-z_0-9]+ \{[^}]*\} [a-z_0-9]+;' |
    sed -E 's/typedef struct [a-z_0-9]+ \{(.*)\} ([a-z_0-9]+);/\2;\1/' |
    awk -F';' '{
      printf "  printf(\"struct %s %%zu\\n\", sizeof(%s));\n", $1, $1
      for (i = 2; i <= NF; i++) {
        member = $i
        if (member !~ /[a-z]/) continue
        if (match(member, /\(\*[a-z_0-9]+\)/)) name = substr(member, RSTART + 2, RLENGTH - 3)
        else { sub(/\[.*/, "", member); sub(/ *$/, "", member); n = split(member, words, /[ *]+/); name = words[n] }
        printf "  printf(\"member %s.%s %%zu %%zu\\n\", offsetof(%s, %s), sizeof(((%s *)0)->%s));\n", $1, name, $1, name, $1, name
      }
    }'
  printf '  return 0;\n}\n'
} > "$work/layout.c"
$compiler -I"$include" "$work/layout.c" -o "$work/layout"
"$work/layout"
grep -oE '\bBOURSE_[A-Z0-9_]+ = -?[0-9]+' "$work/cdef" | grep -v '^BOURSE_VERSION_' | sed 's/^\(.*\) = /constant \1 /' | LC_ALL=C sort -u
