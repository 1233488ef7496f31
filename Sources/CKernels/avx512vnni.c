// AVX-512 with VNNI: a vector lane for each of 16 rows.

#if defined(__x86_64__)

    #include <immintrin.h>

    #include "group.h"
    #include "tables.h"

    #pragma STDC FP_CONTRACT OFF
    #pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"))), \
                                 apply_to = function)

    #include "simd/avx512vnni.h"

// Tiles by what the 32 registers hold: the weights of two groups take 16 of them, four tokens' sums 8.
enum { tile_tokens = 4, tile_groups = 2, float_tile_tokens = 8, float_tile_groups = 4, prefetches_for_few_tokens = 1 };
enum { score_vectors = 4, quantized_score_vectors = 4, quantized_score_vectors_of_many = 2, most_value_sixteens = 4 };

    #include "multiply_held.h"
    #include "multiply_tiles.h"
    #include "multiply_panel.h"
    #include "kernels.h"

const sk_kernels sk_avx512vnni = SK_KERNELS;

    #pragma clang attribute pop

#endif
