import Tokenization

/// The patterns that names of pre-tokenizers stand for, where no model's own scanner does the same: as the models' own
/// files and llama.cpp have them, each cutting what the ones before it have left.
enum NamedPatterns {
    /// The steps by the patterns of `name`; nil where it has none.
    static func steps(_ name: String) -> [CutStep]? {
        guard let sources = all.first(where: { $0.names.contains(name) })?.sources else { return nil }
        return sources.compactMap { try? .split(SplitPattern($0)) }
    }

    /// The name of these steps.
    static func name(of steps: [CutStep]) -> String? {
        all.first { Self.steps($0.names[0]) == steps }?.names.first
    }

    /// Names under which a piece that is a token as a whole becomes it.
    static let takingWholePieces: Set = ["minicpm5", "youtu"]

    /// Names under which a prompt begins with BOS where the file does not say.
    static let addingBOS: Set = ["chameleon"]

    static let all: [(names: [String], sources: [String])] = [
        (
            ["deepseek-llm"],
            [
                #"[\r\n]"#, #"\s?["# + deepseekLetters + "]+", #"\s?[!-/:-~！-／：-～‘-‟　-。]+"#, #"\s+$"#,
                "[一-龥ࠀ-一가-퟿]+", #"\p{N}+"#,
            ]
        ),
        (
            ["kimi-k2"],
            [
                #"[\p{Han}]+|"# + casedWord("&&" + #"[^\p{Han}]"#, end: contraction + "?")
                    + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces
            ]
        ),
        (
            ["youtu"],
            [
                "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+",
                casedWord("", end: contraction + "?") + #"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces,
            ]
        ),
        (
            ["tiny_aya", "cohere2moe"],
            [
                #"\d{1,3}(?=(?:\d{3})*\b)"#,
                casedWord("", end: contraction + "?") + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces,
            ]
        ),
        (["superbpe"], [#"\p{N}+"#, #"(?=(\d{3})+(?!\d))"#]),
        (
            ["afmoe"],
            [
                #"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))"#,
                "[一-鿿㐀-䶿豈-﫿぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+",
                deepseekWord + #"+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
            ]
        ),
        (
            ["exaone-moe"],
            [
                contraction + #"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}"#
                    + #"| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"#
            ]
        ),
        (
            ["chameleon"],
            [
                "<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", #"([\t\n]|    |  )"#, #"\p{N}"#,
                #"[\p{P}!-/:-@\[-`{-~]"#, gpt2,
            ]
        ),
        (["deepseek-coder"], [#"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, "[一-龥ࠀ-一가-퟿]+", #"\p{N}"#]),
        (
            ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"],
            [#"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+", deepseekWord + #"+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#]
        ),
        (
            ["spark2_5"],
            [
                #"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+", deepseekWord + #"+|[\r\n]|\s+(?!\S)|\s+"#, #"\p{N}"#,
            ]
        ),
        (["falcon"], [#"[\p{P}$+<=>^~|`]+"#, gpt2, "[0-9][0-9][0-9]"]),
        (["poro-chat", "bloom", "gpt3-finnish"], [bloom]),
        (["viking"], [bloom, #"\p{N}"#]),
        (
            ["qwen35"],
            [
                contraction + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"# + spaces
            ]
        ),
        (
            ["bailingmoe", "bailingmoe2", "llada-moe"],
            [contraction + "|" + word + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#]
        ),
        (["seed-coder"], [contraction + "|" + word + #"|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|"# + spaces]),
        (["ufakzeka"], [word + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces]),
        (["laguna"], [#"[^\n]+|[\n]+"#, contraction + "|" + word + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces]),
        (
            ["minicpm5"],
            [
                #"\p{N}{1,3}"#,
                contraction + "|" + word + #"|\p{N}+| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces,
            ]
        ),
        (
            ["jais-2"],
            [contraction + "|" + word + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"# + cascade]
        ),
    ]

    private static let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let word = #"[^\r\n\p{L}\p{N}]?\p{L}+"#
    /// Words that begin with capitals and end without, of letters that `limit` leaves.
    private static func casedWord(_ limit: String, end: String) -> String {
        let (upper, lower) = (
            #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"# + limit + "]", #"[\p{Ll}\p{Lm}\p{Lo}\p{M}"# + limit + "]"
        )
        let before = #"[^\r\n\p{L}\p{N}]?"#
        return "\(before)\(upper)*\(lower)+\(end)|\(before)\(upper)+\(lower)*\(end)|"
    }
    /// Letters of Latin, Greek, Cyrillic, Armenian, Georgian, Cherokee, Glagolitic, Coptic and some more.
    private static let deepseekLetters =
        "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u{1F7D}"
        + "ᾀ-ᾴᾶ-ᾼ\u{1FBE}ῂ-ῄῆ-ῌῐ-\u{1FD3}ῖ-\u{1FDB}ῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u{2126}ℨ\u{212A}-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ"
        + "𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
    private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#
    private static let bloom = #" ?[^(\s|.,!?…。，、।۔،)]+"#
    private static let deepseekWord =
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]"##
    /// Runs of spaces by powers of two.
    private static let cascade =
        [512, 256, 128, 64, 32, 16, 8, 4].map { #"|\s{\#($0)}(?!\S)"# }.joined() + #"|\s{1,2}(?!\S)|\s{1}"#
}
