"""Holds what cffi makes of bourse.cdef against the C compiler and the library: sizes of all structs, offsets of all members that
`bourse api --json` lists, and every constant. Usage: layout.py PREFIX"""
import json
import re
import subprocess
import sys
import tempfile

import cffi

prefix = sys.argv[1]
with open(f"{prefix}/share/bourse/bourse.cdef", encoding="utf-8") as file:
    text = file.read()
ffi = cffi.FFI()
ffi.cdef(text)
lib = ffi.dlopen(f"{prefix}/lib/libbourse.so.0.1")
passed = failed = 0


def check(what, is_so):
    global passed, failed
    passed += is_so
    failed += not is_so
    if not is_so:
        print("FAILED", what)


structs = re.findall(r"^\} (bourse_\w+);$", text, re.M)
with tempfile.TemporaryDirectory() as folder:
    lines = "".join(f'  printf("{name} %zu\\n", sizeof({name}));\n' for name in structs)
    with open(f"{folder}/sizes.c", "w", encoding="utf-8") as file:
        file.write(f"#include <bourse.h>\n#include <bourse/sys/schema.h>\n#include <stdio.h>\nint main(void) {{\n{lines}}}\n")
    subprocess.run(["cc", f"-I{prefix}/include", f"{folder}/sizes.c", "-o", f"{folder}/sizes"], check=True)
    for line in subprocess.run([f"{folder}/sizes"], check=True, capture_output=True, text=True).stdout.splitlines():
        name, size = line.split()
        check(f"{name} is {ffi.sizeof(name)} bytes, in C {size}", ffi.sizeof(name) == int(size))
check("there are structs", passed > 40)

api = json.loads(subprocess.run([f"{prefix}/bin/bourse", "api", "--json"], check=True, capture_output=True, text=True).stdout)
for info in api["records"] + [api["request"], api["order_request"]]:
    check(f"size of {info['struct']}", ffi.sizeof(info["struct"]) == info["size"])
    for member in info["members"]:
        check(f"{info['struct']}.{member['name']}", ffi.offsetof(info["struct"], member["name"]) == member["offset"])

out = ffi.new("int64_t *")
for name, value in api["constants"].items():
    check(f"{name} in the declarations", getattr(lib, name) == value)
    check(f"{name} by function", lib.bourse_constant(out, name.encode()) == 0 and out[0] == value)
check("constants of the declarations are all there", set(re.findall(r"\bBOURSE_[A-Z0-9_]+(?= = )", text)) == set(api["constants"]))
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
