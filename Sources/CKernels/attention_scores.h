#pragma once

// The scaled scores of `count` queries with the 64 keys of a block.

#include "attention_tile.h"
#include "quantized_cache.h"

SK_INLINE void quantized_scores(const int count, const sk_queries *queries, const uint8_t *keys, ptrdiff_t distance,
                                tile_query *tile) {
    const size_t vectors = count > 2 ? quantized_score_vectors_of_many : quantized_score_vectors, span = vectors * lanes;
    for (size_t j = 0; j < SK_KV_POSITIONS; j += span) {
        const uint8_t *block = keys;
        floats sums[tile_queries][quantized_score_vectors];
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < vectors; v++) sums[i][v] = splat(0);
        for (size_t d = 0; d < queries->head_dim; d += SK_BLOCK_COLUMNS, block += SK_CACHED_BYTES) {
            activations x[tile_queries];
            ints dots[tile_queries][quantized_score_vectors];
            for (int i = 0; i < count; i++) {
                x[i] = load_activations(tile[i].quants + d);
                int32_t start = sk_compensation(signed_zero_point, tile[i].blocks[d / SK_BLOCK_COLUMNS].offset);
                for (size_t v = 0; v < vectors; v++) dots[i][v] = splat_int(start);
            }
    #pragma clang loop unroll(full)
            for (int c = 0; c < SK_BLOCK_COLUMNS / 4; c++) {
                const size_t at = (size_t)c * SK_CACHED_QUAD + 4 * j;
                prefetch_block(block, at, 4 * span, distance);
                for (size_t v = 0; v < vectors; v++) {
                    bytes k = from_signed(load_bytes(block + at + 4 * lanes * v));
                    for (int i = 0; i < count; i++) dots[i][v] = dot(1, dots[i][v], k, x[i], c);
                }
            }
            for (size_t v = 0; v < vectors; v++) {
                floats scale = load_f16(block + SK_CACHED_QUANTS + 2 * (j + lanes * v));
                for (int i = 0; i < count; i++) {
                    floats both = scale * splat(tile[i].blocks[d / SK_BLOCK_COLUMNS].scales[0]);
                    sums[i][v] = multiply_add(to_floats(dots[i][v]), both, sums[i][v]);
                }
            }
        }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < vectors; v++)
                store_floats(tile[i].p + j + lanes * v, sums[i][v] * splat(queries->scale));
    }
}

SK_INLINE void scores(const uint32_t element, const int count, const sk_queries *queries, const void *keys,
                      ptrdiff_t distance, tile_query *tile) {
    const size_t width = element == SK_F32 ? 4 : 2, span = score_vectors * lanes;
    if (element == SK_Q8_0) {
        quantized_scores(count, queries, keys, distance, tile);
        return;
    }
    for (size_t j = 0; j < SK_KV_POSITIONS; j += span) {
        floats sums[tile_queries][score_vectors];
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < score_vectors; v++) sums[i][v] = splat(0);
        for (size_t d = 0; d < queries->head_dim; d++) {
            const size_t at = d * SK_KV_POSITIONS + j;
            floats k[score_vectors];
            prefetch_block(keys, at * width, span * width, distance);
            for (size_t v = 0; v < score_vectors; v++) k[v] = load_cached(element, keys, at + lanes * v);
            for (int i = 0; i < count; i++) {
                floats q = splat(tile[i].query[d]);
                for (size_t v = 0; v < score_vectors; v++) sums[i][v] = multiply_add(q, k[v], sums[i][v]);
            }
        }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < score_vectors; v++)
                store_floats(tile[i].p + j + lanes * v, sums[i][v] * splat(queries->scale));
    }
}
