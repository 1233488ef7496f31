import DequeModule
import MPI
import Ring

/// Bytes from rank 0 to others, all at once, in the order of each. A piece travels as it is, and after the last one its
/// rank is sent the hash of all.
extension Cluster {
    /// Sends all `deliveries`, several pieces of each under way.
    ///
    /// - Parameter onProgress: Told how many more bytes were handed to MPI.
    /// - Throws: What reading throws, after the ranks were told to wait for no more; errors of MPI at once.
    public func deliver(_ deliveries: [Delivery], onProgress: (Int) -> Void) throws {
        var transfers = UniqueDeque<OutgoingTransfer>()
        for delivery in deliveries { transfers.append(OutgoingTransfer(delivery)) }
        var failure: (any Error)?
        var backoff = Backoff(.yielding)
        beginToWatch()
        while !transfers.isEmpty {
            var hasMoved = false
            try watch()
            for _ in 0..<transfers.count {
                var transfer = transfers.removeFirst()
                do {
                    let count = try withWorld { world in try transfer.advance(world) }
                    if count > 0 { onProgress(count) }
                    hasMoved = hasMoved || count > 0
                } catch let error as MPIError {
                    throw PipelineError.mpi(error)
                } catch {
                    failure = failure ?? error
                    try withWorld { world in try transfer.giveUp(world) }
                }
                if !transfer.isDone { transfers.append(transfer) }
            }
            if hasMoved { backoff.reset() } else { _ = backoff.pause() }
        }
        if let failure { throw failure }
    }

    /// Receives what rank 0 sends to this one, from `offset` on.
    ///
    /// - Parameters:
    ///   - hash: Of the bytes before `offset`.
    ///   - take: Given each piece. Where it throws, the rest is received all the same, since it is on its way.
    /// - Returns: Whether everything came and is what rank 0 has.
    public func accept(
        byteCount: Int, from offset: Int, hash: PieceHash, _ take: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        var (hash, position) = (hash, offset)
        var failure: (any Error)?
        var incoming = try withWorld { world in try IncomingTransfer(world, byteCount: byteCount - offset) }
        while position < byteCount {
            let piece = try nextPiece(&incoming)
            guard piece.count == Delivery.piece(at: position, of: byteCount).count else { break }
            let bytes = UnsafeRawBufferPointer(piece.bytes)
            hash.combine(bytes)
            if failure == nil { do { try take(bytes) } catch { failure = error } }
            position += piece.count
        }
        var isEqual = false
        if position == byteCount {
            let last = try nextPiece(&incoming)
            isEqual = last.values(of: UInt64.self) == [hash.value.littleEndian]
        }
        try incoming.cancel()
        if let failure { throw failure }
        return isEqual
    }

    /// Naps would stop the transfer, which goes on only inside MPI's calls.
    private func nextPiece(_ incoming: inout IncomingTransfer) throws(PipelineError) -> MessageBuffer {
        try wait(.yielding) { () throws(MPIError) in try incoming.hasCome() }
        do { return try incoming.next(world!) } catch { throw .mpi(error) }
    }
}
