"""Uses the server's page in headless Chromium as a person would. Started by scripts/check-page."""

import json
import os
import signal
import sys
import tempfile
import time
import urllib.request

from browser import Browser, wait_for


def last(browser, part: str):
    return browser.value(f"[...document.querySelectorAll('#log .assistant .{part}')].at(-1)?.textContent ?? ''")


def text_of(browser):
    return last(browser, "text")


def shown(browser, name: str):
    return browser.value(f"document.getElementById('{name}').textContent")


def focused(browser):
    return browser.value("document.activeElement.id || document.activeElement.name")


def coaches(browser):
    return browser.value("document.querySelectorAll('#ring .coach[visibility=visible]').length")


def items(browser):
    return browser.value("document.querySelectorAll('#log li').length")


def set_field(browser, name: str, value):
    browser.value(f"document.querySelector('[name={name}]').value = {json.dumps(value)}")


def click(browser, name: str):
    browser.value(f"(() => {{ const b = document.getElementById('{name}'); b.focus(); b.click(); }})()")


def write(browser, text: str):
    browser.value("document.getElementById('prompt').focus()")
    browser.call("Input.insertText", text=text)


def ask(browser, question: str):
    write(browser, question)
    browser.press("Enter", 13, "\r")


def wait_for_rest(browser, address: str):
    wait_for(lambda: browser.value("document.getElementById('stop').hidden"), "the stop")
    wait_for(lambda: json.load(urllib.request.urlopen(address + "/status"))["engine"]["running"] == 0, "the engine to stop")
    wait_for(lambda: shown(browser, "state") == "The ranks rest.", "rest")
    wait_for(lambda: coaches(browser) == 0, "no microbatch")


def begin_long_answer(browser):
    # Long enough to be watched on any machine, and the likeliest tokens of this model do not come to an end before: sampled
    # ones may.
    set_field(browser, "max_tokens", 3500)
    set_field(browser, "temperature", 0)
    set_field(browser, "repetition_penalty", 1)
    ask(browser, "Tell a very long story about a stagecoach.")
    return wait_for(lambda: text_of(browser), "the first words")


def check_streaming(browser, folder: str):
    first = begin_long_answer(browser)
    wait_for(lambda: len(text_of(browser)) > len(first) + 20, "more words")
    wait_for(lambda: browser.value("parseFloat(document.getElementById('rate').textContent)") > 0, "a rate")
    wait_for(lambda: coaches(browser), "a microbatch")
    places = set()
    wait_for(lambda: places.add(browser.value("document.querySelector('#ring .coach').getAttribute('cx')")) or len(places) > 2,
             "microbatches that move")
    wait_for(lambda: browser.value("Math.max(...[...document.querySelectorAll('#stages meter')].map(m => m.value))") > 0,
             "a busy stage")
    browser.picture(folder, "wide-streaming")


def check_number_in_flight(browser):
    """One answer is one microbatch, whenever one looks, and no rest."""
    states = set()
    end = time.monotonic() + 4
    while time.monotonic() < end:
        states.add(shown(browser, "state").split(",")[0])
        time.sleep(0.05)
    assert states == {"1 microbatch between the stages"}, states


def check_typing_stops_nothing(browser):
    assert focused(browser) == "prompt", focused(browser)
    browser.press(" ", 32, " ")
    browser.call("Input.insertText", text="and then")
    length = len(text_of(browser))
    wait_for(lambda: len(text_of(browser)) > length, "words after a space was typed")
    assert browser.value("document.getElementById('prompt').value") == " and then"
    browser.value("document.getElementById('prompt').value = ''")


def check_stop(browser, address: str):
    click(browser, "stop")
    wait_for_rest(browser, address)
    assert focused(browser) == "prompt"
    text = text_of(browser)
    assert text, "what was said before the stop stays"
    time.sleep(0.3)
    assert text_of(browser) == text


def check_conversation(browser):
    set_field(browser, "max_tokens", 12)
    ask(browser, "And now a short one.")
    wait_for(lambda: last(browser, "figures"), "figures")
    assert items(browser) == 4
    assert last(browser, "ending").startswith("Cut off after the most tokens"), last(browser, "ending")
    assert focused(browser) == "prompt"


def check_new_conversation(browser, address: str):
    """What comes of an answer after a new conversation was begun is not part of that."""
    for asks_at_once in [False, True]:
        begin_long_answer(browser)
        click(browser, "clear")
        assert items(browser) == 0 and focused(browser) == "prompt"
        if asks_at_once:
            set_field(browser, "max_tokens", 5)
            ask(browser, "Hello!")
            wait_for(lambda: last(browser, "figures"), "the new answer")
            assert items(browser) == 2
            assert browser.value("messages.map(m => m.role).join()") == "user,assistant"
        else:
            wait_for_rest(browser, address)
            assert browser.value("messages.length") == 0 and items(browser) == 0
        assert not shown(browser, "notice"), shown(browser, "notice")
    click(browser, "clear")


def check_refusal(browser):
    """A message that is refused is there to be changed, and not part of the conversation."""
    question = "again " * 9000
    ask(browser, question)
    wait_for(lambda: shown(browser, "notice"), "a refusal")
    assert "context" in shown(browser, "notice"), shown(browser, "notice")
    assert browser.value("document.getElementById('prompt').value") == question.strip()
    assert items(browser) == 0 and browser.value("messages.length") == 0
    browser.value("document.getElementById('prompt').value = ''")
    browser.complaints = [text for text in browser.complaints if "400" not in text]


def check_picture(browser):
    stages = browser.value("document.getElementById('stages').innerText")
    assert stages.count("layer") == 2, stages
    assert browser.value("document.querySelectorAll('#ring .stop').length") == 2
    assert shown(browser, "model").endswith(", 2 ranks")


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
    browser.size(1280, 800)


def check_key(browser):
    """A server with a key: its field opens, once, and the key that is typed there works."""
    wait_for(lambda: focused(browser) == "key", "the field of the key")
    assert browser.value("document.getElementById('settings').open")
    write(browser, "Hello!")
    time.sleep(1.2)
    assert focused(browser) == "prompt", "nobody is taken from what they write"
    browser.value("document.querySelector('[name=key]').focus()")
    browser.call("Input.insertText", text="secret")
    browser.press("Enter", 13, "\r")
    wait_for(lambda: shown(browser, "model").endswith(", 1 rank"), "the page of one rank")
    browser.complaints = [text for text in browser.complaints if "401" not in text]


def check_death(browser, server: int, folder: str):
    """A server that hangs or is gone is shown so, and one that is back too."""
    def is_dead():
        return browser.value("document.getElementById('cluster').classList.contains('dead')")

    begin_long_answer(browser)
    wait_for(lambda: coaches(browser), "a microbatch")
    os.kill(server, signal.SIGSTOP)
    wait_for(lambda: is_dead() and "not answered for 5 s" in shown(browser, "state"), "a hanging server to be shown so")
    wait_for(lambda: coaches(browser) == 0 and shown(browser, "rate") == "–", "a picture without figures")
    os.kill(server, signal.SIGCONT)
    wait_for(lambda: not is_dead() and coaches(browser), "the server to be back")
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: is_dead() and shown(browser, "state").startswith("No news from the server"), "a dead server to be shown so")
    wait_for(lambda: coaches(browser) == 0 and shown(browser, "answers") == "–", "a picture without figures")
    wait_for(lambda: shown(browser, "notice"), "the answer's end")
    browser.picture(folder, "dead")
    browser.complaints = []


def open_page(browser, address: str):
    browser.call("Page.navigate", url=address)
    wait_for(lambda: browser.value("location.href").startswith(address), "the page")
    wait_for(lambda: browser.value("document.readyState") == "complete", "the page")


def main():
    address, keyed, server, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    for each in [address, keyed]:
        wait_for(lambda: urllib.request.urlopen(each + "/health", timeout=2), "the server")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            browser.size(1280, 800)
            open_page(browser, address)
            wait_for(lambda: shown(browser, "model"), "the model")
            check_picture(browser)
            check_streaming(browser, folder)
            check_number_in_flight(browser)
            check_typing_stops_nothing(browser)
            check_stop(browser, address)
            check_conversation(browser)
            check_narrow(browser, folder)
            check_new_conversation(browser, address)
            check_refusal(browser)
            assert not browser.complaints, browser.complaints
            open_page(browser, keyed)
            check_key(browser)
            check_death(browser, server, folder)
            assert not browser.complaints, browser.complaints
        finally:
            browser.process.terminate()
            browser.process.wait()
    print("the page streams, stops, takes back, and shows the cluster as it is")


main()
