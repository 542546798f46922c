"""A pattern as a Python file for FlexAttention that runs by itself.

The rule's own tree is written out as torch code, so the file and the program cannot differ. Named
numbers become constants with a `P_` in front: one called b or h would otherwise hide mask_mod's
own arguments.
"""

from __future__ import annotations

import base64
import zlib

from zoetrope.core.attention.expression_tree import Node, positions
from zoetrope.core.attention.random_hash import TORCH
from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Ints

LITERAL = 256  # longer tables are stored compressed
_NAMES = {"q": "q_idx", "k": "kv_idx", "d": "d", "h": "h"}
_INFIX = {"and": "&", "or": "|"}
_ONCE = {
    "where": """
def _where(condition, first, second):
    return torch.where(torch.as_tensor(condition), first, second)
""",
    "min": """
def _min(first, second):
    return torch.where(first < second, first, second)
""",
    "max": """
def _max(first, second):
    return torch.where(first > second, first, second)
""",
    "ispow2": """
def _ispow2(number):
    return (number > 0) & ((number & (number - 1)) == 0)
""",
    "rand": TORCH,
}
_TABLE = '''
def _unpacked(text):
    """Read int64 numbers stored as zlib and base64."""
    stored = bytearray(zlib.decompress(base64.b64decode(text)))
    return torch.frombuffer(stored, dtype=torch.int64).to(DEVICE)
'''


def module(rule: Rule, title: str, nnz: int | None, name: str = "mask_mod", score: str = "") -> str:
    """Return the text of the file.

    `title` says what the pattern is; `nnz` is the number of allowed pairs, which the file checks
    when it is run (None where it has not been counted); `score` is a score_mod to append.
    """
    tables = {key: value for key, value in rule.tables.items() if _uses(rule.node, key)}
    packed = any(len(values) > LITERAL for values in tables.values())
    lines = [f'"""{_quoted(title)}"""', "", *(["import base64", "import zlib"] if packed else [])]
    lines += [*([""] if packed else []), "import torch"]
    lines += ["from torch.nn.attention.flex_attention import create_block_mask, create_mask", ""]
    lines += [f"N = {rule.n}", 'DEVICE = "cuda" if torch.cuda.is_available() else "cpu"']
    lines += [f"P_{key} = {value}" for key, value in rule.numbers.items()]
    if packed:
        lines += ["", _TABLE]
    lines += [f"T_{key} = {_stored(values)}" for key, values in tables.items()]
    text = "\n".join(lines) + "\n"
    text += "".join(f"\n{code}" for op, code in _ONCE.items() if _live(rule.node, op))
    text += f"\n\ndef {name}(b, h, q_idx, kv_idx):\n"
    text += '    """Say whether query q_idx may attend to key kv_idx."""\n'
    if "d" in positions(rule.node):
        text += "    d = q_idx - kv_idx\n"
    text += f"    return {_condition(rule.node)}\n"
    text += score and f"\n\n{score.strip()}\n"
    return text + _main(rule, nnz, name)


def _main(rule: Rule, nnz: int | None, name: str) -> str:
    check = "" if nnz is None else f" (expected {nnz})"
    assertion = "" if nnz is None or rule.uses_head else f"    assert nnz == {nnz}\n"
    return f'''

def make_block_mask(block_size=128):
    """Return the BlockMask to hand to flex_attention; compile it for long sequences."""
    return create_block_mask({name}, None, None, N, N, device=DEVICE, BLOCK_SIZE=block_size)


if __name__ == "__main__":
    rows = 64  # counted in strips: N x N booleans may not fit
    nnz = 0
    for start in range(0, N, rows):
        def strip(b, h, q_idx, kv_idx, start=start):
            return {name}(b, h, q_idx + start, kv_idx)

        size = min(rows, N - start)
        nnz += int(create_mask(strip, 1, 1, size, N, device=DEVICE).sum())
    print(f"{{N}} tokens, nnz = {{nnz}}{check}")
{assertion}'''


def _quoted(title: str) -> str:
    return title.replace("\\", "/").replace('"', "'").strip()


def _uses(node: Node, table: str) -> bool:
    return (node.op == "table" and node.name == table) or any(_uses(a, table) for a in node.args)


def _live(node: Node, op: str) -> bool:
    """Say whether a function of torch is needed for `op`: on more than constants."""
    mine = node.op == op and (_varies(node) or op == "rand")
    return mine or any(_live(arg, op) for arg in node.args)


def _varies(node: Node) -> bool:
    return node.op == "table" or bool(positions(node))


def _stored(values: Ints) -> str:
    if len(values) <= LITERAL:
        return f"torch.tensor({[int(value) for value in values]}, device=DEVICE)"
    packed = base64.b64encode(zlib.compress(values.astype("<i8").tobytes(), 9)).decode()
    pieces = [packed[at : at + 88] for at in range(0, len(packed), 88)]
    return "_unpacked(\n" + "\n".join(f'    "{piece}"' for piece in pieces) + "\n)"


def _condition(node: Node) -> str:
    """Return the outermost condition; a constant one still becomes a tensor."""
    if _varies(node):
        return _code(node)
    return f"(q_idx == q_idx) & ({_code(node)})"


def _code(node: Node) -> str:
    """Return torch code; parts of constants alone are plain Python on whole numbers."""
    op = node.op
    if op == "int":
        return str(node.value)
    if op == "name":
        return _NAMES.get(node.name) or ("N" if node.name == "n" else f"P_{node.name}")
    if op in ("true", "false"):
        return str(op == "true")
    args = [_code(arg) for arg in node.args]
    varies = _varies(node)
    if op == "table":
        return f"T_{node.name}[{args[0]}]"
    if op == "neg":
        return f"(-{args[0]})"
    if op == "not":
        return f"(~{args[0]})" if varies else f"(not {args[0]})"
    if op in ("where", "min", "max", "ispow2", "rand", "abs"):
        return _called(op, args, varies)
    return f"({args[0]} {_INFIX.get(op, op)} {args[1]})"


def _called(op: str, args: list[str], varies: bool) -> str:
    if op == "abs":
        return f"abs({args[0]})"
    if varies:
        return f"_{op}({', '.join(args)})"
    if op == "rand":
        return f"int(_rand({', '.join(args)}))"
    if op == "where":
        return f"({args[1]} if {args[0]} else {args[2]})"
    if op == "ispow2":
        return f"({args[0]} > 0 and {args[0]} & ({args[0]} - 1) == 0)"
    return f"{op}({', '.join(args)})"
