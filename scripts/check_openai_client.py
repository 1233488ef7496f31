"""What OpenAI's client makes of a server. Started by scripts/check-openai-client."""

import math
import sys
import time
import urllib.request

import openai

QUESTION = [{"role": "user", "content": "Name three colours."}]


def wait_for(address: str):
    for _ in range(300):
        try:
            urllib.request.urlopen(address + "/health", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("the server does not answer")


def check_chat(client):
    answer = client.chat.completions.create(
        model="smol", messages=QUESTION, max_tokens=20, seed=3, temperature=0.7, logprobs=True, top_logprobs=3)
    choice = answer.choices[0]
    assert choice.message.role == "assistant" and choice.message.content
    assert len(choice.logprobs.content) == answer.usage.completion_tokens
    assert all(len(entry.top_logprobs) == 3 and entry.logprob <= 0 for entry in choice.logprobs.content)
    assert b"".join(bytes(e.bytes) for e in choice.logprobs.content).decode().startswith(choice.message.content)
    stream = client.chat.completions.create(
        model="smol", messages=QUESTION, max_tokens=20, seed=3, temperature=0.7, stream=True,
        stream_options={"include_usage": True})
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == choice.message.content, (text, choice.message.content)
    assert chunks[-1].usage.completion_tokens == answer.usage.completion_tokens
    assert chunks[-1].usage.prompt_tokens_details.cached_tokens > 0
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == choice.finish_reason


def check_choices(client):
    answer = client.chat.completions.create(
        model="smol", messages=QUESTION, n=3, max_completion_tokens=10, temperature=1.2, stop=["."], user="me",
        frequency_penalty=0.5, presence_penalty=0.5, logit_bias={"10": -100}, extra_body={"top_k": 40, "min_p": 0.05})
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert len({choice.message.content for choice in answer.choices}) > 1
    assert all("." not in choice.message.content for choice in answer.choices)


def check_completions(client):
    answer = client.completions.create(model="smol", prompt="Once upon a time", max_tokens=5, echo=True, logprobs=2)
    choice = answer.choices[0]
    assert choice.text.startswith("Once upon a time") and answer.usage.completion_tokens == 5
    assert len(choice.logprobs.tokens) == answer.usage.total_tokens
    assert choice.logprobs.token_logprobs[0] is None and all(math.isfinite(x) for x in choice.logprobs.token_logprobs[1:])
    assert "".join(choice.logprobs.tokens) == choice.text
    many = client.completions.create(model="smol", prompt=[[504, 253], [19]], max_tokens=3)
    assert len(many.choices) == 2
    pieces = list(client.completions.create(model="smol", prompt="One, two,", max_tokens=4, stream=True))
    assert "".join(piece.choices[0].text for piece in pieces) and pieces[-1].choices[0].finish_reason == "length"


def check_errors(client):
    for kind, change in [
        (openai.NotFoundError, {"model": "gpt-5"}), (openai.BadRequestError, {"temperature": -1}),
        (openai.BadRequestError, {"messages": []}), (openai.BadRequestError, {"response_format": {"type": "json_object"}}),
        (openai.BadRequestError, {"extra_body": {"guided_choice": ["yes", "no"]}}),
    ]:
        try:
            client.chat.completions.create(**{"model": "smol", "messages": QUESTION, **change})
        except kind as error:
            assert error.body["message"]
        else:
            raise AssertionError(f"{change} was taken")
    try:
        client.completions.create(model="smol", prompt="word " * 9000)
    except openai.BadRequestError as error:
        # By these litellm and langchain know that a shorter prompt would do.
        assert error.code == "context_length_exceeded" and "This model's maximum context length is" in error.message
    else:
        raise AssertionError("a prompt beyond the context was taken")


def check_turns(client):
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    turns = QUESTION + [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "sunny"}]
    assert client.chat.completions.create(model="smol", messages=turns, max_tokens=2).choices
    begun = QUESTION + [{"role": "assistant", "content": "Well, "}]
    assert client.chat.completions.create(
        model="smol", messages=begun, max_tokens=2, extra_body={"continue_final_message": True}).choices


def main():
    address = sys.argv[1]
    wait_for(address)
    client = openai.OpenAI(base_url=address + "/v1", api_key="none", max_retries=0, timeout=120)
    assert [model.id for model in client.models.list()] == ["smol"]
    for check in [check_chat, check_choices, check_completions, check_turns, check_errors]:
        check(client)
        print(f"{check.__name__}: good")


main()
