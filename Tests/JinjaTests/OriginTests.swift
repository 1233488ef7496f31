import Testing

@testable import Jinja

/// Text that came from outside stays known as that, whatever a template does to it.
@Suite struct OriginTests {
    private static let variables: [(name: String, value: TemplateInput)] = [
        ("x", .data(" <b>, c ")), ("own", .text("own")), ("list", .list([.data("one"), .data("two")])),
        ("d", .mapping([("key", .data("value"))])),
    ]

    @Test(
        arguments: [
            ("a{{ x }}b", "a( <b>, c )b"), ("{{ '[' + x.strip() + ']' }}", "[(<b>, c)]"), ("{{ own }}", "own"),
            ("{{ x | trim | upper }}", "(<B>, C)"), ("{{ list | join('-') }}", "(one)-(two)"),
            ("{{ x[1:4] }}!", "(<b>)!"),
            ("{{ x.split(',')[1] }}", "( c )"), ("{{ x | replace('b', 'q') }}", "( <)q(>, c )"),
            ("{{ d | tojson }}", "{\"(key)\": \"(value)\"}"),
            ("{{ list }}", "['(one)', '(two)']"), ("{{ '<%s>' % list[0] }}", "<(one)>"),
            ("{{ '{}.'.format(list[1]) }}", "(two)."),
            ("{% set y %}[{{ x | trim }}]{% endset %}{{ y }}", "[(<b>, c)]"), ("{{ x | trim | e }}", "(&lt;b&gt;, c)"),
            ("{% macro m(t) %}<{{ t }}>{% endmacro %}{{ m(list[0]) }}", "<(one)>"),
            ("{{ list[0] * 2 ~ own }}", "(oneone)own"),
            ("{% for c in list[0] %}{{ c }}.{% endfor %}", "(o).(n).(e)."), ("{{ list[0] | reverse }}", "(eno)"),
        ])
    func originsSurvive(source: String, expected: String) throws {
        let spans = try Template(source).render(Self.variables)
        #expect(spans.map { $0.isData ? "(\($0.text))" : $0.text }.joined() == expected)
        // Neighbours differ: there is no shorter way to say it.
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.isData != $1.isData })
    }
}
