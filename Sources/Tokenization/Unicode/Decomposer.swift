/// Unicode's decompositions (Unicode Standard Annex 15), as the reference's normalizers know them: of characters that came
/// after ``CanonicalComposition/version`` none decomposes, and none moves.
struct Decomposer: Sendable {
    static let canonical = Decomposer([Decompositions.canonical])
    static let compatible = Decomposer([Decompositions.canonical, Decompositions.compatible])

    private var parts: [UInt32: [UInt32]] = [:]

    /// - Parameter tables: later ones count before earlier ones.
    private init(_ tables: [StaticString]) {
        for table in tables { read("\(table)") }
    }

    private mutating func read(_ table: String) {
        var last: UInt32 = 0
        for row in table.split(whereSeparator: \.isWhitespace) {
            let sides = row.split(separator: ":")
            let head = sides[0].split(separator: "+").compactMap { UInt32($0, radix: 16) }
            let becomes = sides[1].split(separator: ",").compactMap { UInt32($0, radix: 16) }
            last += head[0]
            for offset in 0...(head.count > 1 ? head[1] : 0) {
                guard isKnown(last + offset) else { continue }
                parts[last + offset] = offset == 0 ? becomes : [becomes[0] + offset]
            }
        }
    }

    private func isKnown(_ value: UInt32) -> Bool {
        Unicode.Scalar(value)?.properties.isKnown(since: CanonicalComposition.version) ?? false
    }

    /// The decomposed form of `text`, in canonical order.
    func decomposed(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text }
        var scalars: [(value: UInt32, order: UInt8)] = []
        scalars.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { text in
            var index = 0
            while index < text.count {
                let (value, next) = ClassifiedText.value(at: index, before: text.count, in: text)
                append(value, to: &scalars)
                index = next
            }
        }
        Self.order(&scalars)
        var result: [UInt8] = []
        result.reserveCapacity(text.count * 2)
        for scalar in scalars {
            result.append(contentsOf: Unicode.Scalar(scalar.value).map { Array(String($0).utf8) } ?? [])
        }
        return result
    }

    private func append(_ value: UInt32, to scalars: inout [(value: UInt32, order: UInt8)]) {
        if value < 0x80 { return scalars.append((value, 0)) }
        if (0xAC00...0xD7A3).contains(value) {
            let index = value - 0xAC00
            scalars += [(0x1100 + index / 588, 0), (0x1161 + index % 588 / 28, 0)]
            if index % 28 > 0 { scalars.append((0x11A7 + index % 28, 0)) }
            return
        }
        for value in parts[value] ?? [value] { scalars.append((value, order(of: value))) }
    }

    private func order(of value: UInt32) -> UInt8 {
        guard value >= 0x300, isKnown(value), let scalar = Unicode.Scalar(value) else { return 0 }
        return scalar.properties.canonicalCombiningClass.rawValue
    }

    /// Brings runs of marks into canonical order; marks of one class keep theirs.
    private static func order(_ scalars: inout [(value: UInt32, order: UInt8)]) {
        var start = 0
        while let first = scalars[start...].firstIndex(where: { $0.order > 0 }) {
            let end = scalars[first...].firstIndex { $0.order == 0 } ?? scalars.count
            if end - first > 1 {
                let run = scalars[first..<end].enumerated().sorted {
                    ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
                }
                scalars.replaceSubrange(first..<end, with: run.map(\.element))
            }
            start = end
        }
    }
}
