"""Uses the server's page in headless Chromium over the DevTools protocol. Started by scripts/check-page."""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

import websocket

PATIENCE = 60


class Browser:
    """One tab of a Chromium of its own."""

    def __init__(self, folder: str):
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
                 "--remote-allow-origins=*", f"--user-data-dir={folder}", "about:blank"]
        self.process = subprocess.Popen(["chromium", *flags], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        port = wait_for(lambda: self.port_in(pathlib.Path(folder) / "DevToolsActivePort"), "Chromium to start")
        tabs = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
        self.socket = websocket.create_connection(address, timeout=PATIENCE)
        self.count = 0
        self.complaints = []
        for domain in ["Page", "Runtime", "Log"]:
            self.call(f"{domain}.enable")

    @staticmethod
    def port_in(path: pathlib.Path):
        return path.read_text().split()[0] if path.exists() and path.read_text().strip() else None

    def call(self, method: str, **parameters):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(message["params"]["exceptionDetails"]["text"])
            if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                self.complaints.append(message["params"]["entry"]["text"])
            if message.get("id") == self.count:
                assert "error" not in message, message
                return message["result"]

    def value(self, script: str):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, (script, result)
        return result["result"].get("value")

    def press(self, key: str, code: int, text: str = ""):
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, text=text)

    def size(self, width: int, height: int):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def picture(self, folder: str, name: str):
        if not folder:
            return
        data = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        (pathlib.Path(folder) / f"{name}.png").write_bytes(base64.b64decode(data))


def wait_for(body, what: str):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            value = body()
        except OSError:
            value = None
        if value:
            return value
        time.sleep(0.05)
    sys.exit(f"waited in vain for {what}")


def text_of(browser):
    return browser.value("[...document.querySelectorAll('#log .assistant .text')].at(-1)?.textContent ?? ''")


def ask(browser, question: str):
    browser.value("document.getElementById('prompt').focus()")
    browser.call("Input.insertText", text=question)
    browser.press("Enter", 13, "\r")


def check_streaming(browser, folder: str):
    # Long enough to be watched on any machine, and the likeliest tokens of this model do not come to an end before: sampled
    # ones may.
    browser.value("document.querySelector('[name=max_tokens]').value = 3500")
    browser.value("document.querySelector('[name=temperature]').value = 0")
    browser.value("document.querySelector('[name=repetition_penalty]').value = 1")
    ask(browser, "Tell a very long story about a stagecoach.")
    first = wait_for(lambda: text_of(browser), "the first words")
    wait_for(lambda: len(text_of(browser)) > len(first) + 20, "more words")
    wait_for(lambda: browser.value("parseFloat(document.getElementById('rate').textContent)") > 0, "a rate")
    wait_for(lambda: browser.value("document.querySelectorAll('#ring .coach[visibility=visible]').length"), "a microbatch")
    places = set()
    wait_for(lambda: places.add(browser.value("document.querySelector('#ring .coach').getAttribute('cx')")) or len(places) > 2,
             "microbatches that move")
    wait_for(lambda: browser.value("Math.max(...[...document.querySelectorAll('#stages meter')].map(m => m.value))") > 0,
             "a busy stage")
    browser.picture(folder, "wide-streaming")


def check_stop(browser, address: str):
    assert browser.value("document.activeElement.id") == "stop"
    browser.press("Enter", 13, "\r")
    wait_for(lambda: browser.value("document.getElementById('stop').hidden"), "the stop")
    text = text_of(browser)
    assert text, "what was said before the stop stays"
    wait_for(lambda: json.load(urllib.request.urlopen(address + "/status"))["engine"]["running"] == 0, "the engine to stop")
    time.sleep(0.3)
    assert text_of(browser) == text
    wait_for(lambda: browser.value("document.querySelectorAll('#ring .coach[visibility=visible]').length") == 0, "rest")


def check_picture(browser):
    stages = browser.value("document.getElementById('stages').innerText")
    assert stages.count("layer") == 2, stages
    assert browser.value("document.querySelectorAll('#ring .stop').length") == 2


def check_conversation(browser):
    browser.value("document.querySelector('[name=max_tokens]').value = 12")
    ask(browser, "And now a short one.")
    wait_for(lambda: browser.value("[...document.querySelectorAll('#log .assistant .figures')].at(-1)?.textContent"), "figures")
    assert browser.value("document.querySelectorAll('#log li').length") == 4
    assert browser.value("document.activeElement.id") == "prompt"


def check_narrow(browser, folder: str):
    browser.size(380, 800)
    assert browser.value("document.documentElement.scrollWidth") <= 380, "it must fit a phone"
    for theme in ["dark", "light"]:
        if browser.value("document.documentElement.dataset.theme") != theme:
            browser.value("document.getElementById('theme').click()")
        browser.picture(folder, f"narrow-{theme}")
    names = browser.value(
        "[...document.querySelectorAll('button,input,textarea,meter')].filter(e => !e.labels?.length && "
        "!e.getAttribute('aria-label') && !e.textContent).length")
    assert names == 0, "every control needs a name"


def main():
    address, folder = sys.argv[1], sys.argv[2]
    wait_for(lambda: urllib.request.urlopen(address + "/health", timeout=2), "the server")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            browser.size(1280, 800)
            browser.call("Page.navigate", url=address)
            wait_for(lambda: browser.value("document.getElementById('model')?.textContent"), "the page")
            check_picture(browser)
            check_streaming(browser, folder)
            check_stop(browser, address)
            check_conversation(browser)
            check_narrow(browser, folder)
            assert not browser.complaints, browser.complaints
        finally:
            browser.process.terminate()
            browser.process.wait()
    print("the page streams, stops and shows the cluster")


main()
