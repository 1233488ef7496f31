// Included by each table's file, inside its target region: elementwise.h compiled for its instructions.

static void remainder(const float *x, size_t columns, const int8_t *quants, const sk_block *blocks, float *out) {
    sk_remainder(x, columns, quants, blocks, out);
}
static void rms_norm(const float *x, const float *weight, size_t count, float epsilon, float *out) {
    sk_rms_norm(x, weight, count, epsilon, out);
}
static void rope_adjacent(float *x, size_t heads, size_t stride, const float *cosines, const float *sines, size_t pairs) {
    sk_rope_adjacent(x, heads, stride, cosines, sines, pairs);
}
static void rope_halves(float *x, size_t heads, size_t stride, const float *cosines, const float *sines, size_t pairs) {
    sk_rope_halves(x, heads, stride, cosines, sines, pairs);
}
static void swiglu(const float *gate, const float *up, size_t count, float *out) { sk_swiglu(gate, up, count, out); }
static void add(float *x, const float *y, size_t count) { sk_add(x, y, count); }
static void fold(float *into, const float *partial, size_t head_dim) { sk_fold(into, partial, head_dim); }
static void finish(const float *partial, size_t head_dim, float *out) { sk_finish(partial, head_dim, out); }
static void exponentials(const float *x, size_t count, float *out) { sk_exponentials(x, count, out); }
