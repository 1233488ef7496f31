import ArgumentParser

/// A number of tokens, such as 512, or a range from which each request takes one, such as 64..1024.
struct TokenRange: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init(_ range: ClosedRange<Int>) { self.range = range }

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.filter { !$0.isEmpty }.map { Int($0) ?? 0 }
        guard (1...2).contains(numbers.count), parts.count == (numbers.count == 1 ? 1 : 3),
            numbers.allSatisfy({ (1...(1 << 24)).contains($0) }), numbers[0] <= numbers.last!
        else { return nil }
        range = numbers[0]...numbers.last!
    }

    var mean: Int { (range.lowerBound + range.upperBound) / 2 }
    var defaultValueDescription: String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)"
    }
}
