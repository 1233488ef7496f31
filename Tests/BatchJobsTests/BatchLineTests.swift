import ChatTemplates
import Requests
import Testing

@testable import BatchJobs

/// What one line asks for.
@Suite("Lines of a batch job")
struct BatchLineTests {
    private func line(_ text: String) -> BatchLine { BatchLine(parsing: Array(text.utf8)) }

    private func refusal(_ text: String) -> String? {
        do throws(RequestError) {
            _ = try line(text).options()
            _ = try line(text).prompt(raw: false, system: nil)
            return nil
        } catch { return error.lineText }
    }

    @Test("An id is a text or a whole number; without one the line's number is taken")
    func ids() {
        #expect(line(#"{"id": "a", "prompt": "x"}"#).id == .string("a"))
        #expect(line(#"{"id": 17, "prompt": "x"}"#).id == .number(17))
        #expect(line(#"{"id": null, "prompt": "x"}"#).id == nil && line("{").id == nil)
        // A wrong field does not hide it.
        #expect(line(#"{"id": "a", "temperature": "hot"}"#).id == .string("a"))
    }

    @Test("Texts, conversations and ids; what a line says goes before what the flags say")
    func prompts() throws {
        func prompt(_ text: String, raw: Bool = false, system: String? = nil) throws -> Prompt {
            try line(text).prompt(raw: raw, system: system)
        }
        #expect(try prompt(#"{"prompt_ids": [1, 2]}"#, system: "s") == .ids([1, 2]))
        #expect(try prompt(#"{"prompt": "a"}"#, raw: true) == .raw("a"))
        #expect(try prompt(#"{"prompt": "a", "raw": true}"#, system: "s") == .raw("a"))
        #expect(try prompt(#"{"prompt": "a"}"#, system: "s") == Prompt("a", raw: false, system: "s"))
        #expect(try prompt(#"{"prompt": "a", "raw": false}"#, raw: true) == Prompt("a", raw: false, system: nil))
        // A system message of its own asks for a conversation.
        #expect(try prompt(#"{"prompt": "a", "system": "t"}"#, raw: true) == Prompt("a", raw: false, system: "t"))
        #expect(
            try prompt(#"{"messages": [{"role": "user", "content": "a"}]}"#, system: "s")
                == Prompt("a", raw: false, system: "s"))
        guard
            case .conversation(let conversation) = try prompt(
                #"{"messages": [{"role": "system", "content": "t"}], "tools": [{"b": 1, "a": 2}]}"#, system: "s")
        else {
            Issue.record("no conversation")
            return
        }
        #expect(conversation.messages.map(\.content) == ["t"] && conversation.tools?.count == 1)
    }

    @Test("Parameters are read, and null says nothing")
    func options() throws {
        let options = try line(#"{"prompt": "a", "max_tokens": 3, "seed": 18446744073709551615, "stop": null}"#)
            .options()
        #expect(options.maxTokens == 3 && options.seed == .max && options.stopStrings == nil)
        // At their neutral values, and names that people have for what is theirs.
        let neutral = try line(
            #"""
            {"prompt": "a", "n": 1, "top_logprobs": 0, "mirostat": 0, "options": ["A", "B"], "reasoning": "Since.",
            "model": "other", "stream": true, "max_tokens": -1}
            """#
        ).options()
        #expect(neutral.maxTokens == .max)
    }

    @Test(
        "What is wrong is one sentence",
        arguments: [
            ("no JSON", "the line is not valid JSON: no value begins like this at column 1 (byte 0)"),
            (
                #"{"prompt": "a"} {}"#,
                "the line is not valid JSON: something follows the value's end at column 17 (byte 16)"
            ),
            ("[1, 2]", #"the line is no JSON object, such as {"prompt": "..."}"#),
            (#"{"id": 1.5, "prompt": "a"}"#, "id must be a text or a whole number"),
            ("{}", "the line needs exactly one of prompt, messages and prompt_ids"),
            (
                #"{"prompt": "a", "prompt_ids": [1]}"#,
                "the line needs exactly one of prompt, messages and prompt_ids"
            ),
            (#"{"prompt": 5}"#, "prompt must be a text"),
            (#"{"prompt_ids": [1, "a"]}"#, "prompt_ids must be a list of token ids"),
            (
                #"{"prompt": "a", "seed": -2}"#,
                "seed must be a whole number from 0 to 18446744073709551615, or -1 for one that is drawn"
            ),
            (#"{"prompt": "a", "temperature": "hot"}"#, "temperature must be a number"),
            (#"{"prompt": "a", "raw": true, "system": "s"}"#, "system goes with a prompt that is not raw"),
            (#"{"prompt_ids": [1], "tools": []}"#, "tools go with messages"),
            (#"{"prompt_ids": [1], "raw": true}"#, "raw goes with prompt"),
            (
                #"{"prompt": "a", "n": 2}"#,
                "Unsupported parameter: 'n' is not supported here; each line gets one answer; repeat it with another seed"
            ),
            (
                #"{"prompt": "a", "guided_choice": ["a"]}"#,
                "Unsupported parameter: 'guided_choice' is not supported here; leave it out: answers cannot be held to a "
                    + "form yet; ask for the form in a message, and check the answer"
            ),
            (
                #"{"prompt": "a", "chat_template_kwargs": {"a": 1}}"#,
                "Unsupported parameter: 'chat_template_kwargs' is not supported here; it goes with messages"
            ),
            (#"{"messages": [4]}"#, "messages[0]: a message must be an object, not a number"),
            (#"{"messages": [{"content": "a"}]}"#, "messages[0].role: a message has no role"),
        ])
    func errors(text: String, sentence: String) { #expect(refusal(text) == sentence) }
}
