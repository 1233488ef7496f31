/// The chat formats that are known, with what differs between templates of the same format.
public enum ChatFormat: Sendable, Equatable {
    /// `<|im_start|>role ... <|im_end|>`: Qwen 2, SmolLM 2 and many others.
    case chatML(ChatML)
    /// `<|start_header_id|>role<|end_header_id|> ... <|eot_id|>`: Llama 3 to 3.3.
    case llama3(Llama3)
    /// `[INST] <<SYS>> ... [/INST]`: Llama 2 Chat, Code Llama Instruct.
    case llama2(Llama2)

    /// The format's name, for people.
    public var name: String {
        switch self {
        case .chatML: "ChatML"
        case .llama3: "Llama 3"
        case .llama2: "Llama 2"
        }
    }

    public struct ChatML: Sendable, Equatable {
        var writesBOS = false
        var trimsContent = false
        /// Stands in for the system message where the first message is none.
        var defaultSystem: String?
        var alwaysGenerates = false
    }

    public struct Llama3: Sendable, Equatable {
        var writesBOS = true
        var trimsContent = true
        /// What every system message begins with, present or not: knowledge cut-off and date in Llama 3.1 and later.
        var systemHeader: String?
        var alwaysGenerates = false
    }

    public struct Llama2: Sendable, Equatable {
        /// Whether every user turn begins with BOS, rather than the first only.
        var writesBOSEachTurn = true
        /// Stands in for the system message where the first message is none.
        var defaultSystem: String?
    }
}

extension ChatFormat {
    init?(detectedIn source: TemplateSource) {
        // Text between tags, or an answer's hidden reasoning: none of the three formats has it.
        if source.printsPlainText || source.contains("think") || source.contains("reasoning") { return nil }
        if let details = ChatML(source) {
            self = .chatML(details)
        } else if let details = Llama3(source) {
            self = .llama3(details)
        } else if let details = Llama2(source) {
            self = .llama2(details)
        } else {
            return nil
        }
    }
}

extension ChatFormat.ChatML {
    fileprivate init?(_ source: TemplateSource) {
        let message = "«<|im_start|>»+message.role+«\n»+message.content"
        trimsContent = source.contains(message + "|trim+«<|im_end|>\n»}}")
        guard trimsContent || source.contains(message + "+«<|im_end|>\n»}}") else { return nil }
        guard source.contains("{{«<|im_start|>assistant\n»}}") else { return nil }
        writesBOS = source.code.hasPrefix("{{bos_token}}")
        if !writesBOS, source.contains("bos_token") { return nil }
        if source.contains("strftime_now") { return nil }
        alwaysGenerates = !source.contains("add_generation_prompt")
        defaultSystem = source.literal(after: "{{«<|im_start|>system\n", endingIn: "<|im_end|>\n", then: "}}")
    }
}

extension ChatFormat.Llama3 {
    fileprivate init?(_ source: TemplateSource) {
        let message = "«<|start_header_id|>»+message.role+«<|end_header_id|>\n\n»+message.content"
        trimsContent = source.contains(message + "|trim+«<|eot_id|>»")
        guard trimsContent || source.contains(message + "+«<|eot_id|>»") else { return nil }
        guard source.contains("{{«<|start_header_id|>assistant<|end_header_id|>\n\n»}}") else { return nil }
        writesBOS = source.contains("bos_token")
        alwaysGenerates = !source.contains("add_generation_prompt")
        guard let cutOff = source.literal(after: "{{«Cutting Knowledge Date: ", endingIn: "\n", then: "}}") else {
            if source.contains("date") { return nil }
            return
        }
        // The date that the template falls back to: today's would give other tokens tomorrow.
        guard let date = source.literal(after: "set date_string=«", then: "%}"),
            source.contains("{{«Today Date: »+date_string+«\n\n»}}")
        else { return nil }
        systemHeader = "Cutting Knowledge Date: \(cutOff)\nToday Date: \(date)\n\n"
    }
}

extension ChatFormat.Llama2 {
    fileprivate init?(_ source: TemplateSource) {
        guard source.contains("«<<SYS>>\n»+system_message+«\n<</SYS>>\n\n»+message.content"),
            source.contains("« »+content|trim+« »+eos_token}}")
        else { return nil }
        writesBOSEachTurn = source.contains("{{bos_token+«[INST] »+content|trim+« [/INST]»}}")
        let writesBOSOnce =
            source.code.hasPrefix("{{bos_token}}") && source.contains("{{«[INST] »+content|trim+« [/INST]»}}")
        guard writesBOSEachTurn || writesBOSOnce else { return nil }
        // Templates made by transformers have a switch in front of the default: only these spellings of it are on.
        let isOn = ["{%elif not«<<SYS>>»in ", "{%elif true==true and not«<<SYS>>»in "].contains { source.contains($0) }
        if isOn { defaultSystem = source.literal(after: "set system_message=«", then: "%}") }
    }
}
