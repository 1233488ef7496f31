/// How hydra speaks on stderr: line by line, with its name and host before each.
enum HydraSpeech {
    private static let marks = ["[mpiexec@", "[proxy:", "[bstrap:"]

    /// Whether a line is its own.
    ///
    /// - Parameter line: As much of it as has come.
    /// - Returns: nil: the rest decides.
    static func isOwn(_ line: [UInt8]) -> Bool? {
        if marks.contains(where: { line.starts(with: $0.utf8) }) { return true }
        return marks.contains { $0.utf8.starts(with: line) } ? nil : false
    }

    /// What follows from all that it said: the lines that name an error of the system come first.
    static func said(_ remarks: [String]) -> LauncherSaid {
        let telling = remarks.filter { line in
            ["unable to", "unrecognized", "No such file", "denied", "refused", "not found"].contains {
                line.contains($0)
            }
        }
        return LauncherSaid(reasons: Array((telling.isEmpty ? remarks : telling).prefix(3)))
    }
}
