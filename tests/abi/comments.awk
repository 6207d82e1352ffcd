# tests/abi/comments.awk - lists public functions whose comments leave something out. A function is described by the comment before it,
# which those that follow without an empty line share; by the nearest section ("--- ... ---"); and by the header's first comment.
# Asked for: a comment; the thread; errors, where a code is returned; ownership, where something is given back by pointer; units of
# integers of 64 bits, where neither name nor comment has them.
function has(pattern) { return tolower(own " " section " " top) ~ pattern }
function missing(what) { printf "%s: %s: %s\n", FILENAME, name, what; failed = 1 }
function check(declaration) {
  name = declaration
  sub(/\(.*/, "", name)
  sub(/.*[ *]/, "", name)
  count++
  if (own !~ /[a-z]/) missing("no comment")
  if (!has("thread")) missing("no word of threads")
  if (declaration ~ /^BOURSE_API int(32|64)_t / && !has("error|returns|code|always 0|: there was|1 when|1 for|negative|-1"))
    missing("no word of what it returns or fails with")
  if ((declaration ~ /^BOURSE_API [^(]*\*[^(]*\(/ || declaration ~ /\*\*out/) &&
      !has("free|borrow|static|owned|caller|copied|copy|lives|belong|close|given back"))
    missing("no word of whose what it gives is")
  if (declaration ~ /int64_t [a-z_]*[,)]/ && declaration !~ /int64_t [a-z_]*(_ns|_ms)[,)]/ &&
      !has("nanosecond|millisecond|number|value|offset|bytes|count|units"))
    missing("no word of units")
}
FNR == 1 { top = section = own = ""; first = 1; gap = 0 }
incomment {
  text = text " " $0
  if (/\*\//) {
    incomment = 0
    if (first) { top = text; first = 0 } else if (text ~ /----*/) { section = text; own = text } else own = text
  }
  next
}
/^\/\*/ {
  text = $0
  if ($0 ~ /\*\//) {
    if (first) { top = text; first = 0 } else if (text ~ /----*/) { section = text; own = text } else own = text
  } else incomment = 1
  next
}
/^ *$/ { own = ""; next }
/^BOURSE_API / || declaring {
  declaration = declaring ? declaration " " $0 : $0
  declaring = declaration !~ /;/
  if (!declaring) { sub(/\/\*.*/, "", declaration); check(declaration) }
  next
}
END { print count " functions" > "/dev/stderr"; exit failed }
