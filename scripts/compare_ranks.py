"""Alternates one process and several ranks on one GGUF file, prints medians and ratios. Started by scripts/compare-ranks."""

import argparse
import json
import statistics
import subprocess
import sys


def works(arguments) -> list[tuple[str, list[int], str]]:
    """For each kind of work its name, what bench is told (prompt, generated tokens, sequences), and the rate that counts."""
    kinds = []
    for word in arguments.work.split(","):
        if word == "prefill":
            kinds.append(("prefill of 2048 tokens", [2048, 2, 1], "prefill_tokens_per_second"))
        elif word.isdigit() and int(word) > 0:
            name = "one sequence, decode" if word == "1" else f"{word} sequences, decode"
            tokens = [arguments.prompt_tokens, arguments.generate_tokens, int(word)]
            kinds.append((name, tokens, "decode_tokens_per_second"))
        else:
            sys.exit(f"compare-ranks: --work is a list like prefill,1,8,32, not {arguments.work}")
    return kinds


def bench(command: list[str], flags: list[str]) -> dict:
    run = subprocess.run(command + flags, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"compare-ranks: {' '.join(command + flags)} failed:\n{run.stderr}")
    return json.loads(run.stdout)


def measure(arguments, ranks: int, tokens: list[int]) -> dict:
    """What bench says of one repetition after a warm-up."""
    flags = ["--json", "--repetitions", "1", "--prompt-tokens", str(tokens[0]), "--generate-tokens", str(tokens[1]),
             "--sequences", str(tokens[2])]
    if ranks == 1:
        command = [arguments.program, "bench", "--model", arguments.model, "--threads", "1"]
    else:
        command = ["scripts/launch", "--program", arguments.program, "--np", str(ranks), "--threads", "1",
                   "--model", arguments.model, "--", "bench"]
        if arguments.partition:
            flags += ["--partition", arguments.partition]
    return bench(command, flags)["results"][0]


def read_bandwidth(arguments) -> float:
    """Gigabytes a second that plain reads by as many threads as there are ranks reach, in one process."""
    command = [arguments.program, "bench", "--model", arguments.model, "--threads", str(arguments.ranks)]
    short = ["--json", "--repetitions", "1", "--prompt-tokens", "2", "--generate-tokens", "2"]
    return bench(command, short)["machine"]["read_gigabytes_per_second"]


def spread(values: list[float]) -> str:
    digits = 0 if min(values) >= 100 else 1
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}..{max(values):.{digits}f})"


def compare(arguments, name: str, tokens: list[int], rate: str):
    """Prints a line for one kind of work."""
    alone, together, shares, layers = [], [], [], ""
    for _ in range(arguments.repetitions):
        alone.append(measure(arguments, 1, tokens)[rate])
        result = measure(arguments, arguments.ranks, tokens)
        together.append(result[rate])
        layers = "+".join(map(str, result["partition"]))
        if rate.startswith("decode"):
            read = result["weight_gigabytes_per_second"] + result["cache_gigabytes_per_second"]
            shares.append(read / read_bandwidth(arguments))
    ratios = [after / before for before, after in zip(alone, together)]
    ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}..{max(ratios):.2f})"
    share = f"{statistics.median(shares):.2f}" if shares else ""
    print(f"| {name} | {spread(alone)} | {spread(together)} | {ratio} | {share} | {layers} |", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="compare-ranks", description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--work", default="prefill,1,8,32")
    parser.add_argument("--partition")
    parser.add_argument("--prompt-tokens", type=int, default=16)
    parser.add_argument("--generate-tokens", type=int, default=48)
    parser.add_argument("--repetitions", type=int, default=3)
    arguments = parser.parse_args()
    kinds = works(arguments)
    print(f"{arguments.model}: tokens a second as median (slowest..fastest) of {arguments.repetitions} alternating runs\n")
    print(f"| | one process | {arguments.ranks} ranks | ratio | of read bandwidth | layers |\n|---|---|---|---|---|---|", flush=True)
    for kind in kinds:
        compare(arguments, *kind)


if __name__ == "__main__":
    main()
