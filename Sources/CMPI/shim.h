#pragma once

// MPI's handles are C macros that cast the address of a library global. Swift imports macros only when they are plain
// literals, so each handle that the MPI module uses gets a function that returns it. Nothing else belongs here.
#include <mpi.h>

// Macro: cast of &ompi_mpi_comm_world.
static inline MPI_Comm cmpi_comm_world(void) { return MPI_COMM_WORLD; }

// Macro: cast of &ompi_mpi_comm_null; what MPI_Comm_split gives to ranks without a colour.
static inline MPI_Comm cmpi_comm_null(void) { return MPI_COMM_NULL; }

// Macro: cast of &ompi_request_null; what a completed request becomes.
static inline MPI_Request cmpi_request_null(void) { return MPI_REQUEST_NULL; }

// Macro: cast of &ompi_mpi_byte; the only datatype in use, since frames define their own layout.
static inline MPI_Datatype cmpi_byte(void) { return MPI_BYTE; }

// Macro: cast of &ompi_mpi_errors_return; without it an error ends the program inside the library.
static inline MPI_Errhandler cmpi_errors_return(void) { return MPI_ERRORS_RETURN; }

// Macro: cast of &ompi_mpi_info_null; MPI_Comm_split_type wants an info and we have no hints.
static inline MPI_Info cmpi_info_null(void) { return MPI_INFO_NULL; }

// Macro: cast of 1 to a pointer; says that a rank's own part already lies in the receive buffer.
static inline void *cmpi_in_place(void) { return MPI_IN_PLACE; }
