"""Random tekken.json beside `tiktoken`, on which Mistral's own tokenizer stands."""
import base64
import json

import tiktoken
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

import cases

TEXTS = 100
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
PATTERN = (rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*"
           r"|\s*[\r\n]+|\s+(?!\S)|\s+")
# The letters of the byte alphabet, as bytes.
LETTERS = sorted(pre_tokenizers.ByteLevel.alphabet())


def byte_of():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + i): byte for i, byte in enumerate(others)}


def made(chance, vocab_size):
    """A tekken.json, tiktoken's encoding of it, and how many special tokens stand in front."""
    bytes_of = byte_of()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(PATTERN), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)])
    tokenizer.train_from_iterator(
        [cases.text(chance, most=30) for _ in range(200)],
        trainers.BpeTrainer(vocab_size=vocab_size, show_progress=False, initial_alphabet=LETTERS))
    vocabulary = tokenizer.get_vocab()
    tokens = [bytes(bytes_of[letter] for letter in text) for text in sorted(vocabulary, key=vocabulary.get) if len(text) > 1]
    # One that no merges lead to.
    tokens = [bytes([byte]) for byte in range(256)] + tokens + [b" Gesellschaft"]
    special = chance.choice([20, 30])
    # Tokens behind the count are cut off.
    count = len(tokens) - chance.randrange(2)
    value = {
        "config": {"pattern": PATTERN, "num_vocab_tokens": len(tokens), "default_vocab_size": count + special,
                   "default_num_special_tokens": special, "version": "v3"},
        "vocab": [{"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
                  for rank, token in enumerate(tokens)]}
    encoding = tiktoken.Encoding(
        "random", pat_str=PATTERN, mergeable_ranks={token: rank for rank, token in enumerate(tokens[:count])}, special_tokens={})
    return value, encoding, special


def compare(comparison):
    chance = comparison.chance
    folder = comparison.folder / "tekken"
    folder.mkdir(exist_ok=True)
    while comparison.count + sum(comparison.refused.values()) < comparison.cases:
        value, encoding, special = made(chance, chance.choice([400, 700]))
        (folder / "tekken.json").write_text(json.dumps(value))
        texts = [cases.text(chance, [" Gesellschaft"]) for _ in range(TEXTS)]
        comparison.compare_ids(
            "tekken", folder, texts, lambda text: [id + special for id in encoding.encode(text, disallowed_special=())])
