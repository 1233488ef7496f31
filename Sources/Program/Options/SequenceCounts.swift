import ArgumentParser

/// Numbers of sequences written as `1,8,32`.
enum SequenceCounts {
    static func parse(_ text: String) throws -> [Int] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let count = Int(word), (1...4096).contains(count) else {
                throw ValidationError("--sequences wants numbers from 1 to 4096, such as 1,8,32, and has '\(text)'.")
            }
            return count
        }
    }
}
