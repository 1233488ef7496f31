import Engine
import Glibc
import Requests

/// A file of text given on the command line.
enum TextFile {
    /// All of the file, pipe or device at `path`, which must be UTF-8.
    static func read(_ path: String) throws(EngineError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, let bytes = Console.readAll(from: descriptor) else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw .badInput("cannot read \(path): \(reason); check the path")
        }
        close(descriptor)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badInput("\(path) is not UTF-8 text; convert it, for example with iconv")
        }
        return text
    }
}
