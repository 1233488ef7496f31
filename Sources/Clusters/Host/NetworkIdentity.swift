import Glibc

/// What tells this host's networks apart from others.
public enum NetworkIdentity {
    /// What MPI was told of them, the addresses by which others reach this host, and `STAGECOACH_NETWORK`, which tells
    /// networks apart that look alike.
    public static var here: String {
        (variables.compactMap(told) + NetworkAddresses.all).joined(separator: ", ")
    }

    private static let variables = [
        "STAGECOACH_NETWORK", "OMPI_MCA_btl", "OMPI_MCA_btl_tcp_if_include", "OMPI_MCA_btl_tcp_if_exclude",
        "UCX_NET_DEVICES", "UCX_TLS", "FI_PROVIDER", "FI_TCP_IFACE", "I_MPI_FABRICS",
    ]

    private static func told(_ name: String) -> String? { getenv(name).map { "\(name)=\(String(cString: $0))" } }
}
