import Foundation
import RegexBuilder
import TestSupport
import Testing

/// Which target uses which, as Package.swift and the sources say.
@Suite("The manifest")
struct ManifestTests {
    @Test("Requests, the server and batch jobs reach neither MPI nor kernels")
    func requestsAreLight() async throws {
        let manifest = try await Manifest.read()
        let heavy: Set = ["MPI", "CMPI", "CKernels"]
        for name in ["Requests", "Server", "BatchJobs"] {
            #expect(manifest.reach(of: name).isDisjoint(with: heavy), "\(name)")
        }
        #expect(manifest.reach(of: "Engine").isSuperset(of: heavy))
    }

    /// The build does not look: a module that happens to be there can be imported.
    @Test("What a target imports it names in the manifest, or what it names does")
    func imports() async throws {
        let manifest = try await Manifest.read()
        for target in manifest.targets where target.path.hasPrefix("Sources/") {
            let reach = manifest.reach(of: target.name)
            let strangers = try target.imports.filter { manifest.names.contains($0) && !reach.contains($0) }
            #expect(strangers.isEmpty, "\(target.name) imports \(strangers.sorted())")
            #expect(try !target.text.contains("@_exported"), "\(target.name) hands on what it imports")
        }
    }
}

/// The package's own targets.
private struct Manifest: Decodable {
    struct Target: Decodable {
        struct Dependency: Decodable {
            /// A name, and conditions.
            let byName: [String?]?
        }

        let name: String
        let dependencies: [Dependency]
        private let explicitPath: String?
        private let type: String

        private enum CodingKeys: String, CodingKey {
            case name, dependencies, type
            case explicitPath = "path"
        }

        var path: String { explicitPath ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)") }

        /// All of its Swift files.
        var text: String {
            get throws {
                let root = TestFiles.packageRoot.appendingPathComponent(path).path
                return try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }
                    .map { try String(contentsOfFile: "\(root)/\($0)", encoding: .utf8) }.joined(separator: "\n")
            }
        }

        /// Modules that they import.
        var imports: Set<String> {
            get throws {
                let kind = /(?:struct|enum|class|protocol|typealias|func|let|var) +/
                let line = Regex {
                    Anchor.startOfLine
                    /\ *(?:@\w+ +)?(?:public +|package +|internal +)?import +/
                    Optionally(kind)
                    Capture(/\w+/)
                }
                return Set(try text.matches(of: line).map { String($0.output.1) })
            }
        }
    }

    let targets: [Target]

    var names: Set<String> { Set(targets.map(\.name)) }

    /// Waits for no build: the folder for what is built is another one.
    static func read() async throws -> Manifest {
        let scratch = NSTemporaryDirectory() + "stagecoach-manifest-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let result = try await Launcher.run(
            "swift",
            ["package", "--package-path", TestFiles.packageRoot.path, "--scratch-path", scratch, "dump-package"])
        try #require(result.succeeded, "\(result)")
        return try JSONDecoder().decode(Manifest.self, from: Data(result.standardOutput))
    }

    /// The target and all that it uses.
    func reach(of name: String) -> Set<String> {
        var found: Set = [name]
        var left = [name]
        while let next = left.popLast() {
            for target in targets where target.name == next {
                let used = target.dependencies.compactMap { $0.byName?.first ?? nil }
                left += used.filter { found.insert($0).inserted }
            }
        }
        return found
    }
}
