/// How Open MPI 4 speaks: mpirun, its daemons, and its libraries in the ranks.
enum OpenMPI4Speech {
    /// Its messages stand between two of these.
    static let rule = String(repeating: "-", count: 74)

    /// Whether a line is its own.
    ///
    /// - Parameter line: As much of it as has come.
    /// - Returns: nil: the rest decides.
    static func isOwn(_ line: [UInt8]) -> Bool? {
        if line.allSatisfy({ $0 == UInt8(ascii: "-") }) { return line.count <= rule.utf8.count ? nil : false }
        if line[0] == UInt8(ascii: "[") { return isTagged(line.dropFirst()) }
        let behindNumber = line.drop(while: isDigit)
        if behindNumber.count < line.count { return begins(behindNumber, " total process") }
        let verdicts = ["mpirun: ", "orterun: "].map { begins(line[...], $0) }
        return verdicts.contains(true) ? true : verdicts.contains(nil) ? nil : false
    }

    /// As its libraries tag lines: `[host:123] ` or `[host][[4,5],6][file:line:function] `, without the first bracket.
    private static func isTagged(_ line: ArraySlice<UInt8>) -> Bool? {
        guard let end = line.firstIndex(where: { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: " ") }) else {
            return line.count < 300 ? nil : false
        }
        guard line[end] == UInt8(ascii: "]") else { return false }
        let tag = line[..<end]
        let rest = line[(end + 1)...]
        if let colon = tag.lastIndex(of: UInt8(ascii: ":")), colon > tag.startIndex, colon + 1 < end,
            tag[(colon + 1)...].allSatisfy(isDigit)
        {
            return begins(rest, " ")
        }
        return begins(rest, "[[")
    }

    private static func begins(_ text: ArraySlice<UInt8>, _ words: String) -> Bool? {
        text.starts(with: words.utf8) ? true : words.utf8.starts(with: text) ? nil : false
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension OpenMPI4Speech {
    /// What follows from all that it said.
    ///
    /// - Parameters:
    ///   - messages: Those between rules.
    ///   - remarks: Its other lines.
    static func said(_ messages: [String], _ remarks: [String]) -> LauncherSaid {
        LauncherSaid(
            reasons: reasons(messages, remarks), lostMachine: lostMachine(messages),
            couldNotStart: messages.contains {
                $0.contains("An ORTE daemon has unexpectedly failed") || $0.contains("start one or more daemons")
            }, lostItsReader: remarks.contains { $0.contains("SIGPIPE detected") })
    }

    private static func reasons(_ messages: [String], _ remarks: [String]) -> [String] {
        let telling = messages.filter { message in
            let words = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return !emptyWords.contains { words.contains($0) }
        }
        return telling.isEmpty ? remarks.filter { $0.contains("ERROR") }.suffix(3) : telling
    }

    private static func lostMachine(_ messages: [String]) -> String? {
        let lines = messages.joined(separator: "\n").split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        let line = lines.first { $0.hasPrefix("Remote daemon: ") || $0.hasPrefix("target node: ") }
        return line?.split(separator: " ").last.map(String.init)
    }

    /// In messages that only say how ranks or daemons ended, or what might be the matter.
    private static let emptyWords = [
        "non-zero exit code", "non-zero status", "exited on signal", "exiting improperly", "MPI_ABORT was invoked",
        "without calling \"finalize\"", "An internal error has occurred in ORTE", "start one or more daemons",
        "An ORTE daemon has unexpectedly failed", "ORTE has lost communication",
        "unable to establish a communication connection",
    ]
}
