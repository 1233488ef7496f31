import Testing

@testable import Jinja

@Suite struct ErrorTests {
    @Test(
        arguments: [
            ("a\n{{ x.y }}", "line 2: 'x' is undefined"), ("\n\n{{ 1 + }}", "line 3: unexpected }}"),
            (
                "{% if a %}\nb",
                "line 2: expected {% elif %} or {% else %} or {% endif %}, found the end of the template"
            ),
            ("{% foo %}", "line 1: unknown tag 'foo'"),
            ("{% include 'x' %}", "line 1: 'include' is not supported: a chat template is one file"),
            ("{{ 'a' | nope }}", "line 1: there is no filter 'nope'"),
            ("{{ 1 is nope }}", "line 1: there is no test 'nope'"),
            ("{{ [1].append(2) }}", "line 1: access to attribute 'append' of 'list' object is unsafe"),
            ("{{ 1 + 'a' }}", "line 1: '+' does not go with an int and a str"),
            ("{{ none() }}", "line 1: a NoneType cannot be called"),
            ("{% macro m() %}\n{{ x.y }}{% endmacro %}\n\n{{ m() }}", "line 2: 'x' is undefined"),
            ("\n{{ raise_exception('a\u{1b}[2J\nb') }}", "line 2: a [2J b"),
            ("{{ 'x", "line 1: a string is not closed by '"), ("{# x", "line 1: a comment is not closed by #}"),
        ])
    func messagesSayWhatAndWhere(source: String, message: String) {
        let error = #expect(throws: TemplateError.self) { try Template(source).text() }
        #expect(error?.description == message)
    }

    @Test func refusalsAreTold() {
        let error = #expect(throws: TemplateError.self) { try Template("{{ raise_exception('no') }}").text() }
        #expect(error?.kind == .refusal)
        #expect(error?.message == "no")
        let syntax = #expect(throws: TemplateError.self) { try Template("{{") }
        #expect(syntax?.kind == .syntax)
    }
}
