import DequeModule
import MPI

/// Rank 0's way to wake the ranks that sleep between polls: all at once, so that their naps end side by side instead of
/// one after the other down the ring. A call is an empty message past the ring's order.
struct WakeBell: ~Copyable {
    private static let tag = 1

    /// On rank 0 the calls under way, elsewhere the one receive that waits for rank 0's next call.
    private var requests = UniqueDeque<Request>()

    init(_ communicator: borrowing Communicator) throws(MPIError) {
        if communicator.rank > 0 { try listen(communicator) }
    }

    /// Calls every other rank; returns at once.
    mutating func ring(_ communicator: borrowing Communicator) throws(MPIError) {
        while !requests.isEmpty, try requests[0].test() != nil { _ = requests.removeFirst() }
        for rank in 1..<max(communicator.size, 1) {
            requests.append(try communicator.beginSend(MessageBuffer(capacity: 0), to: rank, tag: Self.tag))
        }
    }

    /// Whether rank 0 has called since this was asked last.
    mutating func hasRung(_ communicator: borrowing Communicator) throws(MPIError) -> Bool {
        guard communicator.rank > 0, try requests[0].test() != nil else { return false }
        _ = requests.removeFirst()
        try listen(communicator)
        return true
    }

    /// Ends what is under way.
    mutating func close(_ communicator: borrowing Communicator) throws(MPIError) {
        while !requests.isEmpty {
            var request = requests.removeFirst()
            if communicator.rank == 0 { _ = try request.finish() } else { try request.cancel() }
        }
    }

    private mutating func listen(_ communicator: borrowing Communicator) throws(MPIError) {
        requests.append(try communicator.beginReceive(into: MessageBuffer(capacity: 0), from: 0, tag: Self.tag))
    }
}
