import CMPI

/// Transfers that run while the rank computes. Libraries move data only inside their own calls: long messages need a
/// test or wait now and then.
extension Communicator {
    /// Begins to send the first `count` bytes of `buffer` (MPI_Isend, MPI-3.1 §3.7.2). On an error the buffer is gone.
    public func beginSend(
        _ buffer: consuming MessageBuffer, to rank: Int, tag: Int = 0
    ) throws(MPIError) -> Request {
        let count = try messageLength(buffer.count, "MPI_Isend")
        var transfer = Transfer(call: "MPI_Isend", kind: .send, peer: rank, tag: tag, buffer: buffer)
        let code = cmpi().pointee.isend(
            transfer.storage.baseAddress, count, int32(rank), int32(tag), handle, &transfer.handle)
        return try transfer.begun(code)
    }

    /// Posts a receive of up to `capacity` bytes (MPI_Irecv, MPI-3.1 §3.7.2). Posting before the message comes saves
    /// a copy of it. On an error the buffer is gone.
    ///
    /// - Parameters:
    ///   - rank: nil for any sender.
    ///   - tag: nil for any tag.
    public func beginReceive(
        into buffer: consuming MessageBuffer, from rank: Int?, tag: Int? = 0
    ) throws(MPIError) -> Request {
        let count = try messageLength(buffer.capacity, "MPI_Irecv")
        var transfer = Transfer(call: "MPI_Irecv", kind: .receive, peer: rank ?? -1, tag: tag ?? -1, buffer: buffer)
        let code = cmpi().pointee.irecv(
            transfer.storage.baseAddress, count, anyOr(rank), anyOr(tag), handle, &transfer.handle)
        return try transfer.begun(code)
    }
}

extension Transfer {
    init(call: StaticString, kind: Kind, peer: Int = -1, tag: Int = -1, buffer: consuming MessageBuffer) {
        let count = buffer.count
        self.init(call: call, kind: kind, peer: peer, tag: tag, storage: buffer.release(), count: count)
    }

    /// The request of a call that returned `code`.
    consuming func begun(_ code: Int32) throws(MPIError) -> Request {
        if code != 0 {
            storage.deallocate()
            throw libraryError(code, call, peer: peer)
        }
        isActive = true
        return Request(self)
    }
}
