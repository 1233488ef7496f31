import FoundationEssentials
import Hummingbird

/// Chat and text completions.
extension Routes {
    func chat(
        _ body: some Sequence<UInt8>, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        let body = Array(body)
        let request = try RequestFields.read(body) { fields throws(APIError) in
            try ChatCompletionRequest(fields, body: body, served: served)
        }
        let messages = request.conversation.messages
        record.note(prompt: messages.map { "\($0.role.rawValue): \($0.content ?? "")" }.joined(separator: "\n"))
        let format = ChatFormat(
            head: head("chatcmpl", record, request.sampling), text: served.text,
            tellsLogprobs: request.logprobs != nil, streamsUsage: request.sampling.streamsUsage)
        return try await answer(request.plan(served, record.id), format, record, context)
    }

    func completion(
        _ body: some Sequence<UInt8>, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        let request = try RequestFields.read(body) { fields throws(APIError) in
            try TextCompletionRequest(fields, served: served)
        }
        record.note(prompt: "\(request.prompts)")
        let prompts = request.prompts.flatMap { prompt in
            Array(repeating: text(of: prompt, isWanted: request.echoes), count: request.sampling.choices)
        }
        let format = TextFormat(
            head: head("cmpl", record, request.sampling), text: served.text, tellsLogprobs: request.logprobs != nil,
            echoes: request.echoes, streamsUsage: request.sampling.streamsUsage, prompts: prompts)
        return try await answer(request.plan(served, record.id), format, record, context)
    }

    private func answer(
        _ plan: AnswerPlan, _ format: some AnswerFormat, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        let watch = await context.watch
        let answer = try RunningAnswer(plan, format, answers, record, watch, timeout: settings.requestTimeout)
        if plan.sampling.streams { return Answer(answer.stream(), logsItself: true) }
        return Answer(try await answer.whole())
    }

    private func head(_ prefix: String, _ record: RequestRecord, _ sampling: SamplingFields) -> AnswerHead {
        AnswerHead(
            id: "\(prefix)-\(record.id)", created: Int(Date.now.timeIntervalSince1970), model: served.name,
            seed: sampling.seed)
    }

    private func text(of prompt: PromptText, isWanted: Bool) -> String {
        guard isWanted else { return "" }
        switch prompt {
        case .text(let text): return text
        case .ids(let ids): return served.text.text(of: ids)
        }
    }
}
