"""Streams of atom ids in, the context model's weights out: trained with PyTorch to guess each word from all the others.

While it learns, a share of the words it sees is replaced by words of the same bare letters ('quân' for 'quận'), as a
restored text has them; what it must say is the true word. Matrices are updated by Muon (Jordan et al., 2024), all else
by Adam. For most of the time it tells the true word from a sample (Bengio and Senécal, 2008), at last from all words.
"""

import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ..restore.context import WINDOW, lexeme
from ..restore.tokens import BOUNDARY, UNKNOWN
from .counts import Stream

Weights = dict[str, NDArray[np.float32]]

LEXEMES, WIDTH, BLOCKS, HEADS = 8000, 192, 3, 6
LEGAL_SHARE = 0.6
"""Of the texts it learns from; as in the language model."""
MISREAD, UNSEEN = 0.025, 0.005
"""Shares of words shown as another of the same letters, and as the unknown."""
ROWS, SAMPLE, SAMPLE_POWER = 64, 1024, 0.6
WARM_STEPS, FULL_RATE_UNTIL, ALL_WORDS_FROM = 100, 0.3, 0.8
"""Steps until the full rate; shares of the time from which the rate falls, and from which all words are rivals."""
MATRIX_RATE, RATE = 0.02, 3e-3
RESUMED_RATE = 0.5
"""Share of the rates with which a model that has learned before goes on."""
SEED = 0


class Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        size = torch.rsqrt(x.float().square().mean(-1, keepdim=True) + 1e-6)
        return x * size.to(x.dtype) * self.w.to(x.dtype)


def _linear(inputs: int, outputs: int) -> nn.Linear:
    return nn.Linear(inputs, outputs, bias=False)


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.n1, self.n2 = Norm(WIDTH), Norm(WIDTH)
        self.qkv, self.o = _linear(WIDTH, 3 * WIDTH), _linear(WIDTH, WIDTH)
        self.up, self.down = _linear(WIDTH, 4 * WIDTH), _linear(4 * WIDTH, WIDTH)
        nn.init.zeros_(self.o.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        rows, length, _ = x.shape
        parts = self.qkv(self.n1(x)).view(rows, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        x = x + self.o(seen.transpose(1, 2).reshape(rows, length, WIDTH))
        return x + self.down(functional.relu(self.up(self.n2(x))).square())


class Tower(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        slopes = 0.7 * 2.0 ** -torch.arange(1, HEADS + 1).float()
        self.rel = nn.Parameter(-slopes[None, :, None] * torch.arange(WINDOW).float().repeat(BLOCKS, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        distance = torch.arange(x.shape[1])[:, None] - torch.arange(x.shape[1])[None, :]
        for relative, block in zip(self.rel, self.blocks, strict=True):
            x = block(x, relative[:, distance.clamp(min=0)].masked_fill(distance < 0, -1e9))
        return x


class Net(nn.Module):
    """The parts have the names that restore.context knows them by."""

    def __init__(self, shares: NDArray[np.float64]) -> None:
        super().__init__()
        self.emb = nn.Embedding(len(shares), WIDTH)
        nn.init.normal_(self.emb.weight, std=0.5)
        self.left, self.right = Tower(), Tower()
        self.mix, self.head = _linear(2 * WIDTH, 2 * WIDTH), _linear(2 * WIDTH, WIDTH)
        self.nl, self.nr, self.nf = Norm(WIDTH), Norm(WIDTH), Norm(WIDTH)
        self.scale, self.bias = nn.Parameter(torch.tensor(0.08)), nn.Parameter(torch.zeros(len(shares)))
        self.sampled = shares**SAMPLE_POWER / (shares**SAMPLE_POWER).sum()
        self.expected = torch.from_numpy(np.log(self.sampled * SAMPLE + 1e-12)).float()

    def hidden(self, words: Tensor) -> Tensor:
        """(rows * (length - 2), WIDTH) what the words but it say of each inner place."""
        vectors = self.emb(words)
        left, right = self.left(vectors), self.right(vectors.flip(1)).flip(1)
        mixed = torch.cat([self.nl(left[:, :-2]), self.nr(right[:, 2:])], -1)
        return (self.nf(self.head(functional.relu(self.mix(mixed)).square())) * self.scale).flatten(0, 1)

    def loss(self, shown: Tensor, true: Tensor, rng: np.random.Generator | None) -> Tensor:
        """Mean cross-entropy in nats; against a sample of all words where `rng` is given."""
        true = true[:, 1:-1].flatten()
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.hidden(shown)
            if rng is None:
                return functional.cross_entropy(functional.linear(hidden, self.emb.weight, self.bias).float(), true)
            rivals = torch.from_numpy(rng.choice(len(self.sampled), SAMPLE, p=self.sampled))
            odds = functional.linear(hidden, self.emb.weight[rivals], self.bias[rivals] - self.expected[rivals]).float()
            odds = odds.masked_fill(rivals[None, :] == true[:, None], -1e9)
            own = (hidden * self.emb.weight[true].to(hidden.dtype)).sum(-1).float()
            own = own + self.bias[true] - self.expected[true]
        return functional.cross_entropy(torch.cat([own[:, None], odds], 1), torch.zeros(len(true), dtype=torch.long))


@dataclass(frozen=True)
class Texts:
    """legal, general: (words) lexeme ids; alike: (lexemes, kinds) lexemes of the same bare letters."""

    lexemes: tuple[str, ...]
    legal: NDArray[np.int64]
    general: NDArray[np.int64]
    alike: NDArray[np.int64]

    @property
    def shares(self) -> NDArray[np.float64]:
        """(lexemes) of a text drawn as in training."""
        legal, general = (np.bincount(part, minlength=len(self.lexemes)) for part in (self.legal, self.general))
        return LEGAL_SHARE * legal / len(self.legal) + (1 - LEGAL_SHARE) * general / len(self.general)

    def batches(self, rng: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        """(ROWS, WINDOW) words shown and true words, without end."""
        while True:
            parts = []
            for _ in range(ROWS):
                text = self.legal if rng.random() < LEGAL_SHARE else self.general
                start = int(rng.integers(0, len(text) - WINDOW))
                parts.append(text[start : start + WINDOW])
            true = np.stack(parts)
            chance = rng.random(true.shape)
            other = self.alike[true, rng.integers(0, self.alike.shape[1], true.shape)]
            shown = np.where(chance < MISREAD, other, np.where(chance > 1 - UNSEEN, self.lexemes.index(UNKNOWN), true))
            yield torch.from_numpy(shown), torch.from_numpy(true)


def texts_of(legal: Stream, general: Stream, vocabulary: Sequence[str], legal_weight: int) -> Texts:
    """Streams of atoms as the model sees them; the most frequent lexemes, legal ones weighted, are known."""
    weights: dict[str, int] = defaultdict(int)
    counts = legal_weight * np.bincount(legal, minlength=len(vocabulary))
    counts = counts + np.bincount(general, minlength=len(vocabulary))
    for atom, count in zip(vocabulary, counts.tolist(), strict=True):
        weights[lexeme(atom)] += count
    special = (BOUNDARY, UNKNOWN)
    frequent = sorted((text for text in weights if text not in special), key=lambda text: -weights[text])
    lexemes = (*special, *frequent[: LEXEMES - len(special)])
    ids = {text: i for i, text in enumerate(lexemes)}
    table = np.array([ids.get(lexeme(atom), ids[UNKNOWN]) for atom in vocabulary])
    families: dict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(lexemes):
        families[_bare(text)].append(i)
    rng = np.random.default_rng(SEED)
    alike = np.array([rng.choice(families[_bare(text)], 32) for text in lexemes])
    return Texts(lexemes, table[legal], table[general], alike)


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.replace("đ", "d")) if not unicodedata.combining(c))


def train(texts: Texts, minutes: float, learned: Weights | None = None) -> Iterator[tuple[int, float, Weights]]:
    """Every 500 steps, and at the end: (step, cross-entropy of the last ones, weights). `learned`: to go on from."""
    seed = SEED + (learned is not None)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Net(texts.shares)
    if learned:
        net.load_state_dict({name: torch.from_numpy(np.asarray(value)) for name, value in learned.items()})
    matrices = [p for name, p in net.named_parameters() if p.ndim == 2 and name != "emb.weight"]
    rest = [p for name, p in net.named_parameters() if p.ndim != 2 or name == "emb.weight"]
    muon = torch.optim.Muon(matrices, lr=MATRIX_RATE, momentum=0.95, weight_decay=0.01)
    adam = torch.optim.AdamW(rest, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    started, losses = time.monotonic(), []
    for step, (shown, true) in enumerate(texts.batches(rng), start=1):
        done = (time.monotonic() - started) / 60 / minutes
        if done >= 1:
            break
        rate = min(1.0, step / WARM_STEPS, max(0.02, (1 - done) / (1 - FULL_RATE_UNTIL)))
        rate *= RESUMED_RATE if learned else 1.0
        for optimiser, full in ((muon, MATRIX_RATE), (adam, RATE)):
            for group in optimiser.param_groups:
                group["lr"] = full * rate
        loss = net.loss(shown, true, rng if done < ALL_WORDS_FROM else None)
        loss.backward()
        for optimiser in (muon, adam):
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if step % 500 == 0:
            yield step, float(np.mean(losses[-500:])), _weights(net)
    yield len(losses), float(np.mean(losses[-500:])), _weights(net)


def _weights(net: Net) -> Weights:
    return {name: value.float().numpy() for name, value in net.state_dict().items()}
