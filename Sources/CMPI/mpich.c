#define _GNU_SOURCE

#include <stddef.h>

#include "abi/mpich.h"

#define CMPI_LOAD cmpi_load_mpich
#include "calls.h"
