// Included inside the target region of each ISA file, after it defined multiply_type and floats_type: one copy for each type.

static void multiply(const sk_matrix *m, size_t first, size_t groups, const sk_activations *x, size_t tokens, float *out,
                     size_t out_stride) {
    switch (m->type) {
    case SK_Q4_0: multiply_type(SK_Q4_0, m, first, groups, x, tokens, out, out_stride); break;
    case SK_Q4_1: multiply_type(SK_Q4_1, m, first, groups, x, tokens, out, out_stride); break;
    case SK_Q5_0: multiply_type(SK_Q5_0, m, first, groups, x, tokens, out, out_stride); break;
    case SK_Q5_1: multiply_type(SK_Q5_1, m, first, groups, x, tokens, out, out_stride); break;
    case SK_Q8_0: multiply_type(SK_Q8_0, m, first, groups, x, tokens, out, out_stride); break;
    case SK_Q4_K: multiply_type(SK_Q4_K, m, first, groups, x, tokens, out, out_stride); break;
    case SK_Q5_K: multiply_type(SK_Q5_K, m, first, groups, x, tokens, out, out_stride); break;
    default: multiply_type(SK_Q6_K, m, first, groups, x, tokens, out, out_stride); break;
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
