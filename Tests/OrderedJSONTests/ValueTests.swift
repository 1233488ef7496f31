import OrderedJSON
import Testing

@Suite struct ValueTests {
    private let python = JSONRules(takesPython: true)

    private func read(_ text: String) throws -> JSONValue { try JSONValue(reading: text.utf8) }

    @Test func words() throws {
        #expect(try read(" null ") == .null && read("true") == .bool(true) && read("false") == .bool(false))
        #expect(try read("[1, [], {}]") == .array([.int(1), .array([]), .object([:])]))
    }

    @Test func numbers() throws {
        #expect(try read("0") == .int(0) && read("-12") == .int(-12) && read("-0.5") == .float(-0.5))
        #expect(try read("1.5e3") == .float(1500) && read("25E-1") == .float(2.5) && read("1e+2") == .float(100))
        #expect(try read("9223372036854775807") == .int(.max) && read("-9223372036854775808") == .int(.min))
        #expect(try read("9223372036854775808") == .unsigned(1 << 63))
        #expect(try read("18446744073709551615").unsignedInteger == .max && read("-1").unsignedInteger == nil)
        #expect(try read("1e3").unsignedInteger == 1000 && read("18446744073709551615").integer == nil)
        #expect(try read("18446744073709551616") == .float(0x1p64) && read("18446744073709551615").number == 0x1p64)
        #expect(try read("100000000000000000000") == .float(1e20))
        #expect(try read(String(repeating: "1", count: 1000)) == .float(.infinity))
        #expect(try read("4.0").integer == 4 && read("4.5").integer == nil && read("1e300").integer == nil)
        #expect(try read("4").number == 4 && read("true").number == nil)
    }

    @Test func texts() throws {
        #expect(try read(#""a\"\\\/\b\f\n\r\té""#).bytes == Array("a\"\\/\u{8}\u{C}\n\r\té".utf8))
        #expect(try read(#""\u00e9\ud83d\ude42""#) == .string("é🙂"))
        #expect(try read(#""\ud83dx\ude42\ud83d\u0041""#) == .string("\u{FFFD}x\u{FFFD}\u{FFFD}A"))
        #expect(try read("\"\u{e9}\"") != read("\"e\u{301}\""))
    }

    @Test func membersKeepTheirOrder() throws {
        let value = try read(#" {"b": 1, "a": [true, null, -2.5e1, "x"], "c": null, "b": 3} "#)
        let object = try #require(value.object)
        #expect(object.members.map(\.key) == ["b", "a", "c"])
        #expect(object["b"] == .int(3) && object["c"] == .null && object["d"] == nil)
        #expect(object["a"] == .array([.bool(true), .null, .float(-25), .string("x")]))
        #expect(value["b"] == .int(3) && value["c"] == nil && value["d"] == nil && JSONValue.null["b"] == nil)
    }

    @Test func namesAreBytes() throws {
        var object = try #require(try read("{\"\u{e9}\": 1, \"e\u{301}\": 2, \"\u{e9}\": 3}").object)
        #expect(object.members.map(\.value) == [.int(3), .int(2)])
        object["e\u{301}"] = nil
        object["f"] = .null
        #expect(object.members.map(\.value) == [.int(3), .null])
    }

    @Test func pythonsJSONIsTakenOnRequest() throws {
        for text in ["Infinity", "-Infinity", "NaN", "\u{FEFF}1"] {
            #expect(throws: JSONError.self, "\(text)") { try read(text) }
        }
        #expect(
            try JSONValue(reading: "[Infinity, -Infinity]".utf8, python).array?.map(\.number) == [
                .infinity, -.infinity,
            ])
        #expect(try JSONValue(reading: "NaN".utf8, python).number?.isNaN == true)
        #expect(try JSONValue(reading: "\u{FEFF}1".utf8, python) == .int(1))
    }
}
