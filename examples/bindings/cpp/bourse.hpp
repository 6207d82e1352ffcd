/* bourse.hpp - libbourse for C++17: handles that close themselves, results to iterate over, exceptions, exact numbers.
 *
 *   bourse::Exchange exchange("binance");
 *   std::cout << exchange.fetch_ticker("BTC/USDT")->last << '\n';
 *
 * Records are the structs of the C headers, borrowed from the result that holds them. What has no function of its own here is
 * reached by Exchange::call with any bourse_request. Like the library, a context and its handles belong to one thread at a time. */
#ifndef BOURSE_HPP
#define BOURSE_HPP

#include <bourse.h>

#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bourse {

/* What went wrong. outcome(): BOURSE_OUTCOME_*, what became of the request at the exchange. */
class Error : public std::runtime_error {
 public:
  explicit Error(const bourse_error &error)
      : std::runtime_error(std::string(bourse_error_name(error.code)) + ": " + error.message),
        code_(error.code),
        outcome_(error.outcome),
        retry_after_ms_(error.retry_after_ms),
        exchange_code_(error.exchange_code),
        client_order_id_(error.client_order_id) {}
  explicit Error(int32_t code) : std::runtime_error(bourse_error_text(code)), code_(code) {}

  int32_t code() const noexcept { return code_; }
  const char *name() const noexcept { return bourse_error_name(code_); }
  int32_t outcome() const noexcept { return outcome_; }
  const char *outcome_name() const noexcept { return bourse_outcome_name(outcome_); }
  int64_t retry_after_ms() const noexcept { return retry_after_ms_; }
  const std::string &exchange_code() const noexcept { return exchange_code_; }
  const std::string &client_order_id() const noexcept { return client_order_id_; }

 private:
  int32_t code_;
  int32_t outcome_ = BOURSE_OUTCOME_NONE;
  int64_t retry_after_ms_ = 0;
  std::string exchange_code_, client_order_id_;
};

/* An exact number; made from text or whole numbers, never from floating point. */
class Decimal {
 public:
  Decimal() = default; /* absent */
  Decimal(const bourse_decimal &value) : value_(value) {}
  Decimal(const char *text) : Decimal(std::string_view(text)) {}
  Decimal(std::string_view text) { check(bourse_decimal_parse(&value_, text.data(), text.size())); }
  Decimal(int value) { bourse_decimal_from_int64(&value_, value); }
  Decimal(int64_t value) { bourse_decimal_from_int64(&value_, value); }
  Decimal(double) = delete;

  bool present() const noexcept { return bourse_decimal_is_present(&value_) > 0; }
  const bourse_decimal &get() const noexcept { return value_; }
  operator const bourse_decimal &() const noexcept { return value_; }

  std::string str() const {
    char text[BOURSE_DECIMAL_TEXT_SIZE];
    bourse_decimal_format(text, sizeof text, &value_);
    return text;
  }
  /* a / b with so many decimals, rounded. */
  static Decimal divide(const Decimal &a, const Decimal &b, int32_t decimals, int32_t rounding = BOURSE_ROUND_HALF_EVEN) {
    Decimal out;
    check(bourse_decimal_div(&out.value_, &a.value_, &b.value_, decimals, rounding));
    return out;
  }
  friend Decimal operator+(const Decimal &a, const Decimal &b) { return made(bourse_decimal_add, a, b); }
  friend Decimal operator-(const Decimal &a, const Decimal &b) { return made(bourse_decimal_sub, a, b); }
  friend Decimal operator*(const Decimal &a, const Decimal &b) { return made(bourse_decimal_mul, a, b); }
  friend bool operator==(const Decimal &a, const Decimal &b) { return bourse_decimal_compare(&a.value_, &b.value_) == 0; }
  friend bool operator!=(const Decimal &a, const Decimal &b) { return !(a == b); }
  friend bool operator<(const Decimal &a, const Decimal &b) { return bourse_decimal_compare(&a.value_, &b.value_) < 0; }
  friend bool operator>(const Decimal &a, const Decimal &b) { return b < a; }
  friend bool operator<=(const Decimal &a, const Decimal &b) { return !(b < a); }
  friend bool operator>=(const Decimal &a, const Decimal &b) { return !(a < b); }

 private:
  static void check(int32_t code) {
    if (code != BOURSE_OK) throw Error(code);
  }
  template <class Operation>
  static Decimal made(Operation operation, const Decimal &a, const Decimal &b) {
    Decimal out;
    check(operation(&out.value_, &a.value_, &b.value_));
    return out;
  }
  bourse_decimal value_ = bourse_decimal();
};

inline std::ostream &operator<<(std::ostream &out, const Decimal &value) { return out << value.str(); }

/* The records of an operation. Owns them: what is reached through it lives as long as it. */
template <class Record>
class Result {
 public:
  explicit Result(bourse_result *result) : result_(result, bourse_result_free) {}

  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Record;
    using difference_type = std::ptrdiff_t;
    using pointer = const Record *;
    using reference = const Record &;
    iterator(const bourse_result *result, uint32_t index) : result_(result), index_(index) {}
    reference operator*() const { return *static_cast<pointer>(bourse_result_record(result_, index_)); }
    pointer operator->() const { return &**this; }
    iterator &operator++() { return ++index_, *this; }
    bool operator==(const iterator &other) const { return index_ == other.index_; }
    bool operator!=(const iterator &other) const { return index_ != other.index_; }

   private:
    const bourse_result *result_;
    uint32_t index_;
  };

  uint32_t size() const noexcept { return bourse_result_count(result_.get()); }
  bool empty() const noexcept { return size() == 0; }
  iterator begin() const noexcept { return iterator(result_.get(), 0); }
  iterator end() const noexcept { return iterator(result_.get(), size()); }
  const Record &operator[](uint32_t index) const {
    const void *record = bourse_result_record(result_.get(), index);
    if (record == nullptr) throw std::out_of_range("the result has no record of that index");
    return *static_cast<const Record *>(record);
  }
  /* The first record, of what gives just one. */
  const Record *operator->() const { return &(*this)[0]; }
  const Record &operator*() const { return (*this)[0]; }
  const bourse_result *get() const noexcept { return result_.get(); }
  const char *cursor() const noexcept { return bourse_result_cursor(result_.get()); }

 private:
  std::unique_ptr<bourse_result, void (*)(bourse_result *)> result_;
};

/* What exchanges share: loop, queue, journal. */
class Context {
 public:
  explicit Context(const bourse_context_options *options = nullptr) : context_(nullptr, bourse_context_free) {
    bourse_context *out = nullptr;
    int32_t code = bourse_context_new(&out, options);
    if (code != BOURSE_OK) throw Error(code);
    context_.reset(out);
  }
  bourse_context *get() const noexcept { return context_.get(); }
  [[noreturn]] void fail() const { throw Error(*bourse_context_error(get())); }
  int32_t run(int64_t max_wait_ms) const { return bourse_run(get(), max_wait_ms); }

 private:
  std::unique_ptr<bourse_context, void (*)(bourse_context *)> context_;
};

/* A request under way (Exchange::submit). */
template <class Record>
class Pending {
 public:
  Pending(std::shared_ptr<Context> context, std::shared_ptr<bourse_result *> slot)
      : context_(std::move(context)), slot_(std::move(slot)) {}
  bool ready() const noexcept { return *slot_ != nullptr; }
  /* Waits for it. Once. */
  Result<Record> get() {
    while (!ready()) context_->run(-1);
    Result<Record> result(std::exchange(*slot_, nullptr));
    if (bourse_result_code(result.get()) != BOURSE_OK) throw Error(*bourse_result_error(result.get()));
    return result;
  }

 private:
  std::shared_ptr<Context> context_;
  std::shared_ptr<bourse_result *> slot_;
};

/* Events of a channel as they come. */
class Stream {
 public:
  Stream(std::shared_ptr<Context> context, bourse_stream *stream)
      : context_(std::move(context)), stream_(stream, bourse_stream_close) {}
  /* The next event, nothing when there is none within max_wait_ms (-1: without limit). Borrowed until the next call. */
  const bourse_stream_event *next(int64_t max_wait_ms = -1) {
    int32_t got = bourse_stream_wait(stream_.get(), &event_, max_wait_ms);
    if (got < 0) context_->fail();
    return got > 0 ? &event_ : nullptr;
  }
  template <class Record>
  static const Record &record(const bourse_stream_event &event, uint32_t index) {
    return *static_cast<const Record *>(bourse_stream_event_record(&event, index));
  }
  /* Best bid and ask of a stream of books; an Error unless the book is live. */
  std::pair<bourse_level, bourse_level> best(const char *symbol = nullptr) const {
    bourse_level bid, ask;
    if (bourse_book_best(&bid, &ask, stream_.get(), symbol) != BOURSE_OK) context_->fail();
    return {bid, ask};
  }
  bourse_stream *get() const noexcept { return stream_.get(); }

 private:
  std::shared_ptr<Context> context_;
  std::unique_ptr<bourse_stream, void (*)(bourse_stream *)> stream_;
  bourse_stream_event event_ = BOURSE_STREAM_EVENT_INIT;
};

struct Options {
  const char *key = nullptr, *secret = nullptr, *passphrase = nullptr;
  const char *address = nullptr; /* of all hosts: for tests */
  bourse_options more = BOURSE_OPTIONS_INIT;
};

/* One account at one exchange, or none for public data. */
class Exchange {
 public:
  explicit Exchange(const char *name, Options options = Options(),
                    std::shared_ptr<Context> context = std::make_shared<Context>())
      : context_(std::move(context)), exchange_(nullptr, bourse_close) {
    bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
    bourse_param host = {"*", options.address, 0, 0};
    bourse_exchange *out = nullptr;
    credentials.api_key = options.key;
    credentials.secret = options.secret;
    credentials.passphrase = options.passphrase;
    credentials.environment = options.more.environment;
    if (options.key != nullptr) options.more.credentials = &credentials;
    if (options.address != nullptr) options.more.hosts = &host, options.more.host_count = 1;
    if (bourse_open(&out, context_->get(), name, &options.more) != BOURSE_OK) context_->fail();
    exchange_.reset(out);
  }

  /* Any operation. */
  template <class Record>
  Result<Record> call(const bourse_request &request) const {
    bourse_result *out = nullptr;
    if (bourse_execute(&out, exchange_.get(), &request) != BOURSE_OK) context_->fail();
    return Result<Record>(out);
  }
  /* The same without waiting; it goes on inside Pending::get and Context::run. */
  template <class Record>
  Pending<Record> submit(bourse_request request) const {
    auto slot = std::shared_ptr<bourse_result *>(new bourse_result *(nullptr), [](bourse_result **held) {
      bourse_result_free(*held);
      delete held;
    });
    auto held = std::make_unique<std::shared_ptr<bourse_result *>>(slot);
    request.on_complete = [](void *user_data, bourse_event *event) {
      std::unique_ptr<std::shared_ptr<bourse_result *>> of(static_cast<std::shared_ptr<bourse_result *> *>(user_data));
      **of = event->result;
    };
    request.user_data = held.get();
    if (bourse_submit(exchange_.get(), &request, nullptr) != BOURSE_OK) context_->fail();
    held.release();
    return Pending<Record>(context_, slot);
  }
  Stream watch(const bourse_request &request, const bourse_stream_options *options = nullptr) const {
    bourse_stream *out = nullptr;
    if (bourse_watch(&out, exchange_.get(), &request, options) != BOURSE_OK) context_->fail();
    return Stream(context_, out);
  }

  Result<bourse_market> fetch_markets(int32_t product = 0) const {
    return made<bourse_market>(bourse_fetch_markets, product);
  }
  Result<bourse_ticker> fetch_ticker(const char *symbol) const { return made<bourse_ticker>(bourse_fetch_ticker, symbol); }
  Result<bourse_order_book> fetch_order_book(const char *symbol, uint32_t limit = 0) const {
    return made<bourse_order_book>(bourse_fetch_order_book, symbol, limit);
  }
  Result<bourse_trade> fetch_trades(const char *symbol, int64_t since_ns = 0, uint32_t limit = 0) const {
    return made<bourse_trade>(bourse_fetch_trades, symbol, since_ns, limit);
  }
  Result<bourse_candle> fetch_candles(const char *symbol, const char *timeframe, int64_t since_ns = 0,
                                      uint32_t limit = 0) const {
    return made<bourse_candle>(bourse_fetch_candles, symbol, timeframe, since_ns, limit);
  }
  Result<bourse_balance> fetch_balances(int32_t wallet = 0) const {
    return made<bourse_balance>(bourse_fetch_balances, wallet);
  }
  Result<bourse_order> create_order(const bourse_order_request &order) const {
    return made<bourse_order>(bourse_create_order, &order);
  }
  Result<bourse_order> cancel_order(const char *symbol, const char *order_id, const char *client_order_id = nullptr) const {
    return made<bourse_order>(bourse_cancel_order, symbol, order_id, client_order_id);
  }
  Result<bourse_order> fetch_order(const char *symbol, const char *order_id, const char *client_order_id = nullptr) const {
    return made<bourse_order>(bourse_fetch_order, symbol, order_id, client_order_id);
  }
  Result<bourse_order> fetch_open_orders(const char *symbol = nullptr) const {
    return made<bourse_order>(bourse_fetch_open_orders, symbol);
  }
  Result<bourse_fill> fetch_my_trades(const char *symbol, int64_t since_ns = 0, uint32_t limit = 0) const {
    return made<bourse_fill>(bourse_fetch_my_trades, symbol, since_ns, limit);
  }
  Stream watch_ticker(const char *symbol) const { return watched(bourse_watch_ticker, symbol); }
  Stream watch_order_book(const char *symbol, uint32_t depth = 0) const {
    return watched(bourse_watch_order_book, symbol, depth);
  }
  Stream watch_trades(const char *symbol) const { return watched(bourse_watch_trades, symbol); }
  Stream watch_orders() const { return watched(bourse_watch_orders); }

  const std::shared_ptr<Context> &context() const noexcept { return context_; }
  bourse_exchange *get() const noexcept { return exchange_.get(); }

 private:
  template <class Record, class Function, class... Arguments>
  Result<Record> made(Function function, Arguments... arguments) const {
    bourse_result *out = nullptr;
    if (function(&out, exchange_.get(), arguments...) != BOURSE_OK) context_->fail();
    return Result<Record>(out);
  }
  template <class Function, class... Arguments>
  Stream watched(Function function, Arguments... arguments) const {
    bourse_stream *out = nullptr;
    if (function(&out, exchange_.get(), arguments...) != BOURSE_OK) context_->fail();
    return Stream(context_, out);
  }

  std::shared_ptr<Context> context_; /* lives longer than the handle */
  std::unique_ptr<bourse_exchange, void (*)(bourse_exchange *)> exchange_;
};

/* A limit order, a market order; further members are set on it. */
inline bourse_order_request order(const char *symbol, int32_t side, int32_t type, const Decimal &amount,
                                  const Decimal &price = Decimal()) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  order.symbol = symbol;
  order.side = side;
  order.type = type;
  order.amount = amount;
  order.price = price;
  return order;
}

}  // namespace bourse

/* Prints decimals of records, with the digits the exchange wrote. */
inline std::ostream &operator<<(std::ostream &out, const bourse_decimal &value) { return out << bourse::Decimal(value).str(); }

#endif
