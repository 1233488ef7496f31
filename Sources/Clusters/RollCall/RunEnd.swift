import MPI

/// Why a rank leaves the run before it is over.
enum RunEnd: Error {
    /// It failed, and this rank is the one that says why.
    case failure(String)
    /// It failed, and another rank says why.
    case elsewhere
    /// It was asked to end.
    case asked
    case mpi(MPIError)
}
