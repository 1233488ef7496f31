import Foundation
import OrderedJSON
import TestSupport
import Testing

@testable import ChatTemplates

/// Last messages that the model is to write on.
@Suite("Continued messages")
struct ContinuationTests {
    private static let colour = ChatMessage(role: .user, content: "Name a colour.")

    private func text(_ template: ChatTemplate, _ last: ChatMessage, bos: String = "", eos: String = "") throws
        -> String
    {
        let conversation = Conversation([Self.colour, last], addGenerationPrompt: false)
        return try conversation.upToLastText { conversation throws(ChatTemplateError) in
            try template.render(conversation, bos: bos, eos: eos, date: GoldenTests.date)
        }.map(\.text).joined()
    }

    /// `scripts/chat-goldens` writes what transformers makes of them.
    @Test("They end where Hugging Face transformers has them end")
    func goldens() throws {
        struct Case: Decodable {
            let text: String
            let rendered: String
        }
        let path = TestFiles.fixture("continued-chats.json")
        let goldens = try JSONDecoder().decode(
            [String: [Case]].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(goldens.count >= 18)
        for (name, cases) in goldens {
            let golden = try GoldenTests.Golden(path: TestFiles.fixture("chat/\(name).json"))
            let template = try ChatTemplate(golden.template)
            for one in cases {
                let last = ChatMessage(role: .assistant, content: one.text)
                let text = try text(template, last, bos: golden.bos, eos: golden.eos)
                #expect(Array(text.utf8) == Array(one.rendered.utf8), "\(name): \(one.text)")
            }
        }
    }

    @Test("Parts are continued at the last one; what a template does not write cannot be continued")
    func others() throws {
        let parts = try ChatMessage(
            #require(JSONValue(parsing: #"{"role": "assistant", "content": [{"type": "text", "text": "a"}, "b "]}"#)))
        let joining = "{% for m in messages %}<{{ m.content }}>{% endfor %}"
        #expect(try text(ChatTemplate(joining), parts) == "<Name a colour.><a\nb ")
        let inParts = "{% for m in messages %}<{% for p in m.content %}{{ p.text }}|{% endfor %}>{% endfor %}"
        #expect(try text(ChatTemplate(inParts), parts).hasSuffix("><a|b "))
        let last = ChatMessage(role: .assistant, content: "b")
        #expect(throws: ChatTemplateError.self) { try text(ChatTemplate("{{ messages[0].content }}"), last) }
        let silent = try ChatMessage(#require(JSONValue(parsing: #"{"role": "assistant", "content": null}"#)))
        #expect(throws: ChatTemplateError.self) { try text(ChatTemplate(joining), silent) }
    }
}
