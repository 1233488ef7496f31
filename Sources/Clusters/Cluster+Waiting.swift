import MPI
import Ring

/// Waits for messages of the start and the end. A rank that waits gives signs of life, and notices who gives none.
extension Cluster {
    /// Begins to send `message`; see ``Communicator/beginSend(_:to:tag:)``.
    ///
    /// - Precondition: There is more than one rank, as for all of these.
    public func beginSend(_ message: consuming MessageBuffer, to rank: Int, tag: Int) throws(PipelineError) -> Request {
        do { return try world!.beginSend(message, to: rank, tag: tag) } catch { throw .mpi(error) }
    }

    /// Posts a receive of up to `byteCount` bytes.
    public func beginReceive(_ byteCount: Int, from rank: Int, tag: Int) throws(PipelineError) -> Request {
        do {
            return try world!.beginReceive(into: MessageBuffer(capacity: byteCount), from: rank, tag: tag)
        } catch { throw .mpi(error) }
    }

    /// Waits until `request` is complete and takes its buffer.
    public func finish(
        _ request: consuming Request, waiting policy: WaitPolicy = .idle
    ) throws(PipelineError) -> MessageBuffer {
        var request = request
        try wait(policy) { () throws(MPIError) in try request.test() != nil }
        return request.takeBuffer()
    }

    /// A message from `rank`.
    public func receive(
        from rank: Int, tag: Int, waiting policy: WaitPolicy = .idle
    ) throws(PipelineError) -> MessageBuffer {
        var request: Request?
        try wait(policy) { () throws(MPIError) in
            request = try world!.matchIfPresent(from: rank, tag: tag)?.beginReceive()
            return request != nil
        }
        return try finish(request.take()!, waiting: policy)
    }

    /// Waits until `isDone`, which may look after messages.
    public func wait(_ policy: WaitPolicy = .idle, until isDone: () throws(MPIError) -> Bool) throws(PipelineError) {
        _ = try orEnd { () throws(RunEnd) in try rollCall!.wait(policy, until: isDone) }
    }

    /// Before the first ``watch()``.
    func beginToWatch() { rollCall?.begin() }

    /// Looks once, in a wait for several things: gives the signs of life that are due, and notices who gives none.
    func watch() throws(PipelineError) {
        guard let rollCall else { return }
        try orEnd { () throws(RunEnd) in
            try rollCall.look()
            try rollCall.judge()
        }
    }

    /// Gives the signs of life that are due, in between something else.
    public func look() throws(PipelineError) {
        guard let rollCall else { return }
        try orEnd { () throws(RunEnd) in try rollCall.look() }
    }

    /// Exchanges a message with the ranks before and after this one, as every rank does: Open MPI connects two ranks with
    /// their first message, and here both can be named where it does not get through.
    func greetNeighbours() throws(PipelineError) {
        guard let rollCall, size > 1 else { return }
        begin("neighbours in the ring meet")
        let next = (rank + 1) % size
        try orEnd { () throws(RunEnd) in
            do {
                let room = MessageBuffer(capacity: 1)
                var greeting = try world!.beginReceive(into: room, from: previousRank, tag: Self.greetingTag)
                var send = try world!.beginSend(
                    MessageBuffer(copying: CollectionOfOne(1)), to: next, tag: Self.greetingTag)
                // Later than rank 0 speaks of a rank that answers nobody.
                let limit = timeout + 2 * rollCall.interval
                let isHeard = try rollCall.wait(limit: limit) { () throws(MPIError) in
                    if !greeting.isComplete { _ = try greeting.test() }
                    if !send.isComplete { _ = try send.test() }
                    return greeting.isComplete && send.isComplete
                }
                if !isHeard {
                    try rollCall.fail(noGreeting(from: greeting.isComplete ? next : previousRank, in: limit))
                }
            } catch let error as MPIError { throw .mpi(error) } catch { throw error as! RunEnd }
        }
    }

    private static let greetingTag = 6

    private func noGreeting(from other: Int, in seconds: Double) -> String {
        "nothing went between it and rank \(other) on \(hosts[other]) for \(Int(seconds.rounded(.up))) s, though both live: "
            + "no network that MPI takes leads there (here it takes \(MPINetworks.taken); --interface chooses)"
    }
}
