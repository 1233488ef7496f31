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

    /// What follows from all that it said: lines that name an error come before those that say where it was noticed.
    static func said(_ remarks: [String]) -> LauncherSaid {
        let telling = [["Error:", "error:"], ["unable to", "Unable to", "unrecognized", "No such file", "failed"]].lazy
            .map { words in remarks.filter { line in words.contains { line.contains($0) } } }.first { !$0.isEmpty }
        return LauncherSaid(reasons: Array((telling ?? remarks).prefix(3)))
    }
}
