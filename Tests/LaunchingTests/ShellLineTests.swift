import Testing

@testable import Launching

@Suite struct ShellLineTests {
    @Test(arguments: [
        (["mpirun", "-x", "A=b", "10.0.0.1/24", "a:b_c,d@e%f+g"], "mpirun -x A=b 10.0.0.1/24 a:b_c,d@e%f+g"),
        (["two words", "", "it's", "$HOME", "é"], "'two words' '' 'it'\\''s' '$HOME' 'é'"),
        (["a\nb", "tab\tit's\\"], "$'a\\nb' $'tab\\tit\\'s\\\\'"), (["\u{1B}[1m\u{7F}"], "$'\\E[1m\\177'"),
        (["'\u{301}"], "''\\''\u{301}'"),
    ])
    func wordsAreQuoted(_ words: [String], _ line: String) {
        #expect(words.shellLine == line)
        #expect(!words.shellLine.contains("\n"))
    }
}
