import DequeModule
import MPI

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
        while !transfers.isEmpty {
            var hasMoved = false
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
            let piece = try withWorld { world in try incoming.next(world) }
            guard piece.count == Delivery.piece(at: position, of: byteCount).count else { break }
            let bytes = UnsafeRawBufferPointer(piece.bytes)
            hash.combine(bytes)
            if failure == nil { do { try take(bytes) } catch { failure = error } }
            position += piece.count
        }
        var isEqual = false
        if position == byteCount {
            let last = try withWorld { world in try incoming.next(world) }
            isEqual = last.values(of: UInt64.self) == [hash.value.littleEndian]
        }
        try incoming.cancel()
        if let failure { throw failure }
        return isEqual
    }
}

/// Pieces on their way here. Receives are posted ahead, so that the link has something to do while a piece is written.
private struct IncomingTransfer: ~Copyable {
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

/// A delivery under way.
private struct OutgoingTransfer: ~Copyable {
    static let tag = 1
    /// Enough that a link never waits for the disk.
    private static let piecesUnderWay = 3

    private let delivery: Delivery
    private var position: Int
    private var hash = PieceHash()
    private var hasSentHash = false
    private var sends = UniqueDeque<Request>()

    init(_ delivery: Delivery) {
        self.delivery = delivery
        position = 0
    }

    var isDone: Bool { hasSentHash && sends.isEmpty }

    /// Sends the next piece where there is room; the hash at the end. What the rank has already is only hashed.
    ///
    /// - Returns: Bytes that were sent or passed over.
    mutating func advance(_ world: borrowing Communicator) throws -> Int {
        try retire()
        guard !hasSentHash, sends.count < Self.piecesUnderWay else { return 0 }
        guard position < delivery.byteCount else {
            try send(MessageBuffer(copying: withUnsafeBytes(of: hash.value.littleEndian, Array.init)), world)
            hasSentHash = true
            return 0
        }
        let range = Delivery.piece(at: position, of: delivery.byteCount)
        var piece = MessageBuffer(capacity: Delivery.pieceByteCount)
        piece.count = range.count
        try delivery.read(range, piece.storage.baseAddress!)
        hash.combine(UnsafeRawBufferPointer(piece.bytes))
        position = range.upperBound
        if range.lowerBound >= delivery.offset { try send(piece, world) }
        return range.count
    }

    /// An empty piece ends the rank's wait.
    mutating func giveUp(_ world: borrowing Communicator) throws {
        try send(MessageBuffer(capacity: 0), world)
        hasSentHash = true
    }

    private mutating func send(_ piece: consuming MessageBuffer, _ world: borrowing Communicator) throws(MPIError) {
        sends.append(try world.beginSend(piece, to: delivery.rank, tag: Self.tag))
    }

    private mutating func retire() throws(MPIError) {
        while !sends.isEmpty {
            var first = sends.removeFirst()
            guard try first.test() != nil else { return sends.prepend(first) }
            _ = first.takeBuffer()
        }
    }
}
