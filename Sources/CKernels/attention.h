#pragma once

// Attention over one block of the cache, up to four queries that share a KV head at a time.

#include "attention_scores.h"
#include "attention_values.h"
#include "softmax.h"

SK_INLINE void attend_tile(const uint32_t element, const int count, const sk_queries *queries, const void *keys,
                           const void *values, ptrdiff_t distance, tile_query *tile) {
    size_t width = (queries->value_dim + 15) / 16 * 16;
    int lower = 0, upper = SK_KV_POSITIONS;
    scores(element, count, queries, keys, distance, tile);
    for (int i = 0; i < count; i++) {
        softmax(tile + i);
        memset(tile[i].partial + SK_PARTIAL_HEADER, 0, width * sizeof(float));
        if (tile[i].lower > lower) lower = tile[i].lower;
        if (tile[i].upper < upper) upper = tile[i].upper;
    }
    // What all see is read once; what lies before and after it, by each alone. Positions stay in ascending order.
    if (lower > upper) lower = upper;
    for (int i = 0; i < count && count > 1; i++) {
        int end = tile[i].upper < lower ? tile[i].upper : lower;
        sum_values(element, 1, width, values, distance, tile + i, tile[i].lower, end);
    }
    sum_values(element, count, width, values, distance, tile, lower, upper);
    for (int i = 0; i < count && count > 1; i++) {
        int start = tile[i].lower > upper ? tile[i].lower : upper;
        sum_values(element, 1, width, values, distance, tile + i, start, tile[i].upper);
    }
}

SK_INLINE void attend_element(const uint32_t element, const sk_queries *queries, const void *keys, const void *values,
                              int64_t block, float *partials) {
    size_t stride = sk_partial_stride(queries->value_dim), total = queries->tokens * queries->heads;
    tile_query tile[tile_queries];
    for (size_t query = 0; query < total; query += tile_queries) {
        size_t count = total - query < tile_queries ? total - query : tile_queries;
        for (size_t i = 0; i < count; i++) {
            size_t token = (query + i) / queries->heads, head = (query + i) % queries->heads;
            tile[i].query = queries->data + token * queries->token_stride + head * queries->head_stride;
            tile[i].quants = queries->quantized.quants + (query + i) * queries->quantized.quant_stride;
            tile[i].blocks = queries->quantized.blocks + (query + i) * queries->quantized.block_stride;
            tile[i].partial = partials + (query + i) * stride;
            sk_visible(queries, token, block, &tile[i].lower, &tile[i].upper);
        }
        ptrdiff_t distance = query == 0 ? queries->prefetch_distance : 0;
        switch (count) {
        case 4: attend_tile(element, 4, queries, keys, values, distance, tile); break;
        case 3: attend_tile(element, 3, queries, keys, values, distance, tile); break;
        case 2: attend_tile(element, 2, queries, keys, values, distance, tile); break;
        default: attend_tile(element, 1, queries, keys, values, distance, tile); break;
        }
    }
}

static void attend(const sk_queries *queries, const void *keys, const void *values, int64_t block, float *partials) {
    if (queries->element == SK_F32) attend_element(SK_F32, queries, keys, values, block, partials);
    else if (queries->element == SK_Q8_0) attend_element(SK_Q8_0, queries, keys, values, block, partials);
    else attend_element(SK_F16, queries, keys, values, block, partials);
}
