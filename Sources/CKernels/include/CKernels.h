#pragma once

// Compute kernels, one table of functions for each instruction set. No function allocates, starts threads or does I/O.
//
// All tables give the same bits: every float result is one fixed chain of operations that depends only on the element, so
// tiles, threads and vector widths are free to differ. `portable.c` is the definition.

#include <stddef.h>
#include <stdint.h>

enum {
    SK_GROUP_ROWS = 16,      // rows of a packed matrix that lie side by side, one vector lane each
    SK_BLOCK_COLUMNS = 32,   // columns that are multiplied together
    SK_HALF_COLUMNS = 16,    // columns that share an activation scale where all 32 do not
    SK_KV_POSITIONS = 64,    // positions in one block of the KV cache
    SK_PARTIAL_HEADER = 16,  // floats before the values of an attention partial: maximum, sum, padding
};

// Element types by GGML's numbers.
enum {
    SK_F32 = 0, SK_F16 = 1, SK_Q4_0 = 2, SK_Q4_1 = 3, SK_Q5_0 = 6, SK_Q5_1 = 7, SK_Q8_0 = 8,
    SK_Q2_K = 10, SK_Q3_K = 11, SK_Q4_K = 12, SK_Q5_K = 13, SK_Q6_K = 14,
    SK_IQ4_NL = 20, SK_IQ4_XS = 23, SK_BF16 = 30,
};

// A weight matrix packed in groups of 16 rows, a vector lane each. A group of a float type is [column][16 rows] in the
// stored width. Of an integer type it is a list of blocks of 32 columns, each with all that is read together: one stream of
// memory comes in at the speed of a plain read, which two (quants apart from scales) do not. A block is
//  quants      4 bits: 4 vectors of 64 bytes; byte 4r+k of vector c: columns 4c+k (low nibble) and 16+4c+k (high) of row r
//              Q8_0: 8 vectors of int8; byte 4r+k of vector c: column 4c+k of row r
//              of the IQ4 types 4 bits are an index into a table of 16 values
//              Q2_K: 2 vectors of 64 bytes; bits 2j, 2j+1 of byte 4r+k of vector h: column 16h+4j+k of row r
//              Q3_K: 3 vectors of 64 bytes; bits 0-2 of byte 4r+k of vector v: column 4v+k of row r; bits 3-5: column
//              12+4v+k; bits 6, 7 of vectors 0 and 1: the lower bits of columns 24+k and 28+k; of vector 2: their third ones
//  high        Q5: 64 bytes; bit c of byte 4r+k: the fifth bit of column 4c+k
//              Q6: 2 vectors of 64 bytes; bits 2j, 2j+1 of byte 4r+k of vector h: the upper bits of column 16h+4j+k
//  scale       f16 [16]; K types and IQ4_XS have it, and their minimum, once before eight blocks
//  minimum     f16 [16] (Q4_1, Q5_1, Q2_K, Q4_K, Q5_K)
//  subscale    Q4_K, Q5_K: u8 [16]; IQ4_XS: int8 [16]; Q6_K: int8 [2][16], one for each 16 columns
//              Q3_K: the same, and it and the scale have the other sign, so that its products with weights fit an int8
//              Q2_K: u8 [2][16], subscales in the low nibbles, subminima in the high ones
//  subminimum  Q4_K, Q5_K: u8 [16]
typedef struct {
    const uint8_t *data;
    size_t rows, columns;
    size_t group_bytes;  // a multiple of 64
    uint32_t type;
} sk_matrix;

// What the integer product needs to know of 32 quantized activations.
typedef struct {
    float scales[2];  // d of each 16 columns, equal where all 32 share one: x is near d * q
    float scaled_sum;  // for types with minima: d * (float)sum(q), or fma(d1, (float)sum1, d0 * (float)sum0)
    int32_t offset;    // -8 * sum(q): corrects a dot product with weights of which 8 stands for 0
    int32_t half_offsets[2];  // the same of each 16 columns
    float half_sums[2];       // for minima of 16 columns: d * (float)sum(q) of each
} sk_block;

// Rows of activations quantized to int8. Strides are in elements. A product with integer weights adds, block by block,
//  where 32 columns share a scale  fma((float)dot, weight scale * d, sum)
//  where 16 do                     fma((float)dot, weight scale * d, sum) for the first 16, then for the last
// and then fma(minimum, scaled_sum, sum), or for Q2_K fma(minimum, half sum, sum) for the first 16, then for the last. The
// dot is exact; that of types with a subscale for 16 columns has them in it, or has them in the weight scale where 16 columns
// share one (exact too). Products of two scales are rounded once.
typedef struct {
    int8_t *quants;
    sk_block *blocks;
    size_t quant_stride, block_stride;
    size_t scale_columns;  // 32 or 16
} sk_activations;

// A block of the KV cache holds 64 positions of one KV head: keys, then values, in one of three forms.
//  F32, F16  keys [head_dim][64], values [64][value_dim up to a multiple of 16]. Score: one chain fma(q, k, sum) over the
//            head's elements. Value sum: one chain fma(p, v, sum) over the visible positions, ascending.
//  Q8_0      by 32 elements of the head, the last block filled up with zeros: 2048 bytes of int8, then scales f16 [64].
//            Byte 256c+4j+k of a key block is element 4c+k of position j, byte 32j+i of a value block element i.
//            Each position's 32 elements are quantized like activations, then the scale is rounded to f16: an error of
//            2^-12 beside the 2^-8 of the quants, for 34 bytes instead of 36. Elements are clamped to +-127 * 65504.
//            The query comes quantized too. Score: sum = fma((float)dot, k scale * q scale, sum) over its blocks. Value
//            sum: fma(p * scale, (float)quant, sum). Products of two scales or of p and a scale are rounded once.
// Then scores are multiplied by `scale`. Positions that a token does not see are never part of a result.

// Queries of one sequence that share a KV head: `tokens` consecutive positions, `heads` query heads each.
typedef struct {
    const float *data;  // [tokens][heads][head_dim], strides in floats
    size_t token_stride, head_stride;
    size_t tokens, heads;
    size_t head_dim, value_dim;  // elements of a key and of a value
    int64_t first_position;  // of token 0; a token sees its own position and the earlier ones,
    int64_t window;          // and of those only the last `window`, unless it is 0
    float scale;             // of the scores
    uint32_t element;        // what the cache holds: SK_F32, SK_F16 or SK_Q8_0
    sk_activations quantized;  // for SK_Q8_0: [tokens][heads] rows of head_dim elements, zeros up to a multiple of 32
    ptrdiff_t prefetch_distance;  // bytes from this block to the one that is read next and is asked for; 0: none
} sk_queries;

typedef struct {
    // quants and scales of one row of `columns` floats, of which `scale_columns` (32 or 16) share a scale.
    void (*quantize)(const float *x, size_t columns, size_t scale_columns, int8_t *quants, sk_block *blocks);
    // What quantizing left of x: out = x - scale * quant.
    void (*remainder)(const float *x, size_t columns, const int8_t *quants, const sk_block *blocks, float *out);
    // out[t * out_stride + row] for `groups` row groups from `first_group` and tokens 0..<tokens. Never writes past m->rows.
    void (*multiply)(const sk_matrix *m, size_t first_group, size_t groups, const sk_activations *x, size_t tokens,
                     float *out, size_t out_stride);
    void (*multiply_floats)(const sk_matrix *m, size_t first_group, size_t groups, const float *x, size_t x_stride,
                            size_t tokens, float *out, size_t out_stride);
    // out may be x.
    void (*rms_norm)(const float *x, const float *weight, size_t count, float epsilon, float *out);
    // Rotates the first 2 * pairs elements of each head in place; cosines and sines are [pairs].
    void (*rope_adjacent)(float *x, size_t heads, size_t head_stride, const float *cosines, const float *sines, size_t pairs);
    void (*rope_halves)(float *x, size_t heads, size_t head_stride, const float *cosines, const float *sines, size_t pairs);
    // silu(gate) * up; out may be either.
    void (*swiglu)(const float *gate, const float *up, size_t count, float *out);
    // x += y
    void (*add)(float *x, const float *y, size_t count);
    // One position's key into the keys of a block, its value into the values.
    void (*store_key)(const float *key, size_t head_dim, uint32_t element, void *block, size_t position);
    void (*store_value)(const float *value, size_t value_dim, uint32_t element, void *block, size_t position);
    // One block of 64 positions: a partial for each query, [tokens][heads][sk_partial_stride(value_dim)].
    void (*attend)(const sk_queries *queries, const void *keys, const void *values, int64_t block, float *partials);
    // Folds a partial into another that covers earlier positions; an empty one (sum 0) changes nothing.
    void (*fold)(float *into, const float *partial, size_t value_dim);
    // out[i] = value / sum
    void (*finish)(const float *partial, size_t value_dim, float *out);
    void (*exponentials)(const float *x, size_t count, float *out);
    // The products and additions done in `rounds` rounds of the fastest multiplications, of bytes and of floats, on
    // registers alone: timed, the peak that products of matrices are compared with.
    uint64_t (*peak_bytes)(size_t rounds);
    uint64_t (*peak_floats)(size_t rounds);
} sk_kernels;

typedef enum { SK_PORTABLE, SK_AVX2, SK_AVX512VNNI, SK_NEON } sk_isa;

// Takes `bytes` bytes out of all caches, where the processor lets programs do that.
void sk_evict(const void *start, size_t bytes);

// The table, or NULL where this processor or this build has no such instructions.
const sk_kernels *sk_kernels_for(sk_isa isa);

// The size of a matrix; `data` is left NULL.
sk_matrix sk_matrix_layout(uint32_t type, size_t rows, size_t columns);

// Packs one group of rows of the row-major matrix of file blocks at `source`; missing rows become zeros.
void sk_pack(const sk_matrix *m, size_t group, const uint8_t *source, uint8_t *data);

// One row back as floats: what the weights stand for.
void sk_unpack_row(const sk_matrix *m, size_t row, float *out);

// Floats in one attention partial: maximum, sum, 14 unused, values.
static inline size_t sk_partial_stride(size_t value_dim) { return SK_PARTIAL_HEADER + (value_dim + 15) / 16 * 16; }

// Round to nearest, subnormals kept: the floating-point environment that all tables assume, for the calling thread.
void sk_reset_float_environment(void);

// The cores that this process may run on, at least 1.
size_t sk_available_cores(void);

static inline void sk_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
