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

    /// What rank 0 gives; what others give does not matter.
    public func fromRankZero<Value: Codable>(_ value: Value) throws(Failure) -> Value {
        try share(encoding: value)[0]
    }
}
