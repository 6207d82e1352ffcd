/* bourse - one exact interface to every crypto exchange: libbourse for Node, through koffi.
 *
 *   import { Exchange } from "./bourse.mjs";
 *   const exchange = new Exchange("binance");
 *   console.log(`${(await exchange.fetchTicker("BTC/USDT")).last}`);
 *   exchange.close();
 *
 * Every operation of the library is a method in camelCase that gives a promise; what it must have is given by place, everything
 * by name in an object behind (names as in the C headers). Methods watch* give a Stream, an asynchronous iterator. Numbers are
 * Decimal: exact; a JavaScript number is taken only when it is whole. Times are BigInt nanoseconds UTC, enumerated values their
 * names, what is absent is null. Failures are BourseError.
 *
 * The library and its declarations are looked for under $BOURSE_PREFIX, /usr/local and /usr. */
import { existsSync, readFileSync } from "node:fs";
import koffi from "koffi";

// --- The library, from its declarations ---

const prefix = [process.env.BOURSE_PREFIX, "/usr/local", "/usr"].find((p) => p && existsSync(`${p}/share/bourse/bourse.cdef`));
if (!prefix) throw new Error("libbourse is not under $BOURSE_PREFIX, /usr/local or /usr");
const file = ["lib", `lib/${process.arch === "x64" ? "x86_64" : "aarch64"}-linux-gnu`]
  .map((folder) => `${prefix}/${folder}/libbourse.so.0.1`)
  .find(existsSync);
const library = koffi.load(file ?? "libbourse.so.0.1");
const C = {}; // functions and constants
const made = new Set(); // structs

/* Every pointer is an address, but for text that is read. */
function typeOf(text) {
  if (/^const char \*$/.test(text)) return "const char *";
  if (text.includes("*")) return "void *";
  return text.replace(/^(const|struct) /, "");
}

function declared(text) {
  const pointer = text.match(/\(\*(\w+)\)/); // to a function
  if (pointer) return [pointer[1], "void *"];
  const [, type, name, count] = text.match(/^(.*?)\s*(\w+)(?:\[(\d+)\])?$/s);
  const base = typeOf(type.trim().replace(/\s+/g, " "));
  return [name, count ? koffi.array(base, Number(count)) : base];
}

for (const [statement] of readFileSync(`${prefix}/share/bourse/bourse.cdef`, "utf8")
  .replace(/\/\*[\s\S]*?\*\//g, "")
  .matchAll(/[^;{}]*(\{[^{}]*\}[^;{}]*)?;/g)) {
  const text = statement.trim().replace(/;$/, "").replace(/\s+/g, " ");
  let found;
  if (text.startsWith("enum")) {
    for (const [, name, value] of text.matchAll(/(\w+) = (-?\d+)/g)) C[name] = Number(value);
  } else if ((found = text.match(/^typedef struct \w+ \{(.*)\} (\w+)$/))) {
    const members = found[1].split(";").map((m) => m.trim()).filter(Boolean);
    koffi.struct(found[2], Object.fromEntries(members.map(declared)));
    made.add(found[2]);
  } else if ((found = text.match(/^typedef .*\(\*(\w+)\)/))) {
    koffi.alias(found[1], "void *");
  } else if (!text.startsWith("typedef") && (found = text.match(/^(.*?)\s*(bourse_\w+)\((.*)\)$/))) {
    const parameters = found[3] === "void" ? [] : found[3].split(",").map((p) => (p.includes("[") ? "void *" : declared(p.trim())[1]));
    C[found[2]] = library.func(found[2], typeOf(found[1]), parameters);
  }
}

const poll = koffi.load("libc.so.6").func("poll", "int", ["void *", "ulong", "int"]);

/* Room for a struct, stamped when it is one that the library wants so. Freed with koffi.free. */
function room(type, values = {}) {
  const at = koffi.alloc(type, 1);
  const empty = koffi.view(at, koffi.sizeof(type));
  new Uint8Array(empty).fill(0);
  for (const [name, value] of Object.entries(values)) put(at, type, name, value);
  return at;
}

const put = (at, type, name, value) => koffi.encode(at, koffi.offsetof(type, name), koffi.type(type).members[name].type, value);
const stamped = (type) => room(type, { struct_size: koffi.sizeof(type), api_version: C.BOURSE_API_VERSION });
const is = (pointer) => pointer !== null && pointer !== 0n;

// --- Failures ---

export class BourseError extends Error {
  constructor(at) {
    const e = koffi.decode(at, "bourse_error");
    super(`${C.bourse_error_name(e.code)}: ${e.message}`);
    this.name = "BourseError";
    this.code = C.bourse_error_name(e.code);
    this.outcome = C.bourse_outcome_name(e.outcome);
    this.httpStatus = e.http_status;
    this.retryAfterMs = Number(e.retry_after_ms);
    this.field = e.field;
    this.exchangeCode = e.exchange_code;
    this.exchangeMessage = e.exchange_message;
    this.clientOrderId = e.client_order_id;
  }
}

// --- Numbers ---

/* What `operate` makes of both coefficients, brought to one exponent; and that. */
function together(a, other, operate) {
  const b = new Decimal(other);
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (d) => d.coefficient * 10n ** BigInt(d.exponent - exponent);
  return [operate(scaled(a), scaled(b)), exponent];
}

/* An exact decimal: coefficient (BigInt) times ten to the exponent. */
export class Decimal {
  constructor(value) {
    if (value instanceof Decimal) return value;
    if (typeof value === "number" && !Number.isSafeInteger(value))
      throw new TypeError(`${value} is not exact; give it as a string, BigInt or Decimal`);
    const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(value));
    if (!found || (found[2] ?? "") + (found[3] ?? "") === "") throw new TypeError(`"${value}" is no number`);
    this.coefficient = BigInt(`${found[2]}${found[3] ?? ""}`) * (found[1] === "-" ? -1n : 1n);
    this.exponent = Number(found[4] ?? 0) - (found[3]?.length ?? 0);
  }
  static of(coefficient, exponent) {
    return Object.assign(Object.create(Decimal.prototype), { coefficient, exponent });
  }
  toString() {
    const digits = (this.coefficient < 0n ? -this.coefficient : this.coefficient).toString();
    const sign = this.coefficient < 0n ? "-" : "";
    if (this.exponent >= 0) return sign + digits + (digits === "0" ? "" : "0".repeat(this.exponent));
    const padded = digits.padStart(1 - this.exponent, "0");
    return `${sign}${padded.slice(0, this.exponent)}.${padded.slice(this.exponent)}`;
  }
  toJSON() {
    return this.toString();
  }
  [Symbol.toPrimitive](hint) {
    if (hint === "string") return this.toString();
    throw new TypeError("a Decimal is no floating-point number; use plus, minus, times, compare, or a template string");
  }
  plus(other) {
    return Decimal.of(...together(this, other, (a, b) => a + b));
  }
  minus(other) {
    return Decimal.of(...together(this, other, (a, b) => a - b));
  }
  times(other) {
    const b = new Decimal(other);
    return Decimal.of(this.coefficient * b.coefficient, this.exponent + b.exponent);
  }
  /* -1, 0, 1 as this is below, equal to, above the other. */
  compare(other) {
    const [difference] = together(this, other, (a, b) => a - b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
}

function decimalOf(value) {
  if ((value.flags & C.BOURSE_DECIMAL_PRESENT) === 0) return null;
  const coefficient = (BigInt(value.high) << 64n) | BigInt(value.low);
  return Decimal.of(value.flags & C.BOURSE_DECIMAL_NEGATIVE ? -coefficient : coefficient, value.exponent);
}

// --- What the library tells of itself ---

const enumerations = {};

function enumeration(at) {
  if (!is(at)) return null;
  const info = koffi.decode(at, "bourse_enumeration");
  if (!enumerations[info.name]) {
    const values = koffi.decode(info.values, "bourse_enum_value", info.count);
    enumerations[info.name] = {
      byName: new Map(values.map((v) => [v.name, v.value])),
      byValue: new Map(values.map((v) => [v.value, v.name]).reverse()), // of several names for one value the first
    };
  }
  return enumerations[info.name];
}

function structInfo(at) {
  const info = koffi.decode(at, "bourse_struct_info");
  const members = koffi.decode(info.members, "bourse_member_info", info.member_count);
  for (const member of members) member.values = enumeration(member.enumeration);
  return { type: info.name, kind: info.kind, size: info.size, members, byName: new Map(members.map((m) => [m.name, m])) };
}

function* every(at) {
  for (let i = 0; is(at(i)); i++) yield at(i);
}

for (const at of every(C.bourse_schema_enumeration_at)) enumeration(at);
const kinds = new Map([...every(C.bourse_schema_record_at)].map(structInfo).map((info) => [info.kind, info]));
const requestInfo = structInfo(C.bourse_schema_request());
const orderInfo = structInfo(C.bourse_schema_order_request());

function read(kind, at) {
  const info = kinds.get(kind);
  const wire = koffi.decode(at, info.type);
  const record = {};
  for (const m of info.members) {
    let value = wire[m.name];
    if (m.type === C.BOURSE_TYPE_DECIMAL) value = decimalOf(value);
    else if (m.type === C.BOURSE_TYPE_YES_NO) value = value === 0 ? null : value > 0;
    else if (m.type === C.BOURSE_TYPE_ENUM) value = m.values.byValue.get(value) ?? null;
    else if (m.type === C.BOURSE_TYPE_TIME_NS) value = BigInt(value) || null;
    else if (m.type === C.BOURSE_TYPE_INT64 || m.type === C.BOURSE_TYPE_DURATION_NS) value = BigInt(value);
    else if (m.type === C.BOURSE_TYPE_ERROR) value = value === 0 ? null : C.bourse_error_name(value);
    else if (m.type === C.BOURSE_TYPE_RECORDS) {
      const count = koffi.decode(at, m.count_offset, "uint32_t");
      const size = BigInt(kinds.get(m.kind).size);
      value = Array.from({ length: count }, (_, i) => read(m.kind, wire[m.name] + BigInt(i) * size));
    }
    record[m.name] = value;
  }
  return record;
}

const operations = [...every(C.bourse_schema_operation_at)].map((at) => {
  const info = koffi.decode(at, "bourse_operation_info");
  const named = (set) => requestInfo.members.filter((_, i) => (BigInt(set) >> BigInt(i)) & 1n).map((m) => m.name);
  return {
    number: info.operation,
    name: info.name,
    accepted: new Set(named(info.accepted)),
    required: named(info.required).filter((name) => name !== "orders"),
    order: (info.flags & C.BOURSE_OPERATION_ORDER) !== 0,
    stream: (info.flags & C.BOURSE_OPERATION_STREAM) !== 0,
  };
});

/* What gives one record rather than a list of them. */
const single = new Set(
  `fetch_time fetch_status fetch_ticker fetch_order_book fetch_funding_rate fetch_open_interest fetch_balance fetch_position
   fetch_leverage fetch_margin_mode fetch_position_mode fetch_trading_fee fetch_permissions fetch_order fetch_deposit_address
   create_order edit_order cancel_order resolve_order wait_order close_position transfer withdraw`.split(/\s+/),
);

// --- Requests ---

/* Memory of a request, freed when the library has copied it. */
class Memory {
  #held = [];
  keep(at) {
    this.#held.push(at);
    return at;
  }
  text(value) {
    const bytes = Buffer.from(`${value}\0`);
    const at = this.keep(koffi.alloc("char", bytes.length));
    new Uint8Array(koffi.view(at, bytes.length)).set(bytes);
    return at;
  }
  addresses(list) {
    const at = this.keep(koffi.alloc("void *", Math.max(list.length, 1)));
    list.forEach((pointer, i) => koffi.encode(at, i * 8, "void *", pointer));
    return at;
  }
  pairs(object) {
    const entries = Object.entries(object);
    const size = koffi.sizeof("bourse_param");
    const at = this.keep(koffi.alloc("bourse_param", Math.max(entries.length, 1)));
    new Uint8Array(koffi.view(at, size * Math.max(entries.length, 1))).fill(0);
    entries.forEach(([name, value], i) => {
      koffi.encode(at, i * size, "void *", this.text(name));
      koffi.encode(at, i * size + koffi.offsetof("bourse_param", "value"), "void *", this.text(value));
    });
    return at;
  }
  free() {
    this.#held.splice(0).forEach((at) => koffi.free(at));
  }
}

function fill(at, info, name, value, memory) {
  const m = info.byName.get(name);
  const set = (type, given) => koffi.encode(at, m.offset, type, given);
  const count = (given) => koffi.encode(at, m.count_offset, "uint32_t", given);
  if (m.type === C.BOURSE_TYPE_DECIMAL) {
    const text = new Decimal(value).toString();
    if (C.bourse_decimal_parse(at + BigInt(m.offset), text, Buffer.byteLength(text)) !== 0)
      throw new RangeError(`${name} is ${text}; a number of at most 38 digits is wanted`);
  } else if (m.type === C.BOURSE_TYPE_STRING) set("void *", memory.text(value));
  else if (m.type === C.BOURSE_TYPE_YES_NO) set("int32_t", value ? C.BOURSE_YES : C.BOURSE_NO);
  else if (m.type === C.BOURSE_TYPE_ENUM) {
    if (!m.values.byName.has(value)) throw new RangeError(`${name} is "${value}"; there are: ${[...m.values.byName.keys()].join(", ")}`);
    set("int32_t", m.values.byName.get(value));
  } else if (m.type === C.BOURSE_TYPE_STRINGS) {
    set("void *", memory.addresses(value.map((v) => memory.text(v))));
    count(value.length);
  } else if (m.type === C.BOURSE_TYPE_RECORDS) {
    set("void *", memory.addresses(value.map((v) => orderOf(v, memory))));
    count(value.length);
  } else if (m.type === C.BOURSE_TYPE_PARAMS) {
    set("void *", memory.pairs(value));
    count(Object.keys(value).length);
  } else if (m.type === C.BOURSE_TYPE_UINT32 || m.type === C.BOURSE_TYPE_INT32) set("int32_t", value);
  else set("int64_t", BigInt(value));
}

function orderOf(values, memory) {
  const at = memory.keep(stamped("bourse_order_request"));
  for (const [name, value] of Object.entries(values)) {
    if (!orderInfo.byName.has(name)) throw new TypeError(`an order has no "${name}"; there are: ${[...orderInfo.byName.keys()].join(", ")}`);
    if (value != null) fill(at, orderInfo, name, value, memory);
  }
  return at;
}

function requestOf(operation, given, memory) {
  const values = {};
  let place = 0;
  for (const value of given) {
    if (typeof value === "object" && value !== null && !(value instanceof Decimal)) Object.assign(values, value);
    else if (place < operation.required.length) values[operation.required[place++]] = value;
    else throw new TypeError(`${operation.name} takes ${operation.required.length} arguments by place`);
  }
  if (operation.order) {
    const order = { ...values.order };
    delete values.order;
    for (const name of Object.keys(values))
      if (!operation.accepted.has(name)) {
        order[name] = values[name];
        delete values[name];
      }
    values.orders = [order];
  }
  const at = memory.keep(stamped("bourse_request"));
  put(at, "bourse_request", "operation", operation.number);
  for (const [name, value] of Object.entries(values)) {
    if (!operation.accepted.has(name))
      throw new TypeError(`${operation.name} has no argument "${name}"; there are: ${[...operation.accepted].join(", ")}`);
    if (value != null) fill(at, requestInfo, name, value, memory);
  }
  return at;
}

function taken(result, operation) {
  try {
    if (C.bourse_result_code(result) !== 0) throw new BourseError(C.bourse_result_error(result));
    const kind = C.bourse_result_kind(result);
    if (kind === C.BOURSE_KIND_RAW) return C.bourse_result_raw(result, null);
    const count = C.bourse_result_count(result);
    const records = Array.from({ length: count }, (_, i) => read(kind, C.bourse_result_record(result, i)));
    return single.has(operation.name) && count === 1 ? records[0] : records;
  } finally {
    C.bourse_result_free(result);
  }
}

/* Calls a function whose first parameter is where it puts a handle: the handle, or null. */
function handleOf(call) {
  const out = koffi.alloc("void *", 1);
  koffi.encode(out, "void *", null);
  const code = call(out);
  const at = koffi.decode(out, "void *");
  koffi.free(out);
  return code === 0 ? at : null;
}

// --- Handles ---

/* What exchanges share: loop and queue. options: store (path of a file that orders are written to before they are sent), caFile. */
export class Context {
  #waiting = new Map();
  #streams = new Map();
  #turning = false;
  #closed = false;
  #file = null;

  constructor({ store, caFile } = {}) {
    const memory = new Memory();
    const options = memory.keep(stamped("bourse_context_options"));
    if (caFile) put(options, "bourse_context_options", "ca_file", caFile);
    if (store) {
      this.#file = handleOf((out) => C.bourse_store_file_open(out, store, null));
      if (!this.#file) throw new Error(`${store} cannot be opened as a journal`);
      put(options, "bourse_context_options", "store", C.bourse_store_file_store(this.#file));
    }
    this.at = handleOf((out) => C.bourse_context_new(out, options));
    memory.free();
    if (!this.at) throw new Error("no context could be made");
  }

  error() {
    return new BourseError(C.bourse_context_error(this.at));
  }

  /* The library has one descriptor and one time. Another thread waits for both; nothing else happens there. */
  async #turn() {
    const fds = koffi.alloc("int", 2); // struct pollfd: int, short, short
    while (!this.#closed && this.#waiting.size + this.#streams.size > 0) {
      koffi.encode(fds, "int", C.bourse_fd(this.at));
      koffi.encode(fds, 4, "int", 1); // POLLIN
      const wait = C.bourse_timeout_ms(this.at);
      await new Promise((resolve) => poll.async(fds, 1, Number(wait), resolve));
      if (this.#closed) break;
      C.bourse_run(this.at, 0);
      this.#take();
    }
    koffi.free(fds);
    this.#turning = false;
    if (this.#closed) this.#release();
  }

  #take() {
    const event = stamped("bourse_event");
    while (C.bourse_next(this.at, event) > 0) {
      const { ticket, result } = koffi.decode(event, "bourse_event");
      const waiting = this.#waiting.get(BigInt(ticket));
      this.#waiting.delete(BigInt(ticket));
      try {
        if (waiting) waiting.resolve(taken(result, waiting.operation));
        else C.bourse_result_free(result);
      } catch (error) {
        waiting.reject(error);
      }
    }
    koffi.free(event);
    for (let at; is((at = C.bourse_stream_ready(this.at))); ) this.#streams.get(at)._drain();
  }

  #wake() {
    if (this.#turning) C.bourse_wakeup(this.at);
    else {
      this.#turning = true;
      this.#turn();
    }
  }

  _wait(ticket, operation) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { operation, resolve, reject });
      this.#wake();
    });
  }
  _watch(stream) {
    this.#streams.set(stream.at, stream);
    this.#wake();
  }
  _unwatch(stream) {
    this.#streams.delete(stream.at);
    this.#wake();
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(new Error("the context was closed"));
    for (const stream of this.#streams.values()) stream._end();
    if (this.#turning) C.bourse_wakeup(this.at);
    else this.#release();
  }
  #release() {
    C.bourse_context_free(this.at);
    if (this.#file) C.bourse_store_file_close(this.#file);
    this.at = null;
  }
}

const streamKinds = ["", "data", "state", "gap", "error"];
const streamStates = ["", "connecting", "syncing", "live", "stale", "closed"];

/* Events of a channel: for await (const event of stream). Ends when the stream is closed. */
export class Stream {
  #events = [];
  #wanted = [];

  constructor(exchange, at) {
    this.exchange = exchange;
    this.at = at;
    exchange.context._watch(this);
  }

  _drain() {
    const room_ = stamped("bourse_stream_event");
    while (this.at && C.bourse_stream_next(this.at, room_) > 0) {
      const e = koffi.decode(room_, "bourse_stream_event");
      this.#events.push({
        kind: streamKinds[e.kind],
        state: streamStates[e.state],
        symbol: e.symbol,
        records: Array.from({ length: e.count }, (_, i) => read(e.record_kind, C.bourse_stream_event_record(room_, i))),
        snapshot: (e.flags & C.BOURSE_STREAM_SNAPSHOT) !== 0,
        reconciled: (e.flags & C.BOURSE_STREAM_RECONCILED) !== 0,
        dropped: e.dropped,
        timeNs: BigInt(e.time_ns) || null,
        error: is(e.error) ? new BourseError(e.error) : null,
      });
    }
    koffi.free(room_);
    while (this.#wanted.length > 0 && this.#events.length > 0) this.#wanted.shift()({ value: this.#events.shift(), done: false });
  }

  /* Best bid and best ask, each { price, amount }, of a book; a BourseError unless it is live. */
  best(symbol = null) {
    const levels = [room("bourse_level"), room("bourse_level")];
    const code = C.bourse_book_best(...levels, this.at, symbol);
    const [bid, ask] = levels.map((at) => koffi.decode(at, "bourse_level"));
    levels.forEach((at) => koffi.free(at));
    if (code !== 0) throw this.exchange.context.error();
    const side = (level) => ({ price: decimalOf(level.price), amount: decimalOf(level.amount) });
    return { bid: side(bid), ask: side(ask) };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    if (this.#events.length > 0) return Promise.resolve({ value: this.#events.shift(), done: false });
    if (!this.at) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#wanted.push(resolve));
  }
  return() {
    this.close();
    return Promise.resolve({ value: undefined, done: true });
  }
  _end() {
    this.at = null;
    this.#wanted.splice(0).forEach((resolve) => resolve({ value: undefined, done: true }));
  }
  close() {
    if (!this.at) return;
    this.exchange.context._unwatch(this);
    C.bourse_stream_close(this.at);
    this._end();
  }
}

/* One account at one exchange, or none for public data. options: key, secret, passphrase, environment, product, marginMode,
 * hosts and settings (objects), context. */
export class Exchange {
  #own;

  constructor(name, options = {}) {
    this.#own = !options.context;
    this.context = options.context ?? new Context();
    this.name = name;
    const memory = new Memory();
    const given = memory.keep(stamped("bourse_options"));
    const enumerated = (of, value) => enumerations[of].byName.get(value) ?? 0;
    if (options.environment) put(given, "bourse_options", "environment", enumerated("environment", options.environment));
    if (options.product) put(given, "bourse_options", "product", enumerated("product", options.product));
    if (options.marginMode) put(given, "bourse_options", "margin_mode", enumerated("margin_mode", options.marginMode));
    if (options.key) {
      const credentials = memory.keep(stamped("bourse_credentials"));
      const texts = { api_key: options.key, secret: options.secret, passphrase: options.passphrase };
      for (const [member, value] of Object.entries(texts))
        if (value) koffi.encode(credentials, koffi.offsetof("bourse_credentials", member), "void *", memory.text(value));
      if (options.environment) put(credentials, "bourse_credentials", "environment", enumerated("environment", options.environment));
      put(given, "bourse_options", "credentials", credentials);
    }
    for (const [member, pairs] of [["host", options.hosts], ["setting", options.settings]])
      if (pairs) {
        put(given, "bourse_options", `${member}s`, memory.pairs(pairs));
        put(given, "bourse_options", `${member}_count`, Object.keys(pairs).length);
      }
    this.at = handleOf((out) => C.bourse_open(out, this.context.at, name, given));
    memory.free();
    if (!this.at) {
      const error = this.context.error();
      if (this.#own) this.context.close();
      throw error;
    }
  }

  /* "native", "emulated", or null. */
  supports(operation, product) {
    const how = C.bourse_supports(this.at, C.bourse_operation_by_name(operation), product ? enumerations.product.byName.get(product) : 0, 0);
    return how === C.BOURSE_NATIVE ? "native" : how === C.BOURSE_EMULATED ? "emulated" : null;
  }

  async _submit(operation, given) {
    const memory = new Memory();
    const ticket = koffi.alloc("uint64_t", 1);
    try {
      const request = requestOf(operation, given, memory);
      if (C.bourse_submit(this.at, request, ticket) !== 0) throw this.context.error();
      return await this.context._wait(BigInt(koffi.decode(ticket, "uint64_t")), operation);
    } finally {
      koffi.free(ticket);
      memory.free();
    }
  }

  _open(operation, given) {
    const memory = new Memory();
    try {
      const request = requestOf(operation, given, memory);
      const at = handleOf((out) => C.bourse_watch(out, this.at, request, null));
      if (!at) throw this.context.error();
      return new Stream(this, at);
    } finally {
      memory.free();
    }
  }

  /* Wipes the keys. Requests under way are given up. */
  close() {
    if (this.at && this.context.at) C.bourse_close(this.at);
    this.at = null;
    if (this.#own) this.context.close();
  }
}

for (const operation of operations) {
  const name = operation.name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  Exchange.prototype[name] = operation.stream
    ? function (...given) {
        return this._open(operation, given);
      }
    : function (...given) {
        return this._submit(operation, given);
      };
}
