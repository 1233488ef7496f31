"""Compares stagecoach and llama.cpp with float32 arithmetic on one text. Started by scripts/compare-quality."""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import gguf
import numpy as np

# As llama-perplexity does it: the text is cut into contexts of this many tokens, and the second half of each is scored.
CONTEXT = 512
FIRST = CONTEXT // 2
SCORED = CONTEXT - 1 - FIRST


def write_dequantized(source: pathlib.Path, target: pathlib.Path):
    """Writes the model with every weight in F32."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        value = int(gguf.LlamaFileType.ALL_F32) if name == "general.file_type" else field.contents()
        element = field.types[1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(name, value, field.types[0], element)
    for tensor in reader.tensors:
        weights = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        writer.add_tensor(tensor.name, np.ascontiguousarray(weights, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def run_llama_perplexity(arguments, model: pathlib.Path, *flags) -> str:
    command = [
        arguments.peer / "bin/llama-perplexity", "--model", model, "--threads", str(arguments.threads),
        "--ctx-size", str(CONTEXT), *flags,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"llama-perplexity failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Base:
    """The file that llama-perplexity writes: tokens, and the log-probabilities of float32 in 16 bits each."""

    def __init__(self, path: pathlib.Path):
        content = path.read_bytes()
        if content[:8] != b"_logits_":
            sys.exit("llama-perplexity wrote no log-probabilities: is the text shorter than 1024 tokens?")
        context, self.vocabulary_size, self.contexts = np.frombuffer(content, np.int32, 3, 8)
        assert context == CONTEXT
        self.tokens = np.frombuffer(content, np.int32, self.contexts * CONTEXT, 20).reshape(self.contexts, CONTEXT)
        row = 2 * ((self.vocabulary_size + 1) // 2) + 4
        self.rows = np.frombuffer(content, np.uint16, offset=20 + self.tokens.nbytes).reshape(self.contexts, SCORED, row)

    def log_probabilities(self, context: int) -> np.ndarray:
        rows = self.rows[context]
        scale, smallest = np.ascontiguousarray(rows[:, :4]).view(np.float32).astype(np.float64).T
        return scale[:, None] * rows[:, 4 : 4 + self.vocabulary_size] + smallest[:, None]


def score(arguments, tokens: np.ndarray, scratch: pathlib.Path) -> np.ndarray:
    """Stagecoach's log-probabilities after each scored token of one context."""
    ids, logits = scratch / "ids", scratch / "logits"
    ids.write_text(",".join(map(str, tokens)))
    subprocess.run(
        [arguments.program, "score", "--model", arguments.model, "--threads", str(arguments.threads),
         "--ids-file", ids, "--logits-out", logits, "--json"],
        check=True, stdout=subprocess.DEVNULL,
    )
    rows = np.fromfile(logits, np.float32).reshape(CONTEXT, -1)[FIRST : FIRST + SCORED].astype(np.float64)
    rows -= rows.max(axis=1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))


def divergence(base: np.ndarray, ours: np.ndarray) -> np.ndarray:
    """KL divergence of each position; like llama.cpp, without what the base gives less than e^-16."""
    return np.where(base > -16, np.exp(base) * (base - ours), 0).sum(axis=1)


def measure_stagecoach(arguments, base: Base, scratch: pathlib.Path) -> tuple[np.ndarray, np.ndarray]:
    """KL divergence, and whether the likeliest token is the same, of each position."""
    divergences, same = [], []
    for context in range(base.contexts):
        expected, ours = base.log_probabilities(context), score(arguments, base.tokens[context], scratch)
        divergences.append(divergence(expected, ours))
        same.append(expected.argmax(axis=1) == ours.argmax(axis=1))
    return np.concatenate(divergences), np.concatenate(same)


def main():
    repository = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(prog="compare-quality", description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--peer", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--text", type=pathlib.Path, default=repository / "Tests/Fixtures/prose/ferry.txt")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        dequantized, saved = scratch / "f32.gguf", scratch / "base"
        write_dequantized(arguments.model, dequantized)
        run_llama_perplexity(arguments, dequantized, "--file", arguments.text, "--kl-divergence-base", saved,
                             "--cache-type-k", "f32", "--cache-type-v", "f32")
        base = Base(saved)
        report = run_llama_perplexity(arguments, arguments.model, "--kl-divergence-base", saved, "--kl-divergence")
        divergences, same = measure_stagecoach(arguments, base, scratch)
    peer_divergence, peer_same = (
        float(re.search(pattern, report).group(1)) for pattern in [r"Mean +KLD: +([\d.]+)", r"Same top p: +([\d.]+)"]
    )
    error = divergences.std() / len(divergences) ** 0.5
    print(f"{arguments.model.name}: {base.tokens.size} tokens in contexts of {CONTEXT}, {len(divergences)} positions")
    print(f"stagecoach  mean KL {divergences.mean():.6f} +- {error:.6f}  same top {100 * same.mean():.2f} %")
    print(f"llama.cpp   mean KL {peer_divergence:.6f}              same top {peer_same:.2f} %")
    print(f"ratio of mean KL {divergences.mean() / peer_divergence:.3f}, "
          f"same top {100 * same.mean() - peer_same:+.2f} points")


if __name__ == "__main__":
    main()
