/// How an answer looks on the wire: the chat's or the text completion's form.
protocol AnswerFormat: Sendable {
    /// The whole answer at once.
    func whole(_ choices: [Choice], _ usage: Usage) -> [UInt8]
    /// What a stream begins with, for one choice; nil: with its first text.
    func opening(_ choice: Choice) -> [UInt8]?
    /// What came of one choice since the last time.
    mutating func piece(_ piece: Piece, of choice: Choice) -> [UInt8]
    /// What a stream ends with; nil where it was not asked for.
    func closing(_ usage: Usage) -> [UInt8]?
}
