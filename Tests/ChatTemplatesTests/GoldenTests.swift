import Foundation
import Jinja
import OrderedJSON
import TestSupport
import Testing

@testable import ChatTemplates

/// Conversations against what Hugging Face transformers renders: `scripts/chat-goldens` writes the files.
@Suite struct GoldenTests {
    struct Golden {
        let template: String
        let bos: String
        let eos: String
        let cases: [(request: Conversation, rendered: String?)]

        init(path: String) throws {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let file = try #require(JSONValue(parsing: data)?.object)
            template = try #require(file["template"]?.string)
            bos = try #require(file["bos"]?.string)
            eos = try #require(file["eos"]?.string)
            cases = try (file["cases"]?.array ?? []).compactMap(\.object).map { one in
                let request = Conversation(
                    try (one["messages"]?.array ?? []).map { try ChatMessage($0) }, tools: one["tools"]?.array,
                    documents: one["documents"]?.array,
                    addGenerationPrompt: one["add_generation_prompt"] == .bool(true),
                    variables: one["variables"]?.object ?? [:])
                return (request, one["rendered"]?.string)
            }
        }
    }

    static let date = LocalTime(year: 2025, month: 3, day: 7, hour: 9, minute: 5, second: 3, weekday: 5, dayOfYear: 66)

    @Test func conversationsRenderAsInPython() throws {
        let files = try goldens(in: TestFiles.fixture("chat"))
        #expect(files.count >= 18)
        for (name, golden) in files {
            #expect(golden.cases.count >= 50)
            check(golden, try ChatTemplate(golden.template), name)
        }
    }

    /// Any folder of goldens.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["STAGECOACH_CHAT_GOLDENS"] != nil))
    func otherTemplatesRenderAsInPython() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["STAGECOACH_CHAT_GOLDENS"])
        for (name, golden) in try goldens(in: folder) { check(golden, try ChatTemplate(golden.template), name) }
    }

    private func check(_ golden: Golden, _ template: ChatTemplate, _ name: String) {
        for (request, rendered) in golden.cases {
            let segments = try? template.render(request, bos: golden.bos, eos: golden.eos, date: Self.date)
            let text = segments.map { $0.map(\.text).joined() }
            // By bytes: equal Strings need not have equal ones.
            #expect(text.map { Array($0.utf8) } == rendered.map { Array($0.utf8) }, "\(name): \(request)")
        }
    }

    private func goldens(in folder: String) throws -> [(name: String, golden: Golden)] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { ($0, try Golden(path: "\(folder)/\($0)")) }
    }

    /// The committed golden called `name`.
    static func golden(_ name: String) throws -> Golden { try Golden(path: TestFiles.fixture("chat/\(name).json")) }
}
