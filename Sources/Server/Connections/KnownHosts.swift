import FoundationEssentials

/// The hosts for which a server without a key answers.
///
/// A page can have a name of its own lead to this machine once it is loaded (DNS rebinding), and is then one of the server
/// itself to the browser. It cannot do so with an address, nor with a name that the public name service does not have.
struct KnownHosts: Sendable {
    private let names: Set<String>
    private let isAny: Bool

    init(_ settings: ServerSettings) {
        let hosts = [settings.host, ProcessInfo.processInfo.hostName] + settings.allowedHosts
        let origins = settings.corsOrigins.compactMap { HostName(origin: $0)?.text }
        names = Set(hosts.compactMap { HostName($0)?.text } + origins)
        isAny = settings.allowedHosts.contains("*") || settings.corsOrigins.contains("*")
    }

    func contains(_ host: HostName) -> Bool { isAny || host.isPrivate || names.contains(host.text) }
}
