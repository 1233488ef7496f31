import DequeModule
import MPI
import Platform

/// What ranks tell each other beside the frames, so that a silence has one meaning and one witness.
///
/// While microbatches are in flight every rank tells the next one now and then that it lives: between layers, and while
/// it waits itself. So a slow stage is not a silent one, and where a rank dies only the rank behind it misses
/// something: it knows whom to name, and the others, who still hear their own neighbours, say nothing.
/// Rank 0 tells all ranks directly when work begins: their naps end side by side and not one after the other down the
/// ring, and they listen from then on, though no frame may ever reach them.
final class Notes {
    private enum Note: UInt8 {
        /// From the rank before: I am well.
        case alive = 1
        /// From rank 0: microbatches are coming.
        case work
        /// The sender's last one.
        case last
        /// Handed on around the ring: a rank has named a silent one and ends the run.
        case failure
    }

    /// How often rank 0 said that work begins.
    private(set) var workCount = 0
    /// Whether another rank ends the run, and has said why.
    private(set) var hasFailed = false

    private let communicator: Communicator
    private let previousRank: Int
    private let nextRank: Int
    /// Seconds between two signs of life.
    private let interval: Double
    private var sinceAlive = Stopwatch()
    private var secondsSinceAlive = 0.0
    /// Who has said the last note to this rank.
    private var finished: Set<Int> = []
    private static let tag = 5
    private var receives = UniqueDeque<Request>()
    /// The sign of life under way; none is sent before the last has left, so that a dead rank is not sent ever more.
    private var signs = UniqueDeque<Request>()
    /// The other notes under way.
    private var sends = UniqueDeque<Request>()

    /// - Parameter timeout: Seconds of silence that mean death.
    init(_ communicator: consuming Communicator, timeout: Double) throws(MPIError) {
        previousRank = (communicator.rank + communicator.size - 1) % communicator.size
        nextRank = (communicator.rank + 1) % communicator.size
        self.communicator = communicator
        interval = min(timeout / 8, Self.longestInterval)
        try postReceive()
    }

    private static let longestInterval = 5.0

    /// Gives the next rank its sign of life when that is due.
    func beAlive() throws(MPIError) {
        secondsSinceAlive += sinceAlive.lap()
        guard secondsSinceAlive >= interval else { return }
        secondsSinceAlive = 0
        if !signs.isEmpty {
            guard try signs[0].test() != nil else { return }
            _ = signs.removeFirst()
        }
        signs.append(try beginSend(.alive, to: nextRank))
    }

    /// Rank 0 tells everyone that work begins.
    func announceWork() throws(MPIError) {
        while !sends.isEmpty, try sends[0].test() != nil { _ = sends.removeFirst() }
        for rank in 1..<communicator.size { sends.append(try beginSend(.work, to: rank)) }
    }

    /// Takes in what has come; whether something came from the rank before.
    func look() throws(MPIError) -> Bool {
        var isHeard = false
        while let status = try receives[0].test() {
            let message = receives.removeFirst().takeBuffer()
            switch message.bytes.first.flatMap(Note.init) {
            case .work: workCount += 1
            case .last: finished.insert(status.peer)
            case .failure: try passFailureOn()
            case .alive, nil: break
            }
            if status.peer == previousRank { isHeard = true }
            try postReceive()
        }
        return isHeard
    }

    /// Tells the ranks behind that the run ends because of a failure: mpirun takes seconds to end them, or never does.
    func passFailureOn() throws(MPIError) {
        guard !hasFailed else { return }
        hasFailed = true
        sends.append(try beginSend(.failure, to: nextRank))
    }

    /// Says the last note to all who listen to this rank.
    func sayLast() throws(MPIError) {
        let listeners = communicator.rank == 0 ? 1..<communicator.size : nextRank..<nextRank + 1
        for rank in listeners { sends.append(try beginSend(.last, to: rank)) }
    }

    /// Whether the rank before has said its last.
    var hasHeardLastOfPrevious: Bool { finished.contains(previousRank) }

    /// Whether all whom this rank listens to, the rank before and rank 0, have said their last.
    var haveAllSaidLast: Bool { hasHeardLastOfPrevious && (communicator.rank == 0 || finished.contains(0)) }

    /// Whether all notes have left.
    func haveAllLeft() throws(MPIError) -> Bool {
        while !signs.isEmpty {
            guard try signs[0].test() != nil else { return false }
            _ = signs.removeFirst()
        }
        while !sends.isEmpty {
            guard try sends[0].test() != nil else { return false }
            _ = sends.removeFirst()
        }
        return true
    }

    /// Receives no more.
    ///
    /// - Precondition: All notes have left.
    func close() throws(MPIError) {
        while !receives.isEmpty {
            var request = receives.removeFirst()
            if !request.isComplete { try request.cancel() }
        }
    }

    private func beginSend(_ note: Note, to rank: Int) throws(MPIError) -> Request {
        try communicator.beginSend(
            MessageBuffer(copying: CollectionOfOne(note.rawValue)), to: rank, tag: Self.tag)
    }

    private func postReceive() throws(MPIError) {
        receives.append(
            try communicator.beginReceive(into: MessageBuffer(capacity: 1), from: nil, tag: Self.tag))
    }
}
