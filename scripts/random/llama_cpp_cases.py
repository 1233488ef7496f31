"""Vocabularies in GGUF under the names of pre-tokenizers beside llama.cpp's own tokenizer: the library in the wheel xllamacpp,
called by the declarations of llama-cpp-py-sync, both of the same build."""
import json
import os
from pathlib import Path

import gguf
import xllamacpp
from llama_cpp_py_sync._cffi_bindings import ffi
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

import cases

TEXTS = 100
# One of each pattern that is known there.
NAMES = ("default llama-bpe smaug-bpe deepseek-llm deepseek-coder deepseek-v3 spark2_5 youtu falcon starcoder gpt-2 qwen2 qwen35 poro-chat "
         "viking tekken chameleon gpt-4o granite-embed-multi-97m tiny_aya kimi-k2 superbpe bailingmoe seed-coder ufakzeka grok-2 afmoe "
         "laguna exaone-moe minicpm5 jais-2 smollm glm4 command-r megrez lfm2 falcon-h1").split()
CUT = r"\s?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+"


class Library:
    def __init__(self):
        self.lib = ffi.dlopen(str(next(Path(xllamacpp.__file__).parent.glob("*.so"))))
        self.callback = ffi.callback("void(int, const char *, void *)", lambda *_: None)
        self.lib.llama_log_set(ffi.cast("ggml_log_callback", self.callback), ffi.NULL)
        self.lib.llama_backend_init()


class Peer:
    """llama.cpp's tokenizer of one file; `vocabulary` is nothing where it takes none."""

    def __init__(self, library, path):
        self.lib = library.lib
        parameters = self.lib.llama_model_default_params()
        parameters.vocab_only = True
        self.model = self.lib.llama_model_load_from_file(str(path).encode(), parameters)
        self.vocabulary = self.lib.llama_model_get_vocab(self.model) if self.model != ffi.NULL else None

    def ids(self, text):
        data = text.encode()
        ids = ffi.new("llama_token[]", len(data) * 2 + 16)
        count = self.lib.llama_tokenize(self.vocabulary, data, len(data), ids, len(ids), False, True)
        return list(ids[0:count])

    def close(self):
        if self.vocabulary is not None:
            self.lib.llama_model_free(self.model)


def trained(chance):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(CUT), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)])
    tokenizer.train_from_iterator(
        [cases.text(chance, most=30) for _ in range(200)],
        trainers.BpeTrainer(vocab_size=600, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    model = json.loads(tokenizer.to_str())["model"]
    return sorted(model["vocab"], key=model["vocab"].get), [" ".join(merge) for merge in model["merges"]]


def write(path, name, tokens, merges):
    added = ["<|begin|>", "<|im_end|>", "<tool>"]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(name)
    writer.add_token_list(tokens + added)
    writer.add_token_types([1] * len(tokens) + [3, 3, 4])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(len(tokens))
    writer.add_eos_token_id(len(tokens) + 1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return added


def compare(comparison):
    chance, library = comparison.chance, Library()
    path = comparison.folder / "vocabulary.gguf"
    real = Path(os.environ.get("STAGECOACH_VOCABULARIES", comparison.root.parent / "shared/vocab"))
    files = sorted(real.glob("*.gguf")) if real.is_dir() else []
    round = 0
    while comparison.count + sum(comparison.refused.values()) < comparison.cases:
        if round < len(files):
            name, file, added = files[round].name, files[round], ["<s>", "<|im_end|>", "<|eot_id|>"]
        else:
            name, file = NAMES[round % len(NAMES)], path
            added = write(path, name, *trained(chance))
        round += 1
        peer = Peer(library, file)
        if peer.vocabulary is None:
            comparison.refused[f"llama.cpp takes no '{name}'"] += TEXTS
            continue
        texts = [cases.text(chance, added).replace("\x00", "") for _ in range(TEXTS)]
        comparison.compare_ids(name, file, texts, peer.ids, "--special")
        peer.close()
