import CMPI
import Synchronization

/// A send or receive with fixed partner, tag and memory that runs again and again (MPI-3.1 §3.9).
///
/// MPI sets it up once, so that a decode step only starts and awaits it. The memory is open while the request is
/// inactive: fill it, ``start()`` a send, wait; or start a receive, wait, read it. Dropping one under way traps.
public struct PersistentRequest: ~Copyable {
    private var transfer: Transfer

    init(_ transfer: Transfer) { self.transfer = transfer }

    deinit {
        if !transfer.isActive { freeHandle() }
        transfer.drop()
    }

    public var isActive: Bool { transfer.isActive }

    /// The message: what a send sends (its length is fixed), what the last receive received. Traps while active.
    public var bytes: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: storage[..<transfer.count])
    }

    /// All of the memory. Traps while active.
    public var storage: UnsafeMutableRawBufferPointer {
        require(!isActive, "the memory of a persistent MPI request was used while the request is active")
        return transfer.storage
    }

    /// Starts the transfer (MPI_Start, MPI-3.1 §3.9). Traps when it is active already.
    public mutating func start() throws(MPIError) {
        require(!isActive, "a persistent MPI request was started twice")
        try check(MPI_Start(&transfer.handle), "MPI_Start", peer: transfer.peer)
        transfer.isActive = true
    }

    /// Looks once; see ``Request/test()``. A complete request is inactive and can be started again.
    public mutating func test() throws(MPIError) -> MessageStatus? { try transfer.test() }

    /// Waits until the transfer is complete; see ``Request/wait(_:timeout:)``.
    @discardableResult
    public mutating func wait(
        _ policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> MessageStatus {
        try transfer.wait(policy, timeout: timeout)
    }

    /// Ends an active receive that nobody will answer; see ``Request/cancel()``.
    @discardableResult
    public mutating func cancel() throws(MPIError) -> MessageStatus? { try transfer.cancel() }

    /// Frees the request (MPI_Request_free, MPI-3.1 §3.7.3) and gives its memory back. Traps while active.
    public consuming func takeBuffer() -> MessageBuffer {
        require(!isActive, "the buffer of a persistent MPI request was taken while the request is active")
        freeHandle()
        let buffer = MessageBuffer(storage: transfer.storage, count: transfer.count)
        discard self
        return buffer
    }

    /// There is nothing to be done about a failure here: at worst a handle stays in the library's list.
    private func freeHandle() {
        guard Library.isRunning.load(ordering: .relaxed) else { return }
        var handle = transfer.handle
        if handle != cmpi_request_null() { _ = MPI_Request_free(&handle) }
    }
}

@available(*, unavailable)
extension PersistentRequest: Sendable {}
