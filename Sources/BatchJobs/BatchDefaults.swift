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
            guard line.hasMessages, case .conversation(let conversation) = prompt,
                let index = encoder.failingMessage(of: conversation)
            else { throw error }
            throw RequestError("messages[\(index)]: \(error)")
        }
    }
}
