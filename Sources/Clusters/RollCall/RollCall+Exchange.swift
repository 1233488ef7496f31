import MPI

/// What all ranks know in the end, by way of rank 0.
extension RollCall {
    /// Every rank's `bytes`, in rank order. Ranks that wait for slower ones sleep.
    func exchange(_ bytes: [UInt8]) throws(RunEnd) -> [[UInt8]] {
        do {
            return try rank == 0 ? gather(bytes) : contribute(bytes)
        } catch let error as MPIError { throw .mpi(error) } catch { throw error as! RunEnd }
    }

    private func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
        try wait { () throws(MPIError) in parts.count == size - 1 }
        let all = [bytes] + peers.map { parts[$0]! }
        // Before others know: they may send the next part at once.
        parts = [:]
        let whole = RollCallMessage.whole(all.joinedWithLengths).encoded
        for peer in peers { try link.send(whole, to: peer) }
        // They go on now, and rank 0 with them, whoever asks for the end.
        let request = endRequest
        endRequest = nil
        defer { endRequest = request }
        try wait { () throws(MPIError) in try haveAllLeft() }
        return all
    }

    private func contribute(_ bytes: [UInt8]) throws -> [[UInt8]] {
        try send(.part(bytes), to: 0)
        try wait { () throws(MPIError) in whole == nil ? false : try haveAllLeft() }
        defer { whole = nil }
        guard let all = [[UInt8]](size, joined: whole!) else {
            throw RunEnd.failure("rank 0 sent a message that is not of this run; start all ranks from one build")
        }
        return all
    }

    /// Whether all messages of this rank have left.
    func haveAllLeft() throws(MPIError) -> Bool {
        for peer in peers where try !link.hasSent(to: peer) { return false }
        return true
    }
}
