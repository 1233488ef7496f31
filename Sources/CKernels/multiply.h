#pragma once

// The product with integer weights: a copy of it for each type, and for 32 or 16 activations to a scale. `multiply_type` walks
// over groups and tokens.

#define SK_MULTIPLY_CASE(TYPE)                                                                                            \
    case TYPE:                                                                                                            \
        if (x->scale_columns == SK_BLOCK_COLUMNS)                                                                         \
            multiply_type(TYPE, SK_BLOCK_COLUMNS, m, first, groups, x, tokens, out, out_stride);                          \
        else multiply_type(TYPE, SK_HALF_COLUMNS, m, first, groups, x, tokens, out, out_stride);                          \
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
