import Testing

@testable import ModelFiles

@Suite struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue { try parse(Array(text.utf8)) }

    private func parse(_ bytes: [UInt8]) throws -> JSONValue { try bytes.withUnsafeBytes { try JSONParser.parse($0) } }

    @Test func values() throws {
        #expect(try parse(" null ") == .null && parse("true") == .bool(true) && parse("false") == .bool(false))
        #expect(try parse("0") == .integer(0) && parse("-12") == .integer(-12))
        #expect(try parse("1.5e3") == .number(1500) && parse("-0.5") == .number(-0.5))
        #expect(try parse("9223372036854775808").number == 9.223372036854775808e18)
        #expect(try parse("Infinity").number == .infinity && parse("-Infinity").number == -.infinity)
        #expect(try parse("NaN").number?.isNaN == true)
        #expect(try parse("[1, [], {}]") == .list([.integer(1), .list([]), .object([])]))
        let object = try parse(#"{"a": 1, "b": null, "a": 2}"#)
        #expect(object["a"] == .integer(2) && object["b"] == nil && object["c"] == nil)
        #expect(try parse("4.0").integer == 4 && parse("4.5").integer == nil && parse("1e300").integer == nil)
    }

    @Test func texts() throws {
        #expect(try parse(#""a\"\\\/\b\f\n\r\té""#).bytes == Array("a\"\\/\u{8}\u{C}\n\r\té".utf8))
        #expect(try parse(#""\u00e9\ud83d\ude42""#).bytes == Array("é🙂".utf8))
        #expect(try parse(#""\ud83dx\ude42\ud83d\u0041""#).bytes == Array("\u{FFFD}x\u{FFFD}\u{FFFD}A".utf8))
        // Bytes that are no UTF-8 stay what they are.
        #expect(try parse([0x22, 0xFF, 0x22]).bytes == [0xFF])
        #expect(try parse([0xEF, 0xBB, 0xBF, 0x31]) == .integer(1))
    }

    @Test(arguments: [
        "", " ", "nul", "[1", "[1,]", "{", #"{"a"}"#, #"{"a":}"#, "{1:2}", #"{"a":1,}"#, "\"", #""\"#, #""\x""#,
        #""\u12""#,
        #""\u12g4""#, "\"\n\"", "1 2", "-", "1.2.3", "+1", "'a'", String(repeating: "[", count: 100_000),
        String(repeating: "1", count: 1000),
    ])
    func whatIsNone(_ text: String) {
        #expect {
            _ = try parse(text)
        } throws: {
            if case .invalidJSON = $0 as? ModelFileProblem { true } else { false }
        }
    }
}
