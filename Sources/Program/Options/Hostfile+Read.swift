import Engine
import Launching
import Requests

extension Hostfile {
    /// The hostfile at `path`.
    static func read(_ path: String) throws(EngineError) -> Hostfile {
        do { return try Hostfile(contentsOf: path) } catch { throw .badInput(error.description) }
    }
}
