import CMPI

/// How a transfer ended, or what message a probe found (MPI-3.1 §3.2.5).
public struct MessageStatus: Equatable, Sendable {
    /// Who sent the message; for a send, who gets it; for a collective, its root or -1. A rank of the communicator.
    public let peer: Int
    public let tag: Int
    public let byteCount: Int

    public init(peer: Int, tag: Int, byteCount: Int) {
        self.peer = peer
        self.tag = tag
        self.byteCount = byteCount
    }
}

extension MessageStatus {
    /// What MPI said about a message received or found, its length by MPI_Get_count.
    init(_ status: MPI_Status) throws(MPIError) {
        var status = status
        var count: Int32 = 0
        try check(MPI_Get_count(&status, cmpi_byte(), &count), "MPI_Get_count", peer: Int(status.MPI_SOURCE))
        self.init(peer: Int(status.MPI_SOURCE), tag: Int(status.MPI_TAG), byteCount: Int(count))
    }
}
