// Packed matrices and products with them: all types, rows that fill no group, few and many tokens.

#include "check.h"

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

product random_product(uint32_t type, size_t rows, size_t columns, size_t tokens, size_t scale_columns, int fixed) {
    product p = {.matrix = sk_matrix_layout(type, rows, columns), .tokens = tokens, .stride = columns + 5,
                 .out_stride = rows + 3};
    size_t blocks = columns / SK_BLOCK_COLUMNS;
    uint8_t *source = random_source(type, rows, columns, fixed);
    uint8_t *data = allocate(p.matrix.group_bytes * ((rows + 15) / 16));
    p.floats = allocate(tokens * p.stride * sizeof(float));
    p.x = (sk_activations){
        allocate(tokens * columns), allocate(tokens * (blocks + 1) * sizeof(sk_block)), columns, blocks + 1, scale_columns,
    };
    for (size_t group = 0; group * SK_GROUP_ROWS < rows; group++) sk_pack(&p.matrix, group, source, data);
    fill(p.floats, tokens * p.stride, 3);
    for (size_t i = 0; i < columns && fixed >= 0; i++) p.floats[i] = 2;  // quants of 127
    for (size_t t = 0; t < tokens && blocks > 0; t++)
        portable->quantize(p.floats + t * p.stride, blocks * SK_BLOCK_COLUMNS, scale_columns, p.x.quants + t * columns,
                           p.x.blocks + t * (blocks + 1));
    p.matrix.data = data;
    release("pack", source);
    return p;
}

void release_product(product *p) {
    release("pack", (void *)(uintptr_t)p->matrix.data);
    release("multiply", p->floats);
    release("quantize", p->x.quants);
    release("quantize", p->x.blocks);
}

void multiply(const sk_kernels *kernels, const product *p, size_t first, size_t groups, float *out) {
    if (sk_is_quantized(p->matrix.type))
        kernels->multiply(&p->matrix, first, groups, &p->x, p->tokens, out, p->out_stride);
    else kernels->multiply_floats(&p->matrix, first, groups, p->floats, p->stride, p->tokens, out, p->out_stride);
}

// The rows of a token end with the matrix; what lies between them belongs to others.
static void check_between(const char *name, const char *shape, const product *p, const float *out) {
    const size_t rows = p->matrix.rows;
    for (size_t t = 0; t < p->tokens; t++)
        check_untouched(name, shape, out + t * p->out_stride + rows, (p->out_stride - rows) * sizeof(float));
}

static void compare_product(const element *e, const product *p) {
    size_t bytes = p->tokens * p->out_stride * sizeof(float), groups = (p->matrix.rows + 15) / 16;
    float *expected = allocate(bytes), *whole = allocate(bytes), *parts = allocate(bytes);
    char shape[80];
    snprintf(shape, sizeof shape, "%zu rows, %zu columns, %zu tokens", p->matrix.rows, p->matrix.columns, p->tokens);
    multiply(portable, p, 0, groups, expected);
    multiply(tested, p, 0, groups, whole);
    for (size_t group = 0; group < groups; group++) multiply(tested, p, group, 1, parts);
    check(e->name, shape, expected, whole, bytes);
    check(e->name, "by single groups", expected, parts, bytes);
    check_between(e->name, shape, p, whole);
    check_between(e->name, "by single groups", p, parts);
    release(e->name, expected);
    release(e->name, whole);
    release(e->name, parts);
}

// Each unit of columns by itself, from the second group of rows on, against the whole matrix by a row that is 0 elsewhere.
static void compare_units(const element *e, const product *p) {
    const size_t width = sk_is_super(e->type) ? 256 : SK_BLOCK_COLUMNS, columns = p->matrix.columns;
    const size_t first = p->matrix.rows > SK_GROUP_ROWS, groups = (p->matrix.rows + 15) / 16, bytes = p->matrix.rows * 4;
    for (size_t unit = 0; unit < columns / width; unit++) {
        const sk_matrix part = sk_matrix_unit(&p->matrix, first, groups - first, unit);
        sk_activations x = p->x, alone = p->x;
        float *expected = allocate(bytes), *found[2] = {allocate(bytes), allocate(bytes)};
        int8_t *quants = x.quants = allocate(columns);
        sk_block *blocks = x.blocks = allocate(columns / SK_BLOCK_COLUMNS * sizeof(sk_block));
        memset(quants, 0, columns);
        memset(blocks, 0, columns / SK_BLOCK_COLUMNS * sizeof(sk_block));
        alone.quants += unit * width;
        alone.blocks += unit * width / SK_BLOCK_COLUMNS;
        memcpy(quants + unit * width, alone.quants, width);
        memcpy(blocks + unit * width / SK_BLOCK_COLUMNS, alone.blocks, width / SK_BLOCK_COLUMNS * sizeof(sk_block));
        portable->multiply(&p->matrix, 0, groups, &x, 1, expected, p->out_stride);
        for (int table = 0; table < 2; table++)
            (table ? tested : portable)->multiply(&part, 0, groups - first, &alone, 1, found[table], p->out_stride);
        check("unit", e->name, found[0], found[1], part.rows * 4);
        memmove(expected, expected + first * SK_GROUP_ROWS, part.rows * 4);
        check("unit", "of the whole", expected, found[1], part.rows * 4);
        check_untouched("unit", e->name, found[1] + part.rows, bytes - part.rows * 4);
        release("unit", quants), release("unit", blocks);
        release("unit", expected), release("unit", found[0]), release("unit", found[1]);
    }
}

static void test_product_with(const element *e, size_t rows, size_t columns, size_t most_tokens, int fixed,
                              size_t scale_columns) {
    product p = random_product(e->type, rows, columns, most_tokens, scale_columns, fixed);
    for (p.tokens = 1; p.tokens <= most_tokens; p.tokens += p.tokens < 9 ? 1 : 7) compare_product(e, &p);
    if (sk_is_quantized(e->type)) compare_units(e, &p);
    for (size_t row = 0; row < rows; row += 7) {
        float *unpacked = allocate(columns * sizeof(float));
        sk_unpack_row(&p.matrix, row, unpacked);
        check("unpack_row", e->name, unpacked, unpacked, columns * sizeof(float));
        release("unpack_row", unpacked);
    }
    release_product(&p);
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
        test_product(e, 53, super ? 768 : 544, 72, -1);
        for (size_t f = 0; f < 4 && quantized; f++) test_product(e, 16, 512, 2, ends[f]);
    }
}
