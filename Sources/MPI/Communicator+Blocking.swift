import CMPI

/// Blocking transfers from and to memory of the caller. They poll inside the library, without sleeping: for transfers
/// that are known to happen soon. Waits that may be long use requests or probes.
extension Communicator {
    /// Sends `bytes` and returns when they may be changed (MPI_Send, MPI-3.1 §3.2.1): short messages are copied and
    /// on their way, long ones have been received.
    public func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int = 0) throws(MPIError) {
        let count = try messageLength(bytes.count, "MPI_Send")
        try check(
            cmpi().pointee.send(bytes.baseAddress, count, int32(rank), int32(tag), handle), "MPI_Send", peer: rank)
    }

    /// Receives one message of at most `bytes.count` bytes (MPI_Recv, MPI-3.1 §3.2.4).
    ///
    /// - Parameters:
    ///   - rank: nil for any sender.
    ///   - tag: nil for any tag.
    /// - Throws: among others ``ErrorClass/truncate`` for a longer message, which is then lost.
    @discardableResult
    public func receive(
        into bytes: UnsafeMutableRawBufferPointer, from rank: Int?, tag: Int? = 0
    ) throws(MPIError) -> MessageStatus {
        let count = try messageLength(bytes.count, "MPI_Recv")
        var status = cmpi_status()
        try check(
            cmpi().pointee.recv(bytes.baseAddress, count, anyOr(rank), anyOr(tag), handle, &status), "MPI_Recv",
            peer: rank ?? -1)
        return MessageStatus(status)
    }
}

/// `nil` as a sender is MPI_ANY_SOURCE, as a tag MPI_ANY_TAG.
func anyOr(_ number: Int?) -> Int32 { number.map { int32($0) } ?? Int32(CMPI_ANY) }

/// `length` as a C int, or the error that says how long a message may be.
func messageLength(_ length: Int, _ call: StaticString) throws(MPIError) -> Int32 {
    guard let count = Int32(exactly: length), count >= 0 else { throw report(call, .messageLength(length)) }
    return count
}
