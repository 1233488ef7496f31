/// The command line of `launch`.
public struct LaunchRequest: Sendable, Equatable {
    public enum Action: Sendable, Equatable {
        case run
        /// Print the line of mpirun.
        case showLine
        /// Print the machines of the hostfile.
        case listHosts
        case showHelp
    }

    public private(set) var action = Action.run
    public private(set) var options: LaunchOptions
    /// The one to take where the words name none.
    private let hostfile: String?

    /// Options end at `--`, or at the first word that is none: whatever follows is the program's.
    ///
    /// - Parameter hostfile: The one to take where the words name none.
    public init(_ words: [String], hostfile: String?) throws(LaunchError) {
        self.hostfile = hostfile
        options = LaunchOptions(hostfile: hostfile)
        var rest = words[...]
        reading: while let word = rest.first {
            switch word {
            case "--help", "-h":
                action = .showHelp
                return
            case "--dry-run": action = .showLine
            case "--list-hosts": action = .listHosts
            case "--per-node": options.placement = .nodes
            case "--per-socket": options.placement = .sockets
            case _ where Self.namesOfValues.contains(word):
                guard rest.count > 1 else { throw .usage("\(word) needs a value") }
                rest = rest.dropFirst()
                try take(word, rest.first!)
            case "--":
                rest = rest.dropFirst()
                break reading
            case _ where word.hasPrefix("-"):
                throw .usage("unknown option \(word); the program's own options follow --")
            default: break reading
            }
            rest = rest.dropFirst()
        }
        options.arguments = Array(rest)
        if rest.isEmpty, options.program == nil, action != .listHosts {
            throw .usage("say what to run after --, for example: -- generate --prompt \"Hello\"")
        }
    }

    private static let namesOfValues = [
        "--hostfile", "--model", "--np", "--threads", "--interface", "--ports", "--program", "--mpi",
    ]

    /// An empty value asks for what happens without the option.
    private mutating func take(_ name: String, _ value: String) throws(LaunchError) {
        let given = value.isEmpty ? nil : value
        switch name {
        case "--hostfile": options.hostfile = given ?? hostfile
        case "--model": options.model = given
        case "--np":
            options.ranks = try given.map { value throws(LaunchError) in try Self.count(name, value, of: "ranks") }
        case "--threads":
            options.threads = try given.map { value throws(LaunchError) in try Self.count(name, value, of: "threads") }
        case "--interface": options.interface = given
        case "--ports": options.ports = try given.map(Self.ports)
        case "--program": options.program = given
        // Flags are words that begin with a dash, and values that follow them.
        case _ where !value.isEmpty && !value.hasPrefix("-") && !value.contains(where: \.isWhitespace):
            options.launcher = value
        default: options.mpiFlags += value.split(whereSeparator: \.isWhitespace).map(String.init)
        }
    }

    private static func count(_ name: String, _ value: String, of what: String) throws(LaunchError) -> Int {
        guard value.first != "0", value.utf8.allSatisfy(isDigit), let count = Int(value) else {
            throw .usage("\(name) \(value) is not a number of \(what)")
        }
        return count
    }

    private static func ports(_ value: String) throws(LaunchError) -> LaunchOptions.Ports {
        let ends = value.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ (4...5).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit) })
        else {
            throw .usage("--ports \(value) is not FIRST-LAST, like 35000-35099")
        }
        return LaunchOptions.Ports(first: Int(ends[0])!, last: Int(ends[1])!)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
