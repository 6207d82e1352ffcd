/* bourse/decimal.h - exact decimal numbers: a 128-bit coefficient times a power of ten.
 *
 * value = (negative ? -1 : 1) * coefficient * 10^exponent. The digits are kept as written: "0.10" has coefficient 10
 * and exponent -2, so it formats as "0.10" again, while comparison is by value (0.10 equals 0.1).
 * A zeroed struct is ABSENT: "the exchange did not send it" or "the caller did not give it". Absent is not zero:
 * arithmetic on it is an error, and it formats as an empty string.
 * All functions here are pure: any thread, no allocation. */
#ifndef BOURSE_DECIMAL_H
#define BOURSE_DECIMAL_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_decimal {
  uint64_t low;     /* coefficient, low 64 bits */
  uint64_t high;    /* coefficient, high 64 bits */
  int32_t exponent; /* power of ten, BOURSE_DECIMAL_EXPONENT_MIN .. _MAX */
  uint32_t flags;   /* BOURSE_DECIMAL_PRESENT, BOURSE_DECIMAL_NEGATIVE */
} bourse_decimal;

#define BOURSE_DECIMAL_PRESENT 1u
#define BOURSE_DECIMAL_NEGATIVE 2u

#define BOURSE_DECIMAL_EXPONENT_MIN (-100)
#define BOURSE_DECIMAL_EXPONENT_MAX 100

/* Room for the longest text of a decimal with its NUL. */
#define BOURSE_DECIMAL_TEXT_SIZE 160

/* How a result that does not fit the wanted digits is rounded. */
#define BOURSE_ROUND_DOWN 1      /* towards zero */
#define BOURSE_ROUND_UP 2        /* away from zero */
#define BOURSE_ROUND_FLOOR 3     /* towards minus infinity */
#define BOURSE_ROUND_CEILING 4   /* towards plus infinity */
#define BOURSE_ROUND_HALF_UP 5   /* to nearest, ties away from zero */
#define BOURSE_ROUND_HALF_EVEN 6 /* to nearest, ties to the even digit */

/* Reads text such as "-12.50", "1.2e-7", "+3": optional sign, digits with an optional point (at least one digit),
 * optional exponent. No spaces, no infinities. Leading zeros are accepted; trailing zeros are kept.
 * `length` bytes are read, or up to the NUL when length is SIZE_MAX. There is no negative zero: "-0.0" is "0.0".
 * Errors: BOURSE_ERROR_ARGUMENT (not a number, NULL), BOURSE_ERROR_OVERFLOW (coefficient over 128 bits after dropping
 * what drops without loss, or exponent out of range). On error *out is absent. */
BOURSE_API int32_t bourse_decimal_parse(bourse_decimal *out, const char *text, size_t length);

/* Writes the value without exponent, with the digits it has ("0.10", "-1200", "0.00000012"; "" when absent).
 * Returns the length without NUL, or BOURSE_ERROR_ARGUMENT when out is NULL or too small (BOURSE_DECIMAL_TEXT_SIZE
 * always suffices). */
BOURSE_API int32_t bourse_decimal_format(char *out, size_t out_size, const bourse_decimal *value);

/* out = value. */
BOURSE_API void bourse_decimal_from_int64(bourse_decimal *out, int64_t value);

/* Errors: BOURSE_ERROR_OVERFLOW when the value has a fraction or does not fit; BOURSE_ERROR_ABSENT. */
BOURSE_API int32_t bourse_decimal_to_int64(int64_t *out, const bourse_decimal *value);

/* 1 when the value is present, else 0 (NULL is absent). */
BOURSE_API int32_t bourse_decimal_is_present(const bourse_decimal *value);

/* -1, 0, 1 for negative, zero, positive; 0 when absent. */
BOURSE_API int32_t bourse_decimal_sign(const bourse_decimal *value);

/* Turns the sign around; takes it away. Zero and an absent value stay as they are. */
BOURSE_API void bourse_decimal_negate(bourse_decimal *value);
BOURSE_API void bourse_decimal_absolute(bourse_decimal *value);

/* -1, 0, 1 as a is below, equal to, above b, by value. Absent sorts before every number and equals absent. */
BOURSE_API int32_t bourse_decimal_compare(const bourse_decimal *a, const bourse_decimal *b);

/* Exact: out = a + b, a - b, a * b. `out` may be one of the inputs. The exponent of a sum is the smaller one, of a
 * product their sum; it is larger, and trailing zeros are left out, where only so the value fits.
 * Errors: BOURSE_ERROR_ABSENT, BOURSE_ERROR_OVERFLOW (nothing is ever rounded). */
BOURSE_API int32_t bourse_decimal_add(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b);
BOURSE_API int32_t bourse_decimal_sub(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b);
BOURSE_API int32_t bourse_decimal_mul(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b);

/* out = a / b with `decimals` digits after the point (-100..100), rounded by `rounding` (BOURSE_ROUND_*).
 * Errors: BOURSE_ERROR_ABSENT, BOURSE_ERROR_ARGUMENT (b zero, unknown rounding, decimals out of range),
 * BOURSE_ERROR_OVERFLOW. */
BOURSE_API int32_t bourse_decimal_div(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b, int32_t decimals,
                                      int32_t rounding);

/* out = value with `decimals` digits after the point. Errors as bourse_decimal_div. */
BOURSE_API int32_t bourse_decimal_round(bourse_decimal *out, const bourse_decimal *value, int32_t decimals, int32_t rounding);

/* out = the multiple of `step` nearest to value in the direction of `rounding`, written with step's digits.
 * Errors: BOURSE_ERROR_ABSENT, BOURSE_ERROR_ARGUMENT (step not positive), BOURSE_ERROR_OVERFLOW. */
BOURSE_API int32_t bourse_decimal_round_to_step(bourse_decimal *out, const bourse_decimal *value, const bourse_decimal *step,
                                                int32_t rounding);

/* 1 when value is an exact multiple of step (step positive), else 0; 0 when either is absent. */
BOURSE_API int32_t bourse_decimal_is_multiple(const bourse_decimal *value, const bourse_decimal *step);

/* out = value without trailing zeros after the point ("1.500" becomes "1.5", "100" stays). */
BOURSE_API void bourse_decimal_trim(bourse_decimal *out, const bourse_decimal *value);

#ifdef __cplusplus
}
#endif
#endif
