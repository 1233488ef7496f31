"""Times how stagecoach and llama.cpp load one GGUF file from the page cache. Started by scripts/compare-load."""

import argparse
import json
import mmap
import os
import statistics
import subprocess
import sys
import threading
import time

PROMPT = [1, 2, 3, 4]

# A new process for each run, as users start one; its own start and imports are not counted.
LLAMA = f"""
import sys, time, llama_cpp
start = time.perf_counter()
threads = int(sys.argv[2])
model = llama_cpp.Llama(sys.argv[1], n_ctx=512, n_threads=threads, n_threads_batch=threads, verbose=False)
loaded = time.perf_counter() - start
model.eval({PROMPT})
print(loaded, time.perf_counter() - start)
"""


def run_llama(arguments, threads: int) -> tuple[float, float]:
    command = [sys.executable, "-c", LLAMA, arguments.model, str(threads)]
    loaded, answered = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(loaded), float(answered)


def run_stagecoach(arguments, threads: int, ranks: int) -> tuple[float, float]:
    """Seconds of loading, and of the whole process with one token."""
    model = ["--model", arguments.model, "--threads", str(threads)]
    work = ["generate", "--json", "--max-tokens", "1", "--prompt-ids", ",".join(map(str, PROMPT))]
    if ranks == 1:
        command = [arguments.program, *work, *model]
    else:
        command = ["scripts/launch", "--np", str(ranks), *model, "--", *work]
    start = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True).stdout
    return json.loads(output)["loading"]["seconds"], time.perf_counter() - start


def read(path: str, threads: int) -> float:
    """Seconds of reading the file into memory that is there already, a part a thread, 1 MiB at once."""
    size, step = os.path.getsize(path), 1 << 20
    memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)
    for at in range(0, size, 4096):
        memory[at] = 1
    view, share = memoryview(memory), -(-size // threads // step) * step

    def copy(part: int):
        descriptor = os.open(path, os.O_RDONLY)
        for at in range(part * share, min((part + 1) * share, size), step):
            os.preadv(descriptor, [view[at:min(at + step, size)]], at)
        os.close(descriptor)

    workers = [threading.Thread(target=copy, args=[part]) for part in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - start
    view.release()
    memory.close()
    return seconds


def main():
    parser = argparse.ArgumentParser(prog="compare-load", description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repetitions", type=int, default=3)
    arguments = parser.parse_args()
    gigabytes = os.path.getsize(arguments.model) / 1e9
    kinds = {}
    for count in map(int, arguments.threads.split(",")):
        kinds[f"Stagecoach, threads: {count}"] = lambda count=count: run_stagecoach(arguments, count, 1)
        kinds[f"llama.cpp, threads: {count}"] = lambda count=count: run_llama(arguments, count)
        kinds[f"reading only, threads: {count}"] = lambda count=count: (read(arguments.model, count), None)
    kinds["Stagecoach, 2 ranks of one thread"] = lambda: run_stagecoach(arguments, 1, 2)
    # Memory that a virtual machine has not touched for long is slow the first time, whoever touches it.
    for run in kinds.values():
        run()
    found = {name: [] for name in kinds}
    for _ in range(arguments.repetitions):
        for name, run in kinds.items():
            found[name].append(run())
    print(f"{arguments.model}: {gigabytes:.2f} GB, medians of {arguments.repetitions} (fastest..slowest)\n")
    print("| | loading, s | GB/s | first token after, s |\n|---|---|---|---|")
    for name, runs in found.items():
        loads = [run[0] for run in runs]
        load = statistics.median(loads)
        first = "" if runs[0][1] is None else f"{statistics.median(run[1] for run in runs):.2f}"
        print(f"| {name} | {load:.2f} ({min(loads):.2f}..{max(loads):.2f}) | {gigabytes / load:.1f} | {first} |")


if __name__ == "__main__":
    main()
