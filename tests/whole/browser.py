"""A headless Chromium that opens one file after the other, driven through its DevTools protocol over a pipe.

It gets a home of its own and no network; nothing of it stays behind.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAM = shutil.which("chromium")
WORDS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync",
         "--hide-scrollbars", "--no-first-run", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND",
         "--remote-debugging-pipe", "about:blank")


class Browser:
    """As a context: from the start of the program to its end."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="browser-")
        home = Path(self.folder.name)
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()

        def connect():  # where the program looks for them
            os.dup2(commands, 63)
            os.dup2(answers, 64)
            os.dup2(63, 3)
            os.dup2(64, 4)
            os.closerange(5, 65)

        self.process = subprocess.Popen(
            [PROGRAM, f"--user-data-dir={home / 'profile'}", *WORDS], cwd=home, preexec_fn=connect, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            # Its socket is in TMPDIR: named so that it fits into a socket's address however deep this folder lies.
            env={"HOME": str(home), "TMPDIR": "/proc/self/cwd", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        os.close(commands)
        os.close(answers)
        self.number = 0
        self.waiting = b""
        self.session = None
        [page] = [target for target in self.ask("Target.getTargets")["targetInfos"] if target["type"] == "page"]
        self.session = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self.ask("Page.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        self.session = None
        self.ask("Browser.close")
        os.close(self.commands)
        os.close(self.answers)
        self.process.wait(30)
        self.folder.cleanup()

    def receive(self):
        while b"\0" not in self.waiting:
            more = os.read(self.answers, 1 << 20)
            if not more:
                raise EOFError("the browser is gone")
            self.waiting += more
        message, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(message)

    def wait_for(self, is_wanted):
        while not is_wanted(message := self.receive()):
            pass
        return message

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        answer = self.wait_for(lambda message: message.get("id") == self.number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def show(self, width, scheme="light"):
        """From now on: so many pixels wide, light or dark."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, file):
        self.ask("Page.navigate", url=Path(file).resolve().as_uri())
        self.wait_for(lambda message: message.get("method") == "Page.loadEventFired")

    def run(self, script):
        """The value of an expression, or what its promise is kept with."""
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def picture(self):
        """All of the page, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def print(self):
        """As PDF, the paper as the page wants it."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
