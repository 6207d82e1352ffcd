/* table.c - a grid of texts as an aligned table, CSV or JSON Lines. */
#include "cli.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

void cli_grid_init(cli_grid *grid, const char *const *names, uint32_t columns) {
  memset(grid, 0, sizeof *grid);
  grid->names = cli_alloc(columns * sizeof *grid->names);
  grid->right = cli_alloc(columns * sizeof *grid->right);
  for (uint32_t i = 0; i < columns; i++) grid->names[i] = names[i];
  grid->columns = columns;
}

void cli_grid_row(cli_grid *grid) {
  if (grid->rows == grid->capacity) {
    grid->capacity = grid->capacity > 0 ? grid->capacity * 2 : 16;
    grid->cells = cli_grow(grid->cells, (size_t)grid->capacity * grid->columns * sizeof *grid->cells);
  }
  memset(grid->cells + (size_t)grid->rows * grid->columns, 0, grid->columns * sizeof *grid->cells);
  grid->rows++;
}

void cli_grid_set(cli_grid *grid, uint32_t column, char *text) {
  grid->cells[(size_t)(grid->rows - 1) * grid->columns + column] = text;
}

void cli_grid_free(cli_grid *grid) {
  for (size_t i = 0; i < (size_t)grid->rows * grid->columns; i++) free(grid->cells[i]);
  free(grid->cells);
  free((void *)grid->names);
  free(grid->right);
  memset(grid, 0, sizeof *grid);
}

/* Columns of the terminal that clean text takes. */
size_t cli_width(const char *text) {
  size_t length = strlen(text), width = 0;
  for (size_t i = 0; i < length;) {
    uint32_t code = 0;
    size_t size = cli_utf8(text + i, length - i, &code);
    if (size == 0) size = 1;
    int cells = code < 0x80 ? 1 : wcwidth((wchar_t)code);
    width += cells >= 0 ? (size_t)cells : 1;
    i += size;
  }
  return width;
}

static const char *colour_of(const char *column, const char *text) {
  if (strcmp(column, "side") != 0) return NULL;
  if (strcmp(text, "buy") == 0 || strcmp(text, "long") == 0) return "\x1b[32m";
  return strcmp(text, "sell") == 0 || strcmp(text, "short") == 0 ? "\x1b[31m" : NULL;
}

void cli_add_cell(cli_buffer *out, const char *column, const char *text, size_t width, int right, int last,
                  int colours) {
  const char *colour = colours ? colour_of(column, text) : NULL;
  size_t own = cli_width(text), blank = own < width ? width - own : 0;
  for (size_t i = 0; right && i < blank; i++) cli_add_char(out, ' ');
  if (colour != NULL) cli_add(out, colour);
  cli_add(out, text);
  if (colour != NULL) cli_add(out, "\x1b[0m");
  for (size_t i = 0; !right && !last && i < blank; i++) cli_add_char(out, ' ');
  cli_add(out, last ? "\n" : "  ");
}

int cli_colours_wanted(void) {
  const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
  return isatty(STDOUT_FILENO) && (none == NULL || none[0] == '\0') &&
         (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

void cli_grid_table(cli_buffer *out, cli_grid *grid) {
  size_t *widths = cli_alloc(grid->columns * sizeof *widths);
  int colours = cli_colours_wanted();
  setlocale(LC_CTYPE, "C.UTF-8");
  for (uint32_t c = 0; c < grid->columns; c++) widths[c] = cli_width(grid->names[c]);
  for (size_t i = 0; i < (size_t)grid->rows * grid->columns; i++) {
    cli_buffer clean = {0};
    cli_add_clean(&clean, grid->cells[i] != NULL ? grid->cells[i] : "");
    free(grid->cells[i]);
    grid->cells[i] = clean.data != NULL ? clean.data : cli_copy("");
    size_t width = cli_width(grid->cells[i]);
    if (width > widths[i % grid->columns]) widths[i % grid->columns] = width;
  }
  for (uint32_t c = 0; c < grid->columns; c++)
    cli_add_cell(out, grid->names[c], grid->names[c], widths[c], grid->right[c], c + 1 == grid->columns, 0);
  for (uint32_t r = 0; r < grid->rows; r++)
    for (uint32_t c = 0; c < grid->columns; c++) {
      cli_add_cell(out, grid->names[c], grid->cells[(size_t)r * grid->columns + c], widths[c], grid->right[c],
                   c + 1 == grid->columns, colours);
    }
  free(widths);
}

void cli_add_csv(cli_buffer *out, const char *text) {
  if (strpbrk(text, "\",\r\n") == NULL) {
    cli_add(out, text);
    return;
  }
  cli_add_char(out, '"');
  for (; *text != '\0'; text++) {
    if (*text == '"') cli_add_char(out, '"');
    cli_add_char(out, *text);
  }
  cli_add_char(out, '"');
}

static void add_csv_row(cli_buffer *out, const char *const *cells, uint32_t columns) {
  for (uint32_t c = 0; c < columns; c++) {
    if (c > 0) cli_add_char(out, ',');
    if (cells[c] != NULL) cli_add_csv(out, cells[c]);
  }
  cli_add(out, "\r\n");
}

void cli_grid_print(cli_grid *grid, const cli_options *options) {
  cli_buffer out = {0};
  if (options->format == CLI_TABLE) {
    cli_grid_table(&out, grid);
  } else if (options->format == CLI_CSV) {
    add_csv_row(&out, grid->names, grid->columns);
    for (uint32_t r = 0; r < grid->rows; r++)
      add_csv_row(&out, (const char *const *)grid->cells + (size_t)r * grid->columns, grid->columns);
  } else {
    for (uint32_t r = 0; r < grid->rows; r++) {
      for (uint32_t c = 0; c < grid->columns; c++) {
        cli_add(&out, c > 0 ? "," : "{");
        cli_add_json(&out, grid->names[c]);
        cli_add_char(&out, ':');
        cli_add_json(&out, grid->cells[(size_t)r * grid->columns + c]);
      }
      cli_add(&out, "}\n");
    }
  }
  if (out.length > 0) fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&out);
  cli_grid_free(grid);
}
