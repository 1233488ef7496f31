/// An interface that is up, with the addresses by which other machines may reach it.
struct NetworkInterface: Equatable, CustomStringConvertible {
    let name: String
    let addresses: [String]

    /// Those of this host, but for loopback; in order.
    static var all: [NetworkInterface] { interfaces(of: NetworkAddresses.all) }

    /// - Parameter lines: As ``NetworkAddresses`` has them: a name, then an address.
    static func interfaces(of lines: [String]) -> [NetworkInterface] {
        let pairs = lines.map { $0.split(separator: " ").map(String.init) }
        let addresses = Dictionary(grouping: pairs, by: { $0[0] }).mapValues { $0.map { $0[1] } }
        return addresses.keys.sorted().map { NetworkInterface(name: $0, addresses: addresses[$0]!) }
    }

    var description: String { "\(name) \(addresses.joined(separator: " "))" }
}
