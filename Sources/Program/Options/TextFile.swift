import Engine
import Glibc
import Platform
import Requests
import SystemPackage

/// A file of text given on the command line.
enum TextFile {
    /// All of the file, pipe or device at `path`, which must be UTF-8.
    static func read(_ path: String) throws(EngineError) -> String {
        let bytes: [UInt8]
        do { bytes = try FilePath(path).contents() } catch {
            throw .badInput("cannot read \(path): \(error); check the path")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badInput("\(path) is not UTF-8 text; convert it, for example with iconv")
        }
        return text
    }
}
