"""The tree of a rule: what the parser makes, and what every back end walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

POSITIONS = ("q", "k", "d", "h")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
LOGIC = ("and", "or", "not", "true", "false", "ispow2", *COMPARISONS)
RANDOM_BITS = 31


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. `op` is "int", "name", "table", an operator or a function's name.

    `value` holds a literal; `name` that of a position, parameter or table; `column` where it
    stands in the text, from 1.
    """

    op: str
    args: tuple[Node, ...] = ()
    value: int = 0
    name: str = ""
    column: int = 0

    @property
    def is_condition(self) -> bool:
        """Whether the node is true or false rather than a number."""
        if self.op == "where":
            return self.args[1].is_condition
        return self.op in LOGIC


def whole(value: int, column: int = 0) -> Node:
    """Return a literal."""
    return Node("int", value=value, column=column)


def truth(value: bool) -> Node:
    """Return the condition that always, or never, holds."""
    return Node("true" if value else "false")


def rebuilt(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Return the tree with `change` applied top-down; where it returns None, go on below."""
    changed = change(node)
    if changed is not None:
        return changed
    if not node.args:
        return node
    return replace(node, args=tuple(rebuilt(arg, change) for arg in node.args))


def positions(node: Node) -> frozenset[str]:
    """Return which of q, k, d and h the tree mentions."""
    if node.op == "name" and node.name in POSITIONS:
        return frozenset((node.name,))
    return frozenset().union(*(positions(arg) for arg in node.args))


def names(node: Node) -> list[str]:
    """Return the parameters the tree mentions, in the order of the text."""
    found = [node.name] if node.op == "name" and node.name not in (*POSITIONS, "n") else []
    for arg in node.args:
        found += [name for name in names(arg) if name not in found]
    return found


def bound(node: Node, numbers: Mapping[str, int]) -> Node:
    """Return the tree with the numbers written in the place of their names."""

    def change(one: Node) -> Node | None:
        if one.op == "name" and one.name in numbers:
            return whole(numbers[one.name], one.column)
        return None

    return rebuilt(node, change)


def mirrored(node: Node) -> Node:
    """Return the rule of the transposed mask: q and k exchanged, d negated."""

    def change(one: Node) -> Node | None:
        if one.op != "name" or one.name not in ("q", "k", "d"):
            return None
        if one.name == "d":
            return Node("neg", (one,), column=one.column)
        return replace(one, name="k" if one.name == "q" else "q")

    return rebuilt(node, change)


def renamed(node: Node, new_names: Mapping[str, str]) -> Node:
    """Return the tree with parameters and tables renamed."""

    def change(one: Node) -> Node | None:
        if one.op == "name" and one.name in new_names:
            return replace(one, name=new_names[one.name])
        return None

    def tables(one: Node) -> Node | None:
        if one.op == "table":
            index = rebuilt(rebuilt(one.args[0], tables), change)
            return replace(one, name=new_names.get(one.name, one.name), args=(index,))
        return None

    return rebuilt(rebuilt(node, tables), change)
