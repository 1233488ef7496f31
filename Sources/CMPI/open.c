// Which library is the process's MPI.

#define _GNU_SOURCE

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "interfaces.h"

const cmpi_calls *cmpi_opened;

// The symbol tells: a file may have any name. The standard's interface says of itself what it is, and so does MPICH since
// it has both, with a negative version for its own.
static cmpi_interface interface_of(void *library) {
    int (*get_version)(int *, int *);
    int major = -1, minor = -1;
    void *address = dlsym(library, "MPI_Abi_get_version");
    if (address) {
        memcpy(&get_version, &address, sizeof address);
        if (get_version(&major, &minor) == 0 && major > 0) return CMPI_STANDARD;
    }
    // Last, since it is found in what a library needs too.
    return dlsym(library, "ompi_mpi_comm_world") ? CMPI_OPENMPI : CMPI_MPICH;
}

static void describe(void *handle, cmpi_library *library) {
    int (*get_version)(char *, int *);
    char version[CMPI_TEXT_LENGTH];
    int length = 0;
    struct link_map *map = NULL;
    void *address = dlsym(handle, "MPI_Get_library_version");
    library->interface = interface_of(handle);
    library->version[0] = library->path[0] = 0;
    if (address) {
        memcpy(&get_version, &address, sizeof address);
        if (get_version(version, &length) == 0)
            snprintf(library->version, sizeof library->version, "%.255s", version);
    }
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map)
        snprintf(library->path, sizeof library->path, "%s", map->l_name);
}

int cmpi_open(const char *name, cmpi_library *library, char *error, size_t error_length) {
    // Open MPI's plugins look for its symbols in the whole process.
    void *handle = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
    const char *missing = "";
    const cmpi_calls *calls = NULL;
    if (!handle) {
        snprintf(error, error_length, "%s", dlerror());
        return -1;
    }
    if (!dlsym(handle, "MPI_Init_thread")) {
        snprintf(error, error_length, "it is no MPI library");
        dlclose(handle);
        return -1;
    }
    describe(handle, library);
    switch (library->interface) {
    case CMPI_OPENMPI: calls = cmpi_load_openmpi(&missing); break;
    case CMPI_MPICH: calls = cmpi_load_mpich(&missing); break;
    case CMPI_STANDARD: calls = cmpi_load_standard(&missing); break;
    }
    if (!calls) {
        snprintf(error, error_length, "it has no %s: an MPI library of MPI-3.1 or newer is needed", missing);
        dlclose(handle);
        return -1;
    }
    cmpi_opened = calls;
    return 0;
}
