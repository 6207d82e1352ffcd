/* model.h - the plain way to keep a book, for the tests to compare with: a sorted list of integer prices and amounts. */
#ifndef TESTS_BOOK_MODEL_H
#define TESTS_BOOK_MODEL_H

#include <bourse/sys/book.h>

#include <stdlib.h>
#include <string.h>

#include "book/keeper.h"

#define MODEL_MAX 512

typedef struct model_side {
  int64_t price[MODEL_MAX], amount[MODEL_MAX];
  int count;
} model_side;

typedef struct model {
  model_side sides[2];
} model;

static inline void model_set(model *m, int side, int64_t price, int64_t amount) {
  model_side *s = &m->sides[side];
  int at = 0;
  while (at < s->count && (side == BOURSE__BIDS ? s->price[at] > price : s->price[at] < price)) at++;
  int found = at < s->count && s->price[at] == price;
  if (amount == 0 && !found) return;
  if (amount == 0) {
    for (int i = at; i + 1 < s->count; i++) s->price[i] = s->price[i + 1], s->amount[i] = s->amount[i + 1];
    s->count--;
    return;
  }
  if (!found) {
    for (int i = s->count; i > at; i--) s->price[i] = s->price[i - 1], s->amount[i] = s->amount[i - 1];
    s->count++;
    s->price[at] = price;
  }
  s->amount[at] = amount;
}

static inline void model_cut(model *m, int depth) {
  for (int side = 0; side < 2; side++)
    if (m->sides[side].count > depth) m->sides[side].count = depth;
}

static inline bourse_decimal model_decimal(int64_t value, int32_t exponent) {
  return (bourse_decimal){.low = (uint64_t)value, .exponent = exponent, .flags = BOURSE_DECIMAL_PRESENT};
}

/* 1 when the book has the model's levels, in its order. Prices are in hundredths, amounts in thousandths. */
static inline int model_equals(const model *m, const bourse__book *book) {
  for (int side = 0; side < 2; side++) {
    const model_side *s = &m->sides[side];
    if (bourse__book_count(book, side) != (uint32_t)s->count) return 0;
    for (int i = 0; i < s->count; i++) {
      bourse_decimal price = model_decimal(s->price[i], -2), amount = model_decimal(s->amount[i], -3);
      const bourse_level *level = bourse__book_at(book, side, (uint32_t)i);
      if (bourse_decimal_compare(&level->price, &price) != 0 || bourse_decimal_compare(&level->amount, &amount) != 0)
        return 0;
    }
  }
  return bourse__book_at(book, BOURSE__BIDS, (uint32_t)m->sides[0].count) == NULL;
}

/* The same numbers on every machine. */
static inline uint32_t model_random(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(*state >> 33);
}

#endif
