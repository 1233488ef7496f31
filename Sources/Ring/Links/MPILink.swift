import DequeModule
import MPI

/// The ring over MPI: frames come from the rank before, go to the rank after, and never overtake each other.
///
/// Receives are posted before they are needed, so that a frame lands where it is computed on. While microbatches are in
/// flight, a rank that hears neither a frame nor a note from the rank before ends the wait; see ``Notes``.
public final class MPILink: Link {
    public let previousRank: Int
    /// How to wait for a frame while microbatches are in flight.
    private let waitPolicy: WaitPolicy
    private let nextRank: Int
    private let communicator: Communicator
    private let frameCapacity: Int
    private let notes: Notes
    /// How long nothing was heard of the rank before, since its last frame.
    private var silence = Silence()
    /// Seconds without a sign of life after which the rank before counts as dead.
    private let timeout: Double
    /// The rank before, in words.
    private let previousStage: String
    /// How often work ended: rank 0 said so in a frame.
    private var restCount = 0
    private var receives = UniqueDeque<Request>()
    private var sends = UniqueDeque<Request>()
    /// Whether this rank leaves the ring.
    private var isClosing = false
    /// What went wrong while layers computed; thrown by the next send or receive.
    private var failure: PipelineError?
    private var pool = UniqueDeque<MessageBuffer>()
    /// Rank 0, in words.
    private let firstStage: String
    /// Called while this rank waits to leave the ring.
    private let whileClosing: () throws(PipelineError) -> Void

    private static let frameTag = 4
    private static let postedReceiveCount = 2
    /// While it spins, a rank looks for frames so often for each time that it looks for notes and at the clock.
    private static let pollsPerLook = 16
    /// How long mpirun takes, at most, to end ranks that it reaches.
    private static let launcherSeconds = 10.0

    /// - Parameters:
    ///   - communicator: In which nobody else uses the tags 4 and 5.
    ///   - notes: The same for another owner.
    ///   - waitPolicy: How to wait while microbatches are in flight.
    ///   - previousStage: The rank before, as messages should name it; `firstStage` likewise rank 0.
    ///   - whileClosing: Called again and again while this rank waits to leave the ring: others have left it already.
    public init(
        _ communicator: consuming Communicator, notes: consuming Communicator, frameCapacity: Int, timeout: Double,
        waitPolicy: WaitPolicy, previousStage: String, firstStage: String,
        whileClosing: @escaping () throws(PipelineError) -> Void
    ) throws(PipelineError) {
        previousRank = (communicator.rank + communicator.size - 1) % communicator.size
        nextRank = (communicator.rank + 1) % communicator.size
        self.communicator = communicator
        self.frameCapacity = frameCapacity
        self.timeout = timeout
        self.waitPolicy = waitPolicy
        self.previousStage = previousStage
        self.firstStage = firstStage
        self.whileClosing = whileClosing
        do { self.notes = try Notes(notes, timeout: timeout) } catch { throw .mpi(error) }
        for _ in 0..<Self.postedReceiveCount { try postReceive() }
    }

    public func makeFrame() -> Frame { Frame(emptying: makeMessage()) }

    public func send(_ frame: consuming Frame) throws(PipelineError) {
        do { sends.append(try communicator.beginSend(frame.release(), to: nextRank, tag: Self.frameTag)) } catch {
            throw .mpi(error)
        }
        try retireSends()
    }

    public func hasArrived() throws(PipelineError) -> Bool {
        try retireSends()
        return try isReceiveComplete()
    }

    public func receive(mayRest: Bool, unless isInterrupted: () -> Bool) throws(PipelineError) -> Frame? {
        var isWorking = !mayRest || isWorkComing
        var backoff = Backoff(isWorking ? waitPolicy : .idle)
        silence.resume()
        var polls = 0
        while true {
            try retireSends()
            if try isReceiveComplete() {
                silence.end()
                return try takeFrame()
            }
            if isInterrupted() { return nil }
            polls += 1
            if !isWorking || polls % Self.pollsPerLook == 0 {
                try listen(isWorking: isWorking)
                if !isWorking, isWorkComing {
                    isWorking = true
                    backoff = Backoff(waitPolicy)
                    silence.end()
                }
            }
            _ = backoff.pause()
        }
    }

    /// Looks for notes while it waits for a frame; a rank that works gives its own signs of life, and judges the silence.
    private func listen(isWorking: Bool) throws(PipelineError) {
        do {
            if try notes.look() { silence.end() } else { silence.goesOn() }
            guard isWorking else { return }
            // After its last note a rank says nothing, and nobody expects it to.
            if !isClosing { try notes.beAlive() }
            if notes.hasFailed {
                // One message is enough. The launcher is about to end this rank, unless it cannot be reached.
                if silence.seconds > timeout + Self.launcherSeconds { throw PipelineError.failedElsewhere }
            } else if silence.seconds > timeout {
                try notes.passFailureOn()
                throw PipelineError.silence(seconds: timeout, from: missing, whileLeaving: isClosing)
            }
        } catch let error as MPIError { throw .mpi(error) } catch { throw error as! PipelineError }
    }

    public func wake() throws(PipelineError) {
        do { try notes.announceWork() } catch { throw .mpi(error) }
    }

    public func recycle(_ frame: consuming Frame) { pool.append(frame.release()) }

    public func progress() {
        do {
            try retireSends()
            // A large frame comes only while MPI is asked about it.
            _ = try isReceiveComplete()
            do { try notes.beAlive() } catch { throw PipelineError.mpi(error) }
        } catch { failure = error as? PipelineError }
    }

    public func close() throws(PipelineError) {
        isClosing = true
        silence.end()
        do {
            while !receives.isEmpty {
                var request = receives.removeFirst()
                if !request.isComplete { try request.cancel() }
            }
            try notes.sayLast()
        } catch { throw .mpi(error) }
        var backoff = Backoff(.idle)
        while try !isOver() {
            try listen(isWorking: true)
            try whileClosing()
            _ = backoff.pause()
        }
        do { try notes.close() } catch { throw .mpi(error) }
    }

    /// Whether everything has left, and nothing more will come.
    private func isOver() throws(PipelineError) -> Bool {
        try retireSends()
        guard sends.isEmpty, notes.haveAllSaidLast else { return false }
        do { return try notes.haveAllLeft() } catch { throw .mpi(error) }
    }

    /// Whose sign this rank misses, in words: that of the rank before, or of one that it needs to leave the ring.
    private var missing: String {
        if notes.haveAllSaidLast { return "rank \(nextRank)" }
        return notes.hasHeardLastOfPrevious ? firstStage : previousStage
    }

    /// Whether rank 0 has said more often that work begins than that it ended.
    private var isWorkComing: Bool { notes.workCount > restCount }

    private func takeFrame() throws(PipelineError) -> Frame {
        let message = receives.removeFirst().takeBuffer()
        try postReceive()
        let frame = Frame(message)
        if frame.statedKind == .idle { restCount += 1 }
        return frame
    }

    private func makeMessage() -> MessageBuffer {
        if pool.isEmpty { return MessageBuffer(capacity: frameCapacity) }
        var message = pool.removeFirst()
        message.count = message.capacity
        return message
    }

    private func postReceive() throws(PipelineError) {
        do {
            receives.append(
                try communicator.beginReceive(into: makeMessage(), from: previousRank, tag: Self.frameTag))
        } catch { throw .mpi(error) }
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
