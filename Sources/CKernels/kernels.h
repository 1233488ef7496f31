// Included once by the file of each instruction set, inside the region that has its instructions, after the vectors, the sizes
// of tiles, `multiply_block` and `multiply_type`: every kernel, compiled for them.

#include "attention.h"
#include "quantize.h"
#include "cache.h"
#include "elementwise.h"
#include "multiply.h"
#include "multiply_floats.h"
#include "peak.h"
