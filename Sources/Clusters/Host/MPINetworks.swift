import FoundationEssentials
import Glibc

/// Which of this host's networks MPI takes.
///
/// Open MPI connects ranks over every interface that is up. Bridges to containers and virtual machines, such as docker0 and
/// virbr0, have the same address on every host: ranks that try them reach their own host, and wait for ever. Those are left
/// out, and addresses that the launching machine has too, unless the user says which interfaces to take.
public enum MPINetworks {
    /// Tells Open MPI, before it starts, what to leave out.
    static func prepare() {
        guard !leftOut.isEmpty else { return }
        // The list replaces Open MPI's own, which is named again.
        setenv(exclusion, (["127.0.0.0/8", "sppp"] + leftOut).joined(separator: ","), 1)
    }

    /// The interfaces that are left out of those of this host.
    public static let leftOut: [String] = {
        guard !isChosen else { return [] }
        return unusable(
            of: NetworkInterface.all, launcher: addresses(inURI: variable("OMPI_MCA_orte_hnp_uri")),
            isLauncher: variable("OMPI_MCA_orte_hnp_uri") == variable("OMPI_MCA_orte_local_daemon_uri"),
            isInner: isInnerBridge)
    }()

    /// In words, for people whose ranks cannot meet.
    static var taken: String {
        if leftOut.isEmpty, let value = variable(inclusion) { return value }
        let taken = NetworkInterface.all.filter { !leftOut.contains($0.name) }
        return taken.isEmpty ? "none" : taken.map(\.description).joined(separator: ", ")
    }

    /// Interfaces that lead to no other host: bridges with nothing behind them but this machine, and those whose addresses
    /// the launching machine has too. Where nothing else would be left they stay.
    static func unusable(
        of interfaces: [NetworkInterface], launcher: Set<String>, isLauncher: Bool, isInner: (String) -> Bool
    ) -> [String] {
        let unusable = interfaces.filter { interface in
            isInner(interface.name) || !isLauncher && interface.addresses.allSatisfy(launcher.contains)
        }
        return unusable.count < interfaces.count ? unusable.map(\.name) : []
    }

    /// The addresses of `123.0;tcp://10.0.0.1,172.17.0.1:4000;tcp6://[fd00::2]:4001`.
    static func addresses(inURI uri: String?) -> Set<String> {
        var addresses: Set<String> = []
        for part in (uri ?? "").split(separator: ";").dropFirst() {
            guard let colon = part.lastIndex(of: ":"), let slash = part.firstIndex(of: "/"), slash < colon else {
                continue
            }
            for address in part[slash..<colon].split(separator: ",") {
                addresses.insert(address.filter { !"/[]".contains($0) })
            }
        }
        return addresses
    }

    /// Whether an interface is a bridge without a network card behind it, be it by way of a bond or a VLAN.
    private static func isInnerBridge(_ name: String) -> Bool {
        let all = "/sys/class/net"
        guard access("\(all)/\(name)/bridge", F_OK) == 0 else { return false }
        return !names(in: "\(all)/\(name)/brif").contains { port in
            names(in: "\(all)/\(port)").contains { $0 == "device" || $0.hasPrefix("lower_") }
        }
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static let inclusion = "OMPI_MCA_btl_tcp_if_include"
    private static let exclusion = "OMPI_MCA_btl_tcp_if_exclude"

    /// Whether the user has said what to take.
    private static var isChosen: Bool {
        variable(inclusion) != nil || variable(exclusion) != nil
            || [variable("HOME").map { "\($0)/.openmpi/mca-params.conf" }, "/etc/openmpi/openmpi-mca-params.conf"]
                .compactMap { $0.flatMap(SystemFile.read) }.contains(where: choosesInterfaces)
    }

    /// Whether a file of parameters does.
    static func choosesInterfaces(_ file: String) -> Bool {
        file.split(whereSeparator: \.isNewline).contains { line in
            let word = line.drop(while: \.isWhitespace)
            return word.hasPrefix("btl_tcp_if_include") || word.hasPrefix("btl_tcp_if_exclude")
        }
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
