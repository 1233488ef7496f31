import CMPI

/// Collectives that run under a request (MPI-3.1 §5.12), so that waiting ranks can sleep and have a deadline.
/// All ranks begin their collectives in the same order. On an error the buffer is gone.
extension Communicator {
    /// Complete when all ranks have come here (MPI_Ibarrier, MPI-3.1 §5.12.1).
    public func beginBarrier() throws(MPIError) -> Request {
        var transfer = Transfer(call: "MPI_Ibarrier", kind: .collective, buffer: MessageBuffer(capacity: 0))
        let code = cmpi().pointee.ibarrier(handle, &transfer.handle)
        return try transfer.begun(code)
    }

    /// Copies the first `count` bytes of the root's buffer to all ranks (MPI_Ibcast, MPI-3.1 §5.12.2). `count` is the
    /// same everywhere.
    public func beginBroadcast(_ buffer: consuming MessageBuffer, root: Int) throws(MPIError) -> Request {
        let count = try messageLength(buffer.count, "MPI_Ibcast")
        var transfer = Transfer(call: "MPI_Ibcast", kind: .collective, peer: root, buffer: buffer)
        let code = cmpi().pointee.ibcast(
            transfer.storage.baseAddress, count, int32(root), handle, &transfer.handle)
        return try transfer.begun(code)
    }

    /// Collects equally long parts on every rank (MPI_Iallgather in place, MPI-3.1 §5.12.5).
    ///
    /// - Parameter buffer: `size` parts in rank order; this rank's own part is filled in.
    public func beginAllgather(_ buffer: consuming MessageBuffer) throws(MPIError) -> Request {
        guard buffer.count.isMultiple(of: size) else {
            throw report("MPI_Iallgather", .blockLayout("\(buffer.count) bytes for \(size) ranks"))
        }
        let count = try messageLength(buffer.count / size, "MPI_Iallgather")
        var transfer = Transfer(call: "MPI_Iallgather", kind: .collective, buffer: buffer)
        let code = cmpi().pointee.iallgather(transfer.storage.baseAddress, count, handle, &transfer.handle)
        return try transfer.begun(code)
    }
}
