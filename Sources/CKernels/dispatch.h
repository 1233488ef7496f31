// Included inside the target region of each ISA file, after it defined `multiply_tile` and `floats_tile`: how a product
// walks over groups and tokens, one copy for each type. `tile_tokens` share a reading of integer weights, `tile_groups`
// one of their activations, `widest` tokens one of floats; where there are fewer, `lone_groups` groups of floats side by
// side keep the multipliers busy.

enum { resident_groups = 2, resident_floats = 4 };

// A few groups stay in the nearer caches while all tokens pass by: weights come from memory once, and activations
// travel less often. Meanwhile the next ones are on their way.
SK_INLINE void multiply_tiles(const uint32_t type, const int halves, const sk_matrix *m, size_t first, size_t groups,
                              const sk_activations *x, size_t tokens, float *out, size_t out_stride) {
    for (size_t end = first + groups, last; first < end; first = last) {
        last = end - first < resident_groups ? end : first + resident_groups;
        for (size_t token = 0, width; token < tokens; token += width) {
            size_t left = tokens - token, group = first;
            width = left >= tile_tokens ? tile_tokens : left >= 2 ? 2 : 1;
            sk_ahead ahead = sk_share_ahead(m, last, resident_groups, token, width, tokens);
            for (; width == tile_tokens && group + tile_groups <= last; group += tile_groups)
                multiply_tile(type, halves, tile_groups, tile_tokens, m, group, x, token, ahead, out, out_stride);
            for (; width == tile_tokens && group < last; group++)
                multiply_tile(type, halves, 1, tile_tokens, m, group, x, token, ahead, out, out_stride);
            for (; width == 2 && group < last; group++)
                multiply_tile(type, halves, 1, 2, m, group, x, token, ahead, out, out_stride);
            for (; group < last; group++) multiply_tile(type, halves, 1, 1, m, group, x, token, ahead, out, out_stride);
        }
    }
}

SK_INLINE void floats_type(const uint32_t type, const sk_matrix *m, size_t first, size_t groups, const float *x,
                           size_t stride, size_t tokens, float *out, size_t out_stride) {
    for (size_t end = first + groups, last; first < end; first = last) {
        last = end - first < resident_floats ? end : first + resident_floats;
        for (size_t token = 0, width; token < tokens; token += width) {
            size_t left = tokens - token, group = first;
            const float *rows = x + token * stride;
            float *to = out + token * out_stride;
            width = left >= widest ? widest : left >= 2 ? 2 : 1;
            for (; width == widest && group < last; group++)
                floats_tile(type, 1, widest, m, group, rows, stride, to, out_stride);
            for (; width == 2 && group + 2 <= last; group += 2)
                floats_tile(type, 2, 2, m, group, rows, stride, to, out_stride);
            for (; width == 2 && group < last; group++) floats_tile(type, 1, 2, m, group, rows, stride, to, out_stride);
            for (; group + lone_groups <= last; group += lone_groups)
                floats_tile(type, lone_groups, 1, m, group, rows, stride, to, out_stride);
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
