import DequeModule
import MPI

/// Pieces on their way here. Receives are posted ahead, so that the link has something to do while a piece is written.
struct IncomingTransfer: ~Copyable {
    private static let postedCount = 3
    private var receives = UniqueDeque<Request>()
    /// Messages to come for which no receive is posted yet.
    private var left: Int

    init(_ world: borrowing Communicator, byteCount: Int) throws(MPIError) {
        // The pieces, and the hash.
        left = (byteCount + Delivery.pieceByteCount - 1) / Delivery.pieceByteCount + 1
        for _ in 0..<min(Self.postedCount, left) { try post(world) }
    }

    /// The next piece. Naps would stop the transfer, which goes on only inside MPI's calls.
    mutating func next(_ world: borrowing Communicator) throws(MPIError) -> MessageBuffer {
        var request = receives.removeFirst()
        try request.wait(.yielding)
        if left > 0 { try post(world) }
        return request.takeBuffer()
    }

    /// Takes back what will not be answered.
    mutating func cancel() throws(MPIError) {
        while !receives.isEmpty {
            var request = receives.removeFirst()
            try request.cancel()
        }
    }

    private mutating func post(_ world: borrowing Communicator) throws(MPIError) {
        left -= 1
        receives.append(
            try world.beginReceive(
                into: MessageBuffer(capacity: Delivery.pieceByteCount), from: 0, tag: OutgoingTransfer.tag))
    }
}
