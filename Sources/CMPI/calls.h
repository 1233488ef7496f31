// The functions of cmpi.h over those of a library. A file that includes this has the types and constants of the library's
// binary interface from one of the headers in abi/, and CMPI_LOAD, the name of its function in interfaces.h.

#include <dlfcn.h>
#include <string.h>

#include "interfaces.h"

// What is called of MPI, with the arguments of its C binding.
#define CMPI_FUNCTIONS(F)                                                                                            \
    F(Init_thread, (int *, char ***, int, int *))                                                                    \
    F(Initialized, (int *))                                                                                          \
    F(Finalize, (void))                                                                                              \
    F(Abort, (MPI_Comm, int))                                                                                        \
    F(Error_class, (int, int *))                                                                                     \
    F(Error_string, (int, char *, int *))                                                                            \
    F(Comm_set_errhandler, (MPI_Comm, MPI_Errhandler))                                                               \
    F(Comm_rank, (MPI_Comm, int *))                                                                                  \
    F(Comm_size, (MPI_Comm, int *))                                                                                  \
    F(Comm_dup, (MPI_Comm, MPI_Comm *))                                                                              \
    F(Comm_split, (MPI_Comm, int, int, MPI_Comm *))                                                                  \
    F(Comm_split_type, (MPI_Comm, int, int, MPI_Info, MPI_Comm *))                                                   \
    F(Comm_free, (MPI_Comm *))                                                                                       \
    F(Send, (const void *, int, MPI_Datatype, int, int, MPI_Comm))                                                   \
    F(Recv, (void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Status *))                                           \
    F(Isend, (const void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Request *))                                   \
    F(Irecv, (void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Request *))                                         \
    F(Test, (MPI_Request *, int *, MPI_Status *))                                                                    \
    F(Wait, (MPI_Request *, MPI_Status *))                                                                           \
    F(Cancel, (MPI_Request *))                                                                                       \
    F(Test_cancelled, (const MPI_Status *, int *))                                                                   \
    F(Get_count, (const MPI_Status *, MPI_Datatype, int *))                                                          \
    F(Improbe, (int, int, MPI_Comm, int *, MPI_Message *, MPI_Status *))                                             \
    F(Mrecv, (void *, int, MPI_Datatype, MPI_Message *, MPI_Status *))                                               \
    F(Imrecv, (void *, int, MPI_Datatype, MPI_Message *, MPI_Request *))                                             \
    F(Bcast, (void *, int, MPI_Datatype, int, MPI_Comm))                                                             \
    F(Allgather, (const void *, int, MPI_Datatype, void *, int, MPI_Datatype, MPI_Comm))                             \
    F(Allgatherv,                                                                                                    \
      (const void *, int, MPI_Datatype, void *, const int *, const int *, MPI_Datatype, MPI_Comm))                   \
    F(Ibarrier, (MPI_Comm, MPI_Request *))                                                                           \
    F(Ibcast, (void *, int, MPI_Datatype, int, MPI_Comm, MPI_Request *))                                             \
    F(Iallgather, (const void *, int, MPI_Datatype, void *, int, MPI_Datatype, MPI_Comm, MPI_Request *))

#define FIELD(name, arguments) int(*name) arguments;
static struct {
    CMPI_FUNCTIONS(FIELD)
} mpi;
#undef FIELD

#define FIELD(name) void *name;
static struct {
    CMPI_VARIABLES(FIELD)
    char none;  // an interface may have no variables
} variables;
#undef FIELD

static int source(int from) {
    return from == CMPI_ANY ? MPI_ANY_SOURCE : from;
}

static int tag_of(int tag) {
    return tag == CMPI_ANY ? MPI_ANY_TAG : tag;
}

static int tell(const MPI_Status *own, cmpi_status *status) {
    status->source = own->MPI_SOURCE;
    status->tag = own->MPI_TAG;
    return mpi.Get_count(own, MPI_BYTE, &status->count);
}

static int init_thread(int level, int *provided) {
    static const int levels[] = {MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED, MPI_THREAD_MULTIPLE};
    int own = 0;
    int code = mpi.Init_thread(NULL, NULL, levels[level & 3], &own);
    for (*provided = 3; *provided > 0 && own < levels[*provided]; --*provided) {}
    return code;
}

static int initialized(int *is_initialized) {
    return mpi.Initialized(is_initialized);
}

static int finalize(void) {
    return mpi.Finalize();
}

static int abort_all(cmpi_handle communicator, int status) {
    return mpi.Abort((MPI_Comm)communicator, status);
}

static int error_class(int code, int *class) {
    int own = 0;
    int failure = mpi.Error_class(code, &own);
    switch (own) {
    case MPI_ERR_COUNT: *class = 2; break;
    case MPI_ERR_TAG: *class = 4; break;
    case MPI_ERR_COMM: *class = 5; break;
    case MPI_ERR_RANK: *class = 6; break;
    case MPI_ERR_ROOT: *class = 8; break;
    case MPI_ERR_ARG: *class = 13; break;
    case MPI_ERR_TRUNCATE: *class = 15; break;
    case MPI_ERR_INTERN: *class = 17; break;
    default: *class = 16; // MPI_ERR_OTHER, and what nobody asks for
    }
    return failure;
}

static int error_string(int code, char *text, int *length) {
    return mpi.Error_string(code, text, length);
}

static cmpi_handle world(void) {
    return (cmpi_handle)MPI_COMM_WORLD;
}

static int return_errors(cmpi_handle communicator) {
    return mpi.Comm_set_errhandler((MPI_Comm)communicator, MPI_ERRORS_RETURN);
}

static int comm_rank(cmpi_handle communicator, int *rank) {
    return mpi.Comm_rank((MPI_Comm)communicator, rank);
}

static int comm_size(cmpi_handle communicator, int *size) {
    return mpi.Comm_size((MPI_Comm)communicator, size);
}

static int comm_dup(cmpi_handle communicator, cmpi_handle *result) {
    MPI_Comm own = MPI_COMM_NULL;
    int code = mpi.Comm_dup((MPI_Comm)communicator, &own);
    *result = (cmpi_handle)own;
    return code;
}

static int comm_split(cmpi_handle communicator, int color, int key, cmpi_handle *result) {
    MPI_Comm own = MPI_COMM_NULL;
    int code = mpi.Comm_split((MPI_Comm)communicator, color == CMPI_ANY ? MPI_UNDEFINED : color, key, &own);
    *result = own == MPI_COMM_NULL ? 0 : (cmpi_handle)own;
    return code;
}

static int comm_split_by_host(cmpi_handle communicator, cmpi_handle *result) {
    MPI_Comm own = MPI_COMM_NULL;
    int code = mpi.Comm_split_type((MPI_Comm)communicator, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &own);
    *result = (cmpi_handle)own;
    return code;
}

static int comm_free(cmpi_handle communicator) {
    MPI_Comm own = (MPI_Comm)communicator;
    return mpi.Comm_free(&own);
}

static int send_bytes(const void *bytes, int count, int to, int tag, cmpi_handle communicator) {
    return mpi.Send(bytes, count, MPI_BYTE, to, tag, (MPI_Comm)communicator);
}

static int receive_bytes(void *bytes, int count, int from, int tag, cmpi_handle communicator, cmpi_status *status) {
    MPI_Status own;
    int code = mpi.Recv(bytes, count, MPI_BYTE, source(from), tag_of(tag), (MPI_Comm)communicator, &own);
    return code ? code : tell(&own, status);
}

static int isend(const void *bytes, int count, int to, int tag, cmpi_handle communicator, cmpi_handle *request) {
    MPI_Request own;
    int code = mpi.Isend(bytes, count, MPI_BYTE, to, tag, (MPI_Comm)communicator, &own);
    if (!code) *request = (cmpi_handle)own;
    return code;
}

static int irecv(void *bytes, int count, int from, int tag, cmpi_handle communicator, cmpi_handle *request) {
    MPI_Request own;
    int code = mpi.Irecv(bytes, count, MPI_BYTE, source(from), tag_of(tag), (MPI_Comm)communicator, &own);
    if (!code) *request = (cmpi_handle)own;
    return code;
}

static int test(cmpi_handle *request, int *is_complete, cmpi_status *status) {
    MPI_Request own_request = (MPI_Request)*request;
    MPI_Status own;
    int code = mpi.Test(&own_request, is_complete, status ? &own : MPI_STATUS_IGNORE);
    *request = (cmpi_handle)own_request;
    return code || !*is_complete || !status ? code : tell(&own, status);
}

static int wait_for(cmpi_handle *request, cmpi_status *status) {
    MPI_Request own_request = (MPI_Request)*request;
    MPI_Status own;
    int code = mpi.Wait(&own_request, &own);
    *request = (cmpi_handle)own_request;
    if (code || (code = mpi.Test_cancelled(&own, &status->is_cancelled)) || status->is_cancelled) return code;
    return tell(&own, status);
}

static int cancel(cmpi_handle *request) {
    MPI_Request own = (MPI_Request)*request;
    return mpi.Cancel(&own);
}

static int improbe(
    int from, int tag, cmpi_handle communicator, int *is_present, cmpi_handle *message, cmpi_status *status) {
    MPI_Message own_message;
    MPI_Status own;
    int code =
        mpi.Improbe(source(from), tag_of(tag), (MPI_Comm)communicator, is_present, &own_message, &own);
    if (code || !*is_present) return code;
    *message = (cmpi_handle)own_message;
    return tell(&own, status);
}

static int mrecv(void *bytes, int count, cmpi_handle *message, cmpi_status *status) {
    MPI_Message own_message = (MPI_Message)*message;
    MPI_Status own;
    int code = mpi.Mrecv(bytes, count, MPI_BYTE, &own_message, &own);
    return code ? code : tell(&own, status);
}

static int imrecv(void *bytes, int count, cmpi_handle *message, cmpi_handle *request) {
    MPI_Message own_message = (MPI_Message)*message;
    MPI_Request own;
    int code = mpi.Imrecv(bytes, count, MPI_BYTE, &own_message, &own);
    if (!code) *request = (cmpi_handle)own;
    return code;
}

static int bcast(void *bytes, int count, int root, cmpi_handle communicator) {
    return mpi.Bcast(bytes, count, MPI_BYTE, root, (MPI_Comm)communicator);
}

static int allgather(const void *part, int count, void *whole, cmpi_handle communicator) {
    return mpi.Allgather(part, count, MPI_BYTE, whole, count, MPI_BYTE, (MPI_Comm)communicator);
}

static int allgatherv(
    const void *part, int count, void *whole, const int *counts, const int *starts, cmpi_handle communicator) {
    return mpi.Allgatherv(part, count, MPI_BYTE, whole, counts, starts, MPI_BYTE, (MPI_Comm)communicator);
}

static int ibarrier(cmpi_handle communicator, cmpi_handle *request) {
    MPI_Request own;
    int code = mpi.Ibarrier((MPI_Comm)communicator, &own);
    if (!code) *request = (cmpi_handle)own;
    return code;
}

static int ibcast(void *bytes, int count, int root, cmpi_handle communicator, cmpi_handle *request) {
    MPI_Request own;
    int code = mpi.Ibcast(bytes, count, MPI_BYTE, root, (MPI_Comm)communicator, &own);
    if (!code) *request = (cmpi_handle)own;
    return code;
}

static int iallgather(void *whole, int count, cmpi_handle communicator, cmpi_handle *request) {
    MPI_Request own;
    int code =
        mpi.Iallgather(MPI_IN_PLACE, count, MPI_BYTE, whole, count, MPI_BYTE, (MPI_Comm)communicator, &own);
    if (!code) *request = (cmpi_handle)own;
    return code;
}

static const cmpi_calls calls = {
    .init_thread = init_thread,
    .initialized = initialized,
    .finalize = finalize,
    .abort = abort_all,
    .error_class = error_class,
    .error_string = error_string,
    .world = world,
    .return_errors = return_errors,
    .comm_rank = comm_rank,
    .comm_size = comm_size,
    .comm_dup = comm_dup,
    .comm_split = comm_split,
    .comm_split_by_host = comm_split_by_host,
    .comm_free = comm_free,
    .send = send_bytes,
    .recv = receive_bytes,
    .isend = isend,
    .irecv = irecv,
    .test = test,
    .wait = wait_for,
    .cancel = cancel,
    .improbe = improbe,
    .mrecv = mrecv,
    .imrecv = imrecv,
    .bcast = bcast,
    .allgather = allgather,
    .allgatherv = allgatherv,
    .ibarrier = ibarrier,
    .ibcast = ibcast,
    .iallgather = iallgather,
};

// The library was opened for the whole process, so a profiler that was loaded before it comes first, as MPI means it to.
const cmpi_calls *CMPI_LOAD(const char **missing) {
    void *address;
#define LOOK_UP(symbol, pointer)                                               \
    if (!(address = dlsym(RTLD_DEFAULT, *missing = symbol))) return NULL;      \
    memcpy(&pointer, &address, sizeof address);
#define FUNCTION(name, arguments) LOOK_UP("MPI_" #name, mpi.name)
#define VARIABLE(name) LOOK_UP(#name, variables.name)
    CMPI_FUNCTIONS(FUNCTION)
    CMPI_VARIABLES(VARIABLE)
    return &calls;
}
