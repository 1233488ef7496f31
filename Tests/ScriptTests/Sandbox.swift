import Foundation
import TestSupport

/// A folder of its own for one test: inputs, stand-ins for commands, a cache.
final class Sandbox {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("stagecoach-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// Writes a shell script that can be run and returns its path.
    ///
    /// Another program writes the file: what this one has open for writing, children of other tests may hold a moment longer,
    /// and nobody can run it meanwhile ("text file busy").
    func command(_ name: String, _ body: String) throws -> String {
        let text = try file("\(name).text", "#!/bin/sh\n\(body)\n")
        let path = "\(path)/\(name)"
        let copy = try Process.run(URL(fileURLWithPath: "/bin/cp"), arguments: [text, path])
        copy.waitUntilExit()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
}

/// The path of `scripts/<name>`.
func script(_ name: String) -> String { TestFiles.packageRoot.appendingPathComponent("scripts/\(name)").path }

/// The path of `hostfiles/<name>`.
func hostfile(_ name: String) -> String { TestFiles.packageRoot.appendingPathComponent("hostfiles/\(name)").path }
