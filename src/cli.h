/* cli.h - what the files of the `bourse` program share. The program uses the library's public headers only. */
#ifndef SRC_CLI_H
#define SRC_CLI_H

#include <bourse.h>
#include <bourse/sys/clock.h>
#include <bourse/sys/json.h>
#include <bourse/sys/replay.h>
#include <bourse/sys/schema.h>
#include <bourse/sys/transport.h>

#include <stddef.h>
#include <stdint.h>

/* Exit codes. Documented in the manual page and never renumbered. */
enum {
  CLI_OK = 0,
  CLI_LOCAL = 1,   /* this machine: memory, a file, the user said no */
  CLI_USAGE = 2,   /* the command line, or an argument */
  CLI_AUTH = 3,    /* keys missing, refused, without permission, or the clock is off */
  CLI_REFUSED = 4, /* by a rule of the market, of the exchange, or of this program's options */
  CLI_UNKNOWN = 5, /* may or may not have been done */
  CLI_LIMITED = 6, /* rate limit or ban */
  CLI_NETWORK = 7, /* network, or the exchange is away or unreadable */
  CLI_UNSUPPORTED = 8,
  CLI_UNPROVEN = 9 /* a recording with gaps, checksum failures or messages that cannot be read */
};

/* --- buffer.c: memory and text. Want of memory ends the program. --- */

typedef struct cli_buffer {
  char *data; /* NUL-terminated once something was added */
  size_t length;
  size_t capacity;
} cli_buffer;

/* Exit code when memory runs out; CLI_LOCAL until an order may be on its way. */
void cli_set_memory_exit(int code);
void cli_no_memory(void) __attribute__((noreturn));
void *cli_alloc(size_t size); /* zeroed */
void *cli_grow(void *memory, size_t size);
char *cli_copy(const char *text);
char *cli_copy_bytes(const char *text, size_t length);
char *cli_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

void cli_add_bytes(cli_buffer *buffer, const char *bytes, size_t length);
void cli_add(cli_buffer *buffer, const char *text);
void cli_add_char(cli_buffer *buffer, char c);
void cli_add_format(cli_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. NULL becomes null. */
void cli_add_json(cli_buffer *buffer, const char *text);
void cli_add_json_bytes(cli_buffer *buffer, const char *text, size_t length);
/* For a terminal: control characters and bytes that are not UTF-8 become '?'. */
void cli_add_clean(cli_buffer *buffer, const char *text);
void cli_free_buffer(cli_buffer *buffer); /* wiped first */
/* The text of a JSON string's bytes, without their escapes; 0 when they are malformed. */
int cli_add_unescaped(cli_buffer *buffer, bourse_slice text);
/* The whole of a file ("-": standard input) into the buffer. 0, or an errno. */
int cli_read_file(cli_buffer *buffer, const char *path);
/* Bytes of the UTF-8 character at text (at most length), 0 when malformed; *code is its number. */
size_t cli_utf8(const char *text, size_t length, uint32_t *code);

/* --- options.c --- */

enum { CLI_TABLE = 0, CLI_JSON = 1, CLI_CSV = 2 };

typedef struct cli_options {
  int format;
  int help;
  int version;
  int verbose;
  int yes;
  int live;
  int reveal;
  int no_check;
  int allow_withdrawals;
  int read_only;
  int allow_raw_orders;
  int all_columns;
  int raw;
  int has_now;
  int has_status;
  int force;
  int quiet;
  int list;
  int32_t environment;
  int32_t product;
  int32_t margin_mode;
  int32_t status;
  int64_t timeout_ms;
  int64_t now_ms;
  int64_t for_ms;      /* 0: until interrupted */
  int64_t interval_ms; /* 0: the shortest */
  int64_t count;       /* 0: any number */
  int64_t depth;       /* levels shown; 0: the usual */
  int64_t port;        /* 0: a free one */
  int64_t seed;        /* 0: the usual */
  int64_t max_open_orders; /* 0: any number */
  bourse_decimal max_notional;
  bourse_decimal max_per_minute;
  const char *output_file;
  const char *keys_file;
  const char *account;
  const char *proxy;
  const char *ca_file;
  const char *nonce;
  const char *headers_file;
  const char *columns;
  const char *tls_cert;
  const char *tls_key;
  const char *faults_file;
  const char *accounts_file;
  const char *journal_file; /* NULL: the usual; "none": none */
  const char **allowed_symbols;
  uint32_t allowed_symbol_count;
  bourse_param *hosts;
  uint32_t host_count;
  bourse_param *settings;
  uint32_t setting_count;
  const char **markets;
  uint32_t market_count;
  const char **replies;
  uint32_t reply_count;
  const char **words; /* what is neither option nor value of one */
  uint32_t word_count;
} cli_options;

/* CLI_OK, or CLI_USAGE with the reason written. */
int cli_parse_options(cli_options *out, int argc, char **argv);
void cli_free_options(cli_options *options);

/* --- errors.c --- */

/* "bourse: ..." on standard error; returns code. */
int cli_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Exit code that goes with an error. */
int cli_exit_code(int32_t code, int32_t outcome);
/* The error as a JSON object. */
void cli_add_error(cli_buffer *out, const bourse_error *error, const char *exchange, const char *operation);
/* The error as one line on standard error; returns its exit code. `arguments` may be NULL. */
struct cli_arguments;
int cli_explain(const bourse_error *error, const struct cli_arguments *arguments);
/* Writes the error (as JSON to standard output too, with --json) and returns its exit code. `arguments` may be NULL. */
int cli_report(const cli_options *options, const bourse_error *error, const struct cli_arguments *arguments);

/* --- arguments.c: key=value words to requests --- */

typedef struct cli_arguments {
  const bourse_operation_info *info;
  const char *exchange; /* where it is going; NULL until it is known */
  bourse_request request;
  bourse_order_request order;
  const bourse_order_request **orders;
  bourse_order_request *order_list;
  bourse_param *params;
  void **owned;
  uint32_t owned_count;
  const char **keys; /* given so far */
  uint32_t key_count;
} cli_arguments;

void cli_arguments_init(cli_arguments *arguments, const bourse_operation_info *info);
void cli_arguments_free(cli_arguments *arguments);
/* Length of the key when the word is key=value, else 0. */
size_t cli_key_length(const char *word);
/* Takes one "key=value", or a key and its value. CLI_OK or CLI_USAGE with the reason written. */
int cli_arguments_word(cli_arguments *arguments, const char *word);
int cli_arguments_set(cli_arguments *arguments, const char *key, const char *value);
/* Whether the key was given. */
int cli_arguments_has(const cli_arguments *arguments, const char *key);
/* Checks that what must be given was given. */
int cli_arguments_check(const cli_arguments *arguments);
/* Points the request at what was gathered. Call once, last. */
void cli_arguments_finish(cli_arguments *arguments);
/* The symbol that the request is about, or NULL. */
const char *cli_arguments_symbol(const cli_arguments *arguments);
/* The names that an operation takes, one per line of `out`: name, then what may be given. */
void cli_arguments_describe(cli_buffer *out, const bourse_operation_info *info);
/* The same as words, for completion. */
void cli_arguments_names(cli_buffer *out, const bourse_operation_info *info);

/* --- values.c: one value from text into a member --- */

/* 1, or 0 with *reason saying what is allowed (owned by the caller). `owned` takes what the member points to. */
int cli_value_set(void *record, const bourse_member_info *member, const char *key, const char *value,
                  cli_arguments *arguments, char **reason);
/* Whether `key` names the member: its name, or without _ns for times. */
int cli_member_is(const bourse_member_info *member, const char *key);
const char *cli_member_key(const bourse_member_info *member, char *out, size_t out_size);
/* Reads orders=[{...}, ...]. */
int cli_orders_set(cli_arguments *arguments, const char *value, char **reason);
/* Remembers memory to free with the arguments. */
void *cli_own(cli_arguments *arguments, void *memory);

/* --- keys.c --- */

typedef struct cli_keys {
  int found;
  char *api_key;
  char *secret;
  char *passphrase;
  int32_t environment;
  const char *source; /* file or "environment" */
  char *name;         /* entry of the file */
  char *path;
  int readable_by_others;
} cli_keys;

/* Looks for the keys of an exchange. CLI_OK (found or not), or an exit code with the reason written. `quiet`: a file that
 * was not asked for and cannot be used is a warning. */
int cli_keys_find(cli_keys *out, const cli_options *options, const char *exchange, int quiet);
void cli_keys_free(cli_keys *keys);

/* --- session.c: contexts and handles --- */

enum {
  CLI_NEEDS_KEYS = 1, /* the operation is private */
  CLI_MONEY = 2,      /* it changes something: keys must be well kept */
  CLI_NO_KEYS = 4     /* leave them alone */
};

/* Market tables passed from one context to another. */
typedef struct cli_store_item {
  char *key;
  char *bytes;
  size_t length;
} cli_store_item;

typedef struct cli_store {
  cli_store_item *items;
  uint32_t count;
} cli_store;

typedef struct cli_session {
  bourse_context *context;
  bourse_exchange *exchange;
  const bourse_transport *transport; /* set before opening: instead of the network */
  cli_store *store;
  int64_t now_ns; /* set before opening with `fixed_clock` */
  int fixed_clock;
  const cli_keys *keys; /* set before opening: found already, stay the caller's */
  int keys_found;
  int wants_journal;    /* set before opening: orders are written down */
  bourse_store_file *journal;
  int verbose;
  void (*on_wire)(void *user_data, const bourse_wire_record *record); /* set before opening: told of all traffic */
  void (*on_socket)(void *user_data, const bourse_socket_record *record);
  void *hook_data;
} cli_session;

/* Finds the keys and judges them by `flags`. CLI_OK or an exit code with the reason written. */
int cli_find_keys(cli_keys *out, const cli_options *options, const char *exchange, int flags);
/* CLI_OK or an exit code with the reason written. */
int cli_open(cli_session *session, const cli_options *options, const char *exchange, int flags);
/* Only the context. */
int cli_open_context(cli_session *session, const cli_options *options);
void cli_close(cli_session *session);
void cli_store_free(cli_store *store);
/* --- journal.c --- */

/* Opens the journal's file into the session, before its context. CLI_OK or an exit code with the reason written. */
int cli_open_journal(cli_session *session, const cli_options *options);
/* Of an order whose answer was lost: the command that settles its fate. */
void cli_say_how_to_resolve(const cli_options *options, const char *exchange, const char *client_order_id);
int cli_resolve(const cli_options *options, const char *const *words, uint32_t count);
int cli_wait(const cli_options *options, const char *const *words, uint32_t count);
int cli_journal(const cli_options *options, const char *const *words, uint32_t count);
/* --- markets.c: loads the --markets files --- */
int cli_load_markets(cli_session *session, const cli_options *options);

/* --- record.c: members as text --- */

enum { CLI_PLAIN = 1, CLI_HUMAN = 2 };

void cli_record_json(cli_buffer *out, const bourse_struct_info *info, const void *record, const char *const *columns,
                     uint32_t column_count);
/* One member; plain: as in JSON without quotes (CSV); human: times shortened. What is not there gives no text. */
void cli_member_text(cli_buffer *out, const bourse_struct_info *info, const bourse_member_info *member,
                     const void *record, int style);
int cli_member_is_number(const bourse_member_info *member);

/* --- table.c --- */

typedef struct cli_grid {
  const char **names;
  int *right; /* column is right-aligned */
  uint32_t columns;
  char **cells; /* rows * columns; NULL is empty */
  uint32_t rows;
  uint32_t capacity;
} cli_grid;

void cli_grid_init(cli_grid *grid, const char *const *names, uint32_t columns);
void cli_grid_row(cli_grid *grid); /* appends an empty one */
/* Sets a cell of the last row; takes over `text`. */
void cli_grid_set(cli_grid *grid, uint32_t column, char *text);
/* As an aligned table. */
void cli_grid_table(cli_buffer *out, cli_grid *grid);
/* Prints in the format asked for and frees. */
void cli_grid_print(cli_grid *grid, const cli_options *options);
void cli_grid_free(cli_grid *grid);
void cli_add_csv(cli_buffer *out, const char *text);
/* One cell of a line, padded to `width` columns of the terminal unless it is the last. */
void cli_add_cell(cli_buffer *out, const char *column, const char *text, size_t width, int right, int last, int colours);
size_t cli_width(const char *text);
int cli_colours_wanted(void);

/* --- output.c --- */

/* Checks --columns against a kind of record before anything is sent. */
int cli_check_columns(const cli_options *options, int32_t kind);
const bourse_member_info *cli_find_member(const bourse_struct_info *info, const char *name);
/* Bids and asks side by side, frees nothing. */
void cli_book_grid(cli_grid *grid, const bourse_order_book *book);
/* Prints the records of a result. */
void cli_print_result(const cli_options *options, const bourse_result *result);
/* Splits --columns; *out is freed by the caller with its first element. */
uint32_t cli_split(const char *list, char ***out);
void cli_split_free(char **list);

/* --- redact.c --- */

void cli_add_url(cli_buffer *out, const char *url, int reveal);
void cli_add_body(cli_buffer *out, const char *body, size_t length, int reveal);
const char *cli_header_value(const char *name, const char *value, int reveal);

/* --- offline.c --- */

/* Whether the operation as asked for is signed. */
int cli_needs_keys(const cli_arguments *arguments);

int cli_request(const cli_options *options, const char *exchange, cli_arguments *arguments);
int cli_decode(const cli_options *options, const char *exchange, cli_arguments *arguments);
/* Shows what an operation that changes something would send; markets are asked for if need be. */
int cli_preview(const cli_options *options, const char *exchange, cli_arguments *arguments);

/* --- streaming.c: what watch and record share --- */

/* The stream called `name` ("book", "my-trades", "watch_ticker"); 0: none. */
int32_t cli_channel(const char *name);
/* CHANNEL and EXCHANGE, in either order, SYMBOL... and key=value of a stream. */
int cli_stream_arguments(cli_arguments *out, const char *verb, const char *const *words, uint32_t count,
                         const char **exchange);

/* Who gets what a stream brings. Non-zero ends it. */
typedef struct cli_sink {
  int (*event)(void *user_data, const bourse_stream_event *event);
  int (*pause)(void *user_data, int last); /* after what came at once, now and then, and at the end */
  void *user_data;
} cli_sink;

/* Opens the session's exchange and runs the stream until its end, an interrupt, --for or the sink ends it. */
int cli_stream(cli_session *session, const cli_options *options, const char *exchange, cli_arguments *arguments,
               const cli_sink *sink);

/* --- show.c: events as a live table, lines, JSON Lines or CSV --- */

typedef struct cli_show cli_show;

cli_show *cli_show_new(const cli_options *options, const bourse_operation_info *info, const char *exchange, int in_place);
void cli_show_free(cli_show *show);
/* `place` ("FILE:LINE") may be NULL. */
void cli_show_event(cli_show *show, const bourse_stream_event *event, const char *place);
/* A message that could not be read. */
void cli_show_undecoded(cli_show *show, const bourse_error *error, const char *place);
/* Brings a table in place up to date, when it is time. */
void cli_show_draw(cli_show *show, int at_once);
/* DATA events shown so far. */
int64_t cli_show_count(const cli_show *show);

/* --- recording.c: reading recorded files --- */

enum { CLI_LINE_OPEN, CLI_LINE_IN, CLI_LINE_OUT, CLI_LINE_REST, CLI_LINE_CLOSE };

typedef struct cli_line {
  int dir;
  int has_connection;
  int32_t connection;
  int64_t time_ns;     /* 0: not recorded */
  const char *url;     /* NULL: not recorded */
  const char *message; /* NULL: none */
  size_t length;
} cli_line;

typedef struct cli_recording cli_recording;

/* CLI_OK or an exit code with the reason written. "-" is standard input; gzip is undone. */
int cli_recording_open(cli_recording **out, const char *path);
void cli_recording_close(cli_recording *recording);
/* Takes the next line, valid until the next call; *more is 0 at the end. A file that is one message is one line. */
int cli_recording_next(cli_recording *recording, cli_line *line, int *more);
/* "FILE:LINE" of the line taken last. */
const char *cli_recording_place(const cli_recording *recording);

/* --- watch.c, recorder.c, replay.c --- */

int cli_watch(const cli_options *options, const char *const *words, uint32_t count);
int cli_record_verb(const cli_options *options, const char *const *words, uint32_t count);
int cli_replay(const cli_options *options, const char *const *words, uint32_t count);

/* --- verbs.c, run.c, lists.c, doctor.c, help.c --- */

typedef struct cli_verb {
  const char *name;
  int (*run)(const cli_options *options, const char *const *words, uint32_t count);
  const char *usage; /* after the verb */
  const char *text;
} cli_verb;

const cli_verb *cli_find_verb(const char *name);
const cli_verb *cli_verb_at(uint32_t index);

/* Runs a filled operation at an exchange: asks, previews, executes, prints. */
int cli_run(const cli_options *options, const char *exchange, cli_arguments *arguments);
/* Gives a read without product or symbol the first product that the exchange serves it for. */
void cli_choose_product(const bourse_exchange *exchange, const cli_options *options, cli_arguments *arguments);
/* exchange operation key=value ... into arguments. */
int cli_call_arguments(cli_arguments *out, const char *verb, const char *const *words, uint32_t count);

int cli_api(const cli_options *options, const char *const *words, uint32_t count); /* api.c */
int cli_list_exchanges(const cli_options *options, const char *const *words, uint32_t count);
int cli_list_capabilities(const cli_options *options, const char *const *words, uint32_t count);
int cli_halt(const cli_options *options, const char *const *words, uint32_t count);
int cli_resume(const cli_options *options, const char *const *words, uint32_t count);
int cli_dead_man(const cli_options *options, const char *const *words, uint32_t count);
int cli_simulate(const cli_options *options, const char *const *words, uint32_t count);
int cli_doctor(const cli_options *options, const char *const *words, uint32_t count);
int cli_help(const cli_options *options, const char *const *words, uint32_t count);
int cli_complete(const cli_options *options, const char *const *words, uint32_t count);
void cli_usage_text(cli_buffer *out);

#endif
