import CMPI
import Synchronization

/// A message that a probe took hold of and that waits to be received (MPI-3.1 §3.8.2, §3.8.3). Dropping it traps.
public struct MatchedMessage: ~Copyable {
    /// Who sent it, its tag and length.
    public let status: MessageStatus
    private var handle: cmpi_handle

    init(_ handle: cmpi_handle, status: MessageStatus) {
        self.handle = handle
        self.status = status
    }

    deinit {
        guard Library.hasFailed.load(ordering: .relaxed) else {
            fatalError("a message from rank \(status.peer), tag \(status.tag), was matched and never received")
        }
    }

    /// Receives the message into memory of the caller (MPI_Mrecv, MPI-3.1 §3.8.3).
    @discardableResult
    public consuming func receive(into bytes: UnsafeMutableRawBufferPointer) throws(MPIError) -> MessageStatus {
        var handle = self.handle
        let peer = status.peer
        discard self
        let count = try messageLength(bytes.count, "MPI_Mrecv")
        var received = cmpi_status()
        try check(cmpi().pointee.mrecv(bytes.baseAddress, count, &handle, &received), "MPI_Mrecv", peer: peer)
        return MessageStatus(received)
    }

    /// Begins to receive the message into a buffer of its length (MPI_Imrecv, MPI-3.1 §3.8.3): its sender may fall silent
    /// in the middle of a long one.
    public consuming func beginReceive() throws(MPIError) -> Request {
        var handle = self.handle
        let status = status
        discard self
        var transfer = Transfer(
            call: "MPI_Imrecv", kind: .receive, peer: status.peer, tag: status.tag,
            buffer: MessageBuffer(capacity: status.byteCount))
        let count = try messageLength(status.byteCount, "MPI_Imrecv")
        let code = cmpi().pointee.imrecv(transfer.storage.baseAddress, count, &handle, &transfer.handle)
        return try transfer.begun(code)
    }

    /// Receives the message into a buffer of its length.
    public consuming func receive() throws(MPIError) -> MessageBuffer {
        let buffer = MessageBuffer(capacity: status.byteCount)
        try receive(into: buffer.storage)
        return buffer
    }
}

@available(*, unavailable)
extension MatchedMessage: Sendable {}
