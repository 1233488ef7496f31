import CMPI

/// Looking at messages before receiving them. Probes wait under a policy, so that a rank can sleep until work comes.
extension Communicator {
    /// The next message that a receive from `rank` with `tag` would get, if it is there (MPI_Iprobe, MPI-3.1 §3.8.1).
    ///
    /// - Parameters:
    ///   - rank: nil for any sender.
    ///   - tag: nil for any tag.
    public func probeIfPresent(from rank: Int?, tag: Int? = 0) throws(MPIError) -> MessageStatus? {
        var isPresent: Int32 = 0
        var status = MPI_Status()
        try check(
            MPI_Iprobe(source(rank), anyOr(tag), handle, &isPresent, &status), "MPI_Iprobe", peer: rank ?? -1)
        return isPresent == 0 ? nil : try MessageStatus(status)
    }

    /// Waits for a message and leaves it where it is (what MPI_Probe does, MPI-3.1 §3.8.1).
    public func probe(
        from rank: Int?, tag: Int? = 0, waiting policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> MessageStatus {
        var backoff = Backoff(policy, timeout: timeout)
        repeat {
            if let status = try probeIfPresent(from: rank, tag: tag) { return status }
        } while backoff.pause()
        throw report("MPI_Iprobe", peer: rank ?? -1, .timedOut(after: timeout ?? .zero))
    }

    /// Takes hold of the next message, if it is there (MPI_Improbe, MPI-3.1 §3.8.2): only the value returned can
    /// receive it.
    public func matchIfPresent(from rank: Int?, tag: Int? = 0) throws(MPIError) -> MatchedMessage? {
        var isPresent: Int32 = 0
        var message: MPI_Message?
        var status = MPI_Status()
        try check(
            MPI_Improbe(source(rank), anyOr(tag), handle, &isPresent, &message, &status), "MPI_Improbe",
            peer: rank ?? -1)
        guard isPresent != 0 else { return nil }
        return MatchedMessage(message, status: try MessageStatus(status))
    }

    /// Waits for a message and takes hold of it (what MPI_Mprobe does, MPI-3.1 §3.8.2).
    public func match(
        from rank: Int?, tag: Int? = 0, waiting policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> MatchedMessage {
        var backoff = Backoff(policy, timeout: timeout)
        repeat {
            if let message = try matchIfPresent(from: rank, tag: tag) { return message }
        } while backoff.pause()
        throw report("MPI_Improbe", peer: rank ?? -1, .timedOut(after: timeout ?? .zero))
    }
}
