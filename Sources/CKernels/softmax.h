#pragma once

// From the scores of 64 positions to what their values are weighted with.

#include "attention_tile.h"

// exp of what is not above 0, as sk_exp.
SK_INLINE floats exponential(floats x) {
    const floats magic = splat(0x1.8p23f), one = splat(1.0f);
    floats shifted = multiply_add(x, splat(0x1.715476p0f), magic), n = shifted - magic;
    floats r = multiply_add(n, splat(-0x1.62e430p-1f), x);
    r = multiply_add(n, splat(0x1.05c610p-29f), r);
    floats p = multiply_add(splat(0x1.a01a02p-13f), r, splat(0x1.6c16c2p-10f));
    p = multiply_add(p, r, splat(0x1.111112p-7f));
    p = multiply_add(p, r, splat(0x1.555556p-5f));
    p = multiply_add(p, r, splat(0x1.555556p-3f));
    p = multiply_add(p, r, splat(0.5f));
    p = multiply_add(p, r, one);
    p = multiply_add(p, r, one);
    // The magic number's bits above the last nine are shifted out.
    words power = ((words)shifted + 127) << 23;
    return keep(~(x < splat(-87.3f)), p * (floats)power);
}

SK_INLINE ints visible(const tile_query *query, int position) {
    ints positions = lane_numbers() + splat_int(position);
    return (positions >= splat_int(query->lower)) & (positions < splat_int(query->upper));
}

// Scores to exponentials, their maximum and sum. Positions that are not visible may hold anything and become 0.
SK_INLINE void softmax(tile_query *query) {
    const floats least = splat(-__builtin_inff());
    floats largest = least, sums[group_vectors] = {0};
    for (int j = 0; j < SK_KV_POSITIONS; j += lanes)
        largest = larger(largest, select(visible(query, j), load_floats(query->p + j), least));
    const float maximum = largest_lane(largest);
    for (int j = 0; j < SK_KV_POSITIONS; j += 16)
        for (int v = 0; v < group_vectors; v++) {
            const int position = j + lanes * v;
            floats p = exponential(load_floats(query->p + position) - splat(maximum));
            p = keep(visible(query, position), p);
            store_floats(query->p + position, p);
            sums[v] += p;
        }
    query->partial[0] = maximum + 0.0f;
    query->partial[1] = sum_lanes(sums);
}
