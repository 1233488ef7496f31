import Foundation
import OrderedJSON
import TestSupport
import Testing

@testable import ChatTemplates
@testable import Jinja

/// Templates with what Jinja makes of them: `scripts/jinja-goldens` writes the files.
struct Goldens {
    struct Case {
        let template: String
        /// nil where Jinja refuses it.
        let rendered: String?
    }

    let variables: [(name: String, value: TemplateInput)]
    let cases: [Case]

    static let date = LocalTime(year: 2025, month: 3, day: 7, hour: 9, minute: 5, second: 3, weekday: 5, dayOfYear: 66)

    /// - Parameter name: The file's name in `folder`, or among the fixtures.
    init(_ name: String, in folder: String = TestFiles.fixture("jinja")) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).json"))
        let file = try #require(JSONValue(parsing: data)?.object)
        variables = file["variables"]?.object?.members.map { ($0.key, $0.value.templateInput) } ?? []
        cases = (file["cases"]?.array ?? []).compactMap(\.object).map { one in
            Case(template: one["template"]?.string ?? "", rendered: one["rendered"]?.string)
        }
    }
}

extension Template {
    /// The text alone.
    func text(_ variables: [(name: String, value: TemplateInput)] = []) throws(TemplateError) -> String {
        try render(variables, date: Goldens.date).map(\.text).joined()
    }
}
