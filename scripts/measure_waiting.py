"""Measures what ranks cost while they wait for prompts, and how fast they wake. Started by scripts/measure-waiting."""

import argparse
import glob
import json
import os
import statistics
import subprocess
import time


class Ranks:
    """A batch job that reads prompts from a pipe as they are written."""

    def __init__(self, arguments):
        # launch hands variables of this name on to all ranks, which tells them from those of other runs.
        self.mark = f"STAGECOACH_MEASUREMENT={os.getpid()}"
        name, value = self.mark.split("=")
        command = ["scripts/launch", "--program", arguments.program, "--np", str(arguments.ranks), "--threads", "1",
                   "--model", arguments.model, "--", "generate", "--prompts", "-"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=dict(os.environ, **{name: value}))
        # The kernel keeps 15 letters of a program's name; a rank's shell has another.
        self.program = os.path.basename(arguments.program)[:15]
        self.count = 0

    def answer(self) -> float:
        """Seconds from a prompt to its answer of one token."""
        self.count += 1
        prompt = {"id": self.count, "prompt_ids": [self.count % 100 + 1, 7, 9], "max_tokens": 1}
        start = time.perf_counter()
        print(json.dumps(prompt), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert json.loads(line)["id"] == self.count, line
        return time.perf_counter() - start

    def processor_seconds(self) -> dict[int, float]:
        """What each rank's process has used of the processor so far."""
        used = {}
        for folder in glob.glob("/proc/[0-9]*"):
            try:
                with open(f"{folder}/environ", "rb") as file:
                    variables = file.read().decode(errors="replace").split("\0")
                with open(f"{folder}/stat") as file:
                    name, fields = file.read().split(") ", 1)
            except OSError:
                continue
            rank = [word.split("=")[1] for word in variables if word.startswith("OMPI_COMM_WORLD_RANK=")]
            if rank and self.mark in variables and name.endswith("(" + self.program):
                user, system = fields.split()[11:13]
                used[int(rank[0])] = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        return used

    def close(self):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(prog="measure-waiting", description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--ranks", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--requests", type=int, default=20)
    arguments = parser.parse_args()
    ranks = Ranks(arguments)
    for _ in range(5):
        ranks.answer()
    at_once, rested = [], []
    for _ in range(arguments.requests):
        time.sleep(1)
        rested.append(ranks.answer() * 1e3)
        at_once.append(ranks.answer() * 1e3)
    delay = statistics.median(after - before for after, before in zip(rested, at_once))
    print(f"first token: {statistics.median(rested):.1f} ms after a second of rest "
          f"({min(rested):.1f}..{max(rested):.1f}), {statistics.median(at_once):.1f} ms at once "
          f"({min(at_once):.1f}..{max(at_once):.1f}), delayed by {delay:.1f} ms in the median of {arguments.requests}")
    before, start = ranks.processor_seconds(), time.perf_counter()
    time.sleep(arguments.seconds)
    after, elapsed = ranks.processor_seconds(), time.perf_counter() - start
    assert sorted(before) == sorted(after) == list(range(arguments.ranks)), (before, after)
    shares = ", ".join(f"rank {rank}: {(after[rank] - before[rank]) / elapsed:.2%}" for rank in sorted(after))
    print(f"of a core over {elapsed:.0f} s after an answer: {shares}")
    ranks.close()


if __name__ == "__main__":
    main()
