import ChatTemplates
import Requests
import Tokenization

/// What holds for every line that does not say otherwise.
public struct BatchDefaults: Sendable {
    let encoder: PromptEncoder
    let options: RequestOptions
    let raw: Bool
    let system: String?

    /// - Parameters:
    ///   - raw: Whether texts are sent as they are.
    ///   - system: The system message of conversations that have none.
    public init(encoder: PromptEncoder, options: RequestOptions, raw: Bool, system: String?) {
        self.encoder = encoder
        self.options = options
        self.raw = raw
        self.system = system
    }

    /// The request that a line asks for.
    func request(for line: BatchRequest) throws -> GenerationRequest {
        line.options.completed(by: options).request(for: try promptIDs(line))
    }

    private func promptIDs(_ line: BatchRequest) throws -> [TokenID] {
        switch line.prompt {
        case .ids(let ids): return ids
        case .text(let text) where line.raw ?? (raw && line.system == nil): return try encoder.ids(raw: text)
        case .text(let text):
            return try encoder.ids([ChatMessage(role: .user, content: text)], system: line.system ?? system)
        case .messages(var messages, let tools):
            if let system, messages.first?.role != .system {
                messages.insert(ChatMessage(role: .system, content: system), at: 0)
            }
            return try encoder.ids(ChatRequest(messages, tools: tools))
        }
    }
}
