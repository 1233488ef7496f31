import Engine
import Requests
import Tokenization

/// Token ids written as `1,2,3`.
enum TokenList {
    static func parse(_ text: String, flag: String) throws(EngineError) -> [TokenID] {
        var ids: [TokenID] = []
        for word in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if word.isEmpty { continue }
            guard let id = TokenID(word), id >= 0 else {
                throw .usage("\(flag) wants token ids such as 1,2,3 and has '\(word.prefix(40))'")
            }
            ids.append(id)
        }
        return ids
    }
}
