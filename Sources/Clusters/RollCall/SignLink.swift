import DequeModule
import MPI

/// How the messages of a roll call get from rank to rank.
protocol SignLink: AnyObject {
    /// Hands over bytes for `rank` and returns at once.
    func send(_ bytes: [UInt8], to rank: Int) throws(MPIError)

    /// Whether everything for `rank` has left.
    func hasSent(to rank: Int) throws(MPIError) -> Bool

    /// A message that has come, and who sent it; nil where there is none.
    func receive() throws(MPIError) -> (sender: Int, bytes: [UInt8])?
}

/// Over MPI, beside what else travels there.
final class MPISignLink: SignLink {
    private static let tag = 3

    private let communicator: Communicator
    private var outboxes: [Outbox]
    /// Messages that have begun to come.
    private var incoming = UniqueDeque<Request>()

    private final class Outbox {
        var sends = UniqueDeque<Request>()
    }

    init(_ communicator: consuming Communicator) {
        outboxes = (0..<communicator.size).map { _ in Outbox() }
        self.communicator = communicator
    }

    func send(_ bytes: [UInt8], to rank: Int) throws(MPIError) {
        let request = try communicator.beginSend(MessageBuffer(copying: bytes), to: rank, tag: Self.tag)
        outboxes[rank].sends.append(request)
    }

    func hasSent(to rank: Int) throws(MPIError) -> Bool {
        let outbox = outboxes[rank]
        while !outbox.sends.isEmpty {
            guard try outbox.sends[0].test() != nil else { return false }
            _ = outbox.sends.removeFirst()
        }
        return true
    }

    func receive() throws(MPIError) -> (sender: Int, bytes: [UInt8])? {
        while let message = try communicator.matchIfPresent(from: nil, tag: Self.tag) {
            incoming.append(try message.beginReceive())
        }
        // A rank may stop in the middle of a long message, which is then in nobody's way.
        for _ in 0..<incoming.count {
            var request = incoming.removeFirst()
            if let status = try request.test() {
                return (status.peer, request.takeBuffer().values(of: UInt8.self))
            }
            incoming.append(request)
        }
        return nil
    }
}
