// Included inside the target region of x86_avx512vnni.c: Q6_K for many tokens.
//
// The plain tile spends 12 multiplications on a block and token: 8 of bytes, 2 by the scales of its halves, 2 of floats.
// Here the dots of both halves are one vector of int16 pairs, and one multiplication takes both scales. That is exact where
// the dots fit: |dot| <= sqrt(sum(w * w) * sum(q * q)) by Cauchy and Schwarz. Where this bound does not promise it, which
// is rare, a tile takes the block the plain way. So that the bound and the unpacking cost little, a panel of weights is
// made ready once for all tokens; the sums wait in `out` between panels.

enum { panel_groups = 4, panel_blocks = 32, panel_least_tokens = 4 * widest };

typedef struct {
    __m512i weights[8];
    __m512i subscales;  // of both halves of each row, as int16 pairs
    __m512 scale;
    uint32_t limit;     // the largest square_sum of activations that keeps both dots within 16 bits
} panel_block;

SK_INLINE void prepare_block(const sk_parts *parts, panel_block *block) {
    load_weights(SK_Q6_K, parts, block->weights);
    __m512i squares[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
    for (int c = 0; c < 8; c++) {
        __m512i magnitude = _mm512_abs_epi8(_mm512_sub_epi8(block->weights[c], _mm512_set1_epi8(32)));
        squares[c / 4] = _mm512_dpbusd_epi32(squares[c / 4], magnitude, magnitude);
    }
    uint32_t largest = _mm512_reduce_max_epu32(_mm512_max_epu32(squares[0], squares[1]));
    block->limit = largest > 0 ? 32767u * 32767u / largest : UINT32_MAX;
    __m512i first = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)parts->subscale));
    __m512i second = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)parts->subscale + 1));
    block->subscales = _mm512_mask_mov_epi16(first, 0xaaaaaaaa, _mm512_slli_epi32(second, 16));
    block->scale = load_halves(parts->scale);
}

SK_INLINE void prepare_panel(const sk_matrix *m, size_t group, size_t first, size_t count, panel_block *panel) {
    const uint8_t *data = m->data + group * m->group_bytes;
    for (size_t i = 0; i < count; i++) {
        sk_parts parts = sk_block_at(SK_Q6_K, data, first + i);
        prepare_block(&parts, panel + i);
    }
}

// Both dots of a block, times their scales.
SK_INLINE __m512i panel_dot(const panel_block *block, const int narrow, const int8_t *q, const sk_block *x) {
    __m512i first = dot(_mm512_set1_epi32(x->half_offsets[0]), block->weights, q, 4);
    __m512i second = dot(_mm512_set1_epi32(x->half_offsets[1]), block->weights + 4, q + 16, 4);
    if (narrow) {
        __m512i pairs = _mm512_mask_mov_epi16(first, 0xaaaaaaaa, _mm512_slli_epi32(second, 16));
        return _mm512_madd_epi16(pairs, block->subscales);
    }
    first = _mm512_mullo_epi32(first, _mm512_srai_epi32(_mm512_slli_epi32(block->subscales, 16), 16));
    return _mm512_add_epi32(first, _mm512_mullo_epi32(second, _mm512_srai_epi32(block->subscales, 16)));
}

SK_INLINE void panel_block_tile(const panel_block *block, const int narrow, const int8_t *quants, size_t quant_stride,
                                const sk_block *blocks, size_t block_stride, __m512 sums[widest]) {
    #pragma clang loop unroll(full)
    for (size_t t = 0; t < widest; t++) {
        const sk_block *x = blocks + t * block_stride;
        __m512 dot = _mm512_cvtepi32_ps(panel_dot(block, narrow, quants + t * quant_stride, x));
        sums[t] = _mm512_fmadd_ps(dot, _mm512_mul_ps(block->scale, _mm512_set1_ps(x->scale)), sums[t]);
    }
}

// `count` blocks from column block `first` for eight tokens; sums of earlier blocks are in `out`.
static void panel_tile(const panel_block *panel, size_t first, size_t count, const sk_activations *x, size_t token,
                       __mmask16 rows, float *out, size_t out_stride) {
    const int8_t *quants = x->quants + token * x->quant_stride + first * SK_BLOCK_COLUMNS;
    const sk_block *blocks = x->blocks + token * x->block_stride + first;
    __m512 sums[widest];
    for (size_t t = 0; t < widest; t++)
        sums[t] = first > 0 ? _mm512_maskz_loadu_ps(rows, out + t * out_stride) : _mm512_setzero_ps();
    for (size_t i = 0; i < count; i++, panel++, quants += SK_BLOCK_COLUMNS, blocks++) {
        uint32_t largest = 0;
        for (size_t t = 0; t < widest; t++) {
            uint32_t next = blocks[t * x->block_stride].square_sum;
            largest = next > largest ? next : largest;
        }
        if (__builtin_expect(largest <= panel->limit, 1))
            panel_block_tile(panel, 1, quants, x->quant_stride, blocks, x->block_stride, sums);
        else panel_block_tile(panel, 0, quants, x->quant_stride, blocks, x->block_stride, sums);
    }
    for (size_t t = 0; t < widest; t++) _mm512_mask_storeu_ps(out + t * out_stride, rows, sums[t]);
}

// Asks for a share of the packed blocks of a coming panel, so that memory is read while the processor multiplies.
SK_INLINE void prefetch_panel(const sk_matrix *m, size_t group, size_t block, size_t share, size_t shares) {
    if (group * SK_GROUP_ROWS >= m->rows) return;
    const size_t unit = sk_unit_bytes(SK_Q6_K), last = m->columns / SK_BLOCK_COLUMNS, end = block + panel_blocks;
    const size_t bytes = ((end < last ? end : last) - block) / 8 * unit;
    const uint8_t *data = m->data + group * m->group_bytes + block / 8 * unit;
    for (size_t line = bytes / 64 * share / shares; line <= bytes / 64 * (share + 1) / shares; line++)
        _mm_prefetch((const char *)data + line * 64, _MM_HINT_T1);
}

// All whole tiles of tokens, by a few groups and a part of the columns at a time.
static void multiply_panels(const sk_matrix *m, size_t first, size_t groups, const sk_activations *x, size_t tokens,
                            float *out, size_t out_stride) {
    panel_block panels[panel_groups][panel_blocks];
    const size_t blocks = m->columns / SK_BLOCK_COLUMNS;
    for (size_t block = 0; block < blocks; block += panel_blocks) {
        size_t count = blocks - block < panel_blocks ? blocks - block : panel_blocks, next = block + count;
        for (size_t g = 0; g < groups; g++) prepare_panel(m, first + g, block, count, panels[g]);
        for (size_t token = 0; token < tokens; token += widest)
            for (size_t g = 0; g < groups; g++) {
                __mmask16 rows = (__mmask16)((1u << sk_rows_in_group(m, first + g)) - 1);
                float *to = out + token * out_stride + (first + g) * SK_GROUP_ROWS;
                prefetch_panel(m, first + g + (next < blocks ? 0 : groups), next % blocks, token / widest, tokens / widest);
                panel_tile(panels[g], block, count, x, token, rows, to, out_stride);
            }
    }
}

static void multiply_by_size(const sk_matrix *m, size_t first, size_t groups, const sk_activations *x, size_t tokens,
                             float *out, size_t out_stride) {
    if (m->type != SK_Q6_K || tokens < panel_least_tokens) {
        multiply(m, first, groups, x, tokens, out, out_stride);
        return;
    }
    const size_t tiled = tokens / widest * widest;
    for (size_t end = first + groups, group = first; group < end; group += panel_groups)
        multiply_panels(m, group, end - group < panel_groups ? end - group : panel_groups, x, tiled, out, out_stride);
    if (tiled == tokens) return;
    sk_activations rest = *x;
    rest.quants += tiled * x->quant_stride;
    rest.blocks += tiled * x->block_stride;
    multiply(m, first, groups, &rest, tokens - tiled, out + tiled * out_stride, out_stride);
}
