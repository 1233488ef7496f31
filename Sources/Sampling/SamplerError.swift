import Tokenization

/// Why no token could be chosen.
public enum SamplerError: Error, Equatable, CustomStringConvertible {
    case nonFiniteLogit(token: TokenID, value: Float)
    case everyTokenBanned
    case wrongLength(expected: Int, found: Int)

    public var description: String {
        switch self {
        case .nonFiniteLogit(let token, let value):
            "the model gave the logit \(value) for token \(token): its weights are damaged or do not suit this architecture"
        case .everyTokenBanned: "logit biases ban every token: leave at least one"
        case .wrongLength(let expected, let found): "a row of \(found) logits for a vocabulary of \(expected)"
        }
    }
}
