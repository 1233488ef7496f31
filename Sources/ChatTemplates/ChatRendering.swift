/// A conversation on its way to a prompt.
struct ChatRendering {
    let bos: String
    let eos: String
    let addGenerationPrompt: Bool
    private(set) var segments: [ChatSegment] = []

    init(bos: String, eos: String, addGenerationPrompt: Bool) {
        self.bos = bos
        self.eos = eos
        self.addGenerationPrompt = addGenerationPrompt
    }

    mutating func append(_ messages: [ChatMessage], _ format: ChatFormat.ChatML) {
        if format.writesBOS { write(bos) }
        if let system = format.defaultSystem, messages.first?.role != .system {
            write("<|im_start|>system\n\(system)<|im_end|>\n")
        }
        for message in messages {
            write("<|im_start|>\(message.role.rawValue)\n")
            quote(message, trimmed: format.trimsContent)
            write("<|im_end|>\n")
        }
        if addGenerationPrompt || format.alwaysGenerates { write("<|im_start|>assistant\n") }
    }

    mutating func append(_ messages: [ChatMessage], _ format: ChatFormat.Llama3) {
        if format.writesBOS { write(bos) }
        var messages = messages[...]
        if let header = format.systemHeader {
            write("<|start_header_id|>system<|end_header_id|>\n\n\(header)")
            if let system = messages.first, system.role == .system {
                quote(system, trimmed: true)
                messages.removeFirst()
            }
            write("<|eot_id|>")
        }
        for message in messages {
            write("<|start_header_id|>\(message.role.rawValue)<|end_header_id|>\n\n")
            quote(message, trimmed: format.trimsContent)
            write("<|eot_id|>")
        }
        if addGenerationPrompt || format.alwaysGenerates {
            write("<|start_header_id|>assistant<|end_header_id|>\n\n")
        }
    }

    mutating func append(_ messages: [ChatMessage], _ format: ChatFormat.Llama2) throws(ChatTemplateError) {
        var messages = messages[...]
        var system: ChatSegment?
        if let first = messages.first, first.role == .system {
            system = .content(first.content)
            messages.removeFirst()
        } else if let text = format.defaultSystem, messages.first?.content.contains("<<SYS>>") == false {
            system = .template(text)
        }
        if !format.writesBOSEachTurn { write(bos) }
        for (index, message) in messages.enumerated() {
            guard message.role == (index % 2 == 0 ? .user : .assistant) else { throw .rolesDoNotAlternate }
            var content: [ChatSegment] = [.content(message.content)]
            if index == 0, let system {
                content = [.template("<<SYS>>\n"), system, .template("\n<</SYS>>\n\n")] + content
            }
            if message.role == .user {
                if format.writesBOSEachTurn { write(bos) }
                write("[INST] ")
                segments += content.trimmed()
                write(" [/INST]")
            } else {
                write(" ")
                segments += content.trimmed()
                write(" ")
                write(eos)
            }
        }
    }

    private mutating func write(_ text: String) { segments.append(.template(text)) }

    private mutating func quote(_ message: ChatMessage, trimmed: Bool) {
        let content = [ChatSegment.content(message.content)]
        segments += trimmed ? content.trimmed() : content
    }
}
