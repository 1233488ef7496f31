#pragma once

// Products of weights that are plain floats. `float_tile_tokens` tokens share a reading of them; where there are fewer,
// `float_tile_groups` groups side by side keep the multipliers busy.

SK_INLINE floats load_weight_floats(const uint32_t type, const uint8_t *data, size_t index) {
    if (type == SK_F32) return load_floats((const float *)data + index);
    return type == SK_F16 ? load_f16(data + 2 * index) : load_bf16(data + 2 * index);
}

// One chain per output is four cycles a column; several groups or tokens at once keep the multipliers busy.
SK_INLINE void floats_tile(const uint32_t type, const size_t groups, const size_t tokens, const sk_matrix *m, size_t first,
                           const float *x, size_t stride, float *out, size_t out_stride) {
    const uint8_t *data = m->data + first * m->group_bytes;
    floats sums[float_tile_groups][float_tile_tokens][group_vectors];
    for (size_t g = 0; g < groups; g++)
        for (size_t t = 0; t < tokens; t++)
            for (size_t v = 0; v < group_vectors; v++) sums[g][t][v] = splat(0);
    for (size_t column = 0; column < m->columns; column++) {
    #pragma clang loop unroll(full)
        for (size_t g = 0; g < groups; g++)
            for (size_t v = 0; v < group_vectors; v++) {
                floats w = load_weight_floats(type, data + g * m->group_bytes, column * SK_GROUP_ROWS + lanes * v);
    #pragma clang loop unroll(full)
                for (size_t t = 0; t < tokens; t++)
                    sums[g][t][v] = multiply_add(w, splat(x[t * stride + column]), sums[g][t][v]);
            }
    }
    for (size_t g = 0; g < groups; g++)
        for (size_t t = 0; t < tokens; t++)
            store_rows(out + t * out_stride + (first + g) * SK_GROUP_ROWS, sums[g][t], sk_rows_in_group(m, first + g));
}

enum { resident_float_groups = 4 };

SK_INLINE void floats_type(const uint32_t type, const sk_matrix *m, size_t first, size_t groups, const float *x,
                           size_t stride, size_t tokens, float *out, size_t out_stride) {
    for (size_t end = first + groups, last; first < end; first = last) {
        last = end - first < resident_float_groups ? end : first + resident_float_groups;
        for (size_t token = 0, width; token < tokens; token += width) {
            size_t left = tokens - token, group = first;
            const float *rows = x + token * stride;
            float *to = out + token * out_stride;
            width = left >= float_tile_tokens ? float_tile_tokens : left >= 2 ? 2 : 1;
            for (; width == float_tile_tokens && group < last; group++)
                floats_tile(type, 1, float_tile_tokens, m, group, rows, stride, to, out_stride);
            for (; width == 2 && group + 2 <= last; group += 2)
                floats_tile(type, 2, 2, m, group, rows, stride, to, out_stride);
            for (; width == 2 && group < last; group++) floats_tile(type, 1, 2, m, group, rows, stride, to, out_stride);
            for (; group + float_tile_groups <= last; group += float_tile_groups)
                floats_tile(type, float_tile_groups, 1, m, group, rows, stride, to, out_stride);
            for (; group < last; group++) floats_tile(type, 1, 1, m, group, rows, stride, to, out_stride);
        }
    }
}

static void multiply_floats(const sk_matrix *m, size_t first, size_t groups, const float *x, size_t stride, size_t tokens,
                            float *out, size_t out_stride) {
    switch (m->type) {
    case SK_F32: floats_type(SK_F32, m, first, groups, x, stride, tokens, out, out_stride); break;
    case SK_F16: floats_type(SK_F16, m, first, groups, x, stride, tokens, out, out_stride); break;
    default: floats_type(SK_BF16, m, first, groups, x, stride, tokens, out, out_stride); break;
    }
}
