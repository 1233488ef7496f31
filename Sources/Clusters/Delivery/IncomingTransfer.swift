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

    /// Whether the next piece is here.
    mutating func hasCome() throws(MPIError) -> Bool {
        if receives[0].isComplete { return true }
        return try receives[0].test() != nil
    }

    /// The next piece.
    ///
    /// - Precondition: It has come.
    mutating func next(_ world: borrowing Communicator) throws(MPIError) -> MessageBuffer {
        let request = receives.removeFirst()
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
