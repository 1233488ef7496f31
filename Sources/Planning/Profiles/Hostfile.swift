/// The hosts of mpirun's hostfile: one line a host, `slots=` ranks there, `#` begins a comment.
public struct Hostfile: Sendable, Equatable {
    /// The host of each rank.
    public let rankHosts: [String]

    /// - Parameter path: for messages.
    public init(_ text: String, path: String) throws(ClusterFileError) {
        var hosts: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0.isWhitespace }
            guard let host = words.first else { continue }
            var slots = 1
            for word in words.dropFirst() {
                let parts = word.split(separator: "=", omittingEmptySubsequences: false)
                guard parts.count == 2, let number = Int(parts[1]), (0...4096).contains(number) else {
                    throw .malformed(
                        path: path, reason: "line \(index + 1) has \"\(word)\"; write it like node1 slots=1")
                }
                if parts[0] == "slots" { slots = number }
            }
            hosts += Array(repeating: String(host), count: slots)
        }
        guard !hosts.isEmpty else { throw .malformed(path: path, reason: "it names no host") }
        rankHosts = hosts
    }
}
