import Requests

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
    func request(for line: BatchLine) throws -> GenerationRequest {
        let options = try line.options().completed(by: options)
        let prompt = try line.prompt(raw: raw, system: system)
        do { return options.request(for: try encoder.ids(of: prompt)) } catch {
            guard let index = failingMessage(of: prompt, for: line) else { throw error }
            throw RequestError(index < 0 ? "the system message: \(error)" : "messages[\(index)]: \(error)")
        }
    }

    /// Which of the messages that a line itself tells a template cannot render: below 0 the one put before them.
    private func failingMessage(of prompt: Prompt, for line: BatchLine) -> Int? {
        guard line.hasMessages, case .conversation(let conversation) = prompt,
            case .conversation(let told)? = try? line.prompt(raw: raw, system: nil),
            let index = encoder.failingMessage(of: conversation)
        else { return nil }
        return index - (conversation.messages.count - told.messages.count)
    }
}
