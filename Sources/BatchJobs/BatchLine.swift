import ChatTemplates
import OrderedJSON
import Requests

/// One line of a batch job: a JSON object that asks for one generation. Fields that it does not know are left alone.
struct BatchLine: Sendable {
    /// What names its result; nil where the line's number does.
    let id: LineID?
    private let fields: Result<RequestFields, RequestError>

    init(parsing bytes: [UInt8]) {
        do throws(RequestError) {
            let fields = try Self.fields(bytes)
            id = try fields.value("id", wanted: "a text or a whole number", read: LineID.init)
            self.fields = .success(fields)
        } catch {
            id = nil
            fields = .failure(error)
        }
    }

    private static func fields(_ bytes: [UInt8]) throws(RequestError) -> RequestFields {
        guard let object = try RequestFields.json(bytes, of: "the line", hasLines: false).object else {
            throw RequestError("the line is no JSON object, such as {\"prompt\": \"...\"}")
        }
        return RequestFields(object)
    }

    /// Whether its prompt is a conversation that the line itself tells.
    var hasMessages: Bool { (try? fields.get().has("messages")) ?? false }

    /// What a server's answer has and a line's result has not.
    private static let unsupported = UnsupportedParameters([
        .init(["n", "n_cmpl"], neutral: .numbers(1...1), "each line gets one answer; repeat it with another seed"),
        .init(["logprobs", "echo"], neutral: .nothing, "leave it out: results do not hold it"),
        .init(["top_logprobs"], neutral: .numbers(0...0), "leave it out: results do not hold it"),
    ])

    /// How tokens are to be chosen, and when to stop.
    func options() throws(RequestError) -> RequestOptions {
        let fields = try fields.get()
        try Self.unsupported.check(fields)
        return try RequestOptions(fields, seeds: .unsigned)
    }

    /// What it asks the model to go on with.
    ///
    /// - Parameters:
    ///   - sendsRaw: Whether a text is sent as it is where the line does not say.
    ///   - usual: The system message where the line has none.
    func prompt(raw sendsRaw: Bool, system usual: String?) throws(RequestError) -> Prompt {
        let fields = try fields.get()
        let text = try fields.text("prompt")
        let conversation = fields.has("messages") ? try Conversation(fields) : nil
        let ids = try fields.tokenIDs("prompt_ids")
        let raw = try fields.flag("raw")
        let system = try fields.text("system")
        guard [text != nil, conversation != nil, ids != nil].count(where: { $0 }) == 1 else {
            throw RequestError("the line needs exactly one of prompt, messages and prompt_ids")
        }
        if system != nil, text == nil || raw == true {
            throw RequestError("system goes with a prompt that is not raw")
        }
        if fields.has("tools"), conversation == nil { throw RequestError("tools go with messages") }
        if raw == true, text == nil { throw RequestError("raw goes with prompt") }
        if conversation == nil { try UnsupportedParameters.ofTexts.check(fields) }
        if let ids { return .ids(ids) }
        if let conversation { return .conversation(conversation.beginning(with: usual)) }
        return Prompt(text!, raw: raw ?? (sendsRaw && system == nil), system: system ?? usual)
    }
}

extension RequestError {
    /// What a result says of it: of a message that is wrong, why.
    var lineText: String { cause.map { "\(param.map { "\($0): " } ?? "")\($0)" } ?? description }
}
