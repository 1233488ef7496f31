import FoundationEssentials
import Hummingbird
import Requests

/// Chat and text completions.
extension Routes {
    func chat(
        _ body: some Sequence<UInt8>, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        let fields = try RequestFields(body: body)
        record.note(unknown: fields.unknown)
        let request = try CompletionRequest(chat: fields, served)
        record.note(request.prompts)
        let generations = try request.generations(served, record.id)
        let format = ChatFormat(
            head: head("chatcmpl", record, generations), text: served.text, tellsLogprobs: request.logprobs != nil,
            streamsUsage: request.streamsUsage)
        return try await answer(generations, format, streams: request.streams, record, context)
    }

    func completion(
        _ body: some Sequence<UInt8>, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        let fields = try RequestFields(body: body)
        record.note(unknown: fields.unknown)
        let request = try CompletionRequest(text: fields, served)
        record.note(request.prompts)
        let generations = try request.generations(served, record.id)
        let format = TextFormat(
            head: head("cmpl", record, generations), answers: generations.count,
            echoed: request.echoes
                ? request.prompts.flatMap { Array(repeating: text(of: $0), count: request.choices) } : nil,
            tellsLogprobs: request.logprobs != nil,
            streamsUsage: request.streamsUsage
        ) { [text = served.text] id in text.text(of: [id]) }
        return try await answer(generations, format, streams: request.streams, record, context)
    }

    private func answer(
        _ generations: [GenerationRequest], _ format: some AnswerFormat, streams: Bool, _ record: RequestRecord,
        _ context: ConnectionContext
    ) async throws -> Answer {
        let watch = await context.watch
        let answer = try RunningAnswer(generations, format, answers, record, watch, timeout: settings.requestTimeout)
        if streams { return Answer(answer.stream(), logsItself: true) }
        return Answer(try await answer.whole())
    }

    private func head(_ prefix: String, _ record: RequestRecord, _ generations: [GenerationRequest]) -> AnswerHead {
        AnswerHead(
            id: "\(prefix)-\(record.id)", created: Int(Date.now.timeIntervalSince1970), model: served.name,
            seed: generations[0].seed)
    }

    /// The text of a prompt of a text completion.
    private func text(of prompt: Prompt) -> String {
        switch prompt {
        case .raw(let text): text
        case .ids(let ids): served.text.text(of: ids)
        case .conversation: preconditionFailure("a text completion has no conversation")
        }
    }
}
