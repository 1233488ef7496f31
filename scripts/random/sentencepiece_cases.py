"""Random SentencePiece models beside `sentencepiece`."""
import io

import sentencepiece

import cases

TEXTS = 100


def compare(comparison):
    chance = comparison.chance
    folder = comparison.folder / "sentencepiece"
    folder.mkdir(exist_ok=True)
    while comparison.count + sum(comparison.refused.values()) < comparison.cases:
        file = io.BytesIO()
        lines = [cases.text(chance, most=30).replace("\x00", "") for _ in range(300)]
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=file, model_type="bpe", minloglevel=2, num_threads=1,
            vocab_size=chance.choice([700, 900]), normalization_rule_name="identity", remove_extra_whitespaces=False,
            hard_vocab_limit=False, byte_fallback=chance.random() < 0.7, add_dummy_prefix=chance.random() < 0.6,
            split_by_whitespace=chance.random() < 0.7, split_digits=chance.random() < 0.5,
            split_by_unicode_script=chance.random() < 0.5, split_by_number=chance.random() < 0.5,
            allow_whitespace_only_pieces=chance.random() < 0.5, character_coverage=chance.choice([0.98, 0.99, 0.9995]),
            user_defined_symbols=chance.sample(["<tool>", "▁▁", "the", "\t", "é!"], chance.randrange(3)))
        (folder / "tokenizer.model").write_bytes(file.getvalue())
        processor = sentencepiece.SentencePieceProcessor(model_proto=file.getvalue())
        texts = [cases.text(chance, ["<tool>", "the", "é!"]).replace("\x00", "") for _ in range(TEXTS)]
        comparison.compare_ids("model", folder, texts, processor.encode)
