import Clusters
import Requests

extension Failure {
    /// What to tell people about `error`, and the status to exit with.
    init(describing error: any Error) {
        if let failure = error as? Failure {
            self = failure
        } else {
            let known = EngineError(error) ?? .failure("\(error)")
            self.init(status: known.kind.rawValue, message: known.description)
        }
    }

    /// The failure with its rank and host, where there is more than one.
    func on(_ cluster: Cluster) -> Failure {
        guard cluster.size > 1 else { return self }
        return Failure(
            status: status, message: "rank \(cluster.rank) on \(cluster.hosts[cluster.rank]): \(message)")
    }
}

extension Cluster {
    /// `agree` for steps that throw errors of any kind.
    func agree<Value>(_ kind: StepKind = .work, _ step: () throws -> Value) throws(Failure) -> Value {
        try agree(kind) { () throws(Failure) in
            do { return try step() } catch { throw Failure(describing: error) }
        }
    }
}
