"""Models of random configurations, two layers each, beside `transformers` in float32."""
import json
import shutil

import numpy
import torch
import transformers

TOLERANCE = 2e-4
VOCABULARY = 48


def rope(chance, kind, pairs, length):
    """`rope_parameters` of today."""
    parameters = {"rope_type": kind, "rope_theta": chance.choice([10_000.0, 500_000.0, 1e6, 123.0])}
    factor = chance.choice([2.0, 4.0, 8.0, 3.7])
    original = chance.choice([16, 32])
    if kind == "linear" or kind == "dynamic":
        parameters["factor"] = factor
    elif kind == "llama3":
        parameters |= {"factor": factor, "low_freq_factor": 1.0, "high_freq_factor": chance.choice([2.0, 4.0]),
                       "original_max_position_embeddings": original}
    elif kind == "yarn":
        parameters |= {"factor": factor, "original_max_position_embeddings": original}
        for name, values in {"beta_fast": [32, 16], "beta_slow": [1, 2], "attention_factor": [1.1], "truncate": [True, False]}.items():
            if chance.random() < 0.3:
                parameters[name] = chance.choice(values)
        if chance.random() < 0.2:
            parameters |= {"mscale": 1.0, "mscale_all_dim": chance.choice([0.7, 1.0])}
    elif kind == "longrope":
        parameters |= {"original_max_position_embeddings": original,
                       "short_factor": [round(chance.uniform(1, 2), 2) for _ in range(pairs)],
                       "long_factor": [round(chance.uniform(1, 8), 2) for _ in range(pairs)]}
        if chance.random() < 0.5:
            parameters["factor"] = length / original
    return parameters


def configuration(chance):
    family = chance.choice(["llama", "llama", "mistral", "qwen2", "qwen3", "phi3", "smollm3", "ministral3"])
    heads = chance.choice([1, 2, 4])
    kv = chance.choice([n for n in (1, 2, 4) if heads % n == 0])
    dim = chance.choice([4, 8, 16])
    length = chance.choice([64, 128])
    values = {
        "vocab_size": VOCABULARY, "hidden_size": heads * dim, "intermediate_size": chance.choice([16, 24]), "num_hidden_layers": 2,
        "num_attention_heads": heads, "num_key_value_heads": kv, "max_position_embeddings": length,
        "rms_norm_eps": chance.choice([1e-5, 1e-6, 1e-4]), "tie_word_embeddings": chance.random() < 0.5,
        "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    if family in ("llama", "mistral", "qwen3", "ministral3") and chance.random() < 0.4 or family in ("qwen3", "mistral", "ministral3"):
        dim = chance.choice([4, 8, 16])
        values["head_dim"] = dim
    kinds = {"llama": ["default", "linear", "dynamic", "llama3", "yarn"], "phi3": ["default", "longrope"],
             "ministral3": ["default", "yarn"]}.get(family, ["default", "yarn", "linear"])
    share = 1.0
    if family == "phi3" and chance.random() < 0.5 and dim >= 8:
        share = 0.5
    values["rope_parameters"] = rope(chance, chance.choice(kinds), int(dim * share) // 2, length)
    if family == "ministral3":
        # A run stays before the place where queries are scaled.
        values["rope_parameters"] |= {"llama_4_scaling_beta": 0.1, "original_max_position_embeddings": 40}
    if share != 1:
        values["partial_rotary_factor"] = share
        values["rope_parameters"]["partial_rotary_factor"] = share
    if values["rope_parameters"]["rope_type"] == "longrope":
        values["original_max_position_embeddings"] = values["rope_parameters"]["original_max_position_embeddings"]
    if family == "llama":
        values |= {"attention_bias": chance.random() < 0.3, "mlp_bias": chance.random() < 0.3}
    if family in ("mistral", "phi3"):
        values["sliding_window"] = chance.choice([None, 4, 7, 64])
    if family in ("qwen2", "qwen3") and chance.random() < 0.5:
        values |= {"use_sliding_window": True, "sliding_window": chance.choice([4, 7]), "max_window_layers": chance.randrange(3)}
    if family == "smollm3" and chance.random() < 0.5:
        values["no_rope_layers"] = [chance.randrange(2), chance.randrange(2)]
    return family, values


def older(chance, path):
    """At times writes config.json as versions before 5 had it, and leaves out what is as everywhere."""
    config = json.loads(path.read_text())
    if chance.random() < 0.5:
        parameters = config.pop("rope_parameters", None) or {}
        config["rope_theta"] = parameters.pop("rope_theta", 10_000.0)
        parameters.pop("partial_rotary_factor", None)
        if parameters.get("rope_type", "default") != "default":
            if chance.random() < 0.5:
                parameters["type"] = parameters.pop("rope_type")
            config["rope_scaling"] = parameters
    for name in ("dtype", "attention_bias", "mlp_bias", "hidden_act", "layer_types"):
        if config.get(name) in (False, "silu", "float32") and chance.random() < 0.5:
            config.pop(name)
    path.write_text(json.dumps(config))


def logits(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0].numpy()


def compare(comparison):
    chance = comparison.chance
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    folder, out = comparison.folder / "model", comparison.folder / "logits"
    while comparison.count + sum(comparison.refused.values()) < comparison.cases:
        family, values = configuration(chance)
        torch.manual_seed(chance.randrange(1 << 30))
        try:
            config = transformers.AutoConfig.for_model(family, **values)
            model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
        except Exception as error:
            comparison.refused[f"transformers: {str(error)[:100]}"] += 1
            continue
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(torch.randn_like(parameter) * 0.3 + (1 if "norm" in name else 0))
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        older(chance, folder / "config.json")
        ids = [chance.randrange(VOCABULARY) for _ in range(chance.choice([5, 12, 24, 40]))]
        expected = logits(model, ids)
        original = values.get("original_max_position_embeddings")
        context = len(ids) if original else 40
        _, message = comparison.run("score", "--model", folder, "--ids", ",".join(map(str, ids)), "--kv-type", "f32", "--threads", "1",
                                    "--context", context, "--logits-out", out)
        what = f"{family} {json.dumps(json.loads((folder / 'config.json').read_text()))} ids {ids}"
        if message:
            comparison.compare(what, message, "logits")
            continue
        found = numpy.fromfile(out, dtype=numpy.float32).reshape(expected.shape)
        error = float(abs(found - expected).max())
        comparison.compare(what, "near" if error < TOLERANCE else f"off by {error:.2g}", "near")
