// AVX2 with FMA and F16C: eight rows in a vector and two vectors to a group.

#if defined(__x86_64__)

    #include <immintrin.h>

    #include "group.h"
    #include "tables.h"

    #pragma STDC FP_CONTRACT OFF
    #pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

    #include "simd/avx2.h"

// Tiles by what the 16 registers hold: four tokens by two vectors are 8 sums, and leave 8 registers to work in.
enum { tile_tokens = 4, tile_groups = 1, float_tile_tokens = 4, float_tile_groups = 4, prefetches_for_few_tokens = 0 };
enum { score_vectors = 2, quantized_score_vectors = 2, quantized_score_vectors_of_many = 2, most_value_sixteens = 1 };

    #include "multiply_streamed.h"
    #include "multiply_tiles.h"
    #define multiply_type multiply_tiles
    #include "kernels.h"

const sk_kernels sk_avx2 = SK_KERNELS;

    #pragma clang attribute pop

#endif
