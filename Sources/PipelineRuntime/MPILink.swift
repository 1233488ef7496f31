import DequeModule
import MPI

/// The ring over MPI: frames come from the rank before, go to the rank after, and never overtake each other.
///
/// Receives are posted before they are needed, so that a frame lands where it is computed on.
final class MPILink: Link {
    let previousRank: Int
    private let nextRank: Int
    private let communicator: Communicator
    private let frameCapacity: Int
    /// How long to wait for a frame while a microbatch is in flight; nil where silence means nothing.
    private let timeout: Duration?
    private var receives = UniqueDeque<Request>()
    private var sends = UniqueDeque<Request>()
    private var bell: WakeBell
    /// What went wrong while layers computed; thrown by the next send or receive.
    private var failure: PipelineError?
    private var pool = UniqueDeque<MessageBuffer>()

    private static let postedReceiveCount = 2

    init(
        _ communicator: consuming Communicator, frameCapacity: Int, timeout: Duration?
    ) throws(PipelineError) {
        previousRank = (communicator.rank + communicator.size - 1) % communicator.size
        nextRank = (communicator.rank + 1) % communicator.size
        do { bell = try WakeBell(communicator) } catch { throw .mpi(error) }
        self.communicator = communicator
        self.frameCapacity = frameCapacity
        self.timeout = timeout
        for _ in 0..<Self.postedReceiveCount { try postReceive() }
    }

    func makeFrame() -> Frame { Frame(emptying: makeMessage()) }

    func send(_ frame: consuming Frame) throws(PipelineError) {
        do { sends.append(try communicator.beginSend(frame.release(), to: nextRank)) } catch { throw .mpi(error) }
        try retireSends()
    }

    func hasArrived() throws(PipelineError) -> Bool {
        try retireSends()
        return try isReceiveComplete()
    }

    func receive(mayRest: Bool) throws(PipelineError) -> Frame {
        var backoff = Backoff(mayRest ? .idle : .yielding, timeout: mayRest ? nil : timeout)
        repeat {
            try retireSends()
            if try isReceiveComplete() {
                let message = receives.removeFirst().takeBuffer()
                try postReceive()
                return Frame(message)
            }
            if mayRest, try hasBeenCalled() { backoff.reset() }
        } while backoff.pause()
        throw .silence(timeout!, from: previousRank)
    }

    func wake() throws(PipelineError) {
        do { try bell.ring(communicator) } catch { throw .mpi(error) }
    }

    func recycle(_ frame: consuming Frame) { pool.append(frame.release()) }

    func progress() {
        do { try retireSends() } catch { failure = error }
    }

    func close() throws(PipelineError) {
        do {
            while !sends.isEmpty { _ = try sends.removeFirst().finish() }
            try bell.close(communicator)
            while !receives.isEmpty {
                var request = receives.removeFirst()
                if !request.isComplete { try request.cancel() }
            }
        } catch { throw .mpi(error) }
    }

    private func makeMessage() -> MessageBuffer {
        if pool.isEmpty { return MessageBuffer(capacity: frameCapacity) }
        var message = pool.removeFirst()
        message.count = message.capacity
        return message
    }

    private func postReceive() throws(PipelineError) {
        do { receives.append(try communicator.beginReceive(into: makeMessage(), from: previousRank)) } catch {
            throw .mpi(error)
        }
    }

    private func hasBeenCalled() throws(PipelineError) -> Bool {
        do { return try bell.hasRung(communicator) } catch { throw .mpi(error) }
    }

    private func isReceiveComplete() throws(PipelineError) -> Bool {
        if receives[0].isComplete { return true }
        do { return try receives[0].test() != nil } catch { throw .mpi(error) }
    }

    /// Takes back the memory of frames that have left.
    private func retireSends() throws(PipelineError) {
        if let failure { throw failure }
        do {
            while !sends.isEmpty, try sends[0].test() != nil { pool.append(sends.removeFirst().takeBuffer()) }
        } catch { throw .mpi(error) }
    }
}
