#pragma once

// The two tables under comparison, inputs for them, memory that shows what is written beside it, and the count of what
// agreed.

#include <stdio.h>
#include <stdlib.h>

#include "group.h"

extern const sk_kernels *portable, *tested;
extern unsigned passed, failed;
extern uint64_t digest;  // of all that the portable table gave, by FNV-1a

typedef struct {
    uint32_t type;
    const char *name;
} element;

enum { element_count = 15 };
extern const element elements[element_count];

uint64_t random_bits(void);
size_t random_below(size_t end);
float random_float(float limit);  // between -limit and limit
void fill(float *x, size_t count, float limit);

// Memory between two guard zones; it and they hold one pattern, a finite float that no kernel computes. It begins at a
// multiple of 64 and ends where `bytes` say.
void *allocate(size_t bytes);

// Frees it, after a look at its guard zones: a write there counts as a failure.
void release(const char *what, void *memory);

// Compares what the portable table and the tested one wrote to allocated memory, and looks at the guard zones of both.
void check(const char *what, const char *how, const void *expected, const void *found, size_t bytes);

// Bytes inside of allocated memory that must still hold the pattern.
void check_untouched(const char *what, const char *how, const void *found, size_t bytes);

void test_products(void);
void test_rows(void);
void test_attention(void);

// A packed matrix of random blocks, with room for the quantized and the plain rows that it is multiplied by.
typedef struct {
    sk_matrix matrix;
    size_t tokens, stride, out_stride;
    sk_activations x;
    float *floats;
} product;

// `fixed` is a byte that all quants have, or -1.
product random_product(uint32_t type, size_t rows, size_t columns, size_t tokens, size_t scale_columns, int fixed);
void release_product(product *p);
void multiply(const sk_kernels *kernels, const product *p, size_t first, size_t groups, float *out);

// Prints how fast each kernel of the tested table is.
void print_rates(void);
