"""Alternates stagecoach and llama.cpp on one GGUF file and prints medians and ratios. Started by scripts/compare-peers."""

import argparse
import json
import statistics
import subprocess
import sys
import time

import llama_cpp


class LlamaCpp:
    """One llama.cpp context, timed around llama_decode itself."""

    def __init__(self, model: str, threads: int, context: int):
        quiet = llama_cpp.llama_log_callback(lambda level, text, data: None)
        llama_cpp.llama_log_set(quiet, None)
        self.keep = quiet
        self.model = llama_cpp.llama_model_load_from_file(model.encode(), llama_cpp.llama_model_default_params())
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = context
        parameters.n_batch = parameters.n_ubatch = 512
        parameters.n_threads = parameters.n_threads_batch = threads
        self.context = llama_cpp.llama_init_from_model(self.model, parameters)
        self.vocabulary_size = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self.model))

    def close(self):
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)

    def decode(self, tokens: list[int]) -> float:
        """Seconds that one llama_decode takes."""
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        batch = llama_cpp.llama_batch_get_one(array, len(tokens))
        start = time.perf_counter()
        if llama_cpp.llama_decode(self.context, batch) != 0:
            sys.exit("llama.cpp: llama_decode failed")
        llama_cpp.llama_get_logits_ith(self.context, -1)
        return time.perf_counter() - start

    def run(self, prompt: list[int], count: int) -> tuple[float, float]:
        """Prefill and decode rates in tokens a second. Which token is fed back does not change the work."""
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)
        prefill = self.decode(prompt)
        decode = sum(self.decode([prompt[index % len(prompt)]]) for index in range(count - 1))
        return len(prompt) / prefill, (count - 1) / decode


def run_stagecoach(arguments, threads: int) -> tuple[float, float, float]:
    """Prefill and decode rates in tokens a second after a warm-up, and decode's share of the read bandwidth."""
    command = [
        arguments.program, "bench", "--model", arguments.model, "--threads", str(threads), "--repetitions", "1", "--json",
        "--prompt-tokens", str(arguments.prompt_tokens), "--generate-tokens", str(arguments.generate_tokens),
    ]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["results"][0]
    return tuple(result[name] for name in ["prefill_tokens_per_second", "decode_tokens_per_second", "read_bandwidth_share"])


def spread(values: list[float]) -> str:
    digits = 0 if min(values) >= 100 else 1
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}..{max(values):.{digits}f})"


def compare(arguments, threads: int):
    """Prints a line for prefill and one for decode."""
    peer = LlamaCpp(arguments.model, threads, arguments.prompt_tokens + arguments.generate_tokens + 8)
    prompt = [1 + index * 7919 % (peer.vocabulary_size - 2) for index in range(arguments.prompt_tokens)]
    ours, theirs = [], []
    peer.run(prompt, 4)
    for _ in range(arguments.repetitions):
        ours.append(run_stagecoach(arguments, threads))
        theirs.append(peer.run(prompt, arguments.generate_tokens))
    peer.close()
    share = statistics.median(run[2] for run in ours)
    for index, phase in enumerate(["prefill", "decode"]):
        mine, other = [run[index] for run in ours], [run[index] for run in theirs]
        ratio = statistics.median(a / b for a, b in zip(mine, other))
        bandwidth = f"{share:.2f}" if phase == "decode" else ""
        print(f"| {threads} | {phase} | {spread(mine)} | {spread(other)} | {ratio:.2f} | {bandwidth} |", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="compare-peers", description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--prompt-tokens", type=int, default=512)
    parser.add_argument("--generate-tokens", type=int, default=64)
    parser.add_argument("--repetitions", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{arguments.model}: prompt {arguments.prompt_tokens}, generate {arguments.generate_tokens}, "
          f"{arguments.repetitions} alternating runs; tokens a second as median (slowest..fastest)\n")
    print("| threads | | Stagecoach | llama.cpp | ratio | of read bandwidth |")
    print("|---|---|---|---|---|---|", flush=True)
    for threads in map(int, arguments.threads.split(",")):
        compare(arguments, threads)


if __name__ == "__main__":
    main()
