"""Mutation operators: small changes to one expression of a function that a good test notices."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """One changed expression: where it stands, and its source before and after."""

    line: int
    column: int
    operator: str
    function: str
    before: str
    after: str


def find(tree: ast.Module) -> Iterator[Mutation]:
    """Yield each mutation of the functions in a module, in the order of the source."""
    for mutation, _, _ in _mutations(tree):
        yield mutation


def mutated(source: str, wanted: Mutation) -> str:
    """Return the source of a module with one of its mutations made. Raises ValueError where it has no such mutation."""
    tree = ast.parse(source)
    for mutation, node, changed in _mutations(tree):
        if mutation == wanted:
            return ast.unparse(ast.fix_missing_locations(_Exchange(node, changed).visit(tree)))
    raise ValueError(f"no such mutation: {wanted}")


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _mutations(tree: ast.Module) -> Iterator[tuple[Mutation, ast.expr, ast.expr]]:
    """Yield each mutation with the expression that it changes and what it makes of that."""
    for function, node in _expressions(tree, "", inside=False):
        for operator, changed in _changes(node):
            texts = ast.unparse(node), ast.unparse(changed)
            yield Mutation(node.lineno, node.col_offset, operator, function, *texts), node, changed


def _expressions(node: ast.AST, name: str, *, inside: bool) -> Iterator[tuple[str, ast.expr]]:
    """Yield the expressions evaluated in functions, each with the function's qualified name."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        name = f"{name}.{node.name}".lstrip(".")
        function = not isinstance(node, ast.ClassDef)
        for statement in node.body[ast.get_docstring(node) is not None :]:
            yield from _expressions(statement, name, inside=function)
        return
    if isinstance(node, ast.expr) and inside:
        yield name, node
    skipped: tuple[object, ...] = ()
    if isinstance(node, ast.AnnAssign | ast.arg):
        skipped = (node.annotation,)
    elif isinstance(node, ast.JoinedStr):
        skipped = tuple(value for value in node.values if isinstance(value, ast.Constant))
    elif isinstance(node, ast.FormattedValue):
        skipped = (node.format_spec,)
    elif isinstance(node, ast.match_case):
        skipped = (node.pattern,)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("cast", "isinstance"):
        skipped = tuple(node.args)
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _expressions(child, name, inside=inside)


def _changes(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield the operators that apply to an expression, each with the expression it makes of it."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER:
        yield "comparison", ast.Compare(node.left, [_other(node.ops[0]), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield "and-or", ast.BoolOp(_other(node.op), node.values)
        yield "drop-operand", node.values[0]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _OTHER:
        yield "arithmetic", ast.BinOp(node.left, _other(node.op), node.right)
    elif isinstance(node, ast.IfExp):
        yield "condition", ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "boolean", ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield "number", ast.Constant(node.value + 1)
        elif isinstance(node.value, str) and node.value:
            yield "string", ast.Constant(node.value + "X")
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp) and node.generators[0].ifs:
        changed = copy.deepcopy(node)
        changed.generators[0].ifs = []
        yield "filter", changed
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sorted", "reversed"):
        yield "order", ast.Call(ast.Name("list", ast.Load()), node.args[:1], [])


def _other(operator: ast.AST) -> Any:
    return _OTHER[type(operator)]()
