import CMPI

/// A transfer under way that owns its memory (MPI-3.1 §3.7): it takes a ``MessageBuffer`` and gives it back.
///
/// Wait for it, or test it until it is complete, then take the buffer. Dropping one that is under way traps, since MPI
/// would go on writing into freed memory; after an ``MPIError`` the memory is left to MPI instead.
/// Collections of requests: `UniqueArray` and `UniqueDeque`-like containers of swift-collections hold them.
public struct Request: ~Copyable {
    private var transfer: Transfer

    init(_ transfer: Transfer) { self.transfer = transfer }

    deinit { transfer.drop() }

    public var isComplete: Bool { !transfer.isActive }

    /// Looks once (MPI_Test, MPI-3.1 §3.7.3): the status when the transfer is complete, nil when it is under way.
    ///
    /// Traps when it was complete before. After an error it is complete, and its buffer holds nothing of use.
    public mutating func test() throws(MPIError) -> MessageStatus? { try transfer.test() }

    /// Waits until the transfer is complete.
    ///
    /// - Throws: what the library reports, and ``MPIError/Cause/timedOut(after:)``, after which the request is still
    ///   under way: wait again, cancel it, or drop it because the program ends.
    @discardableResult
    public mutating func wait(
        _ policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> MessageStatus {
        try transfer.wait(policy, timeout: timeout)
    }

    /// Takes back a receive that nobody will answer (MPI_Cancel, MPI-3.1 §3.8.4), at once.
    ///
    /// - Returns: nil when it was cancelled; the status when its message had come already.
    @discardableResult
    public mutating func cancel() throws(MPIError) -> MessageStatus? { try transfer.cancel() }

    /// The buffer of a completed request; after a receive its `count` is the length of the message.
    public consuming func takeBuffer() -> MessageBuffer {
        require(isComplete, "the buffer of an MPI request was taken while it is under way")
        let buffer = MessageBuffer(storage: transfer.storage, count: transfer.count)
        discard self
        return buffer
    }

    /// Waits and takes the buffer. On an error the buffer is gone.
    public consuming func finish(
        _ policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> MessageBuffer {
        try wait(policy, timeout: timeout)
        return takeBuffer()
    }
}

@available(*, unavailable)
extension Request: Sendable {}
