// Attention: what goes into the cache, partials of its blocks, their fold and its end.

#include "check.h"
#include "quantized_cache.h"

typedef struct {
    uint32_t element;
    size_t head_dim, heads, tokens;
    int64_t first, window;
    size_t value_dim;  // 0: as wide as keys
} shape;

static const shape shapes[] = {
    {SK_F16, 64, 3, 1, 0, 0, 0}, {SK_F16, 64, 3, 1, 63, 0, 0}, {SK_F16, 64, 4, 1, 64, 0, 0},
    {SK_F16, 64, 3, 1, 200, 0, 0}, {SK_F16, 64, 3, 5, 0, 0, 0}, {SK_F16, 64, 3, 9, 60, 0, 0},
    {SK_F16, 64, 1, 70, 120, 0, 0}, {SK_F16, 128, 4, 2, 100, 0, 0}, {SK_F16, 7, 1, 3, 130, 0, 0},
    {SK_F16, 40, 9, 1, 30, 0, 0}, {SK_F32, 64, 3, 4, 70, 0, 0}, {SK_F32, 1, 2, 2, 5, 0, 0},
    {SK_F32, 20, 5, 3, 126, 0, 0}, {SK_F16, 64, 3, 6, 190, 50, 0}, {SK_F16, 64, 3, 9, 0, 3, 0},
    {SK_F16, 64, 2, 4, 126, 64, 0}, {SK_F32, 96, 2, 7, 140, 33, 0}, {SK_F32, 128, 8, 3, 61, 100, 0},
    {SK_Q8_0, 64, 3, 1, 0, 0, 0}, {SK_Q8_0, 64, 3, 9, 60, 0, 0}, {SK_Q8_0, 128, 4, 2, 100, 0, 0},
    {SK_Q8_0, 7, 1, 3, 130, 0, 0}, {SK_Q8_0, 40, 9, 1, 30, 0, 0}, {SK_Q8_0, 64, 3, 6, 190, 50, 0},
    {SK_Q8_0, 64, 2, 4, 126, 64, 0}, {SK_Q8_0, 80, 1, 70, 120, 0, 0}, {SK_F16, 64, 3, 5, 60, 0, 40},
    {SK_F32, 24, 2, 3, 70, 0, 100}, {SK_Q8_0, 96, 4, 2, 100, 0, 64}, {SK_Q8_0, 40, 2, 9, 60, 0, 80},
};

static size_t key_bytes(const shape *s) {
    if (s->element == SK_Q8_0) return (s->head_dim + 31) / 32 * SK_CACHED_BYTES;
    return SK_KV_POSITIONS * s->head_dim * (s->element == SK_F32 ? 4 : 2);
}

static size_t value_dim(const shape *s) { return s->value_dim > 0 ? s->value_dim : s->head_dim; }

static size_t value_bytes(const shape *s) {
    if (s->element == SK_Q8_0) return (value_dim(s) + 31) / 32 * SK_CACHED_BYTES;
    return SK_KV_POSITIONS * ((value_dim(s) + 15) / 16 * 16) * (s->element == SK_F32 ? 4 : 2);
}

static const char *element_name(uint32_t type) { return type == SK_F32 ? "F32" : type == SK_F16 ? "F16" : "Q8_0"; }

// One position alone, in a block of its own.
static void test_store(const shape *s, const float *x, size_t position) {
    uint8_t *keys[2], *values[2];
    for (int i = 0; i < 2; i++) {
        keys[i] = allocate(key_bytes(s));
        values[i] = allocate(value_bytes(s));
        (i ? tested : portable)->store_key(x, s->head_dim, s->element, keys[i], position);
        (i ? tested : portable)->store_value(x + 1, value_dim(s), s->element, values[i], position);
    }
    check("store_key", element_name(s->element), keys[0], keys[1], key_bytes(s));
    check("store_value", element_name(s->element), values[0], values[1], value_bytes(s));
    for (int i = 0; i < 2; i++) release("store_key", keys[i]), release("store_value", values[i]);
}

// Keys and values of all positions up to the last token.
static void store(const sk_kernels *kernels, const shape *s, const float *x, uint8_t *keys, uint8_t *values) {
    for (int64_t position = 0; position < s->first + (int64_t)s->tokens; position++) {
        size_t block = (size_t)position / SK_KV_POSITIONS, at = (size_t)position % SK_KV_POSITIONS;
        kernels->store_key(x + position * 7, s->head_dim, s->element, keys + block * key_bytes(s), at);
        kernels->store_value(x + position * 11 + 5, value_dim(s), s->element, values + block * value_bytes(s), at);
    }
}

static void attend(const sk_kernels *kernels, const shape *s, const sk_queries *queries, const uint8_t *keys,
                   const uint8_t *values, float *partials, float *folded, float *out) {
    size_t stride = sk_partial_stride(value_dim(s)), rows = s->tokens * s->heads;
    size_t blocks = (size_t)(s->first + (int64_t)s->tokens - 1) / SK_KV_POSITIONS + 1;
    for (size_t b = 0; b < blocks; b++) {
        float *block = partials + b * rows * stride;
        kernels->attend(queries, keys + b * key_bytes(s), values + b * value_bytes(s), (int64_t)b, block);
        if (b == 0) memcpy(folded, block, rows * stride * sizeof(float));
        for (size_t row = 0; row < rows && b > 0; row++)
            kernels->fold(folded + row * stride, block + row * stride, value_dim(s));
    }
    for (size_t row = 0; row < rows; row++) kernels->finish(folded + row * stride, value_dim(s), out + row * value_dim(s));
}

// The queries as a quantized cache takes them: each row filled up with zeros.
static sk_activations quantized(const shape *s, const float *q) {
    size_t rows = s->tokens * s->heads, columns = (s->head_dim + 31) / 32 * 32, blocks = columns / 32;
    sk_activations a = {allocate(rows * columns), allocate(rows * blocks * sizeof(sk_block)), columns, blocks,
                        SK_BLOCK_COLUMNS};
    float padded[256] = {0};
    for (size_t row = 0; row < rows; row++) {
        memcpy(padded, q + row * s->head_dim, s->head_dim * sizeof(float));
        portable->quantize(padded, columns, SK_BLOCK_COLUMNS, a.quants + row * columns, a.blocks + row * blocks);
    }
    return a;
}

static void test_shape(const shape *s) {
    size_t positions = (size_t)s->first + s->tokens, blocks = (positions + 63) / 64, rows = s->tokens * s->heads;
    size_t partial = rows * sk_partial_stride(value_dim(s)) * sizeof(float);
    size_t inputs = positions * 11 + 512, answer = rows * value_dim(s) * sizeof(float);
    float *x = allocate(inputs * sizeof(float)), *q = allocate(rows * s->head_dim * sizeof(float));
    float *partials[2], *folded[2], *out[2];
    uint8_t *keys[2], *values[2];
    char name[80];
    snprintf(name, sizeof name, "%s %zu, %zu heads, %zu tokens at %d, window %d", element_name(s->element), s->head_dim,
             s->heads, s->tokens, (int)s->first, (int)s->window);
    fill(x, inputs, 2);
    fill(q, rows * s->head_dim, 2);
    sk_queries queries = {
        .data = q, .token_stride = s->heads * s->head_dim, .head_stride = s->head_dim, .tokens = s->tokens,
        .heads = s->heads, .head_dim = s->head_dim, .value_dim = value_dim(s), .first_position = s->first,
        .window = s->window, .scale = 0.3f, .element = s->element, .quantized = quantized(s, q),
    };
    for (size_t position = 0; position < SK_KV_POSITIONS; position += 21) test_store(s, x, position);
    for (int i = 0; i < 2; i++) {
        keys[i] = allocate(blocks * key_bytes(s));
        values[i] = allocate(blocks * value_bytes(s));
        partials[i] = allocate(blocks * partial);
        folded[i] = allocate(partial);
        out[i] = allocate(answer);
        memset(keys[i], 0xff, blocks * key_bytes(s));  // NaN where nothing is stored
        memset(values[i], 0xff, blocks * value_bytes(s));
        store(i ? tested : portable, s, x, keys[i], values[i]);
        attend(i ? tested : portable, s, &queries, keys[i], values[i], partials[i], folded[i], out[i]);
    }
    check("store_key", name, keys[0], keys[1], blocks * key_bytes(s));
    check("store_value", name, values[0], values[1], blocks * value_bytes(s));
    check("attend", name, partials[0], partials[1], blocks * partial);
    check("fold", name, folded[0], folded[1], partial);
    check("finish", name, out[0], out[1], answer);
    for (int i = 0; i < 2; i++) {
        release("store_key", keys[i]);
        release("store_value", values[i]);
        release("attend", partials[i]);
        release("fold", folded[i]);
        release("finish", out[i]);
    }
    release("store_key", x);
    release("attend", q);
    release("quantize", queries.quantized.quants);
    release("quantize", queries.quantized.blocks);
}

// What F16 rounds: ties, both ends of its subnormals, and what it clamps.
static void test_narrowing(void) {
    const size_t bytes = SK_KV_POSITIONS * 32 * 2;
    uint16_t *cached[4] = {allocate(bytes), allocate(bytes), allocate(bytes), allocate(bytes)};
    float x[32] = {1e9f, -__builtin_inff(), 65504, 65519.9f, -65520, 1, 1.00048828125f, 1.00146484375f, 0, -0.0f,
                   5.9604645e-8f, 2.9802322e-8f, 2.9802326e-8f, 8.9406967e-8f, 6.1e-5f, -6.0975552e-5f, 1e-10f, 0.1f,
                   -0x1p-149f, __builtin_nanf("")};
    for (size_t i = 20; i < 32; i++) x[i] = random_float(6.2e-5f);
    for (int table = 0; table < 2; table++) {
        (table ? tested : portable)->store_key(x, 32, SK_F16, cached[table], 5);
        (table ? tested : portable)->store_value(x, 32, SK_F16, cached[2 + table], 5);
    }
    check("store_key", "of special values", cached[0], cached[1], bytes);
    check("store_value", "of special values", cached[2], cached[3], bytes);
    for (int i = 0; i < 4; i++) release("store", cached[i]);
}

void test_attention(void) {
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) test_shape(shapes + i);
    test_narrowing();
}
