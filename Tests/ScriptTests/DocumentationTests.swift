import Foundation
import TestSupport
import Testing

/// What a reader of the documentation may rely on.
@Suite("Documentation")
struct DocumentationTests {
    /// README.md and the articles beside the targets, as paths from the root.
    private static func documents() throws -> [String] {
        let files = FileManager.default.enumerator(atPath: TestFiles.packageRoot.appendingPathComponent("Sources").path)
        let articles = try #require(files).compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }
        return ["README.md"] + articles.map { "Sources/\($0)" }.sorted()
    }

    private static func read(_ path: String) throws -> String {
        try String(contentsOf: TestFiles.packageRoot.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("README is a page")
    func length() throws {
        #expect(try Self.read("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 250)
    }

    @Test("Links lead to files that are there")
    func links() throws {
        let documents = try Self.documents()
        #expect(documents.count > 10)
        for document in documents {
            let folder = TestFiles.packageRoot.appendingPathComponent(document).deletingLastPathComponent()
            for link in try Self.read(document).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
                let target = folder.appendingPathComponent(String(link.1)).standardizedFileURL.path
                #expect(FileManager.default.fileExists(atPath: target), "\(document): \(link.1)")
            }
        }
    }

    @Test("Scripts that are named exist")
    func scripts() throws {
        for document in try Self.documents() {
            for name in try Self.read(document).matches(of: /\bscripts\/[a-z][a-z\/_-]*[a-z]/) {
                let path = TestFiles.packageRoot.appendingPathComponent(String(name.0)).path
                let isThere = ["", ".py", ".service", ".sbatch"].contains {
                    FileManager.default.fileExists(atPath: path + $0)
                }
                #expect(isThere, "\(document): \(name.0)")
            }
        }
    }
}
