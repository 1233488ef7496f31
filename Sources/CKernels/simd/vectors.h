#pragma once

// The words that kernels are written in, with one meaning in every instruction set. avx2.h, avx512vnni.h and neon.h say how
// many `lanes` a vector has, include this, and define below the same names what their instructions do in their own way:
//  splat, multiply_add, subtract_product, larger            floats, lane by lane
//  largest_lane, sum_lanes                                  across the lanes; sums fold them 8, 4, 2, 1 apart
//  largest_of_each, sum_of_each                             the same of two vectors of integers at once
//  to_floats, to_ints                                       conversions; to_ints rounds to nearest, ties to even
//  load_f16, store_f16, store_i8, load_sixteen_i8, store_rows
//  load_table, lookup, shift_right                          bytes; a shift by less than 0 goes left, and what it brings
//                                                           into a byte from beside it may be anything
//  activations, load_activations, dot, dot_quads            products of bytes, exact in 32 bits
// Sums, products and bits of lanes need no names: vectors are clang's, which has + - * & | << >> and comparisons for them.
// Kernels include one of them inside the region of their file that has the instructions.

#include "../scalar.h"

#pragma STDC FP_CONTRACT OFF

// Vectors to the 16 rows of a group, or to 16 elements.
enum { group_vectors = SK_GROUP_ROWS / lanes };

// Products and additions in each.
enum { dot_operations = 2 * 4 * lanes, multiply_add_operations = 2 * lanes };

typedef float floats __attribute__((vector_size(4 * lanes)));
typedef int32_t ints __attribute__((vector_size(4 * lanes)));
typedef uint32_t words __attribute__((vector_size(4 * lanes)));
typedef uint8_t bytes __attribute__((vector_size(4 * lanes)));  // four for each lane

SK_INLINE floats load_floats(const float *source) {
    floats x;
    memcpy(&x, source, sizeof x);
    return x;
}

SK_INLINE void store_floats(float *to, floats x) { memcpy(to, &x, sizeof x); }

SK_INLINE bytes load_bytes(const void *source) {
    bytes x;
    memcpy(&x, source, sizeof x);
    return x;
}

// A byte for each lane.
SK_INLINE ints load_u8(const uint8_t *source) {
    typedef uint8_t narrow __attribute__((vector_size(lanes)));
    narrow x;
    memcpy(&x, source, sizeof x);
    return __builtin_convertvector(x, ints);
}

SK_INLINE ints load_i8(const void *source) {
    typedef int8_t narrow __attribute__((vector_size(lanes)));
    narrow x;
    memcpy(&x, source, sizeof x);
    return __builtin_convertvector(x, ints);
}

SK_INLINE floats load_bf16(const void *source) {
    typedef uint16_t narrow __attribute__((vector_size(2 * lanes)));
    narrow x;
    memcpy(&x, source, sizeof x);
    return (floats)(__builtin_convertvector(x, words) << 16);
}

SK_INLINE ints splat_int(int32_t x) { return (ints){0} + x; }

// Number i in lane i.
SK_INLINE ints lane_numbers(void) {
    ints x;
    for (int i = 0; i < lanes; i++) x[i] = i;
    return x;
}

// Lanes of a comparison are all ones or all zeros.
SK_INLINE floats keep(ints mask, floats x) { return (floats)(mask & (ints)x); }
SK_INLINE floats select(ints mask, floats x, floats otherwise) {
    return (floats)((mask & (ints)x) | (~mask & (ints)otherwise));
}
