/// The MPI libraries that one kind of launcher starts.
public enum LibraryFamily: String, CaseIterable, Sendable {
    case openMPI = "openmpi"
    /// MPICH and what shares its binary interface: Intel MPI, MVAPICH, Cray MPICH.
    case mpich

    /// What the loader knows its libraries by, Debian's name of MPICH included; the last is the standard's interface.
    var libraries: [String] {
        switch self {
        case .openMPI: ["libmpi.so.40", "libmpi_abi.so.1"]
        case .mpich: ["libmpi.so.12", "libmpich.so.12", "libmpi_cray.so.12", "libmpi_abi.so.1"]
        }
    }

    var title: String {
        switch self {
        case .openMPI: "Open MPI"
        case .mpich: "MPICH or Intel MPI"
        }
    }

    /// What to install, for whoever lacks it.
    var remedy: String {
        switch self {
        case .openMPI: "apt-get install openmpi-bin"
        case .mpich: "apt-get install mpich"
        }
    }
}
