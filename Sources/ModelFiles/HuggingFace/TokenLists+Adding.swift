import OrderedJSON
import Tokenization

extension TokenLists {
    /// Adds the tokens of an object that has their numbers by their texts.
    mutating func addVocabulary(_ value: JSONValue?) throws(ModelFileProblem) {
        guard let vocabulary = value?.object?.members else {
            throw .invalidTokenizer(reason: "the tokenizer has no vocabulary")
        }
        for member in vocabulary {
            guard let id = member.value.integer else {
                throw .invalidTokenizer(reason: "the token '\(printable(member.key.utf8))' has no number")
            }
            try set(id, Array(member.key.utf8), .normal)
        }
    }

    /// Gives `id` a token that stands beside the vocabulary; what was said of the id before counts no more.
    mutating func add(_ token: AddedToken, at id: Int) throws(ModelFileProblem) {
        try set(id, token.text, token.isSpecial ? .control : .userDefined)
        let isNormalized = !token.isSpecial && token.isNormalized
        let swallowsPrefix = isNormalized && prependsToText
        let followsNormalization = isNormalized && normalizesText && !prependsToText
        set(\.stripsLeft, id, token.stripsLeft)
        set(\.stripsRight, id, token.stripsRight)
        set(\.wholeWords, id, token.isWholeWord)
        set(\.addedTokens, id, !token.isSpecial && !swallowsPrefix && !followsNormalization)
        let marksSpacesOnly = model == .sentencePiece && !rules.writesNoMarks
        set(\.normalizedTokens, id, followsNormalization && !marksSpacesOnly)
        set(\.laterTokens, id, isNormalized && !normalizesText)
        set(\.prefixedTokens, id, swallowsPrefix)
    }

    /// Whether the token at `id` is this one, and known to be no piece of text.
    func hasAdded(_ text: [UInt8], at id: Int) -> Bool {
        tokens.indices.contains(id) && tokens[id] == text && [.control, .unknown, .userDefined].contains(kinds[id])
    }

    /// Makes a token that settings call special one, where it is not; one that is not there at all follows the others.
    /// Plain text that somebody pads with stays text.
    mutating func addSpecial(_ special: (token: AddedToken, mayBeNew: Bool)) throws(ModelFileProblem) {
        let text = special.token.text
        guard let id = id(of: text).map(Int.init) else {
            if special.mayBeNew { try add(special.token, at: tokens.count) }
            return
        }
        let looksSpecial = text.count > 2 && (text[0] == UInt8(ascii: "<") || text[0] == UInt8(ascii: "["))
        if kinds[id] == .userDefined || kinds[id] == .normal && looksSpecial { try add(special.token, at: id) }
    }

    private mutating func set(_ members: WritableKeyPath<VocabularyRules, Set<TokenID>>, _ id: Int, _ isMember: Bool) {
        if isMember {
            rules[keyPath: members].insert(TokenID(id))
        } else {
            rules[keyPath: members].remove(TokenID(id))
        }
    }
}
