#pragma once

// MPI's functions as the MPI module calls them, the same for every library: which one it is, is known when the program
// runs. `cmpi_open` opens it; no header of it is needed to build, and none of it to start.
//
// MPI libraries come in three binary interfaces, which differ in what a handle is, in constants and in the layout of a
// status. calls.h translates, once, in the vocabulary that the three headers in abi/ define.

#include <stddef.h>
#include <stdint.h>

// A pointer may be null only where it says so.
#pragma clang assume_nonnull begin

// A communicator, request or message: an int in MPICH's interface, a pointer in the others, widened to one word.
typedef intptr_t cmpi_handle;

enum {
    // Any sender, or any tag, and the color of a rank that wants to be in no group.
    CMPI_ANY = INT32_MIN,
    // Room for every text that a library gives: the longest is MPICH's version.
    CMPI_TEXT_LENGTH = 8192,
};

// How a transfer ended, or what message a probe found.
typedef struct {
    int source, tag;
    int count;         // bytes
    int is_cancelled;  // after a wait only
} cmpi_status;

// MPI's functions, for bytes. Each gives MPI's return code, 0 for success; what a function says by pointer is valid after
// success only. Error classes have the numbers of the standard's binary interface (MPI-5.0 §20.3), which are Open MPI's.
// Thread levels are 0 (single) to 3 (multiple).
typedef struct {
    int (*init_thread)(int level, int *provided);
    int (*initialized)(int *is_initialized);
    int (*finalize)(void);
    int (*abort)(cmpi_handle communicator, int status);
    int (*error_class)(int code, int *error_class);
    int (*error_string)(int code, char *text, int *length);

    cmpi_handle (*world)(void);
    // Errors of this communicator and its descendants are returned; without it they end the program inside the library.
    int (*return_errors)(cmpi_handle communicator);
    int (*comm_rank)(cmpi_handle communicator, int *rank);
    int (*comm_size)(cmpi_handle communicator, int *size);
    int (*comm_dup)(cmpi_handle communicator, cmpi_handle *result);
    // A rank of color CMPI_ANY gets 0, which is no handle.
    int (*comm_split)(cmpi_handle communicator, int color, int key, cmpi_handle *result);
    int (*comm_split_by_host)(cmpi_handle communicator, cmpi_handle *result);
    int (*comm_free)(cmpi_handle communicator);

    int (*send)(const void *_Nullable bytes, int count, int to, int tag, cmpi_handle communicator);
    int (*recv)(
        void *_Nullable bytes, int count, int from, int tag, cmpi_handle communicator, cmpi_status *status);
    int (*isend)(
        const void *_Nullable bytes, int count, int to, int tag, cmpi_handle communicator,
        cmpi_handle *request);
    int (*irecv)(
        void *_Nullable bytes, int count, int from, int tag, cmpi_handle communicator, cmpi_handle *request);
    // Without a status for requests that are no receives.
    int (*test)(cmpi_handle *request, int *is_complete, cmpi_status *_Nullable status);
    int (*wait)(cmpi_handle *request, cmpi_status *status);
    int (*cancel)(cmpi_handle *request);
    int (*improbe)(
        int from, int tag, cmpi_handle communicator, int *is_present, cmpi_handle *message,
        cmpi_status *status);
    int (*mrecv)(void *_Nullable bytes, int count, cmpi_handle *message, cmpi_status *status);
    int (*imrecv)(void *_Nullable bytes, int count, cmpi_handle *message, cmpi_handle *request);

    int (*bcast)(void *_Nullable bytes, int count, int root, cmpi_handle communicator);
    int (*allgather)(
        const void *_Nullable part, int count, void *_Nullable whole, cmpi_handle communicator);
    int (*allgatherv)(
        const void *_Nullable part, int count, void *_Nullable whole, const int *counts,
        const int *starts, cmpi_handle communicator);
    int (*ibarrier)(cmpi_handle communicator, cmpi_handle *request);
    int (*ibcast)(
        void *_Nullable bytes, int count, int root, cmpi_handle communicator, cmpi_handle *request);
    // In place: the rank's own part lies in the whole already.
    int (*iallgather)(
        void *_Nullable whole, int count, cmpi_handle communicator, cmpi_handle *request);
} cmpi_calls;

// The binary interfaces.
typedef enum { CMPI_OPENMPI, CMPI_MPICH, CMPI_STANDARD } cmpi_interface;

// What a library that was opened says of itself.
typedef struct {
    cmpi_interface interface;
    char version[256];  // the beginning of MPI_Get_library_version
    char path[1024];    // the file
} cmpi_library;

// Opens a shared object as the process's MPI; at most one in a process succeeds.
//
// `name` is a path, or a name that the system's loader looks for. Gives 0, or -1 with the reason in `error`.
int cmpi_open(
    const char *name, cmpi_library *library, char *error, size_t error_length);

extern const cmpi_calls *_Nullable cmpi_opened;

// The functions of the library that was opened; before that there is none to call.
static inline const cmpi_calls *cmpi(void) {
    return (const cmpi_calls *_Nonnull)cmpi_opened;
}

#pragma clang assume_nonnull end
