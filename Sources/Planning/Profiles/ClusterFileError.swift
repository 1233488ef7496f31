/// A file of hosts and links that cannot be used.
public enum ClusterFileError: Error, Equatable, CustomStringConvertible {
    case malformed(path: String, reason: String)
    case unknown(host: String, figure: String)

    public var description: String {
        switch self {
        case .malformed(let path, let reason): "\(path): \(reason)"
        case .unknown(let host, let figure):
            "nothing says the \(figure) of host \(host): give it in the cluster file, for this host or for \"*\""
        }
    }
}
