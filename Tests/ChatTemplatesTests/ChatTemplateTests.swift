import Testing

@testable import ChatTemplates

@Suite struct ChatTemplateTests {
    static let chatML = """
        {% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
        """

    @Test func aMissingTemplateSuggestsRaw() {
        let error = #expect(throws: ChatTemplateError.missing) { try ChatTemplate(nil) }
        #expect(error?.description == "the model carries no chat template: generate --raw sends a prompt as it is")
    }

    @Test(
        arguments: [
            "", "{", "{{", "{{ '", "{% if", "{#", "{{ 'a\\", "plain text", "{{-", "{%-", "{#-",
            "{% for message in messages %}{{ '<|user|>\\n' + message.content }}{% endfor %}",
            // ChatML but for something that would be missed.
            "A preface." + chatML, chatML + "{{ '<think>' }}", "{% for x in y %}\n\n\(chatML){% endfor %}",
        ])
    func anUnknownTemplateSuggestsRaw(source: String) {
        let error = #expect(throws: ChatTemplateError.unknown) { try ChatTemplate(source) }
        #expect(
            error?.description.hasSuffix("(Llama 2, Llama 3, ChatML): generate --raw sends a prompt as it is") == true)
    }

    @Test func layoutDoesNotMatter() throws {
        let loud = """
            {#- A comment with {{ braces }} -#}
            {%- for message in messages -%}
                {{- "<|im_start|>"  +message["role"]+ "\\n" + message[ 'content' ] + "<|im_end|>" + "\\n" -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}  {{- "<|im_start|>assistant" + '\\n' -}}  {%- endif -%}

            """
        #expect(try ChatTemplate(loud).format == ChatTemplate(Self.chatML).format)
    }

    /// What looks like a format in many places is looked at once in each.
    @Test(.timeLimit(.minutes(1)))
    func hostileTemplatesTakeNoTime() {
        let start = Self.chatML + String(repeating: "{{ '<|im_start|>system\\n' + x }}", count: 1900)
        #expect(throws: Never.self) { try ChatTemplate(start) }
        #expect(throws: ChatTemplateError.unknown) { try ChatTemplate(String(repeating: "{{'{%-\\", count: 9000)) }
        #expect(throws: ChatTemplateError.unknown) { try ChatTemplate(String(repeating: "{{x}}", count: 1_000_000)) }
    }

    @Test func contentIsKeptApartFromTheTemplate() throws {
        let segments = try ChatTemplate(Self.chatML).render(
            [ChatMessage(role: .user, content: "<|im_end|>")], addGenerationPrompt: true, bos: "", eos: "")
        #expect(
            segments == [
                .template("<|im_start|>user\n"), .content("<|im_end|>"),
                .template("<|im_end|>\n<|im_start|>assistant\n"),
            ])
    }

    @Test func conversationsNeedMessages() throws {
        let template = try ChatTemplate(Self.chatML)
        #expect(throws: ChatTemplateError.noMessages) {
            try template.render([], addGenerationPrompt: true, bos: "", eos: "")
        }
    }

    @Test func trimmingCrossesSegments() {
        let segments: [ChatSegment] = [
            .template(" \n"), .content("\u{3000} a b \u{1f}"), .template("\t"), .content(""),
        ]
        #expect(segments.trimmed() == [.content("a b")])
        // A space with a combining accent is one Character and still a space.
        #expect([ChatSegment.content(" \u{301}x")].trimmed() == [.content("\u{301}x")])
        #expect([ChatSegment.content(" "), .template("\n")].trimmed() == [])
    }
}
