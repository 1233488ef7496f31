// Products of packed matrices: all types, rows that fill no group, few and many tokens.

#include "compare.h"

typedef struct {
    uint32_t type;
    const char *name;
} element;

static const element elements[] = {
    {SK_F32, "F32"},   {SK_F16, "F16"},   {SK_BF16, "BF16"}, {SK_Q4_0, "Q4_0"}, {SK_Q4_1, "Q4_1"}, {SK_Q5_0, "Q5_0"},
    {SK_Q5_1, "Q5_1"}, {SK_Q8_0, "Q8_0"}, {SK_Q2_K, "Q2_K"}, {SK_Q3_K, "Q3_K"}, {SK_Q4_K, "Q4_K"}, {SK_Q5_K, "Q5_K"}, {SK_Q6_K, "Q6_K"},
    {SK_IQ4_NL, "IQ4_NL"}, {SK_IQ4_XS, "IQ4_XS"},
};
enum { element_count = sizeof elements / sizeof elements[0] };

// Finite, subnormals and both zeros among them.
static uint16_t random_half(void) {
    size_t exponent = random_below(22);
    return (uint16_t)((random_bits() >> 20 & 0x83ff) | exponent << 10);
}

// A row-major matrix of file blocks: any bytes (or one, at the ends of what quants can be) and finite scales.
static uint8_t *random_source(uint32_t type, size_t rows, size_t columns, int fixed) {
    size_t bytes = sk_row_bytes(type, columns) * rows;
    uint8_t *source = allocate(bytes);
    if (type == SK_F32) fill((float *)source, rows * columns, 1);
    for (size_t i = 0; i < bytes && sk_is_quantized(type); i++)
        source[i] = (uint8_t)(fixed >= 0 ? (uint64_t)fixed : random_bits() >> 30);
    size_t step = !sk_is_quantized(type) ? 2 : sk_row_bytes(type, sk_is_super(type) ? 256 : 32);
    for (size_t at = 0; at < bytes && type != SK_F32; at += step) {
        uint16_t scale = random_half(), minimum = random_half();
        size_t first = type == SK_Q2_K ? 80 : type == SK_Q3_K ? 108 : type == SK_Q6_K ? 208 : 0;
        memcpy(source + at + first, &scale, 2);
        if (sk_has_minimum(type)) memcpy(source + at + first + 2, &minimum, 2);
    }
    return source;
}

typedef struct {
    sk_matrix matrix;
    size_t tokens, stride, out_stride;
    sk_activations x;
    const float *floats;
} product;

static void multiply(const sk_kernels *kernels, const product *p, size_t first, size_t groups, float *out) {
    if (sk_is_quantized(p->matrix.type))
        kernels->multiply(&p->matrix, first, groups, &p->x, p->tokens, out, p->out_stride);
    else kernels->multiply_floats(&p->matrix, first, groups, p->floats, p->stride, p->tokens, out, p->out_stride);
}

static void compare_product(const element *e, const product *p) {
    size_t bytes = p->tokens * p->out_stride * sizeof(float), groups = (p->matrix.rows + 15) / 16;
    float *expected = allocate(bytes), *whole = allocate(bytes), *parts = allocate(bytes);
    char shape[80];
    snprintf(shape, sizeof shape, "%zu rows, %zu columns, %zu tokens", p->matrix.rows, p->matrix.columns, p->tokens);
    multiply(portable, p, 0, groups, expected);
    multiply(neon, p, 0, groups, whole);
    for (size_t group = 0; group < groups; group++) multiply(neon, p, group, 1, parts);
    check(e->name, shape, expected, whole, bytes);
    check(e->name, "by single groups", expected, parts, bytes);
    free(expected);
    free(whole);
    free(parts);
}

// `fixed` is a byte that all quants have, or -1.
static void test_product_with(const element *e, size_t rows, size_t columns, size_t most_tokens, int fixed,
                              size_t scale_columns) {
    product p = {.matrix = sk_matrix_layout(e->type, rows, columns), .stride = columns + 5, .out_stride = rows + 3};
    size_t blocks = columns / SK_BLOCK_COLUMNS;
    uint8_t *source = random_source(e->type, rows, columns, fixed);
    uint8_t *data = allocate(p.matrix.group_bytes * ((rows + 15) / 16));
    float *x = allocate(most_tokens * p.stride * sizeof(float));
    p.x = (sk_activations){allocate(most_tokens * columns), allocate(most_tokens * (blocks + 1) * sizeof(sk_block)), columns,
                           blocks + 1, scale_columns};
    for (size_t group = 0; group * SK_GROUP_ROWS < rows; group++) sk_pack(&p.matrix, group, source, data);
    fill(x, most_tokens * p.stride, 3);
    for (size_t i = 0; i < columns && fixed >= 0; i++) x[i] = 2;  // quants of 127
    for (size_t t = 0; t < most_tokens && blocks > 0; t++)
        portable->quantize(x + t * p.stride, blocks * SK_BLOCK_COLUMNS, scale_columns, p.x.quants + t * columns,
                           p.x.blocks + t * (blocks + 1));
    p.matrix.data = data;
    p.floats = x;
    for (p.tokens = 1; p.tokens <= most_tokens; p.tokens += p.tokens < 9 ? 1 : 7) compare_product(e, &p);
    free(source);
    free(data);
    free(x);
    free(p.x.quants);
    free(p.x.blocks);
}

static void test_product(const element *e, size_t rows, size_t columns, size_t most_tokens, int fixed) {
    test_product_with(e, rows, columns, most_tokens, fixed, SK_BLOCK_COLUMNS);
    if (sk_is_quantized(e->type)) test_product_with(e, rows, columns, most_tokens, fixed, SK_HALF_COLUMNS);
}

void test_products(void) {
    const size_t rows[] = {1, 16, 37, 101};
    const int ends[] = {0, 127, 128, 255};
    for (size_t i = 0; i < element_count; i++) {
        const element *e = elements + i;
        int super = sk_is_super(e->type), quantized = sk_is_quantized(e->type);
        for (size_t r = 0; r < 4; r++) test_product(e, rows[r], super ? 256 : quantized ? 96 : 67, 9, -1);
        test_product(e, 53, super ? 768 : 544, 23, -1);
        for (size_t f = 0; f < 4 && quantized; f++) test_product(e, 16, 512, 2, ends[f]);
    }
}
