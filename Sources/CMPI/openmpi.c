#define _GNU_SOURCE

#include <stddef.h>

#include "abi/openmpi.h"

#define CMPI_LOAD cmpi_load_openmpi
#include "calls.h"
