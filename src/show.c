/* show.c - what a stream tells, as a table that is redrawn in place, lines, JSON Lines or CSV. */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define OPERATIONS    (BOURSE_OP_WATCH_POSITIONS - BOURSE_OP_WATCH_TICKER + 1)
#define DEPTH         10
#define DRAW_EVERY_MS 100
#define DEPTH_MAX     100000

/* Where a column comes from. */
enum { FROM_RECORD, FROM_TIME, FROM_SYMBOL, FROM_CHANNEL, FROM_BOOK };

typedef struct column {
  char title[64];
  const bourse_member_info *member; /* FROM_RECORD */
  int from;
  int right;
  size_t width; /* of the widest text so far */
} column;

/* How one operation's records become lines. */
typedef struct layout {
  const bourse_operation_info *info;
  const bourse_struct_info *record;
  column *columns;
  uint32_t count;
  int headed; /* the titles are written */
} layout;

/* A line of a table in place. Of books only the symbol. */
typedef struct row {
  char *key;
  char **cells;
} row;

struct cli_show {
  const cli_options *options;
  const bourse_operation_info *info; /* NULL: of a replay, which has events of all kinds */
  const char *exchange;
  char **names; /* of --columns */
  uint32_t name_count;
  layout *layouts[OPERATIONS];
  bourse_level *levels[2];
  uint32_t depth;
  int64_t count;
  int was_live;
  int colours;
  /* In place. */
  int in_place;
  int changed;
  int drawn; /* lines on the terminal */
  int64_t drawn_ms;
  int32_t state;
  const bourse_stream *stream;
  row *rows; /* by key */
  uint32_t row_count;
};

static const char *const kind_names[] = {"", "data", "state", "gap", "error"};
static const char *const state_names[] = {"", "connecting", "syncing", "live", "stale", "closed"};
static const char *const gap_names[] = {"", "sequence", "checksum", "crossed", "overflow", "malformed", "order"};

#define NAME(names_, value_) \
  ((value_) >= 0 && (size_t)(value_) < sizeof(names_) / sizeof((names_)[0]) ? (names_)[value_] : "")

/* --- Layouts --- */

/* What lines and tables show. With '@': of the event, where the record need not have it. */
static const struct {
  int32_t operation;
  const char *columns;
} usual[] = {
    {BOURSE_OP_WATCH_TICKER, "@time,@symbol,last,bid,ask,high,low,percent,base_volume"},
    {BOURSE_OP_WATCH_TICKERS, "@time,@symbol,last,bid,ask,high,low,percent,base_volume"},
    {BOURSE_OP_WATCH_BIDS_ASKS, "@time,@symbol,bid_amount,bid,ask,ask_amount"},
    {BOURSE_OP_WATCH_ORDER_BOOK, "@time,@symbol,@bid_amount,@bid,@ask,@ask_amount"},
    {BOURSE_OP_WATCH_TRADES, "@time,@symbol,side,price,amount,id"},
    {BOURSE_OP_WATCH_CANDLES, "@symbol,time_ns,open,high,low,close,volume,closed"},
    {BOURSE_OP_WATCH_MARK_PRICE, "@time,@symbol,mark_price,index_price"},
    {BOURSE_OP_WATCH_LIQUIDATIONS, "@time,@symbol,side,price,amount"},
    {BOURSE_OP_WATCH_ORDERS, "@time,@symbol,side,type,status,price,amount,filled,average,id,client_order_id"},
    {BOURSE_OP_WATCH_MY_TRADES, "@time,@symbol,side,role,price,amount,fee,fee_currency,order_id,id"},
    {BOURSE_OP_WATCH_BALANCES, "@time,currency,wallet,symbol,total,free,used"},
    {BOURSE_OP_WATCH_POSITIONS,
     "@time,@symbol,side,amount,contracts,entry_price,mark_price,liquidation_price,leverage,unrealized_pnl"},
};

static void add_column(layout *l, const char *name) {
  static const struct {
    const char *name;
    int from;
    size_t width; /* that it has at least, so that lines stay aligned */
  } own[] = {{"@time", FROM_TIME, 24},       {"@symbol", FROM_SYMBOL, 10}, {"@channel", FROM_CHANNEL, 10},
             {"@bid_amount", FROM_BOOK, 12}, {"@bid", FROM_BOOK, 12},      {"@ask", FROM_BOOK, 12},
             {"@ask_amount", FROM_BOOK, 12}};
  const bourse_member_info *member = name[0] == '@' ? NULL : cli_find_member(l->record, name);
  if (name[0] != '@' && member == NULL) return;
  l->columns = cli_grow(l->columns, (l->count + 1) * sizeof *l->columns);
  column *c = &l->columns[l->count++];
  memset(c, 0, sizeof *c);
  c->member = member;
  if (member != NULL) {
    cli_member_key(member, c->title, sizeof c->title);
    c->right = cli_member_is_number(member);
    c->width = c->right ? 12 : 0;
  }
  for (size_t i = 0; member == NULL && i < sizeof(own) / sizeof(own[0]); i++) {
    if (strcmp(own[i].name, name) != 0) continue;
    snprintf(c->title, sizeof c->title, "%s", name + 1);
    c->from = own[i].from;
    c->width = own[i].width;
    c->right = c->from == FROM_BOOK;
  }
  if (cli_width(c->title) > c->width) c->width = cli_width(c->title);
}

static layout *layout_of(cli_show *show, int32_t operation) {
  if (operation < BOURSE_OP_WATCH_TICKER || operation > BOURSE_OP_WATCH_POSITIONS) return NULL;
  layout **place = &show->layouts[operation - BOURSE_OP_WATCH_TICKER];
  if (*place != NULL) return *place;
  layout *l = *place = cli_alloc(sizeof *l);
  l->info = bourse_schema_operation(operation);
  l->record = bourse_schema_record(l->info->kind);
  if (show->info == NULL) add_column(l, "@channel");
  for (uint32_t i = 0; i < show->name_count; i++) add_column(l, show->names[i]);
  int all = show->name_count == 0 && l->info->kind != BOURSE_KIND_ORDER_BOOK &&
            (show->options->all_columns || show->options->format == CLI_CSV);
  if (all && l->info->kind == BOURSE_KIND_CANDLE) add_column(l, "@symbol");
  for (uint32_t i = 0; all && i < l->record->member_count; i++) add_column(l, l->record->members[i].name);
  for (size_t i = 0; l->count <= (show->info == NULL) && i < sizeof(usual) / sizeof(usual[0]); i++) {
    if (usual[i].operation != operation) continue;
    char **names = NULL;
    uint32_t count = cli_split(usual[i].columns, &names);
    for (uint32_t k = 0; k < count; k++) add_column(l, names[k]);
    cli_split_free(names);
  }
  return l;
}

/* --- Making and freeing --- */

static int is_state(int32_t operation) {
  return operation != BOURSE_OP_WATCH_TRADES && operation != BOURSE_OP_WATCH_LIQUIDATIONS &&
         operation != BOURSE_OP_WATCH_ORDERS && operation != BOURSE_OP_WATCH_MY_TRADES;
}

cli_show *cli_show_new(const cli_options *options, const bourse_operation_info *info, const char *exchange,
                       int in_place) {
  cli_show *show = cli_alloc(sizeof *show);
  const char *terminal = getenv("TERM");
  show->options = options;
  show->info = info;
  show->exchange = exchange;
  show->depth = options->depth == 0 ? DEPTH : options->depth < DEPTH_MAX ? (uint32_t)options->depth : DEPTH_MAX;
  show->in_place = in_place && options->format == CLI_TABLE && is_state(info->operation) && isatty(STDOUT_FILENO) &&
                   terminal != NULL && strcmp(terminal, "dumb") != 0;
  show->colours = cli_colours_wanted();
  show->changed = show->in_place;
  show->state = BOURSE_STREAM_CONNECTING;
  for (int side = 0; side < 2; side++) show->levels[side] = cli_alloc(show->depth * sizeof *show->levels[side]);
  if (options->columns != NULL) show->name_count = cli_split(options->columns, &show->names);
  return show;
}

static void drop_rows(cli_show *show, const layout *l) {
  for (uint32_t i = 0; i < show->row_count; i++) {
    for (uint32_t c = 0; show->rows[i].cells != NULL && c < l->count; c++) free(show->rows[i].cells[c]);
    free(show->rows[i].cells);
    free(show->rows[i].key);
  }
  show->row_count = 0;
}

void cli_show_free(cli_show *show) {
  if (show == NULL) return;
  if (show->info != NULL) drop_rows(show, layout_of(show, show->info->operation));
  for (size_t i = 0; i < OPERATIONS; i++) {
    if (show->layouts[i] != NULL) free(show->layouts[i]->columns);
    free(show->layouts[i]);
  }
  free(show->rows);
  free(show->levels[0]);
  free(show->levels[1]);
  cli_split_free(show->names);
  free(show);
}

int64_t cli_show_count(const cli_show *show) { return show->count; }

/* --- Words beside the data --- */

/* Standard error may be the terminal that the table is on: it goes, and is drawn again below. */
static void make_room(cli_show *show) {
  if (show->drawn == 0) return;
  printf("\x1b[%dA\r\x1b[J", show->drawn);
  fflush(stdout);
  show->drawn = 0;
  show->changed = 1;
}

static void tell(cli_show *show, const char *place, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void tell(cli_show *show, const char *place, const char *format, ...) {
  char text[1024];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  make_room(show);
  cli_fail(0, "%s%s%s", place != NULL ? place : "", place != NULL ? ": " : "", text);
}

static void tell_gap(cli_show *show, const bourse_stream_event *event, const char *place) {
  cli_buffer numbers = {0};
  if (event->gap_kind == BOURSE_GAP_SEQUENCE || event->gap_kind == BOURSE_GAP_CHECKSUM ||
      event->gap_kind == BOURSE_GAP_ORDER)
    cli_add_format(&numbers, ": %lld expected, %lld found", (long long)event->gap_expected,
                   (long long)event->gap_found);
  tell(show, place, "gap in %s (%s)%s", event->symbol != NULL ? event->symbol : "all of the stream",
       NAME(gap_names, event->gap_kind), numbers.data != NULL ? numbers.data : "");
  cli_free_buffer(&numbers);
}

static void tell_state(cli_show *show, const bourse_stream_event *event) {
  if (event->symbol == NULL) {
    show->state = event->state;
    show->changed = 1;
  }
  if (show->info == NULL) return; /* a replay's states follow from what it says of gaps */
  if (event->symbol == NULL && !show->in_place)
    tell(show, NULL, "%s at %s: %s", show->info->name, show->exchange, NAME(state_names, event->state));
  else if (event->symbol != NULL &&
           (event->state == BOURSE_STREAM_STALE || (event->state == BOURSE_STREAM_LIVE && show->was_live)))
    tell(show, NULL, "%s: %s", event->symbol, NAME(state_names, event->state));
  if (event->symbol == NULL && event->state == BOURSE_STREAM_LIVE) show->was_live = 1;
}

/* --- Books --- */

/* The book as it can be read now, in show->levels; 0 when it cannot be read. */
static int read_book(cli_show *show, const bourse_stream *stream, const char *symbol, bourse_order_book *book) {
  uint32_t counts[2] = {show->depth, show->depth};
  if (bourse_book_levels(show->levels[0], &counts[0], stream, symbol, BOURSE_SIDE_BUY) != BOURSE_OK ||
      bourse_book_levels(show->levels[1], &counts[1], stream, symbol, BOURSE_SIDE_SELL) != BOURSE_OK)
    return 0;
  bourse_book_sequence(&book->sequence, &book->time_ns, stream, symbol);
  book->bids = show->levels[0];
  book->asks = show->levels[1];
  book->bid_count = counts[0];
  book->ask_count = counts[1];
  return 1;
}

static const bourse_decimal *best_of(const bourse_order_book *book, const char *title) {
  if (title[0] == 'b' && book->bid_count > 0)
    return strcmp(title, "bid") == 0 ? &book->bids[0].price : &book->bids[0].amount;
  if (title[0] == 'a' && book->ask_count > 0)
    return strcmp(title, "ask") == 0 ? &book->asks[0].price : &book->asks[0].amount;
  return NULL;
}

/* --- Cells --- */

static const char *string_of(const bourse_struct_info *info, const void *record, const char *name) {
  const bourse_member_info *member = cli_find_member(info, name);
  const char *text = NULL;
  if (member != NULL && member->type == BOURSE_TYPE_STRING)
    memcpy(&text, (const char *)record + member->offset, sizeof text);
  return text;
}

static const char *symbol_of(const layout *l, const bourse_stream_event *event, const void *record) {
  const char *symbol = string_of(l->record, record, "symbol");
  if (symbol == NULL) symbol = event->symbol;
  return symbol != NULL ? symbol : string_of(l->record, record, "market_id");
}

static int64_t time_of(const layout *l, const bourse_stream_event *event, const void *record) {
  static const char *const names[] = {"time_ns", "updated_ns"};
  int64_t time_ns = 0;
  for (size_t i = 0; i < 2 && time_ns == 0; i++) {
    const bourse_member_info *member = cli_find_member(l->record, names[i]);
    if (member != NULL) memcpy(&time_ns, (const char *)record + member->offset, sizeof time_ns);
  }
  if (time_ns == 0) time_ns = event->time_ns;
  return time_ns != 0 ? time_ns : event->received_ns;
}

static void add_time(cli_buffer *out, int64_t time_ns, int style) {
  char text[BOURSE_TIME_TEXT_SIZE];
  if (time_ns == 0 || bourse_time_format(text, sizeof text, time_ns) != BOURSE_OK) return;
  if (style == CLI_HUMAN) {
    text[10] = ' ';
    memcpy(text + 23, "Z", 2); /* milliseconds */
  }
  cli_add(out, text);
}

static char *cell_of(const layout *l, const column *c, const bourse_stream_event *event, const void *record,
                     int style) {
  cli_buffer text = {0};
  char number[BOURSE_DECIMAL_TEXT_SIZE] = "";
  const char *symbol;
  switch (c->from) {
    case FROM_TIME: add_time(&text, time_of(l, event, record), style); break;
    case FROM_CHANNEL: cli_add(&text, l->info->name + strlen("watch_")); break;
    case FROM_SYMBOL:
      symbol = symbol_of(l, event, record);
      if (symbol != NULL) cli_add(&text, symbol);
      break;
    case FROM_BOOK:
      bourse_decimal_format(number, sizeof number, best_of(record, c->title));
      cli_add(&text, number);
      break;
    default: cli_member_text(&text, l->record, c->member, record, style);
  }
  return text.data != NULL ? text.data : cli_copy("");
}

/* --- Lines --- */

static void add_titles(cli_buffer *out, layout *l, int csv) {
  for (uint32_t c = 0; c < l->count; c++) {
    const column *of = &l->columns[c];
    if (csv)
      cli_add_format(out, "%s%s", c > 0 ? "," : "", of->member != NULL ? of->member->name : of->title);
    else
      cli_add_cell(out, of->title, of->title, of->width, of->right, c + 1 == l->count, 0);
  }
  if (csv) cli_add(out, "\r\n");
  l->headed = 1;
}

static void write_line(cli_show *show, layout *l, const bourse_stream_event *event, const void *record) {
  cli_buffer out = {0};
  int csv = show->options->format == CLI_CSV;
  if (!l->headed) add_titles(&out, l, csv);
  for (uint32_t c = 0; c < l->count; c++) {
    column *of = &l->columns[c];
    char *text = cell_of(l, of, event, record, csv ? CLI_PLAIN : CLI_HUMAN);
    cli_buffer clean = {0};
    if (csv) {
      if (c > 0) cli_add_char(&out, ',');
      cli_add_csv(&out, text);
    } else {
      cli_add_clean(&clean, text);
      const char *shown = clean.data != NULL ? clean.data : "";
      if (cli_width(shown) > of->width) of->width = cli_width(shown);
      cli_add_cell(&out, of->title, shown, of->width, of->right, c + 1 == l->count, show->colours);
    }
    cli_free_buffer(&clean);
    free(text);
  }
  if (csv) cli_add(&out, "\r\n");
  fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&out);
}

/* --- JSON --- */

static void add_json_time(cli_buffer *out, const char *name, int64_t time_ns) {
  cli_buffer text = {0};
  add_time(&text, time_ns, CLI_PLAIN);
  cli_add_format(out, ",\"%s\":", name);
  cli_add_json(out, text.data);
  cli_free_buffer(&text);
}

/* Every line has the same members. `event` may be NULL. */
static void write_json(cli_show *show, const char *kind, const bourse_stream_event *event, const bourse_error *error,
                       const char *place, const bourse_order_book *book) {
  cli_buffer out = {0};
  const bourse_stream_event none = {0}, *e = event != NULL ? event : &none;
  const bourse_operation_info *info = bourse_schema_operation(e->operation);
  cli_add_format(&out, "{\"kind\":\"%s\",\"operation\":", kind);
  cli_add_json(&out, info != NULL ? info->name : NULL);
  cli_add(&out, ",\"symbol\":");
  cli_add_json(&out, e->symbol);
  cli_add(&out, ",\"state\":");
  cli_add_json(&out, e->state != 0 ? NAME(state_names, e->state) : NULL);
  cli_add_format(&out, ",\"snapshot\":%s,\"reconciled\":%s,\"dropped\":%u",
                 e->flags & BOURSE_STREAM_SNAPSHOT ? "true" : "false",
                 e->flags & BOURSE_STREAM_RECONCILED ? "true" : "false", e->dropped);
  add_json_time(&out, "time_ns", e->time_ns);
  add_json_time(&out, "received_ns", e->received_ns);
  if (e->kind == BOURSE_STREAM_GAP)
    cli_add_format(&out, ",\"gap\":{\"kind\":\"%s\",\"expected\":%lld,\"found\":%lld}", NAME(gap_names, e->gap_kind),
                   (long long)e->gap_expected, (long long)e->gap_found);
  else
    cli_add(&out, ",\"gap\":null");
  cli_add(&out, ",\"error\":");
  if (error != NULL)
    cli_add_error(&out, error, error->exchange, error->operation);
  else
    cli_add(&out, "null");
  if (show->info == NULL) {
    cli_add(&out, ",\"place\":");
    cli_add_json(&out, place);
  }
  cli_add(&out, ",\"records\":[");
  const bourse_struct_info *record = e->record_kind != 0 ? bourse_schema_record(e->record_kind) : NULL;
  for (uint32_t i = 0; record != NULL && i < e->count; i++) {
    if (i > 0) cli_add_char(&out, ',');
    cli_record_json(&out, record, book != NULL ? book : bourse_stream_event_record(e, i),
                    (const char *const *)show->names, show->name_count);
  }
  cli_add(&out, "]}\n");
  fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&out);
}

/* --- Tables in place --- */

static void add_key(cli_buffer *key, const layout *l, const void *record, const char *name) {
  const bourse_member_info *member = cli_find_member(l->record, name);
  if (member != NULL) cli_member_text(key, l->record, member, record, CLI_PLAIN);
  cli_add_char(key, ' ');
}

/* What tells the lines of a table apart. */
static char *key_of(const layout *l, const bourse_stream_event *event, const void *record) {
  cli_buffer key = {0};
  const char *symbol = symbol_of(l, event, record);
  if (symbol != NULL) cli_add(&key, symbol);
  cli_add_char(&key, ' ');
  if (l->info->kind == BOURSE_KIND_BALANCE) {
    add_key(&key, l, record, "currency");
    add_key(&key, l, record, "wallet");
  } else if (l->info->kind == BOURSE_KIND_POSITION) {
    const bourse_position *position = record;
    if (position->hedged > 0) add_key(&key, l, record, "side");
    add_key(&key, l, record, "margin_mode");
  }
  return key.data;
}

/* The row of a key, which it takes over; made in its place when there is none. */
static row *row_of(cli_show *show, char *key) {
  uint32_t low = 0, high = show->row_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int order = strcmp(show->rows[middle].key, key);
    if (order == 0) {
      free(key);
      return &show->rows[middle];
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  show->rows = cli_grow(show->rows, (show->row_count + 1) * sizeof *show->rows);
  memmove(&show->rows[low + 1], &show->rows[low], (show->row_count - low) * sizeof *show->rows);
  show->row_count++;
  show->rows[low] = (row){.key = key};
  return &show->rows[low];
}

static void keep_record(cli_show *show, const layout *l, const bourse_stream_event *event, const void *record) {
  if (l->info->kind == BOURSE_KIND_ORDER_BOOK) {
    row_of(show, cli_copy(event->symbol != NULL ? event->symbol : ""));
    return;
  }
  row *r = row_of(show, key_of(l, event, record));
  if (r->cells == NULL) r->cells = cli_alloc(l->count * sizeof *r->cells);
  for (uint32_t c = 0; c < l->count; c++) {
    free(r->cells[c]);
    r->cells[c] = cell_of(l, &l->columns[c], event, record, CLI_HUMAN);
  }
}

static void add_rows(cli_buffer *out, cli_show *show, const layout *l) {
  const char **titles = cli_alloc(l->count * sizeof *titles);
  uint32_t *kept = cli_alloc(l->count * sizeof *kept), count = 0;
  cli_grid grid;
  for (uint32_t c = 0; c < l->count; c++) {
    int used = show->name_count > 0; /* what is empty all the way down is left out unless asked for */
    for (uint32_t i = 0; i < show->row_count && !used; i++) used = show->rows[i].cells[c][0] != '\0';
    if (!used) continue;
    titles[count] = l->columns[c].title;
    kept[count++] = c;
  }
  cli_grid_init(&grid, titles, count);
  for (uint32_t c = 0; c < count; c++) grid.right[c] = l->columns[kept[c]].right;
  for (uint32_t i = 0; i < show->row_count; i++) {
    cli_grid_row(&grid);
    for (uint32_t c = 0; c < count; c++) cli_grid_set(&grid, c, cli_copy(show->rows[i].cells[kept[c]]));
  }
  if (count > 0) cli_grid_table(out, &grid);
  cli_grid_free(&grid);
  free(kept);
  free((void *)titles);
}

static void add_books(cli_buffer *out, cli_show *show) {
  for (uint32_t i = 0; i < show->row_count; i++) {
    const char *symbol = show->rows[i].key;
    bourse_order_book book = {.symbol = symbol};
    int readable = read_book(show, show->stream, symbol, &book);
    cli_buffer time = {0};
    if (readable) add_time(&time, book.time_ns, CLI_HUMAN);
    cli_add_clean(out, symbol);
    cli_add_format(out, "  %s  %s\n", NAME(state_names, bourse_stream_state(show->stream, symbol)),
                   time.data != NULL ? time.data : "");
    cli_free_buffer(&time);
    if (!readable) continue;
    cli_grid grid;
    cli_book_grid(&grid, &book);
    cli_grid_table(out, &grid);
    cli_grid_free(&grid);
  }
}

static void add_status(cli_buffer *out, const cli_show *show) {
  static const char *const wanted[] = {"gaps", "reconnects", "dropped"};
  cli_add_format(out, "%s at %s: %s  %lld events", show->info->name, show->exchange, NAME(state_names, show->state),
                 (long long)show->count);
  for (uint32_t i = 0; show->stream != NULL && bourse_stream_counter_name(i) != NULL; i++)
    for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++)
      if (strcmp(bourse_stream_counter_name(i), wanted[k]) == 0 && bourse_stream_counter(show->stream, i) > 0)
        cli_add_format(out, "  %lld %s", (long long)bourse_stream_counter(show->stream, i), wanted[k]);
  cli_add_char(out, '\n');
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Writes over what was drawn before. Lines are cut at the terminal's edge, and at its height. */
static void draw(cli_show *show, const cli_buffer *text) {
  cli_buffer out = {0};
  struct winsize size = {0};
  int height = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 ? size.ws_row - 1 : 23, lines = 0;
  cli_add(&out, "\x1b[?7l");
  if (show->drawn > 0) cli_add_format(&out, "\x1b[%dA\r", show->drawn);
  for (const char *line = text->data, *end; lines < height && (end = strchr(line, '\n')) != NULL; line = end + 1) {
    cli_add_bytes(&out, line, (size_t)(end - line));
    cli_add(&out, "\x1b[K\n");
    lines++;
  }
  cli_add(&out, "\x1b[J\x1b[?7h");
  fwrite(out.data, 1, out.length, stdout);
  show->drawn = lines;
  cli_free_buffer(&out);
}

void cli_show_draw(cli_show *show, int at_once) {
  int64_t now = now_ms();
  if (show->in_place && show->changed && (at_once || now - show->drawn_ms >= DRAW_EVERY_MS)) {
    const layout *l = layout_of(show, show->info->operation);
    cli_buffer text = {0};
    add_status(&text, show);
    if (l->info->kind == BOURSE_KIND_ORDER_BOOK)
      add_books(&text, show);
    else
      add_rows(&text, show, l);
    draw(show, &text);
    cli_free_buffer(&text);
    show->changed = 0;
    show->drawn_ms = now;
  }
  fflush(stdout);
}

/* --- Events --- */

static void show_data(cli_show *show, const bourse_stream_event *event, const char *place) {
  layout *l = layout_of(show, event->operation);
  bourse_order_book book = {.symbol = event->symbol};
  int is_book = event->record_kind == BOURSE_KIND_ORDER_BOOK;
  if (l == NULL || event->count == 0) return;
  show->stream = event->stream;
  if (is_book) {
    const bourse_order_book *told = bourse_stream_event_record(event, 0);
    book.id = told->id;
    /* It may have become stale since: then a later event says so. */
    if (!show->in_place && !read_book(show, event->stream, event->symbol, &book)) return;
  }
  show->count++;
  show->changed = 1;
  if (show->options->quiet) return;
  if (show->options->format == CLI_JSON) {
    write_json(show, "data", event, NULL, place, is_book ? &book : NULL);
    return;
  }
  if (event->dropped > 0)
    tell(show, place, "%u events were lost: they come faster than they are written", event->dropped);
  if (show->in_place && event->flags & BOURSE_STREAM_SNAPSHOT && event->symbol == NULL) drop_rows(show, l);
  for (uint32_t i = 0; i < event->count; i++) {
    const void *record = is_book ? &book : bourse_stream_event_record(event, i);
    if (show->in_place)
      keep_record(show, l, event, record);
    else
      write_line(show, l, event, record);
  }
}

void cli_show_event(cli_show *show, const bourse_stream_event *event, const char *place) {
  if (event->kind == BOURSE_STREAM_DATA) {
    show_data(show, event, place);
    return;
  }
  int json = show->options->format == CLI_JSON && !show->options->quiet;
  if (json) write_json(show, NAME(kind_names, event->kind), event, event->error, place, NULL);
  if (event->kind == BOURSE_STREAM_STATE && !json) tell_state(show, event);
  if (event->kind == BOURSE_STREAM_GAP && !json) tell_gap(show, event, place);
  if (event->kind == BOURSE_STREAM_ERROR && event->error != NULL) {
    if (place == NULL) {
      make_room(show);
      cli_explain(event->error, NULL);
    } else if (!json) {
      tell(show, place, "%s: %s", bourse_error_name(event->error_code), event->error->message);
    }
  }
}

void cli_show_undecoded(cli_show *show, const bourse_error *error, const char *place) {
  if (show->options->format == CLI_JSON && !show->options->quiet)
    write_json(show, "undecoded", NULL, error, place, NULL);
  else
    tell(show, place, "%s", error->message);
}
