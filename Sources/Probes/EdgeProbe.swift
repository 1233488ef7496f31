import MPI
import Planning
import Platform

/// Sends messages to and fro between neighbours on the ring, all edges of a round at once.
///
/// Even ranks ask first, then odd ones; with an odd number of ranks the last edge is alone in a third round.
struct EdgeProbe: ~Copyable {
    private let communicator: Communicator

    private static let pingCount = 20
    private static let byteCount = 512 << 10
    /// Large messages go on for so long, in seconds: networks let the first ones through faster than the rest.
    private static let leastSeconds = 0.02
    /// On a link so slow that one message takes this long, one is enough.
    private static let mostSeconds = 0.2
    private static let mostMessages = 64

    init(_ communicator: borrowing Communicator) throws(MPIError) { self.communicator = try communicator.duplicate() }

    consuming func measure() throws(MPIError) -> LinkProfile {
        let (rank, size) = (communicator.rank, communicator.size)
        let previous = (rank + size - 1) % size
        var edge = LinkProfile.sharedMemory
        for round in 0..<(size % 2 == 0 ? 2 : 3) {
            if Self.round(of: rank, size) == round { edge = try ask(next: (rank + 1) % size) }
            if Self.round(of: previous, size) == round { try answer(previous) }
            try communicator.barrier(waiting: .idle)
        }
        return edge
    }

    private static func round(of edge: Int, _ size: Int) -> Int { size % 2 == 1 && edge == size - 1 ? 2 : edge % 2 }

    private func ask(next: Int) throws(MPIError) -> LinkProfile {
        var delays: [Double] = []
        for _ in 0..<Self.pingCount { delays.append(try roundTrip(next, byteCount: 1) / 2) }
        let delay = delays.sorted()[delays.count / 2]
        var times: [Double] = []
        var total = 0.0
        while times.count < Self.mostMessages, total < (times.count < 2 ? Self.mostSeconds : Self.leastSeconds) {
            let seconds = try roundTrip(next, byteCount: Self.byteCount)
            times.append(max(seconds - 2 * delay, 1e-7))
            total += seconds
        }
        // A message of two bytes ends it.
        _ = try communicator.beginSend(MessageBuffer(copying: [0, 0]), to: next).finish(.yielding)
        let later = times[(times.count / 2)...].sorted()
        return LinkProfile(delay: delay, bandwidth: Double(Self.byteCount) / later[later.count / 2])
    }

    private func answer(_ previous: Int) throws(MPIError) {
        while true {
            let receive = try communicator.beginReceive(
                into: MessageBuffer(capacity: Self.byteCount), from: previous)
            let question = try receive.finish(.yielding)
            if question.count == 2 { return }
            _ = try communicator.beginSend(MessageBuffer(copying: CollectionOfOne(1)), to: previous).finish(.yielding)
        }
    }

    private func roundTrip(_ next: Int, byteCount: Int) throws(MPIError) -> Double {
        let answer = try communicator.beginReceive(into: MessageBuffer(capacity: 1), from: next)
        let buffer = MessageBuffer(copying: repeatElement(1, count: byteCount))
        var watch = Stopwatch()
        let question = try communicator.beginSend(buffer, to: next)
        _ = try answer.finish(.yielding)
        let seconds = watch.lap()
        _ = try question.finish(.yielding)
        return seconds
    }
}
