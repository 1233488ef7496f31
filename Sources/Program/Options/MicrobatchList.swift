import ArgumentParser

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
