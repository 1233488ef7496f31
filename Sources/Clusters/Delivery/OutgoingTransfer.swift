import DequeModule
import MPI

/// A delivery under way.
struct OutgoingTransfer: ~Copyable {
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
