#pragma once

// Activations to int8.

// The largest of the magnitudes of 16 columns in each lane, as bits, by which a NaN is the largest of all.
SK_INLINE ints largest_magnitudes(const floats x[group_vectors]) {
    ints largest = (ints)x[0] & 0x7fffffff;
    for (size_t v = 1; v < group_vectors; v++) largest = __builtin_elementwise_max(largest, (ints)x[v] & 0x7fffffff);
    return largest;
}

// Rounds to the integer nearest, as the environment says; the block's sums come from the rounded integers.
SK_INLINE void quantize_block(const float *x, const size_t scale_columns, int8_t *quants, sk_block *block) {
    floats v[2][group_vectors];
    ints magnitudes[2], sums[2], q[2 * group_vectors];
    int32_t largest[2], sum[2];
    float scales[2];
    for (size_t half = 0; half < 2; half++) {
        for (size_t i = 0; i < group_vectors; i++) v[half][i] = load_floats(x + SK_HALF_COLUMNS * half + lanes * i);
        magnitudes[half] = largest_magnitudes(v[half]);
        sums[half] = splat_int(0);
    }
    if (scale_columns == SK_BLOCK_COLUMNS)
        magnitudes[0] = magnitudes[1] = __builtin_elementwise_max(magnitudes[0], magnitudes[1]);
    largest_of_each(magnitudes[0], magnitudes[1], largest);
    for (size_t half = 0; half < 2; half++) {
        floats inverse = splat(sk_choose_scale(sk_float_of_bits((uint32_t)largest[half]), scales + half));
        for (size_t i = 0; i < group_vectors; i++)
            sums[half] += q[half * group_vectors + i] = to_ints(v[half][i] * inverse);
    }
    store_i8(quants, q);
    sum_of_each(sums[0], sums[1], sum);
    *block = sk_describe_block(scale_columns, scales, sum[0], sum[1]);
}

static void quantize(const float *x, size_t columns, size_t scale_columns, int8_t *quants, sk_block *blocks) {
    for (size_t i = 0; i < columns; i += SK_BLOCK_COLUMNS, blocks++) {
        if (scale_columns == SK_BLOCK_COLUMNS) quantize_block(x + i, SK_BLOCK_COLUMNS, quants + i, blocks);
        else quantize_block(x + i, SK_HALF_COLUMNS, quants + i, blocks);
    }
}
