# src/man/header.awk - a manual page from a header: its first comment is the description, comments at the margin are paragraphs,
# declarations stand as they are. awk -v name=bourse_market -v version=0.1.0 -f header.awk include/bourse/market.h
function escape(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  if (text ~ /^[.']/) text = "\\&" text
  return text
}
function code(on) {
  if (on && !coding) print ".PP\n.nf\n.ft CW"
  if (!on && coding) print ".ft R\n.fi"
  coding = on
}
function paragraph(line) {
  # What is indented in a comment is an example or a table.
  if (line ~ /^   /) { if (!example) print ".PP\n.nf\n.ft CW"; example = 1 }
  else if (example) { print ".ft R\n.fi"; example = 0 }
  if (line ~ /^ *$/) print example ? "" : ".PP"
  else print escape(line)
}
function finish() { if (example) { print ".ft R\n.fi"; example = 0 } }
BEGIN { printf ".TH %s 3 \"\" \"libbourse %s\" \"libbourse\"\n", toupper(name), version }
NR == 1 {
  sub(/^\/\* [^ ]+ - /, "")
  line = $0
  done = sub(/ *\*\/ *$/, "", line)
  sub(/\.$/, "", line)
  printf ".SH NAME\n%s \\- %s\n.SH SYNOPSIS\n.B #include <bourse.h>\n.SH DESCRIPTION\n", name, escape(line)
  if (done) print ".SH DECLARATIONS"
  else { commenting = 1; heading = 1 }
  next
}
commenting {
  line = $0
  ended = sub(/ *\*\/ *$/, "", line)
  sub(/^ \* ?/, "", line)
  paragraph(line)
  if (ended) { finish(); commenting = 0; if (heading) { print ".SH DECLARATIONS"; heading = 0 } }
  next
}
/^#if/ { if ($0 ~ /__cplusplus/) skipping = 1; next }
/^#(else|elif)/ { skipping = 0; next }
/^#endif/ { skipping = 0; next }
/^#include/ || /^#define BOURSE_[A-Z_]*_H$/ || skipping { next }
/^\/\*/ && depth == 0 {
  code(0)
  print ".PP"
  line = $0
  ended = sub(/ *\*\/ *$/, "", line)
  sub(/^\/\* ?/, "", line)
  gsub(/-----*/, "", line)
  paragraph(line)
  if (ended) finish(); else commenting = 1
  next
}
/^ *$/ && depth == 0 { code(0); next }
{
  code(1)
  line = $0
  sub(/^BOURSE_API /, "", line)
  print escape(line)
  opened = gsub(/{/, "{"); closed = gsub(/}/, "}")
  depth += opened - closed
}
END { code(0); print ".SH SEE ALSO\n.BR bourse (1),\n.BR libbourse (3)" }
