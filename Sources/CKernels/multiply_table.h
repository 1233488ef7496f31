// Included inside the target region of each ISA file, after it defined `multiply_type`: one copy of the integer product for
// each type, and for 32 or 16 activations to a scale.

#define SK_MULTIPLY(TYPE, HALVES) multiply_type(TYPE, HALVES, m, first, groups, x, tokens, out, out_stride)
#define SK_MULTIPLY_CASE(TYPE)                                         \
    case TYPE:                                                         \
        if (x->scale_columns == SK_BLOCK_COLUMNS) SK_MULTIPLY(TYPE, 0); \
        else SK_MULTIPLY(TYPE, 1);                                     \
        break

static void multiply(const sk_matrix *m, size_t first, size_t groups, const sk_activations *x, size_t tokens, float *out,
                     size_t out_stride) {
    switch (m->type) {
        SK_MULTIPLY_CASE(SK_Q4_0);
        SK_MULTIPLY_CASE(SK_Q4_1);
        SK_MULTIPLY_CASE(SK_Q5_0);
        SK_MULTIPLY_CASE(SK_Q5_1);
        SK_MULTIPLY_CASE(SK_Q8_0);
        SK_MULTIPLY_CASE(SK_Q2_K);
        SK_MULTIPLY_CASE(SK_Q3_K);
        SK_MULTIPLY_CASE(SK_Q4_K);
        SK_MULTIPLY_CASE(SK_Q5_K);
        SK_MULTIPLY_CASE(SK_Q6_K);
        SK_MULTIPLY_CASE(SK_IQ4_NL);
        SK_MULTIPLY_CASE(SK_IQ4_XS);
    }
}
