// The binary interface of Open MPI 3 to 5 (libmpi.so.40): handles are pointers, predefined ones addresses of variables.

typedef struct ompi_communicator_t *MPI_Comm;
typedef struct ompi_datatype_t *MPI_Datatype;
typedef struct ompi_errhandler_t *MPI_Errhandler;
typedef struct ompi_info_t *MPI_Info;
typedef struct ompi_message_t *MPI_Message;
typedef struct ompi_request_t *MPI_Request;

typedef struct {
    int MPI_SOURCE, MPI_TAG, MPI_ERROR, cancelled;
    size_t count;
} MPI_Status;

#define CMPI_VARIABLES(V) \
    V(ompi_mpi_comm_world) V(ompi_mpi_comm_null) V(ompi_mpi_byte) V(ompi_mpi_errors_return) V(ompi_mpi_info_null)

#define MPI_COMM_WORLD ((MPI_Comm)variables.ompi_mpi_comm_world)
#define MPI_COMM_NULL ((MPI_Comm)variables.ompi_mpi_comm_null)
#define MPI_BYTE ((MPI_Datatype)variables.ompi_mpi_byte)
#define MPI_ERRORS_RETURN ((MPI_Errhandler)variables.ompi_mpi_errors_return)
#define MPI_INFO_NULL ((MPI_Info)variables.ompi_mpi_info_null)

#define MPI_IN_PLACE ((void *)1)
#define MPI_STATUS_IGNORE ((MPI_Status *)0)
#define MPI_ANY_SOURCE (-1)
#define MPI_ANY_TAG (-1)
#define MPI_UNDEFINED (-32766)
#define MPI_COMM_TYPE_SHARED 0

#define MPI_THREAD_SINGLE 0
#define MPI_THREAD_FUNNELED 1
#define MPI_THREAD_SERIALIZED 2
#define MPI_THREAD_MULTIPLE 3

#define MPI_ERR_COUNT 2
#define MPI_ERR_TAG 4
#define MPI_ERR_COMM 5
#define MPI_ERR_RANK 6
#define MPI_ERR_ROOT 8
#define MPI_ERR_ARG 13
#define MPI_ERR_TRUNCATE 15
#define MPI_ERR_OTHER 16
#define MPI_ERR_INTERN 17
