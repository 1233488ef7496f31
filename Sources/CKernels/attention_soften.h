// Included inside the target region of a file whose compiler makes good vectors of it.

// Scores to exponentials, their maximum and sum. Positions that are not visible may hold anything and become 0.
SK_INLINE void soften(one_query *query) {
    float largest[16], lanes[16] = {0};
    for (int lane = 0; lane < 16; lane++) largest[lane] = -__builtin_inff();
    for (int j = 0; j < SK_KV_POSITIONS; j += 16)
        for (int lane = 0; lane < 16; lane++) {
            int seen = (j + lane >= query->lower) & (j + lane < query->upper);
            float s = seen ? query->p[j + lane] : -__builtin_inff();
            largest[lane] = largest[lane] > s ? largest[lane] : s;
        }
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) largest[i] = largest[i] > largest[i + width] ? largest[i] : largest[i + width];
    float maximum = largest[0];
    for (int j = 0; j < SK_KV_POSITIONS; j += 16)
        for (int lane = 0; lane < 16; lane++) {
            float e = sk_exp(query->p[j + lane] - maximum);
            int seen = (j + lane >= query->lower) & (j + lane < query->upper);
            query->p[j + lane] = seen ? e : 0.0f;
            lanes[lane] += query->p[j + lane];
        }
    query->partial[0] = maximum + 0.0f;
    query->partial[1] = sk_fold_lanes(lanes);
}

