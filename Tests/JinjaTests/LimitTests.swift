import Foundation
import Testing

@testable import Jinja

/// A template comes with a file from anywhere: none may hang, trap, or take memory without end.
@Suite struct LimitTests {
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            "{{ 'a' * 1000000000000 }}", "{{ [1] * 1000000000000 }}", "{{ 'ab' * 9223372036854775807 }}",
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
            "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}",
            "{% set ns = namespace(l=[]) %}{% for i in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
            "{% set ns = namespace(l=1) %}{% for i in range(90) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ ns.l | tojson }}",
            "{% set a = namespace(l=1) %}{% set b = namespace(l=1) %}{% for i in range(90) %}{% set a.l = [a.l, a.l] %}"
                + "{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}",
            "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
            "{% macro f(n) %}{{ f(n) ~ f(n) }}{% endmacro %}{{ f(1) }}",
            "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
            "{% set ns = namespace() %}{% set ns.self = ns %}{{ ns }}",
            "{% set a = 'a' * 3000000 %}{% for i in range(99) %}{{ a }}{% endfor %}",
            "{% set a = 'a' * 200000 %}{% for i in range(999) %}{{ a.find('a' * 100000 ~ 'b') }}{% endfor %}",
            "{{ ('a' * 1000000).replace('', 'b' * 1000000) }}", "{{ ('a' * 1000000) | replace('a', 'b' * 1000) }}",
            "{{ ('x,' * 1000000).split(',') | join('-' * 10000) }}", "{{ ''.zfill(99999999999) }}",
            "{{ '' | center(9999999999) }}", "{{ 'x\ny' | indent(9999999999) }}",
            "{{ [[[1]]] | tojson(indent=999999999) }}",
            "{{ [1] | batch(999999999999, 0) | list }}", "{{ [1] | slice(9999999999) | list }}",
            "{% for i in range(99999) %}{% for j in range(99999) if false %}{% endfor %}{% endfor %}",
        ])
    func hostileTemplatesReachALimit(source: String) throws {
        let error = #expect(throws: TemplateError.self) { try Template(source).text() }
        #expect(error?.kind == .limit, "\(String(describing: error))")
    }

    @Test(
        arguments: [
            "{{ 9223372036854775807 + 1 }}", "{{ -9223372036854775807 - 2 }}", "{{ 9223372036854775807 * 2 }}",
            "{{ 2 ** 9999999999 }}", "{{ 10 ** 19 }}", "{{ 99999999999999999999 }}",
            "{{ (-9223372036854775807 - 1) // -1 }}",
            "{{ -(-9223372036854775807 - 1) }}", "{{ (-9223372036854775807 - 1) | abs }}",
            "{{ ('9' * 30) | int }}", "{{ 1e300 | int }}", "{{ 1e300 ** 2 }}", "{{ (-1) ** 0.5 }}", "{{ 0 ** -1 }}",
            "{{ 1 % 0 }}",
            "{{ range(9223372036854775807) }}", "{{ range(-9223372036854775807, 9223372036854775807, 3) }}",
            "{{ '%999999999d' % 1 }}", "{{ '%.999999999f' % 1 }}", "{{ '{:999999999}'.format(1) }}",
            "{{ '{:{}}'.format(1) }}",
            "{{ '%*d' % (99999999999, 1) }}", "{{ '{' * 5 }}{{ ('{' * 5).format() }}", "{{ 1.5 // 0 }}",
            "{{ 5 | round(-99) / 0 }}",
        ])
    func numbersThatDoNotFitAreRefused(source: String) {
        #expect(throws: TemplateError.self) { try Template(source).text() }
    }

    @Test(
        arguments: [
            ("{{ (-9223372036854775807 - 1) % -1 }}", "0"),
            ("{{ 'abc'[-9223372036854775807:9223372036854775807] }}", "abc"),
            ("{{ 'abc'[::9223372036854775807] }}", "a"), ("{{ 'abc'[::-9223372036854775807] }}", "c"),
            ("{{ range(9223372036854775806, 9223372036854775807) | list }}", "[9223372036854775806]"),
            ("{{ 1.5 | round(400) }}", "1.5"), ("{{ 1.5 | round(-400) }}", "0.0"),
            ("{{ 'a' * -9223372036854775807 }}", ""),
            ("{{ 'abc'.find('c', -9223372036854775807) }}", "2"), ("{{ 7 | round(-9223372036854775807) }}", "0"),
        ])
    func extremeNumbersAreTakenWhereTheyMakeSense(source: String, text: String) throws {
        #expect(try Template(source).text() == text)
    }

    @Test func deepSourcesAreRefused() {
        for (opening, closing) in [
            ("(", ")"), ("[", "]"), ("{1:", "}"), ("-", ""), ("not (", ")"), ("f(", ")"), ("x[", "]"),
        ] {
            let source = "{{ " + repeated(opening, 50_000) + "1" + repeated(closing, 50_000) + " }}"
            #expect(throws: TemplateError.self, "\(opening)") { try Template(source).text() }
        }
        for tag in ["if true", "for x in [1]", "with a = 1", "filter upper", "set x", "macro m()"] {
            #expect(throws: TemplateError.self) { try Template(repeated("{% \(tag) %}", 50_000)).text() }
        }
        #expect(throws: TemplateError.self) { try Template(repeated("x", 2 << 20)).text() }
    }

    @Test func longSourcesAreNoDeepOnes() throws {
        #expect(try Template("{{ 1" + repeated(" + 1", 10_000) + " }}").text() == "10001")
        #expect(try Template("{{ 'a'" + repeated(" | upper", 10_000) + " }}").text() == "A")
        #expect(try Template("{{ " + repeated("not ", 10_000) + "1 }}").text() == "True")
        #expect(try Template("{% if 0 %}" + repeated("{% elif 0 %}", 10_000) + "{% else %}x{% endif %}").text() == "x")
    }

    /// All that is allowed fits a quarter of the stack that threads have.
    @Test func theDeepestTemplateFitsASmallStack() async {
        let deep = "{{ " + repeated("(", 60) + "1" + repeated(")", 60) + " }}"
        let blocks = repeated("{% if [[1]] | length %}", 60) + "x" + repeated("{% endif %}", 60)
        let macros =
            "{% macro f(n) %}{% if n %}{% for i in [1] %}{{ [f(n - 1)] | join }}{% endfor %}{% endif %}{% endmacro %}{{ f(999) }}"
        let values =
            "{% set ns = namespace(l=[]) %}{% for i in range(80) %}{% set ns.l = [ns.l] %}{% endfor %}"
            + "{{ ns.l }}{{ ns.l == [ns.l] }}{{ ns.l | tojson(indent=1) | length }}"
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let thread = Thread {
                for source in [deep, blocks, macros, values] { _ = try? Template(source).text() }
                done.resume()
            }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
}
