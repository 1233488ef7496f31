/// Runs of digits cut into groups of three from their end, as numbers are read: what some tokenizers say with expressions
/// that look ahead to the end of the run, here in one pass.
struct DigitGroups: Sendable {
    private let set: ScalarSet
    /// Whether the groups are matches, rather than the places before them.
    private let takesGroups: Bool
    /// Whether only runs that end where a word does are cut.
    private let endsWords: Bool

    /// nil for another expression.
    init?(_ source: String) {
        switch source {
        // SuperBPE.
        case #"(?=(\d{3})+(?!\d))"#: self.init(set: .decimal, takesGroups: false, endsWords: false)
        // Tiny Aya.
        case #"\d{1,3}(?=(?:\d{3})*\b)"#: self.init(set: .decimal, takesGroups: true, endsWords: true)
        // AFMoE, as GGUF files name it.
        case Self.ofNumbers:
            guard let numbers = ScalarSet(category: "N") else { return nil }
            self.init(set: numbers, takesGroups: true, endsWords: false)
        default: return nil
        }
    }

    static let ofNumbers = #"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))"#

    private init(set: ScalarSet, takesGroups: Bool, endsWords: Bool) {
        (self.set, self.takesGroups, self.endsWords) = (set, takesGroups, endsWords)
    }

    func forEachMatch(in region: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var index = region.lowerBound
        // Where each digit of a run begins, and where the run ends.
        var places: [Int] = []
        while index <= region.upperBound {
            if index < region.upperBound {
                let (value, next) = ClassifiedText.value(at: index, before: region.upperBound, in: text)
                if set.contains(value) {
                    places.append(index)
                    index = next
                    continue
                }
                if places.isEmpty {
                    index = next
                    continue
                }
            }
            if !places.isEmpty, !endsWords || !isWord(at: index, in: region, of: text) {
                places.append(index)
                cut(places, body)
            }
            places.removeAll(keepingCapacity: true)
            index += 1
        }
    }

    private func isWord(at index: Int, in region: Range<Int>, of text: UnsafeBufferPointer<UInt8>) -> Bool {
        index < region.upperBound
            && ScalarSet.wordAlone.contains(ClassifiedText.value(at: index, before: region.upperBound, in: text).0)
    }

    private func cut(_ places: [Int], _ body: (Range<Int>) -> Void) {
        let count = places.count - 1
        var first = 0
        while first < count {
            let last = first + ((count - first) % 3 == 0 ? 3 : (count - first) % 3)
            if takesGroups {
                body(places[first]..<places[last])
            } else if (count - first) % 3 == 0 {
                body(places[first]..<places[first])
            }
            first = last
        }
    }
}
