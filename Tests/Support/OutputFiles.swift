import Foundation
import Glibc

/// The two files that a launched program writes into.
struct OutputFiles: Sendable {
    let output: OutputFile
    let error: OutputFile
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        output = OutputFile(path: folder + "/stdout")
        error = OutputFile(path: folder + "/stderr")
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}

struct OutputFile: Sendable {
    let path: String

    /// A descriptor for the program to write to; the caller closes it.
    func open() throws -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return descriptor
    }

    var contents: [UInt8] { FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? [] }
}
