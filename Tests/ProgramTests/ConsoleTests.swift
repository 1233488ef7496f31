import Testing

@testable import Program

@Suite struct ConsoleTests {
    @Test func columnsHaveAGap() {
        #expect("ab".padded(to: 5) == "ab   " && "ab".padded(left: 5) == "   ab")
        #expect("abcdef".padded(to: 3) == "abcdef " && "abcdef".padded(left: 3) == " abcdef")
    }
}
