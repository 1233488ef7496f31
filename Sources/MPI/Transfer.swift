import CMPI
import Synchronization

/// One piece of memory and what MPI does with it.
///
/// A plain value, so that its ~Copyable owner can give the memory back and discard itself.
struct Transfer {
    enum Kind { case send, receive, collective }

    let call: StaticString
    let kind: Kind
    /// The other side; -1 for any, and for collectives without a root.
    let peer: Int
    let tag: Int
    let storage: UnsafeMutableRawBufferPointer
    /// The length of the message; a receive knows it when it is complete.
    var count: Int
    var handle: cmpi_handle = 0
    var isActive = false

    /// MPI_Test (MPI-3.1 §3.7.3): the status when the transfer is complete, nil when it is under way.
    mutating func test() throws(MPIError) -> MessageStatus? {
        require(isActive, "an MPI request was tested or awaited that is not under way (\(name))")
        var isComplete: Int32 = 0
        var status = cmpi_status()
        let code =
            kind == .receive
            ? cmpi().pointee.test(&handle, &isComplete, &status) : cmpi().pointee.test(&handle, &isComplete, nil)
        if code != 0 {
            isActive = false  // libraries have ended and freed a request whose error they return
            throw libraryError(code, call, peer: peer)
        }
        if isComplete == 0 { return nil }
        isActive = false
        return finish(status)
    }

    /// Polls until the transfer is complete or the time is over; it stays under way in the second case.
    mutating func wait(_ policy: WaitPolicy, timeout: Duration?) throws(MPIError) -> MessageStatus {
        if let status = try test() { return status }
        var backoff = Backoff(policy, timeout: timeout)
        while backoff.pause() {
            if let status = try test() { return status }
        }
        throw report(call, peer: peer, .timedOut(after: timeout ?? .zero))
    }

    /// MPI_Cancel (MPI-3.1 §3.8.4) and the wait that ends it; the status of a message that came first, else nil.
    mutating func cancel() throws(MPIError) -> MessageStatus? {
        require(kind == .receive, "only a receive can be cancelled, not \(name)")
        require(isActive, "an MPI request was cancelled that is not under way (\(name))")
        try check(cmpi().pointee.cancel(&handle), "MPI_Cancel", peer: peer)
        var status = cmpi_status()
        let code = cmpi().pointee.wait(&handle, &status)
        isActive = false
        if code != 0 { throw libraryError(code, call, peer: peer) }
        if status.is_cancelled != 0 {
            count = 0
            return nil
        }
        return finish(status)
    }

    /// Frees the memory, or says why that cannot be.
    func drop() {
        if !isActive {
            storage.deallocate()
        } else if !Library.hasFailed.load(ordering: .relaxed) {
            fatalError("an MPI request was dropped while it is under way (\(name)): wait for it or cancel it first")
        }  // else MPI may still write here, and the process is about to end: the memory stays its own
    }

    private mutating func finish(_ status: cmpi_status) -> MessageStatus {
        guard kind == .receive else { return MessageStatus(peer: peer, tag: tag, byteCount: count) }
        let message = MessageStatus(status)
        count = message.byteCount
        return message
    }

    private var name: String { peer < 0 ? "\(call)" : "\(call) with rank \(peer), tag \(tag)" }
}
