"""Headless Chromium, driven over the DevTools protocol by the checks of pages."""

import base64
import json
import pathlib
import subprocess
import sys
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
