#pragma once

// The two tables under comparison, inputs for them, and the count of what agreed.

#include <stdio.h>
#include <stdlib.h>

#include "group.h"

extern const sk_kernels *portable, *neon;
extern unsigned passed, failed;
extern uint64_t digest;  // of all that the portable table gave, by FNV-1a

uint64_t random_bits(void);
size_t random_below(size_t end);
float random_float(float limit);  // between -limit and limit
void fill(float *x, size_t count, float limit);
void *allocate(size_t bytes);
void check(const char *what, const char *how, const void *expected, const void *found, size_t bytes);

void test_products(void);
void test_rows(void);
void test_attention(void);
