/* output.c - results as tables, JSON Lines and CSV. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a table shows of a record unless told otherwise; kinds that are not here show everything. */
static const struct {
  int32_t kind;
  const char *columns;
} usual_columns[] = {
    {BOURSE_KIND_MARKET, "symbol,id,product,active,price_tick,amount_step,amount_min,cost_min,maker_fee,taker_fee"},
    {BOURSE_KIND_CURRENCY, "currency,name,active,deposit,withdraw,step,withdraw_fee,withdraw_min,networks"},
    {BOURSE_KIND_TICKER, "symbol,last,bid,ask,open,high,low,percent,base_volume,quote_volume,time_ns"},
    {BOURSE_KIND_TRADE, "time_ns,symbol,side,price,amount,cost,id"},
    {BOURSE_KIND_CANDLE, "time_ns,open,high,low,close,volume,quote_volume"},
    {BOURSE_KIND_FUNDING_RATE, "symbol,rate,mark_price,index_price,time_ns,next_time_ns,interval_ns"},
    {BOURSE_KIND_BALANCE, "currency,wallet,symbol,total,free,used,borrowed,net"},
    {BOURSE_KIND_POSITION,
     "symbol,side,amount,contracts,entry_price,mark_price,liquidation_price,leverage,margin_mode,unrealized_pnl"},
    {BOURSE_KIND_ORDER,
     "id,client_order_id,symbol,side,type,status,price,amount,filled,remaining,average,trigger_price,created_ns,error,"
     "error_message"},
    {BOURSE_KIND_FILL, "time_ns,symbol,side,role,price,amount,cost,fee,fee_currency,order_id,id"},
    {BOURSE_KIND_TRANSFER, "time_ns,currency,amount,from,to,status,id"},
    {BOURSE_KIND_TRANSACTION, "time_ns,direction,currency,network,amount,fee,status,address,id"},
    {BOURSE_KIND_LEDGER_ENTRY, "time_ns,kind,currency,amount,balance,fee,symbol,reference,id"},
    {BOURSE_KIND_RECEIPT, "id,message,time_ns,due_ns,realization,unchanged"},
};

uint32_t cli_split(const char *list, char ***out) {
  uint32_t count = 1;
  for (const char *c = list; *c != '\0'; c++) count += *c == ',';
  char **parts = cli_alloc(count * sizeof *parts);
  parts[0] = cli_copy(list);
  for (uint32_t i = 1; i < count; i++) {
    char *comma = strchr(parts[i - 1], ',');
    *comma = '\0';
    parts[i] = comma + 1;
  }
  *out = parts;
  return count;
}

void cli_split_free(char **list) {
  if (list == NULL) return;
  free(list[0]);
  free(list);
}

const bourse_member_info *cli_find_member(const bourse_struct_info *info, const char *name) {
  for (uint32_t i = 0; i < info->member_count; i++)
    if (cli_member_is(&info->members[i], name)) return &info->members[i];
  return NULL;
}

int cli_check_columns(const cli_options *options, int32_t kind) {
  const bourse_struct_info *info = bourse_schema_record(kind);
  if (options->columns == NULL || info == NULL) return CLI_OK;
  char **names = NULL;
  uint32_t count = cli_split(options->columns, &names);
  int code = CLI_OK;
  for (uint32_t i = 0; i < count && code == CLI_OK; i++) {
    if (cli_find_member(info, names[i]) != NULL) continue;
    cli_buffer allowed = {0};
    for (uint32_t k = 0; k < info->member_count; k++)
      cli_add_format(&allowed, "%s%s", k > 0 ? "," : "", info->members[k].name);
    code = cli_fail(CLI_USAGE, "--columns: no column \"%s\"; there are: %s", names[i], allowed.data);
    cli_free_buffer(&allowed);
  }
  cli_split_free(names);
  return code;
}

/* The columns to show, by name; *out to be freed with cli_split_free. */
static uint32_t choose_columns(char ***out, const cli_options *options, const bourse_struct_info *info) {
  if (options->columns != NULL) return cli_split(options->columns, out);
  if (options->format == CLI_TABLE && !options->all_columns)
    for (size_t i = 0; i < sizeof(usual_columns) / sizeof(usual_columns[0]); i++)
      if (usual_columns[i].kind == info->kind) return cli_split(usual_columns[i].columns, out);
  cli_buffer all = {0};
  for (uint32_t i = 0; i < info->member_count; i++)
    cli_add_format(&all, "%s%s", i > 0 ? "," : "", info->members[i].name);
  uint32_t count = cli_split(all.data, out);
  cli_free_buffer(&all);
  return count;
}

static void print_json(const cli_options *options, const bourse_result *result, const bourse_struct_info *info) {
  char **columns = NULL;
  uint32_t column_count = options->columns != NULL ? cli_split(options->columns, &columns) : 0;
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    cli_buffer line = {0};
    cli_record_json(&line, info, bourse_result_record(result, i), (const char *const *)columns, column_count);
    cli_add_char(&line, '\n');
    fwrite(line.data, 1, line.length, stdout);
    cli_free_buffer(&line);
  }
  cli_split_free(columns);
}

static char *text_of(const bourse_struct_info *info, const bourse_member_info *member, const void *record, int style) {
  cli_buffer text = {0};
  cli_member_text(&text, info, member, record, style);
  return text.data;
}

/* Whether any record has something in this member; a table leaves out what is empty all the way down. */
static int is_used(const bourse_result *result, const bourse_struct_info *info, const bourse_member_info *member) {
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    char *text = text_of(info, member, bourse_result_record(result, i), CLI_HUMAN);
    int used = text != NULL;
    free(text);
    if (used) return 1;
  }
  return bourse_result_count(result) == 0;
}

static void print_grid(const cli_options *options, const bourse_result *result, const bourse_struct_info *info) {
  char **names = NULL;
  uint32_t count = choose_columns(&names, options, info), kept = 0;
  int style = options->format == CLI_TABLE ? CLI_HUMAN : CLI_PLAIN;
  const bourse_member_info **members = cli_alloc(count * sizeof *members);
  const char **titles = cli_alloc(count * sizeof *titles);
  char(*shown)[64] = cli_alloc(count * sizeof *shown);
  for (uint32_t i = 0; i < count; i++) {
    const bourse_member_info *member = cli_find_member(info, names[i]);
    if (member == NULL) continue;
    if (style == CLI_HUMAN && options->columns == NULL && !is_used(result, info, member)) continue;
    titles[kept] = style == CLI_HUMAN ? cli_member_key(member, shown[kept], sizeof shown[kept]) : member->name;
    members[kept++] = member;
  }
  cli_grid grid;
  cli_grid_init(&grid, titles, kept);
  for (uint32_t c = 0; c < kept; c++) grid.right[c] = cli_member_is_number(members[c]);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    cli_grid_row(&grid);
    for (uint32_t c = 0; c < kept; c++)
      cli_grid_set(&grid, c, text_of(info, members[c], bourse_result_record(result, i), style));
  }
  cli_grid_print(&grid, options);
  free(shown);
  free((void *)titles);
  free((void *)members);
  cli_split_free(names);
}

/* One record with everything it has: a name and a value per line. */
static void print_upright(const cli_options *options, const bourse_result *result, const bourse_struct_info *info) {
  static const char *const names[] = {"member", "value"};
  char name[64];
  cli_grid grid;
  cli_grid_init(&grid, names, 2);
  for (uint32_t i = 0; i < info->member_count; i++) {
    cli_grid_row(&grid);
    cli_grid_set(&grid, 0, cli_copy(cli_member_key(&info->members[i], name, sizeof name)));
    cli_grid_set(&grid, 1, text_of(info, &info->members[i], bourse_result_record(result, 0), CLI_HUMAN));
  }
  cli_grid_print(&grid, options);
}

static char *decimal_text(const bourse_decimal *value) {
  char text[BOURSE_DECIMAL_TEXT_SIZE] = "";
  bourse_decimal_format(text, sizeof text, value);
  return cli_copy(text);
}

void cli_book_grid(cli_grid *grid, const bourse_order_book *book) {
  static const char *const names[] = {"bid_amount", "bid", "ask", "ask_amount"};
  cli_grid_init(grid, names, 4);
  for (uint32_t c = 0; c < 4; c++) grid->right[c] = 1;
  for (uint32_t i = 0; i < book->bid_count || i < book->ask_count; i++) {
    const bourse_level *bid = bourse_order_book_bid(book, i), *ask = bourse_order_book_ask(book, i);
    cli_grid_row(grid);
    if (bid != NULL) {
      cli_grid_set(grid, 0, decimal_text(&bid->amount));
      cli_grid_set(grid, 1, decimal_text(&bid->price));
    }
    if (ask != NULL) {
      cli_grid_set(grid, 2, decimal_text(&ask->price));
      cli_grid_set(grid, 3, decimal_text(&ask->amount));
    }
  }
}

/* Bids and asks side by side in a table; a line per level in CSV. */
static void print_book(const cli_options *options, const bourse_order_book *book) {
  static const char *const csv_names[] = {"side", "price", "amount"};
  cli_grid grid;
  if (options->format == CLI_TABLE) {
    cli_book_grid(&grid, book);
  } else {
    cli_grid_init(&grid, csv_names, 3);
    for (uint32_t i = 0; i < book->bid_count + book->ask_count; i++) {
      int is_bid = i < book->bid_count;
      const bourse_level *level =
          is_bid ? bourse_order_book_bid(book, i) : bourse_order_book_ask(book, i - book->bid_count);
      cli_grid_row(&grid);
      cli_grid_set(&grid, 0, cli_copy(is_bid ? "bid" : "ask"));
      cli_grid_set(&grid, 1, decimal_text(&level->price));
      cli_grid_set(&grid, 2, decimal_text(&level->amount));
    }
  }
  cli_grid_print(&grid, options);
}

void cli_print_result(const cli_options *options, const bourse_result *result) {
  const bourse_struct_info *info = bourse_schema_record(bourse_result_kind(result));
  size_t length = 0;
  const char *raw = bourse_result_raw(result, &length);
  if (options->raw || bourse_result_kind(result) == BOURSE_KIND_RAW) {
    if (raw != NULL && length > 0) {
      fwrite(raw, 1, length, stdout);
      if (raw[length - 1] != '\n') fputc('\n', stdout);
    }
    return;
  }
  if (info == NULL) return;
  if (options->format == CLI_JSON)
    print_json(options, result, info);
  else if (info->kind == BOURSE_KIND_ORDER_BOOK && options->columns == NULL && !options->all_columns)
    for (uint32_t i = 0; i < bourse_result_count(result); i++) print_book(options, bourse_result_order_book(result, i));
  else if (options->format == CLI_TABLE && options->all_columns && bourse_result_count(result) == 1)
    print_upright(options, result, info);
  else
    print_grid(options, result, info);
}
