import Testing

@testable import ChatTemplates

@Suite struct JSONValueTests {
    @Test func membersKeepTheirOrder() throws {
        let object = try #require(JSONValue(parsing: #" {"b": 1, "a": [true, null, -2.5e1, "x"], "b": 3} "#)?.object)
        #expect(object.members.map(\.key) == ["b", "a"])
        #expect(object["b"] == .int(3))
        #expect(object["a"] == .array([.bool(true), .null, .float(-25), .string("x")]))
    }

    @Test func keysAreBytes() throws {
        let object = try #require(JSONValue(parsing: "{\"\u{e9}\": 1, \"e\u{301}\": 2}")?.object)
        #expect(object.members.count == 2)
        #expect(object["e\u{301}"] == .int(2))
    }

    @Test func escapesAreRead() {
        #expect(
            JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83dx""#)?.string
                == "\"\\/\u{8}\u{c}\n\r\té😀\u{fffd}x")
        #expect(JSONValue(parsing: "100000000000000000000") == .float(1e20))
    }

    @Test(
        arguments: [
            "", "{", "[1,]", "{\"a\" 1}", "{\"a\":1,}", "01", "1.", "-", "+1", "tru", "\"\\x\"", "\"\\u12\"", "\"a",
            "\"\n\"", "1 2", "nul",
            "[1", "{1: 2}", "'a'", "\u{feff}1",
        ])
    func otherTextIsRefused(text: String) { #expect(JSONValue(parsing: text) == nil) }

    @Test func depthIsLimited() {
        #expect(JSONValue(parsing: String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) != nil)
        #expect(JSONValue(parsing: String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) == nil)
        #expect(JSONValue(parsing: String(repeating: "[", count: 1_000_000)) == nil)
        #expect(JSONValue(parsing: [0x22, 0xFF, 0x22]) == nil)
    }
}
