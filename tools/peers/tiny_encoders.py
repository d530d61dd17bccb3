"""Writes encoders of each family with random weights, and what transformers and sentence-transformers compute with them.

  <Python of the peers' environment> tools/peers/tiny_encoders.py packages/nlp/src/encoders/fixtures
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertForMaskedLM, MPNetConfig, MPNetForMaskedLM, RobertaConfig, RobertaForMaskedLM

WIDTH, HEADS, INNER, LAYERS = 24, 3, 40, 2
# Beyond the distance of 128 at which MPNet's buckets of relative positions end.
LONG = 140
POSITIONS = LONG + 4
# The rest that a masked language model has, such as its head, is surplus to an encoder.
POOLINGS = {"mean": "mean", "cls": "cls", "max": "max", "weighted-mean": "weightedmean", "last": "lasttoken"}

SENTENCES = [
    "The quick brown fox jumps over the lazy dog.",
    "A film that is neither good nor bad, merely long.",
    "It works, and it works well; I would buy it again!",
    "Crème brûlée for $4.50 - who could say no?",
]
TEXTS = [
    {"text": "The lazy film, again!"},
    {"text": ""},
    {"text": "Crème brûlée", "pair": "would the dog say no?"},
    {"text": "It jumps over a $4.50 fox"},
]


def word_pieces(special):
    """A word-piece tokenizer in lower case, with the names of the first, padding, last, unknown and mask token."""
    first, pad, last, unknown, mask = special
    tokenizer = Tokenizer(models.WordPiece(unk_token=unknown))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(SENTENCES, trainers.WordPieceTrainer(vocab_size=72, special_tokens=sorted(special, key=ORDER.index), show_progress=False))
    return tokenizer


def byte_pairs():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=280, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return tokenizer


# In the order of their numbers.
ORDER = ["<s>", "<pad>", "</s>", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<unk>", "<mask>"]


def bert_tokenizer():
    tokenizer = word_pieces(("[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]"))
    number = tokenizer.token_to_id
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[(name, number(name)) for name in ("[CLS]", "[SEP]")]
    )
    return tokenizer


def mpnet_tokenizer():
    tokenizer = word_pieces(("<s>", "<pad>", "</s>", "[UNK]", "<mask>"))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")), trim_offsets=True, add_prefix_space=False)
    return tokenizer


def sizes(vocabulary):
    return dict(vocab_size=vocabulary, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER)


def bert(vocabulary):
    return BertModel(BertConfig(**sizes(vocabulary), max_position_embeddings=POSITIONS, hidden_act="gelu_new", pad_token_id=0))


def roberta(vocabulary):
    # Two rows of the position table stand before the first that a text uses.
    return RobertaForMaskedLM(RobertaConfig(**sizes(vocabulary), max_position_embeddings=POSITIONS + 2, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0, eos_token_id=2))


def distilbert(vocabulary):
    return DistilBertForMaskedLM(DistilBertConfig(vocab_size=vocabulary, dim=WIDTH, n_layers=LAYERS, n_heads=HEADS, hidden_dim=INNER, max_position_embeddings=POSITIONS, pad_token_id=0))


def mpnet(vocabulary):
    return MPNetForMaskedLM(MPNetConfig(**sizes(vocabulary), max_position_embeddings=POSITIONS + 2, pad_token_id=1, bos_token_id=0, eos_token_id=2))


FAMILIES = {
    "bert": (bert_tokenizer, bert, True),
    "roberta": (byte_pairs, roberta, False),
    "distilbert": (bert_tokenizer, distilbert, False),
    "mpnet": (mpnet_tokenizer, mpnet, False),
}


def draw(model):
    """Weights large enough for every part to show in the outcome, rounded to the half precision in which they are stored."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            scale = torch.randn(parameter.shape, generator=generator) * 0.3
            around = 1 if "norm" in name.lower() and name.endswith("weight") else 0
            parameter.copy_((around + scale).half().float())


def encode(tokenizer, texts, typed):
    encoded = [tokenizer.encode(entry["text"], entry.get("pair")) for entry in texts]
    length = max(len(each.ids) for each in encoded)
    padded = lambda rows, value: torch.tensor([row + [value] * (length - len(row)) for row in rows])
    pad = tokenizer.token_to_id("[PAD]") or tokenizer.token_to_id("<pad>") or 0
    tensors = {"ids": padded([each.ids for each in encoded], pad), "mask": padded([each.attention_mask for each in encoded], 0)}
    return {**tensors, "types": padded([each.type_ids for each in encoded], 0)} if typed else tensors


def outputs(model, tensors):
    """What each stage hands on, and the vectors that sentence-transformers makes of the last."""
    inputs = {"input_ids": tensors["ids"], "attention_mask": tensors["mask"], **({"token_type_ids": tensors["types"]} if "types" in tensors else {})}
    with torch.no_grad():
        hidden = model.base_model(**inputs, output_hidden_states=True).hidden_states
        given = {"token_embeddings": hidden[-1], "attention_mask": tensors["mask"]}
        pooled = {name: Pooling(WIDTH, pooling_mode=mode)(dict(given))["sentence_embedding"] for name, mode in POOLINGS.items()}
    return hidden, pooled


def write(folder, tokenizer, model, typed):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    draw(model)
    model.eval()
    many = encode(tokenizer, TEXTS, typed)
    hidden, pooled = outputs(model, many)
    words = " ".join(SENTENCES).split()
    text = ""
    for i in range(LONG):
        longer = f"{text} {words[7 * i % len(words)]}".strip()
        if len(tokenizer.encode(longer).ids) > LONG:
            break
        text = longer
    alone = encode(tokenizer, [{"text": text}], typed)
    expected = {f"many.{name}": value.int() for name, value in many.items()}
    expected |= {f"many.hidden.{i}": value for i, value in enumerate(hidden)}
    expected |= {f"many.pooled.{name}": value for name, value in pooled.items()}
    expected |= {"long.ids": alone["ids"].int(), "long.hidden": outputs(model, alone)[0][-1]}
    save_file({name: value.contiguous() for name, value in expected.items()}, folder / "expected.safetensors")
    (folder / "texts.json").write_text(json.dumps({"many": TEXTS, "long": text}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    model.half().save_pretrained(folder)
    for surplus in folder.glob("generation_config.json"):
        surplus.unlink()


for family, (make_tokenizer, make_model, typed) in FAMILIES.items():
    tokenizer = make_tokenizer()
    write(Path(sys.argv[1]) / family, tokenizer, make_model(tokenizer.get_vocab_size()), typed)
