/// What can be said of a part of a pattern without a text.
extension SplitPattern.Node {
    /// How many characters a match has.
    var lengths: ClosedRange<Int> {
        switch self {
        case .set: 1...1
        case .sequence(let parts): parts.reduce(0...0) { Self.sum($0, $1.lengths) }
        case .choice(let choices):
            choices.dropFirst().reduce(choices[0].lengths) {
                let (all, one) = ($0, $1.lengths)
                return min(all.lowerBound, one.lowerBound)...max(all.upperBound, one.upperBound)
            }
        case .run(_, let counts, _): counts
        case .turns(let part, let counts):
            Self.product(
                part.lengths.lowerBound, counts.lowerBound)...Self.product(part.lengths.upperBound, counts.upperBound)
        case .optional(let part, _): 0...part.lengths.upperBound
        case .atomic(let part): part.lengths
        case .ahead, .behind, .border: 0...0
        }
    }

    private static func sum(_ left: ClosedRange<Int>, _ right: ClosedRange<Int>) -> ClosedRange<Int> {
        sum(left.lowerBound, right.lowerBound)...sum(left.upperBound, right.upperBound)
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private static func product(_ left: Int, _ right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }

    /// Whether it repeats without limit and gives back.
    var isEndless: Bool {
        switch self {
        case .run(_, let counts, let greed): counts.upperBound == .max && greed != .possessive
        case .turns(_, let counts): counts.upperBound == .max
        case .optional(let part, _): part.isEndless
        case .sequence(let parts): parts.contains(where: \.isEndless)
        case .choice(let choices): choices.contains(where: \.isEndless)
        case .set, .atomic, .ahead, .behind, .border: false
        }
    }

    /// Refuses groups in turns that could match in several ways where that matters: a turn keeps what it matched first, which
    /// is right where nothing stands behind the turns, or where it has no choice.
    ///
    /// - Parameter isLast: whether nothing stands behind this part.
    func checkTurns(isLast: Bool) throws(SplitPatternError) {
        switch self {
        case .sequence(let parts):
            for (place, part) in parts.enumerated() {
                try part.checkTurns(isLast: isLast && place == parts.count - 1)
            }
        case .choice(let choices): for choice in choices { try choice.checkTurns(isLast: isLast) }
        case .turns(let part, let counts):
            guard part.matchesOneWay || isLast && counts.lowerBound <= 1 else {
                throw SplitPatternError(reason: "repeats a group")
            }
            try part.checkTurns(isLast: isLast)
        case .optional(let part, _): try part.checkTurns(isLast: isLast)
        case .atomic(let part), .ahead(let part, _): try part.checkTurns(isLast: true)
        case .behind(let part, _, _): try part.checkTurns(isLast: false)
        case .set, .run, .border: break
        }
    }

    /// Whether all matches at one place end at the same one.
    private var matchesOneWay: Bool {
        switch self {
        case .atomic, .run(_, _, .possessive): true
        case .sequence(let parts): parts.allSatisfy(\.matchesOneWay)
        default: lengths.lowerBound == lengths.upperBound
        }
    }
}
