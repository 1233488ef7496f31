import OrderedJSON

/// The special tokens that tokenizer_config.json and special_tokens_map.json name: one for each role, and others.
struct SpecialTokens {
    /// In the order in which those that the vocabulary lacks are added to it.
    private(set) var tokens: [(token: AddedToken, mayBeNew: Bool)] = []
    private var roles: [String: [UInt8]] = [:]

    private static let roles = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"]
    private static let lists = ["additional_special_tokens", "extra_special_tokens"]

    /// Where tokenizer_config.json lists the added tokens it counts before the map, else after.
    init(tokenizer: HuggingFaceSettings, map: HuggingFaceSettings) throws(ModelFileProblem) {
        let files = tokenizer["added_tokens_decoder"] == nil ? [map, tokenizer] : [tokenizer, map]
        for role in Self.roles {
            for file in files where roles[role] == nil {
                guard let token = try Self.token(file["\(role)_token"]) else { continue }
                roles[role] = token.text
                // A model's own number stands in for the tokens of these three.
                tokens.append((token, mayBeNew: !["bos", "eos", "unk"].contains(role)))
            }
        }
        for name in Self.lists {
            guard let values = files.lazy.compactMap({ $0[name]?.array }).first else { continue }
            for value in values {
                if let token = try Self.token(value) { tokens.append((token, mayBeNew: true)) }
            }
        }
    }

    /// The text of the token of a role, such as `bos`.
    func text(of role: String) -> [UInt8]? { roles[role] }

    /// A text, or what tokenizer.json says of an added token.
    private static func token(_ value: JSONValue?) throws(ModelFileProblem) -> AddedToken? {
        guard let value else { return nil }
        if let text = value.bytes { return text.isEmpty ? nil : AddedToken(text, isSpecial: true) }
        guard let text = value["content"]?.bytes, !text.isEmpty else { return nil }
        return try AddedToken(value).special
    }
}
