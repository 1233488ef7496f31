"""Random tokenizer.json beside Hugging Face `tokenizers`."""
import json

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

import cases

TEXTS = 100
CONTRACTION, WORD = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)", r"[^\r\n\p{L}\p{N}]?\p{L}+"
MARKS, SPACES = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|", r"\s*[\r\n]+|\s+(?!\S)|\s+"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
PATTERNS = [
    CONTRACTION + "|" + WORD + r"|\p{N}{1,3}" + MARKS + SPACES, CONTRACTION + "|" + WORD + r"|\p{N}" + MARKS + SPACES,
    WORD + r"|\p{N}" + MARKS + SPACES,
    rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|" + SPACES,
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    r"\p{N}+", r"(?=(\d{3})+(?!\d))", r"\d{1,3}(?=(?:\d{3})*\b)", r"[一-龥぀-ゟ゠-ヿ]+", r"[\r\n]", r"\s?\p{P}+", r"\s+$", r"(?<=\d)\p{L}+",
    r"(?<!\S)\S", r"\b\w", r"[\p{Han}&&[^日]]+|[[a-f][k-z]]+?", r"^\s+|[^\s]+$", r"(?:ab|c){2,3}|(?>\p{Lu}+)\p{Ll}*", r" ?[^(\s|[.,!?…。])]+",
]
BEHAVIORS = ["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"]


def normalizer(chance):
    pick = chance.random()
    if pick < 0.45:
        return []
    if pick < 0.6:
        return [chance.choice([normalizers.NFC, normalizers.NFD, normalizers.NFKC, normalizers.NFKD])()]
    steps = [
        normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD(), normalizers.Lowercase(),
        normalizers.StripAccents(), normalizers.Strip(left=chance.random() < 0.5, right=chance.random() < 0.5),
        normalizers.Prepend(chance.choice(["▁", "x", " "])), normalizers.Replace("a", "bb"), normalizers.Replace(" ", "▁"),
        normalizers.Replace(Regex(r"\s+"), " "), normalizers.Replace(Regex(r"\p{M}"), ""), normalizers.Replace(Regex(" {2,}"), "▁"),
    ]
    return chance.sample(steps, chance.randrange(1, 4))


def split(chance):
    return pre_tokenizers.Split(
        Regex(chance.choice(PATTERNS)), "isolated" if chance.random() < 0.7 else chance.choice(BEHAVIORS), chance.random() < 0.2)


def cut(chance):
    """Any step that cuts, but for ByteLevel."""
    return chance.choice([
        lambda: split(chance), lambda: split(chance), lambda: split(chance), lambda: pre_tokenizers.Digits(chance.random() < 0.5),
        lambda: pre_tokenizers.Punctuation(chance.choice(BEHAVIORS)), pre_tokenizers.WhitespaceSplit, pre_tokenizers.Whitespace,
        lambda: pre_tokenizers.CharDelimiterSplit(chance.choice("a,1")),
    ])()


def metaspace(chance):
    return pre_tokenizers.Metaspace("▁", chance.choice(["always", "first", "never"]), chance.random() < 0.5)


def byte_level(chance, steps):
    before = [cut(chance) for _ in range(chance.choice([0, 0, 1, 1, 1, 2, 3]))]
    last = pre_tokenizers.ByteLevel(add_prefix_space=chance.random() < 0.2, use_regex=chance.random() < 0.4)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence(steps) if len(steps) != 1 else steps[0]
    if not steps:
        tokenizer.normalizer = None
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*before, last]) if before else last
    return tokenizer, pre_tokenizers.ByteLevel.alphabet()


def marked(chance, steps):
    """Spaces as U+2581, by a normalizer or by a pre-tokenizer."""
    form = chance.choice(["prepend", "replace", "metaspace", "metaspace", "more"])
    cuts = []
    if form == "prepend":
        steps = [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    elif form == "replace":
        steps = [*steps, normalizers.Replace(" ", "▁")]
        cuts = chance.choice([[], [pre_tokenizers.Split(" ", "merged_with_previous")], [cut(chance)]])
    elif form == "metaspace":
        steps, cuts = [], [metaspace(chance)]
    else:
        cuts = [cut(chance) for _ in range(chance.randrange(2))] + [metaspace(chance)] + [cut(chance) for _ in range(chance.randrange(2))]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence(steps) if steps else None
    if cuts:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(cuts) if len(cuts) > 1 else cuts[0]
    return tokenizer, [f"<0x{byte:02X}>" for byte in range(256)]


def trained(chance):
    """A tokenizer and the texts of its added tokens."""
    isByteLevel = chance.random() < 0.6
    tokenizer, alphabet = (byte_level if isByteLevel else marked)(chance, normalizer(chance))
    trainer = trainers.BpeTrainer(
        vocab_size=chance.choice([330, 500, 700]), show_progress=False, special_tokens=[] if isByteLevel else ["<unk>", *alphabet],
        initial_alphabet=alphabet if isByteLevel else [])
    tokenizer.train_from_iterator([cases.text(chance, most=30) for _ in range(200)], trainer)
    value = json.loads(tokenizer.to_str())
    model = value["model"]
    value["added_tokens"] = []
    model["ignore_merges"] = chance.random() < 0.3
    if not isByteLevel:
        model |= {"byte_fallback": chance.random() < 0.7, "unk_token": "<unk>", "fuse_unk": chance.random() < 0.7}
    # Texts that no merges lead to.
    for extra in ["Ġwhole", "▁whole", "zyx"]:
        model["vocab"].setdefault(extra, len(model["vocab"]))
    tokenizer = Tokenizer.from_str(json.dumps(value))
    names = []
    for text in ["<s>", "<|im_end|>", "<tool>", "[x] y", "\t\t", "é!", "hello", "AB"]:
        if chance.random() < 0.5:
            special = chance.random() < 0.5
            token = AddedToken(
                text, lstrip=chance.random() < 0.2, rstrip=chance.random() < 0.2, single_word=chance.random() < 0.2,
                normalized=not special and chance.random() < 0.5, special=special)
            (tokenizer.add_special_tokens if special else tokenizer.add_tokens)([token])
            names.append(text)
    return tokenizer, names


def compare(comparison):
    chance = comparison.chance
    folder = comparison.folder / "tokenizer"
    folder.mkdir(exist_ok=True)
    while comparison.count + sum(comparison.refused.values()) < comparison.cases:
        tokenizer, names = trained(chance)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        texts = [cases.text(chance, names) for _ in range(TEXTS)]
        value = json.loads(tokenizer.to_str())
        what = json.dumps([value["normalizer"], value["pre_tokenizer"],
                           {k: value["model"][k] for k in ("byte_fallback", "fuse_unk", "ignore_merges")},
                           [t for t in value["added_tokens"]]], ensure_ascii=False)
        comparison.compare_ids(
            what, folder, texts, lambda text: tokenizer.encode(text, add_special_tokens=False).ids, "--special")
