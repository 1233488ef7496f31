import ChatTemplates
import FoundationEssentials
import OrderedJSON
import Requests
import Tokenization

/// Why a line cannot be taken.
struct LineError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// One line of a batch job: a JSON object that asks for one generation. Fields that it does not know are left alone.
struct BatchLine {
    /// nil where the line gives none.
    var id: LineID?
    let request: Result<BatchRequest, LineError>

    init(parsing bytes: [UInt8]) {
        do {
            let decoder = JSONDecoder()
            decoder.userInfo[.orderedLine] = JSONValue(parsing: bytes)?.object
            self = try decoder.decode(BatchLine.self, from: Data(bytes))
        } catch DecodingError.typeMismatch {
            request = .failure(LineError("the line is no JSON object, such as {\"prompt\": \"...\"}"))
        } catch {
            request = .failure(LineError("the line is not valid JSON"))
        }
    }
}

extension BatchLine: Decodable {
    private enum Keys: String, CodingKey { case id }

    init(from decoder: any Decoder) throws {
        let fields = LineFields(try decoder.container(keyedBy: Keys.self))
        do throws(LineError) {
            id = try fields.value(.id, "a text or a whole number")
        } catch {
            request = .failure(error)
            return
        }
        // A wrong field must not hide the id of the line.
        request = Result { () throws(LineError) in try BatchRequest(decoder) }
    }
}

/// What a line asks for, before it is joined with the command's own flags.
struct BatchRequest {
    enum Prompt {
        case text(String)
        case messages([ChatMessage], tools: [JSONValue]?)
        case ids([TokenID])
    }

    let prompt: Prompt
    let raw: Bool?
    let system: String?
    let options: RequestOptions

    private enum Keys: String, CodingKey {
        case prompt, raw, system
        case promptIDs = "prompt_ids"
    }

    init(_ decoder: any Decoder) throws(LineError) {
        let fields = try LineFields(decoder, keyedBy: Keys.self)
        let text: String? = try fields.value(.prompt, "a text")
        // `JSONDecoder` forgets the order of members, which templates print.
        let ordered = decoder.userInfo[.orderedLine] as? JSONObject ?? [:]
        let messages = try Self.list("messages", in: ordered).map { list throws(LineError) in
            try list.map { message throws(LineError) in
                do { return try ChatMessage(message) } catch { throw LineError("\(error)") }
            }
        }
        let tools = try Self.list("tools", in: ordered)
        let ids: [TokenID]? = try fields.value(.promptIDs, "a list of token ids")
        let prompts = [text.map(Prompt.text), messages.map { Prompt.messages($0, tools: tools) }, ids.map(Prompt.ids)]
            .compactMap { $0 }
        guard prompts.count == 1 else {
            throw LineError("the line needs exactly one of prompt, messages and prompt_ids")
        }
        prompt = prompts[0]
        raw = try fields.value(.raw, "true or false")
        system = try fields.value(.system, "a text")
        options = try RequestOptions(decoder)
        if system != nil, text == nil || raw == true { throw LineError("system goes with a prompt that is not raw") }
        if tools != nil, messages == nil { throw LineError("tools go with messages") }
        if raw == true, text == nil { throw LineError("raw goes with prompt") }
    }
}

extension BatchRequest {
    private static func list(_ name: String, in line: JSONObject) throws(LineError) -> [JSONValue]? {
        switch line[name] {
        case nil, .null: nil
        case .array(let list): list
        default: throw LineError("\(name) must be a list of objects")
        }
    }
}

extension CodingUserInfoKey {
    /// The line's members in their order.
    fileprivate static let orderedLine = CodingUserInfoKey(rawValue: "ordered line")!
}

/// Reads optional fields, and says what a field must be where it is something else. Null is as good as absent.
struct LineFields<Keys: CodingKey> {
    private let container: KeyedDecodingContainer<Keys>

    init(_ container: KeyedDecodingContainer<Keys>) { self.container = container }

    init(_ decoder: any Decoder, keyedBy keys: Keys.Type) throws(LineError) {
        do { container = try decoder.container(keyedBy: keys) } catch { throw LineError("the line is no JSON object") }
    }

    func value<Value: Decodable>(_ key: Keys, _ wanted: String) throws(LineError) -> Value? {
        do {
            return try container.decodeIfPresent(Value.self, forKey: key)
        } catch {
            throw LineError("\(key.stringValue) must be \(wanted)")
        }
    }
}

extension RequestOptions {
    private enum Keys: String, CodingKey {
        case temperature, seed, stop
        case maxTokens = "max_tokens"
        case topK = "top_k"
        case topP = "top_p"
        case minP = "min_p"
        case repeatPenalty = "repeat_penalty"
        case frequencyPenalty = "frequency_penalty"
        case presencePenalty = "presence_penalty"
        case ignoresEndTokens = "ignore_eos"
    }

    fileprivate init(_ decoder: any Decoder) throws(LineError) {
        self.init()
        let fields = try LineFields(decoder, keyedBy: Keys.self)
        maxTokens = try fields.value(.maxTokens, "a whole number")
        temperature = try fields.value(.temperature, "a number")
        topK = try fields.value(.topK, "a whole number")
        topP = try fields.value(.topP, "a number")
        minP = try fields.value(.minP, "a number")
        repeatPenalty = try fields.value(.repeatPenalty, "a number")
        frequencyPenalty = try fields.value(.frequencyPenalty, "a number")
        presencePenalty = try fields.value(.presencePenalty, "a number")
        seed = try fields.value(.seed, "a whole number from 0 to \(UInt64.max)")
        let words: Words? = try fields.value(.stop, "a text or a list of texts")
        stopStrings = words?.list
        ignoresEndTokens = try fields.value(.ignoresEndTokens, "true or false")
    }

    /// One text, or a list of them.
    private struct Words: Decodable {
        let list: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let word = try? container.decode(String.self) {
                list = [word]
            } else {
                list = try container.decode([String].self)
            }
        }
    }
}
