/// Upper and lower case as Python has them: Unicode's full mappings.
extension [TextUnit] {
    var uppercased: [TextUnit] { mapped { $0.properties.uppercaseMapping } }

    /// A capital sigma at the end of a word becomes the small letter of ends.
    var lowercased: [TextUnit] {
        var result: [TextUnit] = []
        result.reserveCapacity(count)
        for index in indices { appendLowercased(index, to: &result) }
        return result
    }

    private func appendLowercased(_ index: Int, to result: inout [TextUnit]) {
        let unit = self[index]
        if unit.value == 0x3A3 {
            result.append(unit.with(endsWord(at: index) ? "\u{3C2}" : "\u{3C3}"))
        } else {
            unit.appendMapped(to: &result) { $0.properties.lowercaseMapping }
        }
    }

    /// The first letter large, the others small.
    var capitalized: [TextUnit] {
        guard let first else { return [] }
        return [first].mapped { $0.properties.titlecaseMapping } + Array(lowercased.dropFirst([first].lowercased.count))
    }

    /// Each first letter behind something that is none large, the others small.
    var titled: [TextUnit] {
        var result: [TextUnit] = []
        var isInWord = false
        for (index, unit) in enumerated() {
            if isInWord {
                appendLowercased(index, to: &result)
            } else {
                unit.appendMapped(to: &result) { $0.properties.titlecaseMapping }
            }
            isInWord = unit.scalar.properties.isCased
        }
        return result
    }

    /// Large letters small and small ones large.
    var swapped: [TextUnit] {
        var result: [TextUnit] = []
        for (index, unit) in enumerated() {
            if unit.scalar.properties.isUppercase {
                appendLowercased(index, to: &result)
            } else {
                unit.appendMapped(to: &result) {
                    $0.properties.isLowercase ? $0.properties.uppercaseMapping : String($0)
                }
            }
        }
        return result
    }

    func mapped(_ mapping: (Unicode.Scalar) -> String) -> [TextUnit] {
        var result: [TextUnit] = []
        result.reserveCapacity(count)
        for unit in self { unit.appendMapped(to: &result, mapping) }
        return result
    }

    private func endsWord(at index: Int) -> Bool {
        func isCased(_ units: some Sequence<TextUnit>) -> Bool {
            units.first { !$0.scalar.properties.isCaseIgnorable }?.scalar.properties.isCased ?? false
        }
        return isCased(self[..<index].reversed()) && !isCased(self[(index + 1)...])
    }
}

extension TextUnit {
    fileprivate func appendMapped(to units: inout [TextUnit], _ mapping: (Unicode.Scalar) -> String) {
        for scalar in mapping(scalar).unicodeScalars { units.append(with(scalar)) }
    }
}

extension Collection<TextUnit> {
    /// Whether there are letters with case, and `isOther` is true for none of them.
    func isCased(butNot isOther: (Unicode.Scalar.Properties) -> Bool) -> Bool {
        var isCased = false
        for unit in self {
            let properties = unit.scalar.properties
            if isOther(properties) || properties.generalCategory == .titlecaseLetter { return false }
            if properties.isCased { isCased = true }
        }
        return isCased
    }

    var isUpper: Bool { isCased { $0.isLowercase } }
    var isLower: Bool { isCased { $0.isUppercase } }
}
