/// Names a request wherever it goes: in the mailbox, in the engine, in logs and in what clients are sent.
///
/// One that asks for several answers has one number; each answer is a generation of its own and has an index too.
public struct RequestID: Sendable, Hashable, Codable {
    /// Drawn at random, so that requests of different runs have different ones.
    public let number: UInt64
    /// Which of the request's answers, from 0.
    public let answer: Int

    /// A name that no other request has.
    public init() { self.init(number: .random(in: 0 ... .max), answer: 0) }

    private init(number: UInt64, answer: Int) {
        self.number = number
        self.answer = answer
    }

    /// The name of one of the request's answers.
    public func answer(_ index: Int) -> RequestID { RequestID(number: number, answer: index) }
}

extension RequestID: CustomStringConvertible {
    /// The request's name in logs and headers: the same for all of its answers.
    public var description: String { "req-" + String(number, radix: 36) }
}
