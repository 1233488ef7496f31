/// What a process may use of its host, as it tells the other ranks there.
struct ProcessLimits: Sendable {
    let mask: CoreMask
    let quotas: [GroupLimit<Double>]
    /// Groups whose memory is limited.
    let memoryGroups: [String]

    /// This process's.
    ///
    /// - Parameter root: Below what `/proc` and `/sys` are: nothing, or a folder that a test made.
    init(root: String = "") {
        let groups = ControlGroups(root: root)
        mask = CoreMask.current(root: root)
        quotas = groups.quotas
        memoryGroups = groups.memoryGroups
    }

    /// Another rank's.
    init(decoding bytes: [UInt8]) {
        let fields = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        mask = CoreMask(hexadecimal: (fields.first ?? "")[...]) ?? CoreMask(bytes: [1])
        quotas = (fields.count > 1 ? fields[1] : "").split(separator: " ").map {
            GroupLimit(group: String($0), amount: .infinity)
        }
        memoryGroups = (fields.count > 2 ? fields[2] : "").split(separator: " ").map(String.init)
    }

    /// For other ranks, which need to know who shares a group with them, not how much it grants.
    var encoded: [UInt8] {
        Array(
            [mask.hexadecimal, quotas.map(\.group).joined(separator: " "), memoryGroups.joined(separator: " ")]
                .joined(separator: "\n").utf8)
    }
}
