import CMPI

/// Taking hold of messages before receiving them. Probes wait under a policy, so that a rank can sleep until work comes.
extension Communicator {
    /// Takes hold of the next message, if it is there (MPI_Improbe, MPI-3.1 §3.8.2): only the value returned can
    /// receive it.
    public func matchIfPresent(from rank: Int?, tag: Int? = 0) throws(MPIError) -> MatchedMessage? {
        var isPresent: Int32 = 0
        var message: cmpi_handle = 0
        var status = cmpi_status()
        try check(
            cmpi().pointee.improbe(anyOr(rank), anyOr(tag), handle, &isPresent, &message, &status), "MPI_Improbe",
            peer: rank ?? -1)
        guard isPresent != 0 else { return nil }
        return MatchedMessage(message, status: MessageStatus(status))
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
