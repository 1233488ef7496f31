import OrderedJSON
import Testing

@Suite struct RefusalTests {
    /// Why `text` is not taken; nil where it is.
    private func error(_ text: some Collection<UInt8>, _ rules: JSONRules = JSONRules()) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONValue(reading: text, rules)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "[1", "[1,]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a" 1}"#, "{1:2}", #"{"a":1,}"#, "\"",
        "\"a",
        #""\"#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud83d\u12""#, "\"\n\"", "1 2", "-", "01", "-01", "00", "1.",
        "1e",
        ".5", "1.2.3", "+1", "'a'", "[1 2]", "\u{FEFF}1",
    ])
    func otherTextIsRefused(_ text: String) {
        #expect(error(text.utf8) != nil)
        #expect(JSONValue(parsing: text) == nil)
    }

    @Test func sentencesSayWhatIsWrongAndWhere() throws {
        #expect(error(#"{"a" 1}"#.utf8) == .invalid(reason: "':' is missing", position: 5))
        #expect(error("[1, 2".utf8) == .invalid(reason: "',' or ']' is missing", position: 5))
        #expect(error("[".utf8) == .invalid(reason: "the text ends too early", position: 1))
        #expect(error("\"ab\u{1}\"".utf8) == .invalid(reason: "a text holds a control character", position: 3))
        let sentence = error("[tru]".utf8).map { "the text is \($0)" }
        #expect(sentence == "the text is no valid JSON, no value begins like this at byte 1")
    }

    @Test func malformedTextIsRefused() {
        #expect(error([0x22, 0xFF, 0x22]) == .invalid(reason: "a text is not UTF-8", position: 1))
        #expect(error([0x22, 0x5C, 0x6E, 0xC3, 0x22]) == .invalid(reason: "a text is not UTF-8", position: 1))
        #expect(error([0xFF]) != nil)
    }

    @Test func depthIsLimited() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        }
        #expect(error(nested(64).utf8) == nil)
        #expect(error(nested(65).utf8) == .invalid(reason: "values nest deeper than 64 levels", position: 64))
        #expect(error(String(repeating: #"{"a":"#, count: 1_000_000).utf8) != nil)
        // Neighbours do not add up.
        #expect(error(("[" + String(repeating: "[],", count: 100) + "[]]").utf8) == nil)
    }

    @Test func sizeIsLimited() {
        var rules = JSONRules()
        rules.size = 4
        #expect(error("[12]".utf8, rules) == nil)
        #expect(error("[123]".utf8, rules) == .tooLarge(limit: 4))
    }

    @Test func repeatedNamesAreRefusedOnRequest() {
        let rules = JSONRules(refusesRepeatedNames: true)
        #expect(error(#"{"a": 1, "b": {"a": 2}}"#.utf8, rules) == nil)
        let reason = "a name stands twice in the object"
        #expect(error(#"{"b": {"a": 1, "\u0061": 2}}"#.utf8, rules) == .invalid(reason: reason, position: 6))
    }
}
