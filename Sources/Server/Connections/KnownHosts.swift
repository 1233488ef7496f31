import FoundationEssentials

/// The hosts for which a server without a key answers.
///
/// A page can have a name of its own lead to this machine once it is loaded (DNS rebinding), and is then one of the server
/// itself to the browser. It cannot do so with an address, nor with a name that the public name service does not have.
struct KnownHosts: Sendable {
    private let names: Set<String>
    private let isAny: Bool

    init(_ settings: ServerSettings) {
        let resolver = (try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)) ?? ""
        let own = Self.names(of: ProcessInfo.processInfo.hostName, resolver)
        let origins = settings.corsOrigins.compactMap { HostName(origin: $0)?.text }
        names = Set(([settings.host] + own + settings.allowedHosts).compactMap { HostName($0)?.text } + origins)
        isAny = settings.allowedHosts.contains("*") || settings.corsOrigins.contains("*")
    }

    func contains(_ host: HostName) -> Bool { isAny || host.isPrivate || names.contains(host.text) }

    /// What a machine is called where names are completed as its resolver does it.
    ///
    /// - Parameter resolver: The text of resolv.conf(5).
    static func names(of machine: String, _ resolver: String) -> [String] {
        let short = machine.prefix { $0 != "." }
        let lines = resolver.split(whereSeparator: \.isNewline).map { $0.split(whereSeparator: \.isWhitespace) }
        let domains = lines.filter { $0.first == "search" || $0.first == "domain" }.flatMap { $0.dropFirst() }
        return [machine] + domains.map { "\(short).\($0)" }
    }
}
