"""Opens a trace in the Perfetto UI and compares what a typed query says with what bench printed; see check-trace."""

import base64
import itertools
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from websocket import create_connection

BUSY = """
select process.pid as rank, sum(slice.dur) as busy
from slice join thread_track on slice.track_id = thread_track.id join thread using (utid) join process using (upid)
where slice.category = 'stage' and slice.name not in ('wait', 'send')
and extract_arg(slice.arg_set_id, 'args.phase') = %d group by process.pid order by process.pid
"""
REFUSED = "select name, value from stats where value > 0 and severity <> 'info'"


class Page:
    """A page of headless Chromium, driven by its remote debugging protocol."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
             "--remote-allow-origins=*", f"--user-data-dir={self.folder.name}", "--window-size=1280,800", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        mark = "DevTools listening on ws://"
        line = next((line for line in self.process.stderr if mark in line), None)
        if line is None:
            sys.exit("check-trace: chromium did not start")
        address = line.split(mark)[1].split("/")[0]
        targets = json.load(urllib.request.urlopen(f"http://{address}/json"))
        target = next(target for target in targets if target["type"] == "page")
        self.socket = create_connection(target["webSocketDebuggerUrl"], timeout=120, suppress_origin=True)
        self.numbers = itertools.count(1)
        self.exceptions = []
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                self.exceptions.append(message["params"]["exceptionDetails"])
            if message.get("id") == number:
                return message["result"]

    def evaluate(self, script):
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def wait(self, script, what):
        for _ in range(600):
            value = self.evaluate(script)
            if value:
                return value
            time.sleep(0.1)
        sys.exit(f"check-trace: the Perfetto UI never showed {what}")

    def press(self, key, code, control=False):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key if key == "Enter" else f"Key{key.upper()}",
                      windowsVirtualKeyCode=code, modifiers=2 if control else 0)

    def query(self, text):
        """Types `text` on the query page; the cells of the answer, row by row."""
        text = " ".join(text.split())
        self.evaluate("location.hash = '#!/query'")
        self.wait("document.querySelector('.cm-content') != null", "its query page")
        before = self.evaluate(HISTORY)
        self.evaluate("document.querySelector('.cm-content').focus()")
        self.press("a", 65, control=True)
        self.call("Input.insertText", text=text)
        time.sleep(0.3)
        self.press("Enter", 13, control=True)
        self.wait(f"{HISTORY} != {json.dumps(before)} && document.querySelector('.pf-query-page__results') != null",
                  "the answer to a query")
        time.sleep(1)
        return self.evaluate(ROWS)

    def close(self):
        self.process.terminate()
        self.process.wait()


HISTORY = "(document.body.innerText.match(/Query history \\((\\d+)/) ?? ['', '0'])[1]"
ROWS = """[...document.querySelectorAll('.pf-query-page__results tbody tr')].map(row =>
    [...row.querySelectorAll('.pf-grid-cell__content')].map(cell => cell.innerText.trim()))"""


def check(page, url, bench, screenshot):
    page.call("Page.navigate", url=url)
    stages = bench["stages"]
    page.wait(f"document.body.innerText.includes('rank {len(stages) - 1} on')", "the last rank")
    if screenshot:
        time.sleep(2)
        with open(screenshot, "wb") as file:
            file.write(base64.b64decode(page.call("Page.captureScreenshot")["data"]))
    refused = page.query(REFUSED)
    if refused:
        sys.exit(f"check-trace: the trace processor refused something: {refused}")
    rows = page.query(BUSY % bench["stages_trace_phase"])
    found = {int(rank): int(busy.replace(",", "")) * 1e-9 for rank, busy in rows}
    for stage in stages:
        (rank, printed), queried = (stage["rank"], stage["compute_seconds"]), found.get(stage["rank"], 0.0)
        print(f"rank {rank}: busy {queried:.6f} s by the query, {printed:.6f} s by bench")
        if abs(queried - printed) > 0.01 * printed:
            sys.exit("check-trace: they differ by more than 1 %")
    if page.exceptions:
        sys.exit(f"check-trace: the page failed: {page.exceptions[0]}")


def main():
    viewer, trace, bench, screenshot = sys.argv[1:]
    with open(bench) as file:
        bench = json.load(file)["results"][0]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([viewer, "--server_only", "--port", str(port), trace], stdout=subprocess.DEVNULL)
    page = Page()
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        check(page, f"http://127.0.0.1:{port}/", bench, screenshot)
    finally:
        page.close()
        server.terminate()
        server.wait()


main()
