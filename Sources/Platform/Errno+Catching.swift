import SystemPackage

extension Errno {
    /// Runs what throws nothing but `Errno`, as all of swift-system does without saying so.
    public static func catching<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
        do { return try body() } catch let error as Errno { throw error } catch {
            preconditionFailure("swift-system threw \(error)")
        }
    }
}
