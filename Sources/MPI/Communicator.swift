import CMPI
import Synchronization

/// A group of ranks with a message space of its own (MPI-3.1 §6). Ranks in its calls count within the group.
///
/// It frees itself when it is dropped. Only the thread that made the ``Environment`` may use it.
public struct Communicator: ~Copyable {
    let handle: cmpi_handle
    private let isOwned: Bool
    /// This process's rank in the group (MPI_Comm_rank, MPI-3.1 §6.4.1).
    public let rank: Int
    /// How many ranks the group has (MPI_Comm_size, MPI-3.1 §6.4.1).
    public let size: Int

    /// The longest message: MPI-3.1 counts bytes in a C int. Longer ones are refused, since both sides would have to
    /// agree on the pieces; cut them above.
    public static let longestMessage = Int(Int32.max)

    init(_ handle: cmpi_handle, isOwned: Bool) throws(MPIError) {
        var rank: Int32 = 0
        var size: Int32 = 0
        try check(cmpi().pointee.comm_rank(handle, &rank), "MPI_Comm_rank")
        try check(cmpi().pointee.comm_size(handle, &size), "MPI_Comm_size")
        self.handle = handle
        self.isOwned = isOwned
        self.rank = Int(rank)
        self.size = Int(size)
    }

    deinit {
        // A failure to free is nobody's to handle: at worst a handle stays in the library's list.
        guard isOwned, Library.isRunning.load(ordering: .relaxed) else { return }
        _ = cmpi().pointee.comm_free(handle)
    }

    /// The same communicator for a second owner: what they send each other apart they keep apart by tags. Unlike
    /// ``duplicate()`` it asks nothing of other ranks.
    public func shared() throws(MPIError) -> Communicator { try Communicator(handle, isOwned: false) }

    /// The same ranks with a message space of their own (MPI_Comm_dup, MPI-3.1 §6.4.2). Collective.
    public func duplicate() throws(MPIError) -> Communicator {
        var new: cmpi_handle = 0
        try check(cmpi().pointee.comm_dup(handle, &new), "MPI_Comm_dup")
        return try Communicator(new, isOwned: true)
    }

    /// The ranks that give the same `color`, ordered by `key`, then by rank here (MPI_Comm_split, MPI-3.1 §6.4.2).
    /// Collective.
    ///
    /// - Parameter color: at least 0; nil to be in no group.
    /// - Returns: nil for ranks without a color.
    public func split(color: Int?, key: Int = 0) throws(MPIError) -> Communicator? {
        var new: cmpi_handle = 0
        try check(cmpi().pointee.comm_split(handle, anyOr(color), int32(key), &new), "MPI_Comm_split")
        guard new != 0 else { return nil }
        return try Communicator(new, isOwned: true)
    }

    /// The ranks that share this rank's memory, which is its host (MPI_Comm_split_type, MPI-3.1 §6.4.2). Collective.
    public func splitByHost() throws(MPIError) -> Communicator {
        var new: cmpi_handle = 0
        try check(cmpi().pointee.comm_split_by_host(handle, &new), "MPI_Comm_split_type")
        return try Communicator(new, isOwned: true)
    }

    /// Frees the communicator and says whether that worked (MPI_Comm_free, MPI-3.1 §6.4.3). Collective.
    public consuming func free() throws(MPIError) {
        let (handle, isOwned) = (handle, isOwned)
        discard self
        if isOwned { try check(cmpi().pointee.comm_free(handle), "MPI_Comm_free") }
    }
}

@available(*, unavailable)
extension Communicator: Sendable {}
