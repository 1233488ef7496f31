import ArgumentParser

/// Numbers from 1 to 4096 as people list them: 1,2,4.
struct NumberList: ExpressibleByArgument {
    let numbers: [Int]

    init?(argument: String) {
        var numbers: [Int] = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Int(word), (1...4096).contains(number) else { return nil }
            if !numbers.contains(number) { numbers.append(number) }
        }
        self.numbers = numbers
    }

    var defaultValueDescription: String { numbers.map(String.init).joined(separator: ",") }
}

/// Numbers of microbatches, or "auto" for one that is chosen by the work: auto,2,4.
struct MicrobatchList: ExpressibleByArgument {
    /// nil stands for "auto".
    let counts: [Int?]

    init?(argument: String) {
        var counts: [Int?] = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let count = Int(word)
            guard word == "auto" || count.map({ (1...1024).contains($0) }) == true else { return nil }
            if !counts.contains(count) { counts.append(count) }
        }
        self.counts = counts
    }

    var defaultValueDescription: String { counts.map { $0.map(String.init) ?? "auto" }.joined(separator: ",") }
}
