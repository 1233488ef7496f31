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
    /// What MPI said about a message received or found.
    init(_ status: cmpi_status) {
        self.init(peer: Int(status.source), tag: Int(status.tag), byteCount: Int(status.count))
    }
}
