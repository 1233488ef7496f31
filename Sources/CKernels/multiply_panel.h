#pragma once

// Products of integer weights and many tokens, for AVX-512 with VNNI.
//
// A product of 32 columns by 16 rows takes 8 multiplications of bytes and 2 to 5 of floats, and all else is arranged so
// that the multipliers wait for nothing. Two groups of rows share each activation that is loaded. Their weights stay in
// registers while a panel of tokens passes, so that unpacking costs little, and the sums wait in the nearest cache.
// Activations are gathered for that: one cache line for 32 columns of a token, tokens side by side, and offset by 128: so
// they can be the unsigned side of the products, and what the offset adds depends on the weights alone. A new type needs
// nothing here but its weights from `load_weights` and `zero_point`, and its scales from `load_scales`.

#include "multiply_tiles.h"

enum { panel_tokens = 64, panel_blocks = 32, panel_groups = 16 };

// From how many tokens on a panel is faster than tiles: weights that unpack in few steps gain less.
SK_INLINE size_t panel_least_tokens(uint32_t type) { return type == SK_Q4_0 ? 48 : type == SK_Q4_1 ? 24 : 16; }

// 32 columns of a token.
typedef struct {
    uint8_t quants[SK_BLOCK_COLUMNS];
    float scales[2], scaled_sum, half_sums[2], unused[3];
} panel_column;

// 32 columns of a group: what stays in registers.
typedef struct {
    bytes weights[8];
    ints starts[2];  // of the dots of each half, or of both in the first
    floats half_scales[2];
    block_scales scales;
} panel_weights;

// Subscales of 16 columns that are small enough are multiplied into the weights, which are still bytes then.
SK_INLINE int folds_scales(const uint32_t type, const size_t scale_columns) {
    return scale_columns == SK_BLOCK_COLUMNS && (type == SK_Q2_K || type == SK_Q3_K);
}

SK_INLINE int has_panel_half_dots(const uint32_t type, const size_t scale_columns) {
    return has_half_dots(type, scale_columns) && !folds_scales(type, scale_columns);
}

// The lowest 8 bits of the products of bytes with a factor for each four.
SK_INLINE bytes multiply_bytes(bytes w, floats by) {
    const __m512i high = _mm512_set1_epi16((short)0xff00), both = (__m512i)w;
    __m512i factor = _mm512_cvtps_epi32(by);
    factor = _mm512_mask_blend_epi16(0xaaaaaaaa, factor, _mm512_slli_epi32(factor, 16));
    __m512i odd = _mm512_mullo_epi16(_mm512_and_si512(both, high), factor);
    return (bytes)_mm512_ternarylogic_epi32(high, odd, _mm512_mullo_epi16(both, factor), 0xca);  // high ? odd : even
}

SK_INLINE void load_panel_weights(const uint32_t type, const size_t scale_columns, const sk_parts *parts,
                                  panel_weights *w) {
    const bytes offset = (bytes)_mm512_set1_epi8(-128);
    load_block(type, parts, 0, w->weights);
    for (int c = 0; c < 8; c++) w->weights[c] -= (uint8_t)zero_point(type);
    w->scales = load_scales(type, parts, 0);
    for (int c = 0; c < 8 && folds_scales(type, scale_columns); c++)
        w->weights[c] = multiply_bytes(w->weights[c], w->scales.sub[c / 4]);
    for (int half = 0; half < 2; half++) {
        ints sum = splat_int(0);
        for (int c = 4 * half; c < 4 * half + 4; c++) sum = dot_quads(0, sum, offset, w->weights[c]);
        w->starts[half] = -sum;
    }
    if (!has_panel_half_dots(type, scale_columns)) w->starts[0] += w->starts[1];
    for (int half = 0; half < 2 && scale_columns == SK_HALF_COLUMNS; half++)
        w->half_scales[half] = sk_has_half_scales(type) ? w->scales.scale * w->scales.sub[half] : w->scales.scale;
}

// Half of the columns of all groups onto `dots`.
SK_INLINE void add_half_dots(const size_t groups, const panel_weights *w, const panel_column *x, int half, ints dots[2]) {
    #pragma clang loop unroll(full)
    for (int c = 4 * half; c < 4 * half + 4; c++) {
        int32_t four;
        memcpy(&four, x->quants + 4 * c, 4);
        for (size_t g = 0; g < groups; g++) dots[g] = dot_quads(0, dots[g], (bytes)splat_int(four), w[g].weights[c]);
    }
}

// The dots of 32 columns as floats, subscales in them.
SK_INLINE void panel_dots(const uint32_t type, const size_t groups, const panel_weights *w, const panel_column *x,
                          floats result[2]) {
    const int half_dots = has_panel_half_dots(type, SK_BLOCK_COLUMNS);
    ints first[2], second[2];
    for (size_t g = 0; g < groups; g++) {
        first[g] = w[g].starts[0];
        second[g] = half_dots ? w[g].starts[1] : splat_int(0);
    }
    add_half_dots(groups, w, x, 0, first);
    add_half_dots(groups, w, x, 1, second);
    for (size_t g = 0; g < groups; g++) {
        if (!half_dots) {
            result[g] = to_floats(first[g] + second[g]);
            continue;
        }
        floats scaled = to_floats(first[g]) * w[g].scales.sub[0];
        result[g] = multiply_add(to_floats(second[g]), w[g].scales.sub[1], scaled);
    }
}

// 32 columns of one token.
SK_INLINE void panel_token(const uint32_t type, const size_t scale_columns, const size_t groups, const panel_weights *w,
                           const panel_column *x, floats sums[2]) {
    floats dots[2];
    for (int half = 0; half < 2 && scale_columns == SK_HALF_COLUMNS; half++) {
        ints own[2];
        for (size_t g = 0; g < groups; g++) own[g] = w[g].starts[half];
        add_half_dots(groups, w, x, half, own);
        for (size_t g = 0; g < groups; g++)
            sums[g] = multiply_add(to_floats(own[g]), w[g].half_scales[half] * splat(x->scales[half]), sums[g]);
    }
    if (scale_columns == SK_BLOCK_COLUMNS) panel_dots(type, groups, w, x, dots);
    for (size_t g = 0; g < groups; g++) {
        if (scale_columns == SK_BLOCK_COLUMNS)
            sums[g] = multiply_add(dots[g], w[g].scales.scale * splat(x->scales[0]), sums[g]);
        sums[g] = add_minimum(type, w[g].scales.minimum, x->scaled_sum, x->half_sums, sums[g]);
    }
}

// The blocks of two groups that are read next: on their way while others are multiplied.
typedef struct {
    size_t group, block;
} panel_next;

SK_INLINE void fetch_pair(const uint32_t type, const sk_matrix *m, panel_next next) {
    const size_t blocks = m->columns / SK_BLOCK_COLUMNS, groups = (m->rows + SK_GROUP_ROWS - 1) / SK_GROUP_ROWS;
    if (next.block >= blocks) return;
    for (size_t group = next.group; group < next.group + 2 && group < groups; group++) {
        sk_parts parts = sk_block_at(type, m->data + group * m->group_bytes, next.block);
        for (size_t byte = 0; byte < sk_block_bytes(type); byte += 64) __builtin_prefetch(parts.quants + byte, 0, 2);
    }
}

// One or two groups by the gathered columns; the sums of a token's two groups lie side by side.
SK_INLINE void panel_pair(const uint32_t type, const size_t scale_columns, const size_t groups, const sk_matrix *m,
                          size_t group, size_t block, size_t blocks, panel_next next, const panel_column *panel,
                          size_t tokens, floats (*sums)[2]) {
    const uint8_t *data = m->data + group * m->group_bytes;
    for (size_t end = block + blocks; block < end; block++, next.block++, panel += panel_tokens) {
        panel_weights w[2];
        fetch_pair(type, m, next);
        for (size_t g = 0; g < groups; g++) {
            sk_parts parts = sk_block_at(type, data + g * m->group_bytes, block);
            load_panel_weights(type, scale_columns, &parts, w + g);
        }
    #pragma clang loop unroll(disable)
        for (size_t t = 0; t < tokens; t++) panel_token(type, scale_columns, groups, w, panel + t, sums[t]);
    }
}

static void gather_panel(const sk_activations *x, size_t token, size_t tokens, size_t block, size_t blocks,
                         panel_column *panel) {
    const __m256i offset = _mm256_set1_epi8(-128);
    for (size_t end = block + blocks; block < end; block++, panel += panel_tokens)
        for (size_t t = 0; t < tokens; t++) {
            const int8_t *quants = x->quants + (token + t) * x->quant_stride + block * SK_BLOCK_COLUMNS;
            const sk_block *from = x->blocks + (token + t) * x->block_stride + block;
            __m256i signed_quants = _mm256_loadu_si256((const __m256i *)quants);
            _mm256_storeu_si256((__m256i *)panel[t].quants, _mm256_xor_si256(signed_quants, offset));
            memcpy(panel[t].scales, from->scales, sizeof from->scales);
            panel[t].scaled_sum = from->scaled_sum;
            memcpy(panel[t].half_sums, from->half_sums, sizeof from->half_sums);
        }
}

// Up to `panel_groups` groups by up to `panel_tokens` tokens.
SK_INLINE void multiply_panel(const uint32_t type, const size_t scale_columns, const sk_matrix *m, size_t first,
                              size_t groups, const sk_activations *x, size_t token, size_t tokens, float *out,
                              size_t out_stride) {
    _Alignas(64) panel_column panel[panel_blocks * panel_tokens];
    floats sums[panel_groups / 2][panel_tokens][2];
    const size_t blocks = m->columns / SK_BLOCK_COLUMNS;
    for (size_t pair = 0; pair < (groups + 1) / 2; pair++)
        for (size_t t = 0; t < tokens; t++) sums[pair][t][0] = sums[pair][t][1] = splat(0);
    for (size_t block = 0, count; block < blocks; block += count) {
        count = blocks - block < panel_blocks ? blocks - block : panel_blocks;
        gather_panel(x, token, tokens, block, count, panel);
        for (size_t g = 0; g < groups; g += 2) {
            // The next pair, else the first one's next columns, else the next groups.
            panel_next next = {first + g + 2, block};
            if (g + 2 >= groups && block + count < blocks) next = (panel_next){first, block + count};
            else if (g + 2 >= groups) next = (panel_next){first + groups, 0};
            floats (*pair)[2] = sums[g / 2];
            if (g + 1 < groups) panel_pair(type, scale_columns, 2, m, first + g, block, count, next, panel, tokens, pair);
            else panel_pair(type, scale_columns, 1, m, first + g, block, count, next, panel, tokens, pair);
        }
    }
    for (size_t t = 0; t < tokens; t++)
        for (size_t g = 0; g < groups; g++) {
            float *to = out + (token + t) * out_stride + (first + g) * SK_GROUP_ROWS;
            store_rows(to, &sums[g / 2][t][g % 2], sk_rows_in_group(m, first + g));
        }
}

// Equal shares of the tokens, and of the groups in pairs, so that none is much smaller than the rest.
SK_INLINE void multiply_type(const uint32_t type, const size_t scale_columns, const sk_matrix *m, size_t first,
                             size_t groups, const sk_activations *x, size_t tokens, float *out, size_t out_stride) {
    if (tokens < panel_least_tokens(type)) {
        multiply_tiles(type, scale_columns, m, first, groups, x, tokens, out, out_stride);
        return;
    }
    const size_t panels = (tokens + panel_tokens - 1) / panel_tokens, sets = (groups + panel_groups - 1) / panel_groups;
    const size_t pairs = (groups + 1) / 2;
    for (size_t set = 0; set < sets; set++) {
        size_t from = pairs * set / sets * 2, to = pairs * (set + 1) / sets * 2;
        if (to > groups) to = groups;
        for (size_t panel = 0; panel < panels; panel++) {
            size_t token = tokens * panel / panels, end = tokens * (panel + 1) / panels;
            multiply_panel(type, scale_columns, m, first + from, to - from, x, token, end - token, out, out_stride);
        }
    }
}
