"""Writes bourse.pyi, the type hints of bourse.py, from what the library tells of itself: bourse api --json | python3 stub.py > bourse.pyi"""
import json
import os
import sys

api = json.load(sys.stdin)
HINTS = {"string": "str", "decimal": "Decimal", "int32": "int", "uint32": "int", "int64": "int", "yes_no": "bool", "time_ns": "int",
         "duration_ns": "int", "error": "str"}
GIVEN = HINTS | {"decimal": "Decimal | int | str", "strings": "Sequence[str]", "params": "Mapping[str, object]"}


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def values(member):
    return camel(member["enumeration"]) + "Name"


def held(member):
    if member["type"] == "records":
        return f"list[{camel(member['record'])}]"
    if member["type"] == "strings":
        return "list[str]"
    return (values(member) if member["type"] == "enum" else HINTS[member["type"]]) + " | None"


def given(member):
    if member["type"] == "records":
        return "Sequence[Mapping[str, Any]]"
    return values(member) if member["type"] == "enum" else GIVEN[member["type"]]


arguments = {m["name"]: m for m in api["request"]["members"]}
order = {m["name"]: m for m in api["order_request"]["members"]}
# What gives one record where there is just one: the list stands in bourse.py.
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "bourse.py"), encoding="utf-8") as file:
    source = file.read()
told = {}
exec(source[source.index("_SINGLE =") : source.index("# --- Requests")], told)  # pylint: disable=exec-used
single = told["_SINGLE"]


def parameters(operation):
    required = [n for n in operation["required"] if n != "orders"]
    optional = [n for n in operation["accepted"] if n not in required]
    members = {n: arguments[n] for n in optional}
    if operation["order"]:
        members.pop("orders", None)
        members = members | {n: m for n, m in order.items() if n not in members and n not in required}
    text = "".join(f", {n}: {given(arguments[n])}" for n in required)
    return text + ", *" + "".join(f", {n}: {given(m)} | None = None" for n, m in members.items())


def result(operation):
    if operation["stream"]:
        return "Stream"
    if operation["result"] is None:
        return "bytes"
    record = camel(operation["result"])
    return f"{record} | list[{record}]" if operation["name"] in single else f"list[{record}]"


print('# Made by stub.py from "bourse api --json"; not edited by hand.')
print("from collections.abc import AsyncIterator, Iterator, Mapping, Sequence")
print("from decimal import Decimal\nfrom typing import Any, Awaitable, Literal\n")
for name, members in api["enumerations"].items():
    print(f"{camel(name)}Name = Literal[" + ", ".join(f'"{v}"' for v in members) + "]")
print()
print("class BourseError(Exception):\n    number: int\n    code: str\n    outcome: str\n    http_status: int\n    retry_after_ms: int")
print("    message: str\n    field: str\n    exchange: str\n    operation: str\n    exchange_code: str\n    exchange_message: str\n    client_order_id: str\n")
print("class Record: ...\n")
for record in api["records"]:
    print(f"class {camel(record['name'])}(Record):")
    for member in record["members"]:
        name = member["name"]
        print(f"    {name}: {held(member)}" if name.isidentifier() and name not in ("from",) else f"    # {name}: {held(member)}, by getattr")
    print()
print("class Context:")
print("    def __init__(self, store: str | None = None, ca_file: str | None = None) -> None: ...")
print("    def close(self) -> None: ...\n    def exchanges(self) -> list[str]: ...\n    def error(self) -> BourseError: ...")
print("    def __enter__(self) -> Context: ...\n    def __exit__(self, *_: object) -> None: ...\n")
print("class StreamEvent:\n    kind: Literal[\"data\", \"state\", \"gap\", \"error\"]")
print("    state: Literal[\"connecting\", \"syncing\", \"live\", \"stale\", \"closed\"] | None\n    symbol: str | None\n    records: list[Any]")
print("    snapshot: bool\n    reconciled: bool\n    dropped: int\n    error: BourseError | None\n    time_ns: int | None\n    received_ns: int\n")
print("class Stream(Iterator[StreamEvent], AsyncIterator[StreamEvent]):")
print("    state: str | None\n    def close(self) -> None: ...\n    def __enter__(self) -> Stream: ...\n    def __exit__(self, *_: object) -> None: ...")
print("    def __next__(self) -> StreamEvent: ...\n    async def __anext__(self) -> StreamEvent: ...")
print("    def best(self, symbol: str | None = None) -> tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]: ...\n")
for name in ("Exchange", "_Later"):
    print(f"class {name}:")
    if name == "Exchange":
        print("    name: str\n    context: Context\n    later: _Later")
        print("    def __init__(self, name: str, context: Context | None = None, *, key: str | None = None, secret: str | None = None, "
              "passphrase: str | None = None, hosts: Mapping[str, str] | None = None, settings: Mapping[str, object] | None = None, "
              "environment: str | None = None, **options: Any) -> None: ...")
        print("    def close(self) -> None: ...\n    def __enter__(self) -> Exchange: ...\n    def __exit__(self, *_: object) -> None: ...")
        print("    def supports(self, operation: str, product: str | None = None, margin_mode: str | None = None) "
              "-> Literal[\"native\", \"emulated\"] | None: ...")
    for operation in api["operations"]:
        if name == "_Later" and operation["stream"]:
            continue
        told = result(operation)
        told = f"Awaitable[{told}]" if name == "_Later" else told
        end = parameters(operation)
        end = end[:-3] if end.endswith(", *") else end
        print(f"    def {operation['name']}(self{end}) -> {told}:\n        \"\"\"{operation['text']}\"\"\"")
    print()
