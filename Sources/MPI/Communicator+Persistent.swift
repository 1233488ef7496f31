import CMPI

extension Communicator {
    /// Sets up a send of the first `count` bytes of `buffer` that can be started many times
    /// (MPI_Send_init, MPI-3.1 §3.9). The length is fixed. On an error the buffer is gone.
    public func persistentSend(
        _ buffer: consuming MessageBuffer, to rank: Int, tag: Int = 0
    ) throws(MPIError) -> PersistentRequest {
        let count = try messageLength(buffer.count, "MPI_Send_init")
        var transfer = Transfer(call: "MPI_Send_init", kind: .send, peer: rank, tag: tag, buffer: buffer)
        let code = MPI_Send_init(
            transfer.storage.baseAddress, count, cmpi_byte(), int32(rank), int32(tag), handle, &transfer.handle)
        return try transfer.prepared(code)
    }

    /// Sets up a receive of up to `capacity` bytes that can be started many times (MPI_Recv_init, MPI-3.1 §3.9).
    /// On an error the buffer is gone.
    ///
    /// - Parameters:
    ///   - rank: nil for any sender.
    ///   - tag: nil for any tag.
    public func persistentReceive(
        into buffer: consuming MessageBuffer, from rank: Int?, tag: Int? = 0
    ) throws(MPIError) -> PersistentRequest {
        let count = try messageLength(buffer.capacity, "MPI_Recv_init")
        var transfer = Transfer(
            call: "MPI_Recv_init", kind: .receive, peer: rank ?? -1, tag: tag ?? -1, buffer: buffer)
        let code = MPI_Recv_init(
            transfer.storage.baseAddress, count, cmpi_byte(), source(rank), anyOr(tag), handle, &transfer.handle)
        return try transfer.prepared(code)
    }
}

extension Transfer {
    /// The persistent request of a call that returned `code`.
    fileprivate consuming func prepared(_ code: Int32) throws(MPIError) -> PersistentRequest {
        if code != MPI_SUCCESS {
            storage.deallocate()
            throw libraryError(code, call, peer: peer)
        }
        return PersistentRequest(self)
    }
}
