// The packed layout: how big it is, and what a row of it stands for. It is the same on every machine. `pack.c` writes it.

#include "group.h"

#pragma STDC FP_CONTRACT OFF

sk_matrix sk_matrix_layout(uint32_t type, size_t rows, size_t columns) {
    sk_matrix m = {.rows = rows, .columns = columns, .type = type};
    if (!sk_is_quantized(type)) m.group_bytes = columns * SK_GROUP_ROWS * (type == SK_F32 ? 4 : 2);
    else m.group_bytes = columns / (sk_is_super(type) ? 256 : SK_BLOCK_COLUMNS) * sk_unit_bytes(type);
    m.group_bytes = (m.group_bytes + 63) / 64 * 64;
    return m;
}

sk_matrix sk_matrix_unit(const sk_matrix *m, size_t first_group, size_t groups, size_t unit) {
    sk_matrix part = *m;
    size_t left = m->rows - first_group * SK_GROUP_ROWS;
    part.data += first_group * m->group_bytes + unit * sk_unit_bytes(m->type);
    part.rows = groups * SK_GROUP_ROWS < left ? groups * SK_GROUP_ROWS : left;
    part.columns = sk_blocks_in_unit(m->type) * SK_BLOCK_COLUMNS;
    return part;
}

void sk_unpack_row(const sk_matrix *m, size_t row, float *out) {
    const uint8_t *group = m->data + row / SK_GROUP_ROWS * m->group_bytes;
    size_t lane = row % SK_GROUP_ROWS;
    if (!sk_is_quantized(m->type)) {
        for (size_t i = 0; i < m->columns; i++) out[i] = sk_load(group, i * SK_GROUP_ROWS + lane, m->type);
        return;
    }
    sk_group_block b;
    for (size_t block = 0; block < m->columns / SK_BLOCK_COLUMNS; block++, out += SK_BLOCK_COLUMNS) {
        sk_read_block(m, group, block, &b);
        for (size_t i = 0; i < SK_BLOCK_COLUMNS; i++)
            out[i] = b.scale[lane] * (float)(b.weights[lane][i] * b.subscale[i / 16][lane]) + b.minimum[i / 16][lane];
    }
}
