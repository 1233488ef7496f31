#pragma once

// The value sums of `count` queries continued over positions [lower, upper), `sixteens` times 16 elements of the head from `d`.

#include "attention_tile.h"
#include "quantized_cache.h"

enum { most_value_vectors = most_value_sixteens * group_vectors };

SK_INLINE void load_sums(const int count, const size_t vectors, const tile_query *tile, size_t d,
                         floats (*sums)[most_value_vectors]) {
    for (int i = 0; i < count; i++)
        for (size_t v = 0; v < vectors; v++) sums[i][v] = load_floats(tile[i].partial + SK_PARTIAL_HEADER + d + lanes * v);
}

SK_INLINE void store_sums(const int count, const size_t vectors, const tile_query *tile, size_t d,
                          floats (*sums)[most_value_vectors]) {
    for (int i = 0; i < count; i++)
        for (size_t v = 0; v < vectors; v++) store_floats(tile[i].partial + SK_PARTIAL_HEADER + d + lanes * v, sums[i][v]);
}

SK_INLINE void sum_floats(const uint32_t element, const int count, const size_t sixteens, size_t d, size_t width,
                          const void *values, ptrdiff_t distance, tile_query *tile, int lower, int upper) {
    const size_t bytes = element == SK_F32 ? 4 : 2, vectors = sixteens * group_vectors;
    floats sums[tile_queries][most_value_vectors], x[most_value_vectors];
    load_sums(count, vectors, tile, d, sums);
    for (int j = lower; j < upper; j++) {
        const size_t at = (size_t)j * width + d;
        prefetch_block((const uint8_t *)values + (size_t)j * width * bytes, d * bytes, 16 * sixteens * bytes, distance);
        for (size_t v = 0; v < vectors; v++) x[v] = load_cached(element, values, at + lanes * v);
        for (int i = 0; i < count; i++) {
            floats p = splat(tile[i].p[j]);
            for (size_t v = 0; v < vectors; v++) sums[i][v] = multiply_add(p, x[v], sums[i][v]);
        }
    }
    store_sums(count, vectors, tile, d, sums);
}

SK_INLINE void sum_quantized(const int count, const size_t sixteens, size_t d, const uint8_t *values, ptrdiff_t distance,
                             tile_query *tile, int lower, int upper) {
    const uint8_t *block = values + d / SK_BLOCK_COLUMNS * SK_CACHED_BYTES;
    const size_t blocks = (sixteens + 1) / 2, vectors = sixteens * group_vectors, start = d % SK_BLOCK_COLUMNS;
    float weights[tile_queries][(most_value_sixteens + 1) / 2][SK_KV_POSITIONS];
    floats sums[tile_queries][most_value_vectors];
    for (size_t b = 0; b < blocks; b++)
        for (size_t j = 0; j < SK_KV_POSITIONS; j += lanes) {
            floats scale = load_f16(block + b * SK_CACHED_BYTES + SK_CACHED_QUANTS + 2 * j);
            for (int i = 0; i < count; i++) store_floats(weights[i][b] + j, load_floats(tile[i].p + j) * scale);
        }
    load_sums(count, vectors, tile, d, sums);
    for (int j = lower; j < upper; j++) {
        ints quants[most_value_vectors];
        for (size_t b = 0; b < blocks && start == 0; b++)
            prefetch_block(block + b * SK_CACHED_BYTES, (size_t)j * SK_BLOCK_COLUMNS, SK_BLOCK_COLUMNS, distance);
        for (size_t s = 0; s < sixteens; s++)
            load_sixteen_i8(block + s / 2 * SK_CACHED_BYTES + (size_t)j * SK_BLOCK_COLUMNS + start + s % 2 * 16,
                            quants + s * group_vectors);
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < vectors; v++)
                sums[i][v] = multiply_add(splat(weights[i][v / group_vectors / 2][j]), to_floats(quants[v]), sums[i][v]);
    }
    store_sums(count, vectors, tile, d, sums);
}

SK_INLINE void sum_some(const uint32_t element, const int count, const size_t sixteens, size_t d, size_t width,
                        const void *values, ptrdiff_t distance, tile_query *tile, int lower, int upper) {
    if (element == SK_Q8_0) sum_quantized(count, sixteens, d, values, distance, tile, lower, upper);
    else sum_floats(element, count, sixteens, d, width, values, distance, tile, lower, upper);
}

// All elements of the head.
SK_INLINE void sum_values(const uint32_t element, const int count, size_t width, const void *values, ptrdiff_t distance,
                          tile_query *tile, int lower, int upper) {
    size_t d = 0;
    if (lower >= upper) return;
    for (; d + 16 * most_value_sixteens <= width; d += 16 * most_value_sixteens)
        sum_some(element, count, most_value_sixteens, d, width, values, distance, tile, lower, upper);
    for (; most_value_sixteens > 1 && d < width; d += 16)
        sum_some(element, count, 1, d, width, values, distance, tile, lower, upper);
}
