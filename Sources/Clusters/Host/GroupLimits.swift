import SystemPackage

/// What a control group grants, of which its processes take together.
struct GroupLimit<Amount: Sendable>: Sendable {
    /// The same for all processes in the group, wherever they see it, and for no other group of this host.
    let group: String
    let amount: Amount
}

extension ControlGroups {
    /// Bytes that each limited group may still take.
    var memoryRests: [GroupLimit<Int>] {
        folders("memory").compactMap { folder in
            guard let limit = Self.memoryLimit(folder), let group = Self.identity(folder) else { return nil }
            return GroupLimit(group: group, amount: max(0, limit - Self.memoryUsed(folder)))
        }
    }

    /// Groups whose memory is limited.
    var memoryGroups: [String] { memoryRests.map(\.group) }

    /// Cores that each group with a quota gets the time of.
    var quotas: [GroupLimit<Double>] {
        folders("cpu").compactMap { folder in
            guard let quota = Self.quota(folder), let group = Self.identity(folder) else { return nil }
            return GroupLimit(group: group, amount: quota)
        }
    }

    private static func memoryLimit(_ folder: String) -> Int? {
        // Beyond memory.high nobody is killed, and hardly anything goes on.
        let limits = ["memory.max", "memory.high", "memory.limit_in_bytes"].compactMap { number("\(folder)/\($0)") }
        // Version 1 says a number for "no limit", nearly the largest.
        return limits.min().flatMap { $0 < 1 << 60 ? $0 : nil }
    }

    /// Without what the kernel keeps of files and drops when memory is wanted.
    private static func memoryUsed(_ folder: String) -> Int {
        guard let used = number("\(folder)/memory.current") ?? number("\(folder)/memory.usage_in_bytes") else {
            return 0
        }
        let lines = (SystemFile.read("\(folder)/memory.stat") ?? "").split(separator: "\n")
        let amounts = lines.map { $0.split(separator: " ") }.filter { $0.count == 2 }
        func amount(_ names: [Substring]) -> Int {
            names.reduce(0) { sum, name in
                sum + (amounts.first { $0[0] == name }.flatMap { Int($0[1]) } ?? 0)
            }
        }
        // Version 1 tells the group's own and, as total, those of the groups in it too.
        let total = amount(["total_inactive_file", "total_active_file"])
        return max(0, used - (total > 0 ? total : amount(["inactive_file", "active_file"])))
    }

    private static func quota(_ folder: String) -> Double? {
        if let words = SystemFile.read("\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace), words.count == 2 {
            return share(Int(words[0]), of: Int(words[1]))
        }
        return share(number("\(folder)/cpu.cfs_quota_us"), of: number("\(folder)/cpu.cfs_period_us"))
    }

    private static func share(_ quota: Int?, of period: Int?) -> Double? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return Double(quota) / Double(period)
    }

    /// nil where it is no number, as `max` and -1.
    private static func number(_ path: String) -> Int? {
        SystemFile.read(path).flatMap { Int($0.prefix { !$0.isWhitespace }) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func identity(_ folder: String) -> String? {
        (try? FilePath(folder).stat()).map { "\($0.deviceID.rawValue):\($0.inode.rawValue)" }
    }
}
