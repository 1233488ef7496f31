#pragma once

#include "cmpi.h"

// One for each file in abi/: looks up what it needs of the library that was opened.
//
// Gives NULL where the library lacks a name, which `missing` then is.
const cmpi_calls *cmpi_load_openmpi(const char **missing);
const cmpi_calls *cmpi_load_mpich(const char **missing);
const cmpi_calls *cmpi_load_standard(const char **missing);
