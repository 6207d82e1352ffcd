--- bourse - one exact interface to every crypto exchange: libbourse for LuaJIT.
--
--   local bourse = require("bourse")
--   local exchange = bourse.open("binance")
--   print(exchange:fetch_ticker("BTC/USDT").last)
--
-- Every operation of the library is a method: what it must have is given by place, everything by name in a table behind.
-- Methods watch_* give a stream; exchange.later has the other operations without waiting, each giving a ticket that
-- context:wait settles. Numbers are bourse.decimal: exact, with + - * and comparison; a Lua number is taken only when it is whole.
-- Times are nanoseconds (int64_t), enumerated values their names, what is absent is nil. Failures are raised: a table with
-- code, outcome, message, exchange_code, whose text is code and message.
--
-- The library and its declarations are looked for under $BOURSE_PREFIX, /usr/local and /usr.
local ffi = require("ffi")
local bit = require("bit")
local bourse = {}

local function load()
  for _, prefix in ipairs({os.getenv("BOURSE_PREFIX") or "/usr/local", "/usr/local", "/usr"}) do
    local file = io.open(prefix .. "/share/bourse/bourse.cdef")
    if file then
      ffi.cdef(file:read("*a"))
      file:close()
      for _, path in ipairs({prefix .. "/lib/libbourse.so.0.1", "libbourse.so.0.1"}) do
        local found, library = pcall(ffi.load, path)
        if found then return library end
      end
    end
  end
  error("libbourse is not under $BOURSE_PREFIX, /usr/local or /usr")
end

local C = load()

local function text(pointer)
  if pointer ~= nil then return ffi.string(pointer) end
end

-- --- Failures ---

local failure = {__tostring = function(self) return self.code .. ": " .. self.message end}

local function fail(e)
  error(setmetatable({
    code = text(C.bourse_error_name(e.code)), outcome = text(C.bourse_outcome_name(e.outcome)), message = text(e.message),
    field = text(e.field), exchange_code = text(e.exchange_code), exchange_message = text(e.exchange_message),
    http_status = e.http_status, retry_after_ms = tonumber(e.retry_after_ms), client_order_id = text(e.client_order_id),
  }, failure), 0)
end

-- --- Numbers ---

local decimal

local function parsed(value)
  if ffi.istype(decimal, value) then return value end
  if type(value) == "number" and value % 1 ~= 0 then
    error("the number " .. value .. " is not exact; give it as a string or bourse.decimal", 3)
  end
  local out, given = decimal(), type(value) == "number" and string.format("%.0f", value) or tostring(value)
  if C.bourse_decimal_parse(out, given, #given) ~= 0 then error('"' .. given .. '" is no number of at most 38 digits', 3) end
  return out
end

local function arithmetic(name)
  local operate = C[name]
  return function(a, b)
    local out = decimal()
    local code = operate(out, parsed(a), parsed(b))
    if code ~= 0 then error(text(C.bourse_error_text(code)), 2) end
    return out
  end
end

local function compare(a, b) return C.bourse_decimal_compare(parsed(a), parsed(b)) end

decimal = ffi.metatype("bourse_decimal", {
  __tostring = function(self)
    local buffer = ffi.new("char[?]", C.BOURSE_DECIMAL_TEXT_SIZE)
    return ffi.string(buffer, C.bourse_decimal_format(buffer, C.BOURSE_DECIMAL_TEXT_SIZE, self))
  end,
  __add = arithmetic("bourse_decimal_add"), __sub = arithmetic("bourse_decimal_sub"), __mul = arithmetic("bourse_decimal_mul"),
  __eq = function(a, b) return ffi.istype(decimal, a) and ffi.istype(decimal, b) and compare(a, b) == 0 end,
  __lt = function(a, b) return compare(a, b) < 0 end,
  __le = function(a, b) return compare(a, b) <= 0 end,
})
bourse.decimal = parsed

-- --- What the library tells of itself ---

local enumerations = {}

local function enumeration(info)
  if info == nil then return nil end
  local name = text(info.name)
  if not enumerations[name] then
    local of = {}
    for i = 0, info.count - 1 do
      local value, called = info.values[i].value, text(info.values[i].name)
      of[value], of[called] = of[value] or called, value -- of several names for one value the first is given back
    end
    enumerations[name] = of
  end
  return enumerations[name]
end

local function members(info)
  local list = {}
  for i = 0, info.member_count - 1 do
    local m = info.members[i]
    local member = {name = text(m.name), type = m.type, kind = m.kind, values = enumeration(m.enumeration), count = m.count_offset}
    list[i + 1], list[member.name] = member, member
  end
  return list
end

local kinds, operations = {}, {}

local function read(kind, pointer)
  local of = kinds[kind]
  local source, record = ffi.cast(of.pointer, pointer), {}
  for _, m in ipairs(of.members) do
    local value = source[m.name]
    if m.type == 1 then
      value = text(value)
    elseif m.type == C.BOURSE_TYPE_DECIMAL then
      value = C.bourse_decimal_is_present(value) > 0 and decimal(value) or nil
    elseif m.type == C.BOURSE_TYPE_YES_NO then
      if value == 0 then value = nil else value = value > 0 end
    elseif m.type == C.BOURSE_TYPE_ENUM then
      value = m.values[value]
    elseif m.type == C.BOURSE_TYPE_TIME_NS then
      if value == 0 then value = nil end
    elseif m.type == C.BOURSE_TYPE_ERROR then
      value = value ~= 0 and text(C.bourse_error_name(value)) or nil
    elseif m.type == C.BOURSE_TYPE_RECORDS then
      local list = {}
      for i = 0, ffi.cast("uint32_t *", ffi.cast("char *", source) + m.count)[0] - 1 do
        list[i + 1] = read(m.kind, value + i)
      end
      value = list
    end
    record[m.name] = value
  end
  return record
end

local index = 0
while C.bourse_schema_enumeration_at(index) ~= nil do
  enumeration(C.bourse_schema_enumeration_at(index))
  index = index + 1
end
index = 0
while C.bourse_schema_record_at(index) ~= nil do
  local info = C.bourse_schema_record_at(index)
  kinds[info.kind] = {pointer = ffi.typeof("const " .. text(info.name) .. " *"), members = members(info)}
  index = index + 1
end
local arguments, order_arguments = members(C.bourse_schema_request()), members(C.bourse_schema_order_request())
index = 0
while C.bourse_schema_operation_at(index) ~= nil do
  local info = C.bourse_schema_operation_at(index)
  local operation = {number = info.operation, name = text(info.name), accepted = {}, required = {}}
  for i, m in ipairs(arguments) do
    local mask = 2ULL ^ (i - 1)
    if bit.band(info.accepted, mask) ~= 0 then operation.accepted[m.name] = true end
    if bit.band(info.required, mask) ~= 0 and m.name ~= "orders" then table.insert(operation.required, m.name) end
  end
  operation.order = bit.band(info.flags, C.BOURSE_OPERATION_ORDER) ~= 0
  operation.stream = bit.band(info.flags, C.BOURSE_OPERATION_STREAM) ~= 0
  operations[operation.name] = operation
  index = index + 1
end

-- What gives one record rather than a list of them.
local single = {}
for name in ([[fetch_time fetch_status fetch_ticker fetch_order_book fetch_funding_rate fetch_open_interest fetch_balance
  fetch_position fetch_leverage fetch_margin_mode fetch_position_mode fetch_trading_fee fetch_permissions fetch_order
  fetch_deposit_address create_order edit_order cancel_order resolve_order wait_order close_position transfer
  withdraw]]):gmatch("%S+") do single[name] = true end

-- --- Requests ---

local function names(list)
  local all = {}
  for i, m in ipairs(list) do all[i] = m.name end
  return table.concat(all, ", ")
end

local function strings(list, alive)
  local array = ffi.new("const char *[?]", math.max(#list, 1))
  for i, value in ipairs(list) do
    value = tostring(value)
    alive[#alive + 1], array[i - 1] = value, value
  end
  alive[#alive + 1] = array
  return array
end

local function set_count(target, member, count)
  ffi.cast("uint32_t *", ffi.cast("char *", target) + member.count)[0] = count
end

local order_request

local function put(target, list, name, value, alive)
  local m = list[name]
  if m.type == C.BOURSE_TYPE_DECIMAL then
    target[name] = parsed(value)
  elseif m.type == C.BOURSE_TYPE_STRING then
    value = tostring(value)
    alive[#alive + 1], target[name] = value, value
  elseif m.type == C.BOURSE_TYPE_YES_NO then
    target[name] = value and C.BOURSE_YES or C.BOURSE_NO
  elseif m.type == C.BOURSE_TYPE_ENUM then
    if not m.values[value] then error(name .. ' is "' .. tostring(value) .. '", which is none of its values', 0) end
    target[name] = type(value) == "number" and value or m.values[value]
  elseif m.type == C.BOURSE_TYPE_STRINGS then
    target[name] = strings(value, alive)
    set_count(target, m, #value)
  elseif m.type == C.BOURSE_TYPE_RECORDS then
    local array = ffi.new("const bourse_order_request *[?]", math.max(#value, 1))
    for i, order in ipairs(value) do array[i - 1] = order_request(order, alive) end
    alive[#alive + 1], target[name] = array, array
    set_count(target, m, #value)
  elseif m.type == C.BOURSE_TYPE_PARAMS then
    local count, array = 0, ffi.new("bourse_param[64]")
    for key, given in pairs(value) do
      given = tostring(given)
      alive[#alive + 1], array[count].name, array[count].value, count = given, key, given, count + 1
    end
    alive[#alive + 1], target[name] = array, array
    set_count(target, m, count)
  else
    target[name] = value
  end
end

function order_request(values, alive)
  local order = ffi.new("bourse_order_request")
  C.bourse_order_request_init(order, ffi.sizeof(order))
  alive[#alive + 1] = order
  for name, value in pairs(values) do
    if not order_arguments[name] then error('an order has no "' .. name .. '"; there are: ' .. names(order_arguments), 0) end
    put(order, order_arguments, name, value, alive)
  end
  return order
end

local function request_of(operation, ...)
  local values, alive, place = {}, {}, 0
  for i = 1, select("#", ...) do
    local given = select(i, ...)
    if type(given) == "table" then
      for name, value in pairs(given) do values[name] = value end
    else
      place = place + 1
      local name = operation.required[place]
      if not name then error(operation.name .. " takes " .. #operation.required .. " arguments by place", 0) end
      values[name] = given
    end
  end
  if operation.order then
    local order = values.order or {}
    values.order = nil
    for name, value in pairs(values) do
      if not operation.accepted[name] then order[name] = value end
    end
    for name in pairs(order) do values[name] = nil end
    values.orders = {order}
  end
  local request = ffi.new("bourse_request")
  C.bourse_request_init(request, ffi.sizeof(request), operation.number)
  for name, value in pairs(values) do
    if not operation.accepted[name] then error(operation.name .. ' has no argument "' .. name .. '"', 0) end
    put(request, arguments, name, value, alive)
  end
  return request, alive
end

local function taken(result, operation)
  result = ffi.gc(result, C.bourse_result_free)
  if C.bourse_result_code(result) ~= 0 then fail(C.bourse_result_error(result)) end
  local kind = C.bourse_result_kind(result)
  if kind == C.BOURSE_KIND_RAW then
    local length = ffi.new("size_t[1]")
    local bytes = C.bourse_result_raw(result, length)
    return ffi.string(bytes, length[0])
  end
  local records = {}
  for i = 0, C.bourse_result_count(result) - 1 do records[i + 1] = read(kind, C.bourse_result_record(result, i)) end
  if single[operation.name] and #records == 1 then return records[1] end
  return records
end

-- --- Streams ---

local stream_kinds = {"data", "state", "gap", "error"}
local stream_states = {"connecting", "syncing", "live", "stale", "closed"}
local stream = {}
stream.__index = stream

--- The next event, waiting at most so many milliseconds (without limit when nil); nil: none.
function stream:next(max_wait_ms)
  local event = ffi.new("bourse_stream_event", {struct_size = ffi.sizeof("bourse_stream_event"), api_version = C.BOURSE_API_VERSION})
  local got = C.bourse_stream_wait(self.handle, event, max_wait_ms or -1)
  if got < 0 then fail(C.bourse_context_error(self.exchange.context.handle)) end
  if got == 0 then return nil end
  local records = {}
  for i = 0, event.count - 1 do
    records[i + 1] = read(event.record_kind, C.bourse_stream_event_record(event, i))
  end
  return {
    kind = stream_kinds[event.kind], state = stream_states[event.state], symbol = text(event.symbol), records = records,
    dropped = event.dropped, time_ns = event.time_ns, error = event.error ~= nil and text(event.error.message) or nil,
  }
end

function stream:events() return function() return self:next() end end

--- Best bid and best ask of a book, price and amount of each; raised unless it is live.
function stream:best(symbol)
  local bid, ask = ffi.new("bourse_level"), ffi.new("bourse_level")
  if C.bourse_book_best(bid, ask, self.handle, symbol) ~= 0 then fail(C.bourse_context_error(self.exchange.context.handle)) end
  return decimal(bid.price), decimal(bid.amount), decimal(ask.price), decimal(ask.amount)
end

function stream:close()
  C.bourse_stream_close(ffi.gc(self.handle, nil))
  self.handle = nil
end

-- --- Handles ---

local context = {}
context.__index = context

--- What exchanges share. options: store (path of a file that orders are written to before they are sent), ca_file.
function bourse.context(options)
  options = options or {}
  local given, out = ffi.new("bourse_context_options"), ffi.new("bourse_context *[1]")
  C.bourse_context_options_init(given, ffi.sizeof(given))
  given.ca_file = options.ca_file
  local self = setmetatable({waiting = {}}, context)
  if options.store then
    local file = ffi.new("bourse_store_file *[1]")
    if C.bourse_store_file_open(file, options.store, nil) ~= 0 then error(options.store .. " cannot be opened as a journal", 2) end
    self.file = file[0]
    given.store = C.bourse_store_file_store(self.file)
  end
  local code = C.bourse_context_new(out, given)
  if code ~= 0 then error(text(C.bourse_error_text(code)), 2) end
  self.handle = ffi.gc(out[0], C.bourse_context_free)
  return self
end

function context:close()
  if self.handle then C.bourse_context_free(ffi.gc(self.handle, nil)) end
  if self.file then C.bourse_store_file_close(self.file) end
  self.handle, self.file = nil, nil
end

--- Waits for a ticket of exchange.later: its records, or the failure raised.
function context:wait(ticket)
  local event = ffi.new("bourse_event", {struct_size = ffi.sizeof("bourse_event"), api_version = C.BOURSE_API_VERSION})
  local wanted = self.waiting[ticket]
  if not wanted then error("there is no such ticket", 2) end
  while wanted.result == nil do
    while C.bourse_next(self.handle, event) > 0 do
      local of = self.waiting[tostring(event.ticket)]
      if of then of.result = event.result else C.bourse_result_free(event.result) end
    end
    if wanted.result == nil then C.bourse_run(self.handle, -1) end
  end
  self.waiting[ticket] = nil
  return taken(wanted.result, wanted.operation)
end

local exchange, later = {}, {}

for name, operation in pairs(operations) do
  if operation.stream then
    exchange[name] = function(self, ...)
      local request, alive = request_of(operation, ...)
      local out = ffi.new("bourse_stream *[1]")
      if C.bourse_watch(out, self.handle, request, nil) ~= 0 then fail(C.bourse_context_error(self.context.handle)) end
      alive[1] = nil
      return setmetatable({handle = ffi.gc(out[0], C.bourse_stream_close), exchange = self}, stream)
    end
  else
    exchange[name] = function(self, ...)
      local request, alive = request_of(operation, ...)
      local out = ffi.new("bourse_result *[1]")
      if C.bourse_execute(out, self.handle, request) ~= 0 then fail(C.bourse_context_error(self.context.handle)) end
      alive[1] = nil
      return taken(out[0], operation)
    end
    later[name] = function(self, ...)
      local request = request_of(operation, ...)
      local ticket = ffi.new("uint64_t[1]")
      if C.bourse_submit(self.exchange.handle, request, ticket) ~= 0 then
        fail(C.bourse_context_error(self.exchange.context.handle))
      end
      self.exchange.context.waiting[tostring(ticket[0])] = {operation = operation}
      return tostring(ticket[0])
    end
  end
end

--- "native", "emulated", or nil.
function exchange:supports(name, product)
  local how = C.bourse_supports(self.handle, operations[name].number, product and enumerations.product[product] or 0, 0)
  return how == C.BOURSE_NATIVE and "native" or how == C.BOURSE_EMULATED and "emulated" or nil
end

function exchange:close()
  if self.handle then C.bourse_close(ffi.gc(self.handle, nil)) end
  self.handle = nil
  if self.own then self.context:close() end
end

local exchange_meta = {__index = exchange}
local later_meta = {__index = later}

local function pairs_of(given, alive)
  local array, count = ffi.new("bourse_param[16]"), 0
  for name, value in pairs(given) do
    value = tostring(value)
    alive[#alive + 1], array[count].name, array[count].value, count = value, name, value, count + 1
  end
  alive[#alive + 1] = array
  return array, count
end

--- Opens an exchange. options: key, secret, passphrase, environment, product, margin_mode, hosts and settings (tables), context.
function bourse.open(name, options)
  options = options or {}
  local alive, given, credentials = {}, ffi.new("bourse_options"), ffi.new("bourse_credentials")
  C.bourse_options_init(given, ffi.sizeof(given))
  given.environment = options.environment and enumerations.environment[options.environment] or 0
  given.product = options.product and enumerations.product[options.product] or 0
  given.margin_mode = options.margin_mode and enumerations.margin_mode[options.margin_mode] or 0
  if options.key then
    C.bourse_credentials_init(credentials, ffi.sizeof(credentials))
    credentials.api_key, credentials.secret, credentials.passphrase = options.key, options.secret, options.passphrase
    credentials.environment = given.environment
    given.credentials = credentials
  end
  if options.hosts then given.hosts, given.host_count = pairs_of(options.hosts, alive) end
  if options.settings then given.settings, given.setting_count = pairs_of(options.settings, alive) end
  local self = {context = options.context or bourse.context(), own = options.context == nil, name = name}
  local out = ffi.new("bourse_exchange *[1]")
  if C.bourse_open(out, self.context.handle, name, given) ~= 0 then fail(C.bourse_context_error(self.context.handle)) end
  self.handle = ffi.gc(out[0], C.bourse_close)
  self.later = setmetatable({exchange = self}, later_meta)
  return setmetatable(self, exchange_meta)
end

return bourse
