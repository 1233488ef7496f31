/// What a rank tells the others of itself when they meet.
struct RankIdentity {
    let host: String
    let bootID: String
    let runID: UInt64
    /// Its ``ProcessLimits``, encoded.
    let limits: [UInt8]

    init(host: String, bootID: String, runID: UInt64, limits: [UInt8]) {
        (self.host, self.bootID, self.runID, self.limits) = (host, bootID, runID, limits)
    }

    /// Whether two ranks share a machine. Several machines may have one name, and hosts in namespaces share a kernel.
    func isOnHost(of other: RankIdentity) -> Bool { host == other.host && bootID == other.bootID }

    var encoded: [UInt8] {
        let number = withUnsafeBytes(of: runID.littleEndian, Array.init)
        return [Array(host.utf8), Array(bootID.utf8), number, limits].joinedWithLengths
    }

    /// nil for bytes that no rank of this build sends.
    init?(_ bytes: [UInt8]) {
        guard let fields = [[UInt8]](4, joined: bytes), fields[2].count == MemoryLayout<UInt64>.stride else {
            return nil
        }
        self.init(
            host: String(decoding: fields[0], as: UTF8.self), bootID: String(decoding: fields[1], as: UTF8.self),
            runID: fields[2].withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) },
            limits: fields[3])
    }
}
