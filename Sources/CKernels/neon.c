// NEON with the dot products of ARMv8.2: four rows in a vector and four vectors to a group.

#if defined(__aarch64__)

    #include <arm_neon.h>

    #include "group.h"
    #include "tables.h"

    #pragma STDC FP_CONTRACT OFF
    #pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

    #include "simd/neon.h"

// Tiles by what the 32 registers hold: four tokens by four vectors are 16 sums, and leave 16 registers to work in.
enum { tile_tokens = 4, tile_groups = 1, float_tile_tokens = 4, float_tile_groups = 2, prefetches_for_few_tokens = 0 };
enum { score_vectors = 4, quantized_score_vectors = 2, quantized_score_vectors_of_many = 2, most_value_sixteens = 1 };

    #include "multiply_held.h"
    #include "multiply_tiles.h"
    #define multiply_type multiply_tiles
    #include "kernels.h"

const sk_kernels sk_neon = SK_KERNELS;

    #pragma clang attribute pop

#endif
