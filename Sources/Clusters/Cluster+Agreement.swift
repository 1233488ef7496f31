import Ring

/// The start-up steps that all ranks take together: a failure on one ends all of them, with one message.
extension Cluster {
    /// Runs `step` on every rank and waits for all of them.
    ///
    /// - Throws: a ``Failure`` that is the same on every rank when the step failed on any.
    public func agree<Value>(
        _ kind: StepKind = .work, _ step: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let outcome =
            kind == .messages
            ? Result { () throws(Failure) in try step() } : aside(step, mayRest: kind == .conversation)
        let failure: Failure? = if case .failure(let failure) = outcome { failure } else { nil }
        let reports = try orFailure { () throws(PipelineError) in
            try exchange(failure.map { Array("\($0.status) \($0.message)".utf8) } ?? [])
        }
        if let agreed = Self.agreedFailure(reports, hosts: hosts) { throw agreed }
        return try outcome.get()
    }

    /// Every rank's bytes, in rank order.
    public func share(_ bytes: [UInt8]) throws(Failure) -> [[UInt8]] {
        try orFailure { () throws(PipelineError) in try exchange(bytes) }
    }

    /// Refuses to go on when the ranks' fingerprints differ.
    public func compare(_ fingerprint: Fingerprint) throws(Failure) {
        let reports = try orFailure { () throws(PipelineError) in try exchange(fingerprint.encoded) }
        let reference = Fingerprint(decoding: reports[0])
        for rank in 1..<max(1, size) {
            guard let found = Fingerprint(decoding: reports[rank]).difference(from: reference) else { continue }
            throw Failure(
                status: Fingerprint.exitStatus,
                message: "rank \(rank) on \(hosts[rank]) has \(found.name) \(found.mine) and rank 0 on \(hosts[0]) has "
                    + "\(found.theirs): \(found.advice)")
        }
    }

    /// The smallest of all ranks' values, and whose it is.
    public func minimum(_ value: Int) throws(Failure) -> (value: Int, rank: Int) {
        let reports = try orFailure { () throws(PipelineError) in
            try exchange(withUnsafeBytes(of: value.littleEndian, Array.init))
        }
        let values = reports.map { report in
            Int(littleEndian: report.withUnsafeBytes { $0.loadUnaligned(as: Int.self) })
        }
        let smallest = values.min()!
        return (smallest, values.firstIndex(of: smallest)!)
    }

    /// The first rank's failure, and how many others failed; nil when none did.
    static func agreedFailure(_ reports: [[UInt8]], hosts: [String]) -> Failure? {
        guard let first = reports.firstIndex(where: { !$0.isEmpty }) else { return nil }
        let text = String(decoding: reports[first], as: UTF8.self)
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let status = Int32(words[0]) ?? 70
        let message = words.count > 1 ? String(words[1]) : ""
        guard reports.count > 1 else { return Failure(status: status, message: message) }
        let others = reports.count { !$0.isEmpty } - 1
        let also = others == 0 ? "" : " (and \(others) more \(others == 1 ? "rank" : "ranks"))"
        return Failure(status: status, message: "rank \(first) on \(hosts[first])\(also): \(message)")
    }

    private func orFailure<Value>(_ body: () throws(PipelineError) -> Value) throws(Failure) -> Value {
        do { return try body() } catch { throw Failure(status: 70, message: "\(error)") }
    }
}
