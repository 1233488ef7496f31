"""What the kinds of comparison share: cases counted, differences kept, the program fed with many cases at once."""
import collections
import json
import random
import subprocess


class Comparison:
    def __init__(self, root, program, folder, cases, seed):
        self.root, self.program, self.folder, self.cases = root, program, folder, cases
        self.seed, self.chance = seed, random.Random(seed)
        self.count = 0
        self.differences = []
        # Why cases could not be compared, by how often.
        self.refused = collections.Counter()

    def compare(self, what, ours, theirs):
        self.count += 1
        if ours != theirs:
            self.differences.append(f"{ours!r}, not {theirs!r}: {what}")

    def report(self, kind):
        print(f"{kind}: {self.count} cases (seed {self.seed}), {len(self.differences)} differ")
        for reason, count in self.refused.most_common(20):
            print(f"  {count} times not compared: {reason}")
        for difference in self.differences[:40]:
            print(f"  {difference[:600]}")
        return not self.differences

    def run(self, *arguments, text=None):
        """The program's output and, where it failed, its message."""
        result = subprocess.run([self.program, *map(str, arguments)], input=text, capture_output=True, text=True)
        return result.stdout, result.stderr.strip() if result.returncode else None

    def tokenize(self, model, texts, *flags):
        """The ids of texts, or a message in their place."""
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        output, message = self.run("tokenize", "--model", model, "--lines", *flags, text=lines)
        if message:
            return message
        return [json.loads(line)["ids"] for line in output.splitlines()]

    def compare_ids(self, what, model, texts, reference, *flags):
        """Compares what the program and `reference` make of texts; a program that refuses is noted by its reason."""
        found = self.tokenize(model, texts, *flags)
        if isinstance(found, str):
            self.refused[found.split(": ", 2)[-1][:160]] += len(texts)
            return
        for text, ids in zip(texts, found, strict=True):
            try:
                expected = reference(text)
            except BaseException as error:
                # `tokenizers` panics at some texts.
                if isinstance(error, KeyboardInterrupt):
                    raise
                self.refused[f"the reference fails: {error}"[:100]] += 1
                continue
            self.compare(f"{text!r} {what}", ids, expected)


PIECES = ["'s", "'S", "'LL", "'Ve", "n't", "'", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u3000", "1", "12", "123", "4567", "٣٤",
          "१२३", "²", "½", "Ⅷ", "!", "...", "!?", "(", ")", "$=", "+", "_", "«", "…", "।", "/", "`", "Hello", "hello", "wörld", "WORLD",
          "aBc", "the", "ing", "é", "e\u0301", "\u0301", "a\u0323\u0307", "Å", "ﬁ", "Ａ", "①", "㎏", "ǆ", "İ", "ß", "ΑΣ", "日本", "世界",
          "カナ", "ひら", "한국", "각", "ᄀ", "สวัสดี", "नमस्ते", "ﷺ", "מזל", "👍🏽", "👩‍🚀", "🇩🇪", "▁", "Ġ", "<0x41>", "\u200b", "\ufeff", "\u0378",
          "\U0001d400", "\U00020000", "\ud7a3", "\x00", "\x7f", "\x85"]


def text(chance, more=(), most=12):
    """A text of pieces that tokenizers tell apart, at times with `more`, at times of characters from anywhere."""
    parts = []
    for _ in range(chance.randrange(0, most)):
        kind = chance.random()
        if more and kind < 0.2:
            parts.append(chance.choice(more))
        elif kind < 0.95:
            parts.append(chance.choice(PIECES))
        else:
            value = chance.choice([chance.randrange(0xD800), chance.randrange(0xE000, 0x110000), chance.randrange(0x250)])
            parts.append(chr(value))
    return "".join(parts)
