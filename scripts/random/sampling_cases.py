"""Random logits and parameters beside the processors of `transformers`, in float64; a test of the tree lists the differences."""
import json

import torch
from transformers.generation import logits_process

from templates_cases import run_test

VOCABULARY = 60


def parameters(chance):
    """Names as in requests; absent ones are off."""
    values = {"temperature": round(chance.uniform(0.05, 3), 3)}
    if chance.random() < 0.5:
        values["topK"] = chance.randrange(1, VOCABULARY + 10)
    if chance.random() < 0.5:
        values["topP"] = round(chance.uniform(0.01, 1), 3)
    if chance.random() < 0.5:
        values["minP"] = round(chance.uniform(0.001, 0.5), 3)
    if chance.random() < 0.4:
        values["repeatPenalty"] = round(chance.uniform(0.5, 2), 3)
    if chance.random() < 0.3:
        values["logit_bias"] = {chance.randrange(VOCABULARY): round(chance.uniform(-10, 10), 2) for _ in range(3)}
    return values


def reference(logits, history, values):
    """The probabilities of the tokens that are left."""
    scores = torch.tensor([logits], dtype=torch.float32).double()
    ids = torch.tensor([history])
    steps = []
    if "repeatPenalty" in values:
        steps.append(logits_process.RepetitionPenaltyLogitsProcessor(values["repeatPenalty"]))
    for id, bias in values.get("logit_bias", {}).items():
        steps.append(logits_process.SequenceBiasLogitsProcessor([[[id], bias]]))
    steps.append(logits_process.TemperatureLogitsWarper(values["temperature"]))
    if "topK" in values:
        steps.append(logits_process.TopKLogitsWarper(values["topK"]))
    if "topP" in values:
        steps.append(logits_process.TopPLogitsWarper(values["topP"]))
    if "minP" in values:
        steps.append(logits_process.MinPLogitsWarper(values["minP"]))
    for step in steps:
        scores = step(ids, scores).double()
    return scores.softmax(-1)[0].tolist()


def compare(comparison):
    chance, rows = comparison.chance, []
    for _ in range(comparison.cases):
        # Different logits: which of equals the reference keeps depends on how it sorts.
        logits = chance.sample(range(-6000, 6000), VOCABULARY)
        logits = [value / 1000 for value in logits]
        history = [chance.randrange(VOCABULARY) for _ in range(chance.randrange(1, 30))]
        values = parameters(chance)
        rows.append({"logits": logits, "history": history, "parameters": {k: v for k, v in values.items() if k != "logit_bias"},
                     "bias": [[id, bias] for id, bias in values.get("logit_bias", {}).items()],
                     "probabilities": reference(logits, history, values)})
    path = comparison.folder / "sampling.json"
    path.write_text(json.dumps(rows))
    comparison.count = len(rows)
    run_test(comparison, "SamplingTests.TransformersTests", {"STAGECOACH_SAMPLING_GOLDENS": str(path)})
