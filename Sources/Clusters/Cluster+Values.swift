import FoundationEssentials

extension Cluster {
    /// Every rank's value, in rank order; they travel as JSON.
    public func share<Value: Codable>(encoding value: Value) throws(Failure) -> [Value] {
        do {
            return try exchange(Array(JSONEncoder().encode(value))).map {
                try JSONDecoder().decode(Value.self, from: Data($0))
            }
        } catch { throw Failure(status: 70, message: "\(error)") }
    }

    /// The interfaces that MPI does not take, by host, as a sentence; nil for none. All ranks come here together.
    public func networksLeftOut() throws(Failure) -> String? {
        let names = try share(encoding: MPINetworks.leftOut)
        let lists = Set(zip(hosts, names).filter { !$1.isEmpty }.map { "\($1.joined(separator: ", ")) on \($0)" })
        guard !lists.isEmpty else { return nil }
        return
            "networks that lead to no other host are left out: \(lists.sorted().joined(separator: "; ")); --interface of launch "
            + "chooses others"
    }

    /// What rank 0 gives; what others give does not matter.
    public func fromRankZero<Value: Codable>(_ value: Value) throws(Failure) -> Value {
        try share(encoding: value)[0]
    }
}
