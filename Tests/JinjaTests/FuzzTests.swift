import TestSupport
import Testing

@testable import Jinja

/// Damaged templates: each is rendered or refused with a message, and none traps.
@Suite struct FuzzTests {
    @Test(.timeLimit(.minutes(5)), arguments: 1...4)
    func damagedTemplatesDoNotTrap(seed: Int) throws {
        let goldens = try Goldens("chosen")
        let sources = goldens.cases.map { Array($0.template.unicodeScalars) }
        let parts = [
            "{{", "}}", "{%", "%}", "|", "(", ")", "[", "]", "-", "'", "9223372036854775807", "-1", "loop", " if ",
            " is ", "*", "\u{301}",
        ]
        var random = FixedRandom(seed)
        var limits = Limits()
        limits.steps = 20_000
        limits.memory = 4 << 20
        var renderedCount = 0
        for _ in 0..<4000 {
            var source = sources[Int.random(in: 0..<sources.count, using: &random)]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let other = sources[Int.random(in: 0..<sources.count, using: &random)]
                damage(&source, with: other, parts, &random)
            }
            do throws(TemplateError) {
                let template = try Template(String(String.UnicodeScalarView(source)), limits: limits)
                _ = try template.text(goldens.variables)
                renderedCount += 1
            } catch {
                #expect(!error.message.isEmpty && !error.message.contains("\n") && error.line >= 1)
            }
        }
        #expect(renderedCount > 100)
    }

    private func damage(
        _ source: inout [Unicode.Scalar], with other: [Unicode.Scalar], _ parts: [String], _ random: inout FixedRandom
    ) {
        func place(_ count: Int) -> Int { Int.random(in: 0...count, using: &random) }
        let start = place(source.count)
        let end = min(source.count, start + place(8))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: source.removeSubrange(start..<end)
        case 1: source.insert(contentsOf: parts.randomElement(using: &random)!.unicodeScalars, at: start)
        case 2:
            let from = place(other.count)
            source.insert(contentsOf: other[from..<min(other.count, from + 12)], at: start)
        default: source.insert(contentsOf: Array(source[start..<end]), at: place(source.count))
        }
    }
}
