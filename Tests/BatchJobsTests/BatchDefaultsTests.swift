import ModelFiles
import Requests
import TestSupport
import Testing

@testable import BatchJobs

@Suite("What holds for every line")
struct BatchDefaultsTests {
    private static let template =
        "{% for m in messages %}{% if m.content == 'no' %}{{ raise_exception('not that') }}{% endif %}{{ m.content }}{% endfor %}"

    @Test("A message that a template cannot render is named by its place in the line", arguments: [nil, "s"])
    func place(system: String?) throws {
        let lines = [
            (#"[{"role": "user", "content": "no"}]"#, "messages[0]: "),
            (#"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "no"}]"#, "messages[1]: "),
            (#"[{"role": "system", "content": "no"}]"#, "messages[0]: "),
        ]
        for (messages, words) in lines { #expect(try failure(messages, system: system).hasPrefix(words)) }
    }

    @Test("The system message of all lines is no line's")
    func systemMessage() throws {
        #expect(try failure(#"[{"role": "user", "content": "a"}]"#, system: "no").hasPrefix("the system message: "))
    }

    private func failure(_ messages: String, system: String?) throws -> String {
        let model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let defaults = BatchDefaults(
            encoder: PromptEncoder(model, chatTemplate: Self.template), options: RequestOptions(), raw: false,
            system: system)
        let line = BatchLine(parsing: Array(#"{"messages": \#(messages)}"#.utf8))
        let error = #expect(throws: RequestError.self) { try defaults.request(for: line) }
        return error.map { "\($0)" } ?? ""
    }
}
