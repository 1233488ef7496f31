import ArgumentParser
import ChatTemplates
import Engine
import ReportSchemas
import Requests
import Tokenization

struct Chat: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold a conversation: one turn a line on stdin, until it ends.")

    @OptionGroup var job: JobOptions
    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var template: TemplateOptions

    @Option(help: "The system message.")
    var system: String?

    func run() throws {
        try Job.run(job.configuration, observer: JobConsole(job)) { model, _ in
            let options = try sampling.options(for: model)
            _ = try model.chatTemplate(insteadOfOwn: template.source())
            _ = try model.requiredTokenizer()
            return (try template.encoder(for: model), options)
        } coordinate: { coordinator, prepared, facts in
            var session = ChatSession(
                coordinator, prepared.0, system: system, options: prepared.1, hashesLogits: job.json)
            var reports: [GenerationReport] = []
            while let turn = nextTurn() {
                let answer = try session.answer(turn) { text in
                    if !job.json { Console.print(text) }
                }
                guard let result = answer else { continue }
                if job.json { reports.append(GenerationReport(result, facts)) } else { show(result, facts) }
                result.sayWhetherCut(maxTokens: prepared.1.maxTokens, contextLength: coordinator.contextLength)
            }
            if job.json { try Console.print(json: ChatReport(turns: reports)) }
        }
    }

    /// The next line that says something; nil at the end of the input.
    private func nextTurn() -> String? {
        while true {
            if Console.showsProgress, !job.json { Console.log("> ") }
            guard let line = readLine() else { return nil }
            if line.contains(where: { !$0.isWhitespace }) { return line }
        }
    }

    private func show(_ result: GenerationResult, _ facts: JobFacts) {
        Console.print("\n")
        Console.waitForAnswer()
        Console.log(FiguresLine(result.timings, facts).text + "\n")
    }
}

/// The messages so far. Turns share the KV cache as far as the conversation, rendered again, begins with the same tokens.
private struct ChatSession {
    private let coordinator: Coordinator
    private let encoder: PromptEncoder
    private let options: RequestOptions
    private let hashesLogits: Bool
    private let system: [ChatMessage]
    private var turns: [ChatMessage] = []

    init(
        _ coordinator: Coordinator, _ encoder: PromptEncoder, system: String?, options: RequestOptions,
        hashesLogits: Bool
    ) {
        self.coordinator = coordinator
        self.encoder = encoder
        self.options = options
        self.hashesLogits = hashesLogits
        self.system = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
    }

    /// The answer to `turn`; nil where the turn alone does not fit the context, which is then left out.
    mutating func answer(_ turn: String, onText: @escaping (String) -> Void) throws -> GenerationResult? {
        let message = ChatMessage(role: .user, content: turn)
        let length = try encoder.ids(of: .conversation(Conversation(system + [message]))).count
        guard length <= coordinator.contextLength else {
            Console.log(
                "(this turn has \(length) tokens and the context holds \(coordinator.contextLength): it is left out; "
                    + "shorten it or raise --context)\n")
            return nil
        }
        turns.append(message)
        let result = try coordinator.generate(
            options.request(for: fittingPrompt()), hashesLogits: hashesLogits, onText: onText)
        // The next turn may be long in coming.
        try coordinator.rest()
        turns.append(ChatMessage(role: .assistant, content: result.text))
        return result
    }

    /// The prompt's tokens; where the context is too short for them, the oldest exchange is forgotten first.
    private mutating func fittingPrompt() throws -> [TokenID] {
        while true {
            let ids = try encoder.ids(of: .conversation(Conversation(system + turns)))
            if ids.count <= coordinator.contextLength { return ids }
            turns.removeFirst(2)
            Console.log(
                "(the conversation outgrew the context of \(coordinator.contextLength) tokens: "
                    + "its oldest exchange is forgotten)\n")
        }
    }
}
