#define _GNU_SOURCE

#include <stddef.h>

#include "abi/standard.h"

#define CMPI_LOAD cmpi_load_standard
#include "calls.h"
