import Glibc

/// The machine that mpirun is started on, and what starts it there.
public struct LocalMachine: Sendable {
    /// Its names and addresses.
    public var names: Set<String>
    /// Whether mpirun would run as root.
    public var isRoot: Bool
    /// The variables that mpirun gets.
    public var environment: [String: String]
    /// The program that this process runs.
    public var program: String

    public init(names: Set<String>, isRoot: Bool, environment: [String: String], program: String) {
        self.names = names.union(["localhost", "127.0.0.1", "::1"])
        self.isRoot = isRoot
        self.environment = environment
        self.program = program
    }

    /// Whether a hostfile's name, which may have a user before it, means this machine: mpirun then starts ranks without ssh.
    public func isNamed(_ host: String) -> Bool {
        names.contains(host.lastIndex(of: "@").map { String(host[host.index(after: $0)...]) } ?? host)
    }

    /// The value of a variable that is set and not empty.
    public func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The file of a command, given by name or path; nil where it cannot be started.
    func path(of command: String) -> String? {
        if command.contains("/") { return access(command, X_OK) == 0 ? command : nil }
        return (variable("PATH") ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(command)" }
            .first { access($0, X_OK) == 0 }
    }

    /// Where `scripts/deploy` puts the program: mpirun starts the same absolute path on every machine.
    var deployedProgram: String { "\(variable("HOME") ?? "/root")/.local/lib/stagecoach/stagecoach" }
}

extension LocalMachine {
    /// This process's.
    public static var current: LocalMachine {
        let host = hostName
        return LocalMachine(
            names: addresses.union([host, String(host.prefix { $0 != "." })]), isRoot: geteuid() == 0,
            environment: allVariables, program: ownProgram)
    }

    private static var allVariables: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Its addresses in numbers, without those that mean another machine elsewhere.
    private static var addresses: Set<String> {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: Set<String> = []
        var next = first
        while let entry = next?.pointee {
            if let socket = entry.ifa_addr, let address = address(socket) { found.insert(address) }
            next = entry.ifa_next
        }
        return found
    }

    private static func address(_ socket: UnsafeMutablePointer<sockaddr>) -> String? {
        let length: Int
        switch CInt(socket.pointee.sa_family) {
        case AF_INET: length = MemoryLayout<sockaddr_in>.size
        case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(socket, socklen_t(length), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // One with a zone is a link's own.
        return address.contains("%") ? nil : address
    }

    /// As this process was called where that says it, so that a link to the program stays one; else the file itself.
    private static var ownProgram: String {
        if CommandLine.arguments[0].hasPrefix("/") { return CommandLine.arguments[0] }
        guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { free(path) }
        return String(cString: path)
    }
}
