// Package bourse is one exact interface to every crypto exchange: libbourse for Go.
//
//	exchange, err := bourse.Open("binance", bourse.Options{})
//	ticker, err := exchange.FetchTicker("BTC/USDT")
//	fmt.Println(ticker.Last)
//
// Numbers are Decimal: exact text and arithmetic. Times are nanoseconds UTC. What is absent is "" or the zero value. Failures are
// *Error. What has no function of its own here is reached by Call, with arguments by the names of the library, giving records as
// maps. A handle may be used by several goroutines: calls wait for one another.
package bourse

/*
#cgo pkg-config: bourse
#include <bourse.h>
#include <bourse/sys/schema.h>
#include <stdlib.h>

static int32_t bourse_go_open(bourse_exchange **out, bourse_context *context, const char *name, const char *key,
                              const char *secret, const char *passphrase, const char *address) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_param host = {"*", address, 0, 0};
  credentials.api_key = key;
  credentials.secret = secret;
  credentials.passphrase = passphrase;
  if (key != NULL) options.credentials = &credentials;
  if (address != NULL) {
    options.hosts = &host;
    options.host_count = 1;
  }
  return bourse_open(out, context, name, &options);
}

static void *bourse_go_at(void *base, uint32_t offset) { return (char *)base + offset; }

static bourse_request *bourse_go_request(int32_t operation) {
  bourse_request *request = malloc(sizeof *request);
  if (request != NULL) bourse_request_init(request, sizeof *request, operation);
  return request;
}

static bourse_order_request *bourse_go_order(void) {
  bourse_order_request *order = malloc(sizeof *order);
  if (order != NULL) bourse_order_request_init(order, sizeof *order);
  return order;
}

static bourse_stream_event bourse_go_stream_event(void) {
  bourse_stream_event event = BOURSE_STREAM_EVENT_INIT;
  return event;
}

static bourse_event bourse_go_event(void) {
  bourse_event event = BOURSE_EVENT_INIT;
  return event;
}
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
	"unsafe"
)

// Error is what went wrong. Outcome tells what became of the request at the exchange: "not_sent", "rejected", "executed",
// "unknown" or "none".
type Error struct {
	Code, Outcome, Message, Field, ExchangeCode, ExchangeMessage, ClientOrderID string
	HTTPStatus                                                                  int
	RetryAfter                                                                  time.Duration
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func errorOf(e *C.bourse_error) error {
	return &Error{
		Code: C.GoString(C.bourse_error_name(e.code)), Outcome: C.GoString(C.bourse_outcome_name(e.outcome)),
		Message: C.GoString(e.message), Field: C.GoString(e.field), ExchangeCode: C.GoString(e.exchange_code),
		ExchangeMessage: C.GoString(e.exchange_message), ClientOrderID: C.GoString(e.client_order_id),
		HTTPStatus: int(e.http_status), RetryAfter: time.Duration(e.retry_after_ms) * time.Millisecond,
	}
}

// Must gives the value, or ends the program with the error: for short programs.
func Must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// Decimal is an exact number, kept as the exchange wrote it; "" when absent.
type Decimal string

func (d Decimal) parsed() (out C.bourse_decimal, err error) {
	text := C.CString(string(d))
	defer C.free(unsafe.Pointer(text))
	if code := C.bourse_decimal_parse(&out, text, C.size_t(len(d))); code != 0 {
		return out, fmt.Errorf("%q is no number of at most 38 digits", string(d))
	}
	return out, nil
}

// Compare is -1, 0 or 1 as d is below, equal to, above the other. What is absent or no number sorts first.
func (d Decimal) Compare(other Decimal) int {
	a, _ := d.parsed()
	b, _ := other.parsed()
	return int(C.bourse_decimal_compare(&a, &b))
}

func (d Decimal) with(other Decimal, operation func(out, a, b *C.bourse_decimal) C.int32_t) (Decimal, error) {
	a, err := d.parsed()
	if err != nil {
		return "", err
	}
	b, err := other.parsed()
	if err != nil {
		return "", err
	}
	var out C.bourse_decimal
	if code := operation(&out, &a, &b); code != 0 {
		return "", fmt.Errorf("%s", C.GoString(C.bourse_error_text(code)))
	}
	var text [C.BOURSE_DECIMAL_TEXT_SIZE]C.char
	C.bourse_decimal_format(&text[0], C.BOURSE_DECIMAL_TEXT_SIZE, &out)
	return Decimal(C.GoString(&text[0])), nil
}

// Add is d + other; Sub d - other; Mul d * other. Nothing is ever rounded: what does not fit is an error.
func (d Decimal) Add(other Decimal) (Decimal, error) {
	return d.with(other, func(out, a, b *C.bourse_decimal) C.int32_t { return C.bourse_decimal_add(out, a, b) })
}
func (d Decimal) Sub(other Decimal) (Decimal, error) {
	return d.with(other, func(out, a, b *C.bourse_decimal) C.int32_t { return C.bourse_decimal_sub(out, a, b) })
}
func (d Decimal) Mul(other Decimal) (Decimal, error) {
	return d.with(other, func(out, a, b *C.bourse_decimal) C.int32_t { return C.bourse_decimal_mul(out, a, b) })
}

// Args are the arguments of an operation by the names of the library (see bourse api). Values: string, Decimal, bool, int, int64,
// []string, and, for orders, Args again.
type Args map[string]any

// Record is something that an exchange told, by the names of the library, as JSON has it: decimals and times are strings.
type Record map[string]any

func (r Record) text(name string) string {
	text, _ := r[name].(string)
	return text
}

// Records of everyday use. All have every member in Record.
type (
	Ticker struct {
		Record
		Symbol         string
		Last, Bid, Ask Decimal
	}
	Level     struct{ Price, Amount Decimal }
	OrderBook struct {
		Record
		Bids, Asks []Level
	}
	Candle struct {
		Record
		Time                           string
		Open, High, Low, Close, Volume Decimal
	}
	Balance struct {
		Record
		Currency          string
		Total, Free, Used Decimal
	}
	Order struct {
		Record
		ID, ClientOrderID, Symbol, Status, Side, Type string
		Price, Amount, Filled                         Decimal
	}
)

func tickerOf(r Record) Ticker {
	return Ticker{r, r.text("symbol"), Decimal(r.text("last")), Decimal(r.text("bid")), Decimal(r.text("ask"))}
}

func levelsOf(list any) (levels []Level) {
	rows, _ := list.([]any)
	for _, row := range rows {
		level := Record(row.(map[string]any))
		levels = append(levels, Level{Decimal(level.text("price")), Decimal(level.text("amount"))})
	}
	return levels
}

func candleOf(r Record) Candle {
	return Candle{r, r.text("time_ns"), Decimal(r.text("open")), Decimal(r.text("high")), Decimal(r.text("low")),
		Decimal(r.text("close")), Decimal(r.text("volume"))}
}

func balanceOf(r Record) Balance {
	return Balance{r, r.text("currency"), Decimal(r.text("total")), Decimal(r.text("free")), Decimal(r.text("used"))}
}

func orderOf(r Record) Order {
	return Order{r, r.text("id"), r.text("client_order_id"), r.text("symbol"), r.text("status"), r.text("side"), r.text("type"),
		Decimal(r.text("price")), Decimal(r.text("amount")), Decimal(r.text("filled"))}
}

// Options of a handle. Address replaces all hosts: for tests.
type Options struct {
	Key, Secret, Passphrase, Address string
}

// Exchange is one account at one exchange, or none for public data.
type Exchange struct {
	mutex    sync.Mutex
	context  *C.bourse_context
	exchange *C.bourse_exchange
	waiting  map[uint64]chan outcome
	running  bool
}

type outcome struct {
	records []Record
	err     error
}

func optional(text string) *C.char {
	if text == "" {
		return nil
	}
	return C.CString(text)
}

// Open opens the exchange of that name. Nothing is sent.
func Open(name string, options Options) (*Exchange, error) {
	e := &Exchange{waiting: map[uint64]chan outcome{}}
	if code := C.bourse_context_new(&e.context, nil); code != 0 {
		return nil, fmt.Errorf("%s", C.GoString(C.bourse_error_text(code)))
	}
	texts := []*C.char{C.CString(name), optional(options.Key), optional(options.Secret), optional(options.Passphrase), optional(options.Address)}
	code := C.bourse_go_open(&e.exchange, e.context, texts[0], texts[1], texts[2], texts[3], texts[4])
	for _, text := range texts {
		C.free(unsafe.Pointer(text))
	}
	if code != 0 {
		err := errorOf(C.bourse_context_error(e.context))
		C.bourse_context_free(e.context)
		return nil, err
	}
	runtime.SetFinalizer(e, (*Exchange).Close)
	return e, nil
}

// Close wipes the keys; what is under way is given up.
func (e *Exchange) Close() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.context == nil {
		return
	}
	C.bourse_close(e.exchange)
	C.bourse_context_free(e.context)
	e.exchange, e.context = nil, nil
	for ticket, channel := range e.waiting {
		channel <- outcome{nil, &Error{Code: "canceled", Outcome: "unknown", Message: "the handle was closed"}}
		delete(e.waiting, ticket)
	}
}

// --- Requests ---

func members(info *C.bourse_struct_info) map[string]C.bourse_member_info {
	found := map[string]C.bourse_member_info{}
	for _, m := range unsafe.Slice(info.members, int(info.member_count)) {
		found[C.GoString(m.name)] = m
	}
	return found
}

var arguments, orderArguments = members(C.bourse_schema_request()), members(C.bourse_schema_order_request())

// memory of a request, freed when the library has copied it.
type memory []unsafe.Pointer

func (m *memory) keep(p unsafe.Pointer) unsafe.Pointer {
	*m = append(*m, p)
	return p
}

func (m *memory) text(text string) *C.char { return (*C.char)(m.keep(unsafe.Pointer(C.CString(text)))) }

func (m *memory) addresses(list []unsafe.Pointer) unsafe.Pointer {
	size := unsafe.Sizeof(uintptr(0))
	at := m.keep(C.malloc(C.size_t(size) * C.size_t(len(list)+1)))
	copy(unsafe.Slice((*unsafe.Pointer)(at), len(list)), list)
	return at
}

func (m *memory) free() {
	for _, p := range *m {
		C.free(p)
	}
}

func (m *memory) fill(base unsafe.Pointer, known map[string]C.bourse_member_info, name string, value any) error {
	info, found := known[name]
	if !found {
		return fmt.Errorf("there is no argument %q", name)
	}
	at := C.bourse_go_at(base, C.uint32_t(info.offset))
	count := func(n int) { *(*C.uint32_t)(C.bourse_go_at(base, C.uint32_t(info.count_offset))) = C.uint32_t(n) }
	switch info._type {
	case C.BOURSE_TYPE_DECIMAL:
		if f, isFloat := value.(float64); isFloat {
			return fmt.Errorf("%s is the float %v, which is not exact; give a Decimal", name, f)
		}
		number, err := Decimal(fmt.Sprint(value)).parsed()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		*(*C.bourse_decimal)(at) = number
	case C.BOURSE_TYPE_STRING:
		*(**C.char)(at) = m.text(fmt.Sprint(value))
	case C.BOURSE_TYPE_YES_NO:
		*(*C.int32_t)(at) = C.BOURSE_NO
		if value == true {
			*(*C.int32_t)(at) = C.BOURSE_YES
		}
	case C.BOURSE_TYPE_ENUM:
		number := C.bourse_enum_value_of(info.enumeration, m.text(fmt.Sprint(value)))
		if number == 0 {
			return fmt.Errorf("%s is %q, which is none of its values", name, value)
		}
		*(*C.int32_t)(at) = number
	case C.BOURSE_TYPE_STRINGS:
		var list []unsafe.Pointer
		for _, text := range value.([]string) {
			list = append(list, unsafe.Pointer(m.text(text)))
		}
		*(*unsafe.Pointer)(at) = m.addresses(list)
		count(len(list))
	case C.BOURSE_TYPE_RECORDS:
		var list []unsafe.Pointer
		for _, values := range value.([]Args) {
			order := m.keep(unsafe.Pointer(C.bourse_go_order()))
			for key, v := range values {
				if err := m.fill(order, orderArguments, key, v); err != nil {
					return err
				}
			}
			list = append(list, order)
		}
		*(*unsafe.Pointer)(at) = m.addresses(list)
		count(len(list))
	case C.BOURSE_TYPE_UINT32, C.BOURSE_TYPE_INT32:
		n, err := strconv.ParseInt(fmt.Sprint(value), 10, 32)
		if err != nil {
			return fmt.Errorf("%s is %v; a whole number is wanted", name, value)
		}
		*(*C.int32_t)(at) = C.int32_t(n)
	default:
		n, err := strconv.ParseInt(fmt.Sprint(value), 10, 64)
		if err != nil {
			return fmt.Errorf("%s is %v; a whole number is wanted", name, value)
		}
		*(*C.int64_t)(at) = C.int64_t(n)
	}
	return nil
}

func (m *memory) request(operation string, args Args) (*C.bourse_request, error) {
	number := C.bourse_operation_by_name(m.text(operation))
	if number == 0 {
		return nil, fmt.Errorf("there is no operation %q", operation)
	}
	request := C.bourse_go_request(number)
	m.keep(unsafe.Pointer(request))
	for name, value := range args {
		if value == "" || value == 0 {
			continue
		}
		if err := m.fill(unsafe.Pointer(request), arguments, name, value); err != nil {
			return nil, fmt.Errorf("%s: %w", operation, err)
		}
	}
	return request, nil
}

func recordOf(kind C.int32_t, at unsafe.Pointer) Record {
	buffer := make([]byte, 4096)
	length := C.bourse_record_json((*C.char)(unsafe.Pointer(&buffer[0])), C.size_t(len(buffer)), kind, at)
	if int(length) >= len(buffer) {
		buffer = make([]byte, int(length)+1)
		length = C.bourse_record_json((*C.char)(unsafe.Pointer(&buffer[0])), C.size_t(len(buffer)), kind, at)
	}
	record := Record{}
	if length > 0 {
		json.Unmarshal(buffer[:int(length)], &record)
	}
	return record
}

func taken(result *C.bourse_result) outcome {
	defer C.bourse_result_free(result)
	if C.bourse_result_code(result) != 0 {
		return outcome{nil, errorOf(C.bourse_result_error(result))}
	}
	var records []Record
	for i := C.uint32_t(0); i < C.bourse_result_count(result); i++ {
		records = append(records, recordOf(C.bourse_result_kind(result), C.bourse_result_record(result, i)))
	}
	return outcome{records, nil}
}

// --- The loop: whoever waits turns it ---

func (e *Exchange) submit(operation string, args Args) (chan outcome, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.context == nil {
		return nil, &Error{Code: "state", Outcome: "not_sent", Message: "the handle is closed"}
	}
	m := memory{}
	defer func() { m.free() }()
	request, err := m.request(operation, args)
	if err != nil {
		return nil, err
	}
	var ticket C.uint64_t
	if C.bourse_submit(e.exchange, request, &ticket) != 0 {
		return nil, errorOf(C.bourse_context_error(e.context))
	}
	channel := make(chan outcome, 1)
	e.waiting[uint64(ticket)] = channel
	return channel, nil
}

// turn runs the library for a moment and hands out what was completed.
func (e *Exchange) turn() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.context == nil {
		return
	}
	C.bourse_run(e.context, 5)
	event := C.bourse_go_event()
	for C.bourse_next(e.context, &event) > 0 {
		answer := taken(event.result)
		if channel, found := e.waiting[uint64(event.ticket)]; found {
			delete(e.waiting, uint64(event.ticket))
			channel <- answer
		}
	}
}

// Call runs an operation to its end. Several goroutines may call at once.
func (e *Exchange) Call(operation string, args Args) ([]Record, error) {
	channel, err := e.submit(operation, args)
	if err != nil {
		return nil, err
	}
	for {
		select {
		case answer := <-channel:
			return answer.records, answer.err
		default:
			e.turn()
		}
	}
}

func (e *Exchange) one(operation string, args Args) (Record, error) {
	records, err := e.Call(operation, args)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, &Error{Code: "bad_reply", Message: operation + " gave no record"}
	}
	return records[0], nil
}

func (e *Exchange) FetchTicker(symbol string) (Ticker, error) {
	record, err := e.one("fetch_ticker", Args{"symbol": symbol})
	return tickerOf(record), err
}

func (e *Exchange) FetchOrderBook(symbol string, limit int) (OrderBook, error) {
	record, err := e.one("fetch_order_book", Args{"symbol": symbol, "limit": limit})
	return OrderBook{record, levelsOf(record["bids"]), levelsOf(record["asks"])}, err
}

func (e *Exchange) FetchCandles(symbol, timeframe string, since time.Time, limit int) (candles []Candle, err error) {
	args := Args{"symbol": symbol, "timeframe": timeframe, "limit": limit}
	if !since.IsZero() {
		args["since_ns"] = since.UnixNano()
	}
	records, err := e.Call("fetch_candles", args)
	for _, record := range records {
		candles = append(candles, candleOf(record))
	}
	return candles, err
}

func (e *Exchange) FetchBalances() (balances []Balance, err error) {
	records, err := e.Call("fetch_balances", nil)
	for _, record := range records {
		balances = append(balances, balanceOf(record))
	}
	return balances, err
}

// CreateOrder places an order: its members by name ("symbol", "side", "type", "amount", "price", ...).
func (e *Exchange) CreateOrder(order Args) (Order, error) {
	record, err := e.one("create_order", Args{"orders": []Args{order}})
	return orderOf(record), err
}

func (e *Exchange) FetchOrder(args Args) (Order, error) {
	record, err := e.one("fetch_order", args)
	return orderOf(record), err
}

func (e *Exchange) CancelOrder(args Args) (Order, error) {
	record, err := e.one("cancel_order", args)
	return orderOf(record), err
}

func (e *Exchange) FetchOpenOrders(symbol string) (orders []Order, err error) {
	records, err := e.Call("fetch_open_orders", Args{"symbol": symbol})
	for _, record := range records {
		orders = append(orders, orderOf(record))
	}
	return orders, err
}

// --- Streams ---

// Event is something that a stream tells: Kind is "data", "state", "gap" or "error".
type Event struct {
	Kind, State, Symbol string
	Records             []Record
	Err                 error
}

// Stream gives events as they come.
type Stream struct {
	exchange *Exchange
	stream   *C.bourse_stream
}

var streamKinds = []string{"", "data", "state", "gap", "error"}
var streamStates = []string{"", "connecting", "syncing", "live", "stale", "closed"}

// Watch opens a stream of one of the operations watch_*.
func (e *Exchange) Watch(operation string, args Args) (*Stream, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	m := memory{}
	defer func() { m.free() }()
	request, err := m.request(operation, args)
	if err != nil {
		return nil, err
	}
	s := &Stream{exchange: e}
	if C.bourse_watch(&s.stream, e.exchange, request, nil) != 0 {
		return nil, errorOf(C.bourse_context_error(e.context))
	}
	return s, nil
}

// Next waits for the next event.
func (s *Stream) Next() (Event, error) {
	for {
		s.exchange.mutex.Lock()
		event := C.bourse_go_stream_event()
		got := C.bourse_stream_wait(s.stream, &event, 5)
		if got == 0 {
			s.exchange.mutex.Unlock()
			runtime.Gosched()
			continue
		}
		defer s.exchange.mutex.Unlock()
		if got < 0 {
			return Event{}, errorOf(C.bourse_context_error(s.exchange.context))
		}
		made := Event{Kind: streamKinds[event.kind], State: streamStates[event.state]}
		if event.symbol != nil {
			made.Symbol = C.GoString(event.symbol)
		}
		if event.error != nil {
			made.Err = errorOf(event.error)
		}
		for i := C.uint32_t(0); i < event.count; i++ {
			made.Records = append(made.Records, recordOf(event.record_kind, C.bourse_stream_event_record(&event, i)))
		}
		return made, nil
	}
}

// Best gives best bid and ask of a stream of books; an error unless the book is live.
func (s *Stream) Best() (bid, ask Level, err error) {
	s.exchange.mutex.Lock()
	defer s.exchange.mutex.Unlock()
	var levels [2]C.bourse_level
	if C.bourse_book_best(&levels[0], &levels[1], s.stream, nil) != 0 {
		return bid, ask, errorOf(C.bourse_context_error(s.exchange.context))
	}
	read := func(level *C.bourse_level) Level {
		record := recordOf(C.BOURSE_KIND_LEVEL, unsafe.Pointer(level))
		return Level{Decimal(record.text("price")), Decimal(record.text("amount"))}
	}
	return read(&levels[0]), read(&levels[1]), nil
}

// Close unwatches.
func (s *Stream) Close() {
	s.exchange.mutex.Lock()
	defer s.exchange.mutex.Unlock()
	if s.stream != nil && s.exchange.context != nil {
		C.bourse_stream_close(s.stream)
	}
	s.stream = nil
}
