"""Compares stagecoach and llama.cpp with float32 arithmetic on many short raw texts.

Started by scripts/compare-quality --short. The first tokens of a text are those with massive activations, and without BOS
they are tokens that mean something.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import tempfile

import llama_cpp
import numpy as np

from compare_quality import write_dequantized

SEED = 14
# What people type without a chat's frame: a few words, with the numbers, marks and line breaks that come between them.
REPORTED = "On 3"


def short_texts(prose: str, count: int) -> list[str]:
    """The reported text, and texts by ten rules in turn from the words of `prose`; the same wherever this runs."""
    words = re.findall(r"[A-Za-z']+", prose)
    chosen = random.Random(SEED)

    def some(least: int, most: int) -> str:
        length = chosen.randint(least, most)
        start = chosen.randrange(len(words) - length)
        return " ".join(words[start : start + length])

    rules = [
        lambda: some(2, 12),
        lambda: f"{some(1, 3).capitalize()} {chosen.randint(0, 99)}",
        lambda: f"{some(1, 2).capitalize()} {chosen.randint(0, 9)}: {some(1, 6)}",
        lambda: f"{chosen.randint(1, 99)}. {some(1, 8).capitalize()}",
        lambda: f"{some(1, 2).capitalize()}\n\n{some(2, 8).capitalize()}.",
        lambda: f"- {some(1, 4)}\n- {some(1, 4)}",
        lambda: f'"{some(2, 8).capitalize()}," {some(1, 3)}.',
        lambda: f"def {some(1, 1)}({some(1, 1)}, {some(1, 1)}):\n    return {chosen.randint(0, 999)}",
        lambda: f"{some(1, 1).capitalize()}, {some(1, 1)}  {some(1, 4)}",
        lambda: f"{some(1, 2)}={chosen.randint(0, 9999)};",
    ]
    return [REPORTED] + [rules[index % len(rules)]() for index in range(count - 1)]


def log_softmax(rows: np.ndarray) -> np.ndarray:
    rows = rows.astype(np.float64)
    rows -= rows.max(axis=1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))


class Stagecoach:
    def __init__(self, program: pathlib.Path, model: pathlib.Path, scratch: pathlib.Path):
        self.program, self.model, self.scratch = program, model, scratch

    def ids(self, text: str) -> list[int]:
        command = [self.program, "tokenize", "--model", self.model]
        return json.loads(subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout)["ids"]

    def log_probabilities(self, ids: list[int]) -> np.ndarray:
        logits = self.scratch / "logits"
        subprocess.run(
            [self.program, "score", "--model", self.model, "--threads", "1", "--ids", ",".join(map(str, ids)),
             "--logits-out", logits, "--json"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        return log_softmax(np.fromfile(logits, np.float32).reshape(len(ids), -1))


class LlamaCpp:
    def __init__(self, model: pathlib.Path, **flags):
        self.llama = llama_cpp.Llama(str(model), n_ctx=256, logits_all=True, n_threads=1, verbose=False, **flags)

    def log_probabilities(self, ids: list[int]) -> np.ndarray:
        self.llama.reset()
        self.llama.eval(ids)
        return log_softmax(self.llama.scores[: len(ids)].copy())


def report(name: str, engine, texts: list[list[int]], expected: list[np.ndarray]):
    """Prints how far an engine is from what is expected, over all positions of all texts."""
    divergences, misses, found, places = [], [], [], []
    for index, (ids, base) in enumerate(zip(texts, expected)):
        ours = engine.log_probabilities(ids)
        divergences += (np.exp(base) * (base - ours)).sum(axis=1).tolist()
        for position in range(len(ids) - 1):
            found.append(-ours[position, ids[position + 1]])
            misses.append(found[-1] + base[position, ids[position + 1]])
            places.append((index, position))
    misses = np.array(misses)
    worst = np.abs(misses).argmax()
    text, position = places[worst]
    print(f"{name:12}  mean KL {np.mean(divergences):.5f}  worst {np.max(divergences):.3f}   NLL misses by: mean "
          f"{np.abs(misses).mean():.4f}  worst {misses[worst]:+.3f} (text {text}, position {position})  "
          f"first text {misses[places.index((0, len(texts[0]) - 2))]:+.3f}   mean NLL {np.mean(found):.4f} "
          f"({misses.mean():+.4f})")


def main():
    repository = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(prog="compare-quality --short", description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--before", type=pathlib.Path, help="another build of stagecoach, which is measured first")
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--text", type=pathlib.Path, default=repository / "Tests/Fixtures/prose/ferry.txt")
    parser.add_argument("--short", type=int, metavar="COUNT", required=True, help="how many texts")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        ours = Stagecoach(arguments.program, arguments.model, scratch)
        texts = [ours.ids(text) for text in short_texts(arguments.text.read_text(), arguments.short)]
        dequantized = scratch / "f32.gguf"
        write_dequantized(arguments.model, dequantized)
        kept = {"type_k": llama_cpp.GGML_TYPE_F32, "type_v": llama_cpp.GGML_TYPE_F32}
        reference = LlamaCpp(dequantized, **kept)
        expected = [reference.log_probabilities(ids) for ids in texts]
        positions = sum(len(ids) - 1 for ids in texts)
        nll = -sum(base[i, ids[i + 1]] for ids, base in zip(texts, expected) for i in range(len(ids) - 1)) / positions
        print(f"{arguments.model.name}: {len(texts)} texts, {sum(map(len, texts))} tokens; mean NLL in float32 {nll:.4f}")
        if arguments.before:
            report("before", Stagecoach(arguments.before, arguments.model, scratch), texts, expected)
        report("stagecoach", ours, texts, expected)
        report("llama.cpp", LlamaCpp(arguments.model), texts, expected)


if __name__ == "__main__":
    main()
