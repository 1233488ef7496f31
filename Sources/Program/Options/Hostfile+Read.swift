import Engine
import Hostfiles
import Requests

extension Hostfile {
    /// The hostfile at `path`.
    static func read(_ path: String) throws(EngineError) -> Hostfile {
        let text = try TextFile.read(path)
        do { return try Hostfile(text, path: path) } catch { throw .badInput("\(error)") }
    }
}
