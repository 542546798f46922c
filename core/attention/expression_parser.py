"""The language of rules: a tokenizer and an operator-precedence parser, with plain refusals.

    q >= k and (q - k < 8 or (q - k) % 8 == 0)

Whole numbers only; // and % floor, as in Python and torch. Nothing is ever handed to Python to
run. Operators bind as in Python, loosest first: if-else, or, and, not, comparisons, |, ^, &, + -,
* // %, then - and ~ in front.
"""

from __future__ import annotations

from collections.abc import Collection

from zoetrope.core.attention.errors import ExpressionError
from zoetrope.core.attention.expression_tokens import Token, tokens
from zoetrope.core.attention.expression_tree import COMPARISONS, POSITIONS, Node, truth

LONGEST = 400
MOST_NODES = 160
DEEPEST = 24
LARGEST = 1 << 31
FUNCTIONS = {"abs": 1, "min": 0, "max": 0, "where": 3, "ispow2": 1, "rand": 3}
WORDS = ("and", "or", "not", "if", "else", "True", "False")
RESERVED = (*POSITIONS, "n", *FUNCTIONS, *WORDS)

_BINDING = {"|": 5, "^": 6, "&": 7, "+": 8, "-": 8, "*": 9, "//": 9, "%": 9}
_REFUSED = {
    "**": "there is no **; write a product.",
    "/": "there is no /; // divides and rounds down.",
    "<<": "there are no shifts; multiply by a power of two.",
    ">>": "there are no shifts; divide by a power of two with //.",
    "=": "= does not compare; write ==.",
    ":=": "nothing can be assigned here.",
    "->": "-> means nothing here.",
    ".": "there are no attributes.",
    "[": "there are no subscripts and no lists.",
    "]": "there are no subscripts and no lists.",
}
_FOREIGN = ("lambda", "for", "in", "is", "import", "def", "class", "await", "yield", "None")


def parse(
    text: str, parameters: Collection[str], tables: Collection[str] = (), limited: bool = True
) -> Node:
    """Return the tree of a rule. Raises ExpressionError.

    `parameters` are the names it may use besides q, k, d, n and h; `tables` those it may index, in
    the catalogue's own rules, which are not limited in length either.
    """
    if limited and len(text) > LONGEST:
        raise ExpressionError(
            LONGEST + 1, f"a rule has at most {LONGEST} characters, and this one {len(text)}."
        )
    parser = _Parser(tokens(text), parameters, tables, limited)
    node = parser.choice(0)
    parser.expect_end()
    if not node.is_condition:
        raise ExpressionError(
            1, "this is a number, not a condition; compare it with something, as in q >= k."
        )
    return node


class _Parser:
    def __init__(
        self,
        read: list[Token],
        parameters: Collection[str],
        tables: Collection[str],
        limited: bool,
    ) -> None:
        self.tokens, self.parameters, self.tables = read, parameters, tables
        self.limited = limited
        self.at = 0
        self.nodes = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> Token | None:
        """Move past the next token if it is one of these."""
        token = self.token
        if token.kind != "number" and token.text in texts and token.kind != "end":
            self.at += 1
            return token
        return None

    def need(self, text: str, where: str) -> None:
        if not self.take(text):
            raise ExpressionError(self.token.column, f"“{text}” is missing {where}.")

    def node(self, op: str, column: int, *args: Node, value: int = 0, name: str = "") -> Node:
        self.nodes += 1
        if self.limited and self.nodes > MOST_NODES:
            raise ExpressionError(column, f"a rule has at most {MOST_NODES} operations and names.")
        return Node(op, args, value, name, column)

    def choice(self, depth: int) -> Node:
        """Parse: a if condition else b."""
        if self.limited and depth > DEEPEST:
            raise ExpressionError(
                self.token.column, f"brackets and signs nest at most {DEEPEST} deep."
            )
        first = self.either(depth)
        at = self.take("if")
        if at is None:
            return first
        condition = self.condition(self.either(depth), "if")
        self.need("else", "after “if” and its condition")
        second = self.choice(depth + 1)
        if first.is_condition != second.is_condition:
            raise ExpressionError(at.column, "one side of “if” is a number and the other is not.")
        return self.node("where", at.column, condition, first, second)

    def either(self, depth: int) -> Node:
        node = self.both(depth)
        while at := self.take("or"):
            left = self.condition(node, "or")
            right = self.condition(self.both(depth), "or")
            node = self.node("or", at.column, left, right)
        return node

    def both(self, depth: int) -> Node:
        node = self.negation(depth)
        while at := self.take("and"):
            left = self.condition(node, "and")
            right = self.condition(self.negation(depth), "and")
            node = self.node("and", at.column, left, right)
        return node

    def negation(self, depth: int) -> Node:
        at = self.take("not")
        if at is None:
            return self.comparison(depth)
        if depth > DEEPEST:
            raise ExpressionError(at.column, f"brackets and signs nest at most {DEEPEST} deep.")
        return self.node("not", at.column, self.condition(self.negation(depth + 1), "not"))

    def comparison(self, depth: int) -> Node:
        left = self.binary(depth, 5)
        parts: list[Node] = []
        while at := self.take(*COMPARISONS):
            right = self.binary(depth, 5)
            if left.is_condition or right.is_condition:
                raise ExpressionError(
                    at.column,
                    f"“{at.text}” compares numbers, and one side is a condition; "
                    "put brackets round the comparisons.",
                )
            parts.append(self.node(at.text, at.column, left, right))
            left = right
        if not parts:
            return left
        node = parts[0]
        for part in parts[1:]:
            node = self.node("and", part.column, node, part)
        return node

    def binary(self, depth: int, least: int) -> Node:
        left = self.sign(depth)
        while (binding := _BINDING.get(self.token.text, 0)) >= least:
            at = self.token
            self.at += 1
            right = self.binary(depth, binding + 1)
            left = self.combined(at, left, right)
        return left

    def combined(self, at: Token, left: Node, right: Node) -> Node:
        if at.text in "&|":
            if not (left.is_condition and right.is_condition):
                word = "and" if at.text == "&" else "or"
                raise ExpressionError(
                    at.column,
                    f"“{at.text}” joins two conditions, and here it joins a number: it binds "
                    f"tighter than comparisons. Put brackets round them, or write “{word}”.",
                )
            return self.node("and" if at.text == "&" else "or", at.column, left, right)
        self.number(left, at)
        self.number(right, at)
        return self.node(at.text, at.column, left, right)

    def sign(self, depth: int) -> Node:
        at = self.take("-", "+", "~")
        if at is None:
            return self.atom(depth)
        if depth > DEEPEST:
            raise ExpressionError(at.column, f"brackets and signs nest at most {DEEPEST} deep.")
        inner = self.sign(depth + 1)
        if at.text == "~":
            return self.node("not", at.column, self.condition(inner, "~"))
        self.number(inner, at)
        return self.node("neg", at.column, inner) if at.text == "-" else inner

    def atom(self, depth: int) -> Node:
        token = self.token
        self.at += 1
        if token.kind == "number":
            return self.literal(token)
        if token.text == "(":
            inner = self.choice(depth + 1)
            self.need(")", "to close the bracket")
            return inner
        if token.kind == "name":
            return self.named(token, depth)
        if token.kind == "end":
            raise ExpressionError(token.column, "the rule ends where a number or name should be.")
        raise ExpressionError(
            token.column, _REFUSED.get(token.text, f"“{token.text}” is not expected here.")
        )

    def literal(self, token: Token) -> Node:
        if not token.text.isdigit():
            raise ExpressionError(token.column, "rules know whole numbers only.")
        if len(token.text) > 10 or int(token.text) > LARGEST:
            raise ExpressionError(token.column, f"numbers go up to {LARGEST} (2^31).")
        if self.token.kind == "name" and self.token.column == token.column + len(token.text):
            raise ExpressionError(self.token.column, f"“{self.token.text}” after a number.")
        return self.node("int", token.column, value=int(token.text))

    def named(self, token: Token, depth: int) -> Node:
        name = token.text
        if name in FUNCTIONS:
            return self.called(token, depth)
        if name in ("True", "False"):
            return truth(name == "True")
        if name in self.tables:
            self.need("[", f"after {name}")
            index = self.choice(depth + 1)
            self.need("]", f"after the index of {name}")
            return self.node("table", token.column, index, name=name)
        if name in (*POSITIONS, "n") or name in self.parameters:
            if self.token.text == "(" and self.token.kind == "symbol":
                raise ExpressionError(token.column, f"“{name}” is not a function.")
            return self.node("name", token.column, name=name)
        if name in WORDS or name in _FOREIGN:
            raise ExpressionError(token.column, f"“{name}” cannot stand here.")
        known = ", ".join((*POSITIONS, "n", *sorted(self.parameters), *FUNCTIONS))
        raise ExpressionError(token.column, f"“{name}” is not known. The names are {known}.")

    def called(self, token: Token, depth: int) -> Node:
        self.need("(", f"after {token.text}")
        args = [self.choice(depth + 1)]
        while self.take(","):
            args.append(self.choice(depth + 1))
        self.need(")", f"after the arguments of {token.text}")
        wanted = FUNCTIONS[token.text] or max(2, len(args))
        if len(args) != wanted:
            raise ExpressionError(
                token.column, f"{token.text} takes {wanted} arguments, and here are {len(args)}."
            )
        if token.text == "where":
            self.condition(args[0], "where")
            if args[1].is_condition != args[2].is_condition:
                raise ExpressionError(token.column, "where mixes a number and a condition.")
            return self.node("where", token.column, *args)
        for arg in args:
            self.number(arg, token)
        if token.text in ("min", "max"):
            node = args[0]
            for arg in args[1:]:
                node = self.node(token.text, token.column, node, arg)
            return node
        return self.node(token.text, token.column, *args)

    def condition(self, node: Node, word: str) -> Node:
        if not node.is_condition:
            raise ExpressionError(
                node.column, f"“{word}” needs a condition, and this is a number; compare it."
            )
        return node

    def number(self, node: Node, at: Token) -> None:
        if node.is_condition:
            raise ExpressionError(at.column, f"“{at.text}” needs numbers, not a condition.")

    def expect_end(self) -> None:
        token = self.token
        if token.kind == "end":
            return
        if token.text in _REFUSED and token.kind == "symbol":
            raise ExpressionError(token.column, _REFUSED[token.text])
        raise ExpressionError(token.column, f"“{token.text}” is not expected here.")
