"""bourse - one exact interface to every crypto exchange: libbourse for Python, through cffi.

    import bourse
    with bourse.Exchange("binance") as exchange:
        print(exchange.fetch_ticker("BTC/USDT").last)

Every operation of the library is a method of Exchange, with the arguments of the library by their names; those that it must
have may be given by place. Methods named watch_* give a Stream: an iterator, and an asynchronous one. Every other method has a
twin that gives an awaitable, under `exchange.later`. Numbers are decimal.Decimal (a float is refused), times are nanoseconds
UTC, enumerated values their names, what is absent is None. Failures are BourseError.

The library and its declarations are looked for under $BOURSE_PREFIX, /usr/local and /usr.
"""
import asyncio
import os
from decimal import Decimal

import cffi

_PREFIXES = [p for p in (os.environ.get("BOURSE_PREFIX"), "/usr/local", "/usr") if p]


def _load():
    for prefix in _PREFIXES:
        path = os.path.join(prefix, "share/bourse/bourse.cdef")
        if not os.path.exists(path):
            continue
        api = cffi.FFI()
        with open(path, encoding="utf-8") as declarations:
            api.cdef(declarations.read())
        for folder in (os.path.join(prefix, "lib"), os.path.join(prefix, "lib", _triplet()), ""):
            try:
                return api, api.dlopen(os.path.join(folder, "libbourse.so.0.1"))
            except OSError:
                continue
    raise ImportError("libbourse is not under " + ", ".join(_PREFIXES) + "; set BOURSE_PREFIX")


def _triplet():
    return f"{os.uname().machine}-linux-gnu"


ffi, lib = _load()


def _text(pointer):
    return None if pointer == ffi.NULL else ffi.string(pointer).decode()


class BourseError(Exception):
    """What went wrong. `code` is its name ("insufficient_funds"); `outcome` what became of the request at the exchange
    ("not_sent", "rejected", "executed", "unknown", "none"); `exchange_code` and `exchange_message` are the exchange's words."""

    def __init__(self, error):
        self.number = error.code
        self.code = _text(lib.bourse_error_name(error.code))
        self.outcome = _text(lib.bourse_outcome_name(error.outcome))
        self.http_status = error.http_status
        self.retry_after_ms = error.retry_after_ms
        self.message = _text(error.message)
        self.field = _text(error.field)
        self.exchange = _text(error.exchange)
        self.operation = _text(error.operation)
        self.exchange_code = _text(error.exchange_code)
        self.exchange_message = _text(error.exchange_message)
        self.client_order_id = _text(error.client_order_id)
        super().__init__(f"{self.code}: {self.message}")


# --- Numbers ---


def _decimal(value):
    """Exact, digits kept; None when absent."""
    if not value.flags & lib.BOURSE_DECIMAL_PRESENT:
        return None
    sign = "-" if value.flags & lib.BOURSE_DECIMAL_NEGATIVE else ""
    return Decimal(f"{sign}{value.high << 64 | value.low}E{value.exponent}")


def _put_decimal(target, name, value):
    if isinstance(value, float) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"{name} is {value!r}; a Decimal, int or str is wanted, for floats are not exact")
    text = str(value).encode()
    if lib.bourse_decimal_parse(ffi.addressof(target, name), text, len(text)) != 0:
        raise ValueError(f"{name} is {value!r}; a number of at most 38 digits is wanted")


# --- Records: classes made from the library's own description ---


class Record:
    """Something that an exchange told. Members have the names of the C headers (see bourse/market.h and its neighbours)."""

    __slots__ = ()

    def __repr__(self):
        members = ((name, getattr(self, name)) for name in self.__slots__)
        return type(self).__name__ + "(" + ", ".join(f"{n}={v!r}" for n, v in members if v is not None) + ")"


class _Type:
    """How records of one kind are read."""

    def __init__(self, info):
        self.pointer = _text(info.name) + " *"
        self.members = [
            (_text(m.name), m.type, m.kind, _enumeration(m.enumeration), m.count_offset)
            for m in (info.members[i] for i in range(info.member_count))
        ]
        name = "".join(part.capitalize() for part in _text(info.short_name).split("_"))
        self.made = type(name, (Record,), {"__slots__": [m[0] for m in self.members]})

    def read(self, pointer):
        source = ffi.cast(self.pointer, pointer)
        record = self.made()
        for name, kind, nested, enumeration, count_offset in self.members:
            value = getattr(source, name)
            if kind == 2:  # BOURSE_TYPE_DECIMAL
                value = _decimal(value)
            elif kind == 1:
                value = _text(value)
            elif kind == 6:
                value = None if value == 0 else value > 0
            elif kind == 7:
                value = enumeration.get(value)
            elif kind == 8:
                value = value or None
            elif kind == 13:
                value = _text(lib.bourse_error_name(value)) if value else None
            elif kind == 10:
                count = ffi.cast("uint32_t *", ffi.cast("char *", pointer) + count_offset)[0]
                value = [_types[nested].read(ffi.addressof(value, i)) for i in range(count)]
            setattr(record, name, value)
        return record


_enumerations = {}


def _enumeration(info):
    """{number: name, name: number}, None for none."""
    if info == ffi.NULL:
        return None
    key = _text(info.name)
    if key not in _enumerations:
        values = [info.values[i] for i in range(info.count)]
        # Of several names for one value the first is given back.
        _enumerations[key] = {v.value: _text(v.name) for v in reversed(values)} | {_text(v.name): v.value for v in values}
    return _enumerations[key]


def _every(at):
    index = 0
    while (found := at(index)) != ffi.NULL:
        yield found
        index += 1


for _info in _every(lib.bourse_schema_enumeration_at):
    _enumeration(_info)
_types = {info.kind: _Type(info) for info in _every(lib.bourse_schema_record_at)}


def _members(info):
    return {_text(m.name): m for m in (info.members[i] for i in range(info.member_count))}


_arguments = _members(lib.bourse_schema_request())
_order_arguments = _members(lib.bourse_schema_order_request())


class _Operation:
    def __init__(self, info):
        names = list(_arguments)
        self.number, self.name, self.text, self.flags = info.operation, _text(info.name), _text(info.text), info.flags
        self.accepted = {n for i, n in enumerate(names) if info.accepted >> i & 1}
        self.required = [n for i, n in enumerate(names) if info.required >> i & 1]
        self.takes_order = bool(info.flags & lib.BOURSE_OPERATION_ORDER)
        self.is_stream = bool(info.flags & lib.BOURSE_OPERATION_STREAM)


_operations = {o.name: o for o in map(_Operation, _every(lib.bourse_schema_operation_at))}

# What gives one record rather than a list.
_SINGLE = {"fetch_" + n for n in ("time", "status", "ticker", "order_book", "funding_rate", "open_interest", "balance", "position")} | {
    "fetch_" + n for n in ("leverage", "margin_mode", "position_mode", "trading_fee", "permissions", "order", "deposit_address")
} | {"create_order", "edit_order", "cancel_order", "resolve_order", "wait_order", "close_position", "transfer", "withdraw"}

# --- Requests ---


def _fill(target, members, name, value, alive):
    """Sets one member of a request from a Python value. `alive` keeps what the request points to."""
    member = members[name]
    kind = member.type
    if kind == 2:
        _put_decimal(target, name, value)
    elif kind == 1:
        alive.append(ffi.new("char[]", str(value).encode()))
        setattr(target, name, alive[-1])
    elif kind == 6:
        setattr(target, name, lib.BOURSE_YES if value else lib.BOURSE_NO)
    elif kind == 7:
        enumeration = _enumeration(member.enumeration)
        if value not in enumeration:
            allowed = ", ".join(n for n in enumeration if isinstance(n, str))
            raise ValueError(f"{name} is {value!r}; there are: {allowed}")
        setattr(target, name, value if isinstance(value, int) else enumeration[value])
    elif kind == 9:
        strings = [ffi.new("char[]", str(v).encode()) for v in value]
        array = ffi.new("char *[]", strings)
        alive.extend(strings + [array])
        setattr(target, name, array)
        _set_count(target, member, len(strings))
    elif kind == 12:
        pairs = [(ffi.new("char[]", str(k).encode()), ffi.new("char[]", str(v).encode())) for k, v in value.items()]
        array = ffi.new("bourse_param[]", [{"name": k, "value": v} for k, v in pairs])
        alive.extend([pairs, array])
        setattr(target, name, array)
        _set_count(target, member, len(pairs))
    elif kind == 10:
        orders = [_order(v, alive) for v in value]
        array = ffi.new("bourse_order_request *[]", orders)
        alive.append(array)
        setattr(target, name, array)
        _set_count(target, member, len(orders))
    else:
        setattr(target, name, value)


def _set_count(target, member, count):
    ffi.cast("uint32_t *", ffi.cast("char *", ffi.addressof(target[0])) + member.count_offset)[0] = count


def _order(values, alive):
    order = ffi.new("bourse_order_request *")
    lib.bourse_order_request_init(order, ffi.sizeof("bourse_order_request"))
    alive.append(order)
    for name, value in values.items():
        if name not in _order_arguments:
            raise TypeError(f"an order has no {name!r}; there are: {', '.join(_order_arguments)}")
        if value is not None:
            _fill(order, _order_arguments, name, value, alive)
    return order


def _request(operation, places, values):
    """A bourse_request, and what must live as long as it."""
    values = dict(values)
    wanted = [n for n in operation.required if n != "orders"]
    if len(places) > len(wanted):
        raise TypeError(f"{operation.name} takes {len(wanted)} arguments by place ({', '.join(wanted)}), not {len(places)}")
    values.update(zip(wanted, places))
    alive = []
    request = ffi.new("bourse_request *")
    lib.bourse_request_init(request, ffi.sizeof("bourse_request"), operation.number)
    if operation.takes_order:
        order = dict(values.pop("order", {}))
        order.update({n: values.pop(n) for n in list(values) if n not in operation.accepted})
        values["orders"] = [order]
    for name, value in values.items():
        if name not in operation.accepted:
            raise TypeError(f"{operation.name} has no argument {name!r}; there are: {', '.join(sorted(operation.accepted))}")
        if value is not None:
            _fill(request, _arguments, name, value, alive)
    return request, alive


def _taken(result, operation):
    """Records of a result, which is freed. A failed one is raised."""
    try:
        if lib.bourse_result_code(result) != 0:
            raise BourseError(lib.bourse_result_error(result))
        kind = lib.bourse_result_kind(result)
        if kind == lib.BOURSE_KIND_RAW:
            length = ffi.new("size_t *")
            return ffi.buffer(lib.bourse_result_raw(result, length), length[0])[:]
        records = [_types[kind].read(lib.bourse_result_record(result, i)) for i in range(lib.bourse_result_count(result))]
        return records[0] if operation.name in _SINGLE and len(records) == 1 else records
    finally:
        lib.bourse_result_free(result)


# --- Handles ---


class Context:
    """What exchanges share: the loop and its queue. One is made where none is given. `store` is the path of a file that orders
    are written to before they are sent."""

    def __init__(self, store=None, ca_file=None):
        self._alive = []
        self._file = None
        self._waiting = {}  # ticket -> (operation, what the request points to, future)
        self._loop = self._timer = None
        options = ffi.new("bourse_context_options *")
        lib.bourse_context_options_init(options, ffi.sizeof("bourse_context_options"))
        if ca_file is not None:
            self._alive.append(ffi.new("char[]", str(ca_file).encode()))
            options.ca_file = self._alive[-1]
        if store is not None:
            out = ffi.new("bourse_store_file **")
            if lib.bourse_store_file_open(out, str(store).encode(), ffi.NULL) != 0:
                raise OSError(f"{store} cannot be opened as a journal")
            self._file = out[0]
            options.store = lib.bourse_store_file_store(self._file)
        out = ffi.new("bourse_context **")
        code = lib.bourse_context_new(out, options)
        if code != 0:
            raise OSError(_text(lib.bourse_error_text(code)))
        self._context = out[0]

    def close(self):
        self._unhook()
        if self._context is not None:
            lib.bourse_context_free(self._context)
            self._context = None
        if self._file is not None:
            lib.bourse_store_file_close(self._file)
            self._file = None
        for _, _, future in self._waiting.values():
            future.cancel()
        self._waiting.clear()

    __enter__ = lambda self: self
    __exit__ = lambda self, *_: self.close()
    __del__ = lambda self: self.close() if hasattr(self, "_context") else None

    def error(self):
        return BourseError(lib.bourse_context_error(self._context))

    def exchanges(self):
        """Names of the exchanges that there are."""
        return [_text(name) for name in _every(lambda i: lib.bourse_exchange_at(self._context, i))]

    # The library has one descriptor and one time; asyncio waits for both.
    def _hook(self):
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._unhook()
            self._loop = loop
            loop.add_reader(lib.bourse_fd(self._context), self._turn)
        self._wind()

    def _unhook(self):
        if self._timer is not None:
            self._timer.cancel()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(lib.bourse_fd(self._context))
        self._loop = self._timer = None

    def _wind(self):
        if self._timer is not None:
            self._timer.cancel()
        wait_ms = lib.bourse_timeout_ms(self._context)
        self._timer = self._loop.call_later(wait_ms / 1000, self._turn) if wait_ms >= 0 else None

    def _turn(self):
        lib.bourse_run(self._context, 0)
        event = ffi.new("bourse_event *", {"struct_size": ffi.sizeof("bourse_event"), "api_version": lib.BOURSE_API_VERSION})
        while lib.bourse_next(self._context, event) > 0:
            operation, _, future = self._waiting.pop(event.ticket, (None, None, None))
            if future is None or future.done():
                lib.bourse_result_free(event.result)
                continue
            try:
                future.set_result(_taken(event.result, operation))
            except BourseError as error:
                future.set_exception(error)
        while (ready := lib.bourse_stream_ready(self._context)) != ffi.NULL:
            Stream._of[ready]._drain()
        if self._loop is not None:
            self._wind()


class _Later:
    """The operations of an exchange as awaitables."""

    def __init__(self, exchange):
        self._exchange = exchange


class Exchange:
    """One account at one exchange, or none for public data. `options` are members of bourse_options by name; key, secret and
    passphrase are the credentials; `hosts` maps names of hosts, or "*", to addresses."""

    def __init__(self, name, context=None, *, key=None, secret=None, passphrase=None, hosts=None, settings=None, environment=None, **options):
        self._own = context is None
        self.context = Context() if context is None else context
        self._exchange = None
        alive = []

        def text(value):
            alive.append(ffi.new("char[]", str(value).encode()))
            return alive[-1]

        given = ffi.new("bourse_options *")
        lib.bourse_options_init(given, ffi.sizeof("bourse_options"))
        environments = _enumerations["environment"]
        if environment is not None:
            given.environment = environments[environment]
        if key is not None:
            credentials = ffi.new("bourse_credentials *")
            lib.bourse_credentials_init(credentials, ffi.sizeof("bourse_credentials"))
            credentials.api_key, credentials.secret = text(key), text(secret)
            credentials.environment = given.environment
            if passphrase is not None:
                credentials.passphrase = text(passphrase)
            given.credentials = credentials
        for member, pairs in (("host", hosts), ("setting", settings)):
            if pairs:
                array = ffi.new("bourse_param[]", [{"name": text(k), "value": text(v)} for k, v in pairs.items()])
                alive.append(array)
                setattr(given, member + "s", array)
                setattr(given, member + "_count", len(pairs))
        for option, value in options.items():
            if not hasattr(given, option):
                raise TypeError(f"there is no option {option!r}; see bourse_options")
            if option in ("product", "margin_mode"):
                value = _enumerations[option][value]
            elif isinstance(value, bool):
                value = lib.BOURSE_YES if value else lib.BOURSE_NO
            if option.startswith("max_") and not isinstance(value, int):
                _put_decimal(given, option, value)
            else:
                setattr(given, option, value)
        out = ffi.new("bourse_exchange **")
        if lib.bourse_open(out, self.context._context, name.encode(), given) != 0:
            raise self.context.error()
        self._exchange = out[0]
        self.name = name
        self.later = _Later(self)

    def close(self):
        """Wipes the keys. Requests under way are given up."""
        if self._exchange is not None and self.context._context is not None:
            lib.bourse_close(self._exchange)
        self._exchange = None
        if self._own:
            self.context.close()

    __enter__ = lambda self: self
    __exit__ = lambda self, *_: self.close()

    def supports(self, operation, product=None, margin_mode=None):
        """"native", "emulated", or None for not at all."""
        how = lib.bourse_supports(
            self._exchange,
            _operations[operation].number,
            _enumerations["product"][product] if product else 0,
            _enumerations["margin_mode"][margin_mode] if margin_mode else 0,
        )
        return {lib.BOURSE_NATIVE: "native", lib.BOURSE_EMULATED: "emulated"}.get(how)

    def _call(self, operation, places, values):
        request, alive = _request(operation, places, values)
        out = ffi.new("bourse_result **")
        if lib.bourse_execute(out, self._exchange, request) != 0:
            raise self.context.error()
        del alive
        return _taken(out[0], operation)

    async def _submit(self, operation, places, values):
        request, alive = _request(operation, places, values)
        ticket = ffi.new("uint64_t *")
        self.context._hook()
        if lib.bourse_submit(self._exchange, request, ticket) != 0:
            raise self.context.error()
        future = self.context._loop.create_future()
        self.context._waiting[ticket[0]] = (operation, alive, future)
        self.context._wind()
        try:
            return await future
        except asyncio.CancelledError:
            lib.bourse_cancel(self.context._context, ticket[0])
            raise


class StreamEvent:
    """What a stream tells: kind is "data", "state", "gap" or "error"."""

    __slots__ = ("kind", "symbol", "state", "records", "snapshot", "reconciled", "dropped", "error", "time_ns", "received_ns")
    KINDS = {1: "data", 2: "state", 3: "gap", 4: "error"}
    STATES = {1: "connecting", 2: "syncing", 3: "live", 4: "stale", 5: "closed"}

    def __init__(self, event):
        self.kind, self.state = self.KINDS[event.kind], self.STATES.get(event.state)
        self.symbol = _text(event.symbol)
        self.records = [
            _types[event.record_kind].read(lib.bourse_stream_event_record(event, i)) for i in range(event.count)
        ]
        self.snapshot = bool(event.flags & lib.BOURSE_STREAM_SNAPSHOT)
        self.reconciled = bool(event.flags & lib.BOURSE_STREAM_RECONCILED)
        self.dropped = event.dropped
        self.error = BourseError(event.error) if event.error != ffi.NULL else None
        self.time_ns, self.received_ns = event.time_ns or None, event.received_ns


class Stream:
    """Events as they come: `for event in stream` blocks, `async for event in stream` waits in asyncio. Ends when the stream is
    closed for good."""

    _of = {}

    def __init__(self, exchange, operation, places, values):
        request, alive = _request(operation, places, values)
        out = ffi.new("bourse_stream **")
        if lib.bourse_watch(out, exchange._exchange, request, ffi.NULL) != 0:
            raise exchange.context.error()
        del alive
        self._stream, self._exchange = out[0], exchange
        self._waiting = None
        self._events = []
        Stream._of[self._stream] = self

    def close(self):
        if self._stream is not None:
            Stream._of.pop(self._stream, None)
            lib.bourse_stream_close(self._stream)
            self._stream = None

    __enter__ = lambda self: self
    __exit__ = lambda self, *_: self.close()

    def _event(self):
        return ffi.new("bourse_stream_event *", {"struct_size": ffi.sizeof("bourse_stream_event"), "api_version": lib.BOURSE_API_VERSION})

    def _drain(self):
        event = self._event()
        while self._stream is not None and lib.bourse_stream_next(self._stream, event) > 0:
            self._events.append(StreamEvent(event))
        if self._waiting is not None and not self._waiting.done() and self._events:
            self._waiting.set_result(None)

    @property
    def state(self):
        return StreamEvent.STATES.get(lib.bourse_stream_state(self._stream, ffi.NULL))

    def best(self, symbol=None):
        """Best bid and best ask, each (price, amount), of a stream of books; BourseError unless the book is live."""
        bid, ask = ffi.new("bourse_level *"), ffi.new("bourse_level *")
        if lib.bourse_book_best(bid, ask, self._stream, symbol.encode() if symbol else ffi.NULL) != 0:
            raise self._exchange.context.error()
        return (_decimal(bid.price), _decimal(bid.amount)), (_decimal(ask.price), _decimal(ask.amount))

    def __iter__(self):
        return self

    def __next__(self):
        if self._events:
            return self._events.pop(0)
        event = self._event()
        if self._stream is None or lib.bourse_stream_wait(self._stream, event, -1) <= 0:
            raise StopIteration
        return StreamEvent(event)

    def __aiter__(self):
        return self

    async def __anext__(self):
        self._exchange.context._hook()
        while not self._events:
            if self._stream is None or self.state == "closed":
                raise StopAsyncIteration
            self._waiting = self._exchange.context._loop.create_future()
            self._drain()
            self._exchange.context._wind()
            await self._waiting
        return self._events.pop(0)


def _add_methods(operation):
    def call(self, *places, **values):
        return Stream(self, operation, places, values) if operation.is_stream else self._call(operation, places, values)

    def later(self, *places, **values):
        return self._exchange._submit(operation, places, values)

    for method, owner in ((call, Exchange), (later, _Later)):
        if operation.is_stream and owner is _Later:
            continue
        method.__name__, method.__doc__ = operation.name, operation.text
        setattr(owner, operation.name, method)


for _one in _operations.values():
    _add_methods(_one)
