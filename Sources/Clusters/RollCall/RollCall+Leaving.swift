import MPI

/// How ranks part.
extension RollCall {
    /// Waits until all ranks have come here: nothing is under way then, and nobody waits for anyone any more.
    func sayFarewell() throws(RunEnd) {
        do {
            if rank == 0 {
                try wait { () throws(MPIError) in left.count == size - 1 }
                hasSaidFarewell = true
                for peer in peers { try send(.farewell, to: peer) }
                try wait { () throws(MPIError) in try haveAllLeft() }
            } else {
                hasSaidFarewell = true
                try send(.farewell, to: 0)
                try wait { () throws(MPIError) in left.contains(0) ? try haveAllLeft() : false }
            }
        } catch let error as MPIError { throw .mpi(error) } catch { throw error as! RunEnd }
    }

    /// Rank 0 tells all others that the run was asked to end, and all part.
    func endTogether() throws(RunEnd) {
        endRequest = nil
        do { for peer in peers where rank == 0 { try send(.end, to: peer) } } catch { throw .mpi(error) }
        try sayFarewell()
    }

    /// Ends the run for a reason that this rank knows: rank 0 says it.
    func fail(_ reason: String) throws(RunEnd) -> Never {
        if rank > 0 {
            do { try send(.failure(reason), to: 0) } catch { throw .mpi(error) }
            // Where rank 0 does not hear it, or cannot end this rank, nobody else will say it.
            begin()
            var backoff = Backoff(.sleeping)
            while attendance.seconds < Self.longestEnd {
                try look()
                _ = backoff.pause()
            }
        }
        throw .failure(reason)
    }

    /// Rank 0 tells all others that the run ends and that they need not say why, as far as they still hear.
    func announceFailure() {
        guard rank == 0 else { return }
        for peer in peers { try? send(.failure(""), to: peer) }
        var backoff = Backoff(.sleeping, timeout: .milliseconds(200))
        while (try? haveAllLeft()) == false, backoff.pause() {}
    }

    /// Seconds that the launcher takes, at most, to end ranks that it reaches.
    static let longestEnd = 10.0
}
