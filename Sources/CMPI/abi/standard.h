// The binary interface of the standard itself (MPI-5.0 §20, libmpi_abi.so.1): handles are pointers, predefined ones small
// numbers.

typedef struct MPI_ABI_Comm *MPI_Comm;
typedef struct MPI_ABI_Datatype *MPI_Datatype;
typedef struct MPI_ABI_Errhandler *MPI_Errhandler;
typedef struct MPI_ABI_Info *MPI_Info;
typedef struct MPI_ABI_Message *MPI_Message;
typedef struct MPI_ABI_Request *MPI_Request;

typedef struct {
    int MPI_SOURCE, MPI_TAG, MPI_ERROR;
    int internal[5];
} MPI_Status;

#define CMPI_VARIABLES(V)

#define MPI_COMM_WORLD ((MPI_Comm)0x101)
#define MPI_COMM_NULL ((MPI_Comm)0x100)
#define MPI_BYTE ((MPI_Datatype)0x247)
#define MPI_ERRORS_RETURN ((MPI_Errhandler)0x143)
#define MPI_INFO_NULL ((MPI_Info)0x130)

#define MPI_IN_PLACE ((void *)1)
#define MPI_STATUS_IGNORE ((MPI_Status *)0)
#define MPI_ANY_SOURCE (-1)
#define MPI_ANY_TAG (-2)
#define MPI_UNDEFINED (-32766)
#define MPI_COMM_TYPE_SHARED 221

#define MPI_THREAD_SINGLE 0
#define MPI_THREAD_FUNNELED 1024
#define MPI_THREAD_SERIALIZED 2048
#define MPI_THREAD_MULTIPLE 4096

#define MPI_ERR_COUNT 2
#define MPI_ERR_TAG 4
#define MPI_ERR_COMM 5
#define MPI_ERR_RANK 6
#define MPI_ERR_ROOT 8
#define MPI_ERR_ARG 13
#define MPI_ERR_TRUNCATE 15
#define MPI_ERR_OTHER 16
#define MPI_ERR_INTERN 17
