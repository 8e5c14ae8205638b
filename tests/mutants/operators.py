"""Mutation operators: small changes to one expression of a function that a good test notices."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

SWITCH = "__mutant__"
"""Name of the built-in function that tells whether a mutant is active in this process."""

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


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
    for function, node in _expressions(tree, "", inside=False):
        for operator, changed in _changes(node):
            yield Mutation(node.lineno, node.col_offset, operator, function, ast.unparse(node), ast.unparse(changed))


def switch(tree: ast.Module, mutations: dict[int, tuple[int, int, str]]) -> ast.Module:
    """Return the module with each expression of `mutations` behind a switch: `mutated if active else original`.

    `mutations` maps the number of a mutant to its line, column and operator.
    """
    _Switch(mutations).visit(tree)
    return ast.fix_missing_locations(tree)


class _Switch(ast.NodeTransformer):
    def __init__(self, mutations: dict[int, tuple[int, int, str]]) -> None:
        self._at: dict[tuple[int, int], list[tuple[int, str]]] = {}
        for number, (line, column, operator) in mutations.items():
            self._at.setdefault((line, column), []).append((number, operator))

    def visit(self, node: ast.AST) -> ast.AST:
        original = copy.deepcopy(node)
        result = self.generic_visit(node)
        if isinstance(node, ast.expr):
            for number, wanted in self._at.get((node.lineno, node.col_offset), ()):
                for operator, changed in _changes(original):
                    if operator == wanted:
                        asked = ast.Call(ast.Name(SWITCH, ast.Load()), [ast.Constant(number)], [])
                        assert isinstance(result, ast.expr)
                        result = ast.IfExp(asked, changed, result)
        return result


def _expressions(node: ast.AST, name: str, *, inside: bool) -> Iterator[tuple[str, ast.expr]]:
    """Yield the expressions evaluated in functions, each with the function's qualified name."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        name = f"{name}.{node.name}".lstrip(".")
        function = not isinstance(node, ast.ClassDef)
        for index, statement in enumerate(node.body):
            if not (index == 0 and _is_docstring(statement)):
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
    elif isinstance(node, ast.Match):
        skipped = tuple(case.pattern for case in node.cases)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("cast", "isinstance"):
        skipped = tuple(node.args)
    for child in ast.iter_child_nodes(node):
        if child not in skipped and not isinstance(child, ast.match_case):
            yield from _expressions(child, name, inside=inside)
        elif isinstance(child, ast.match_case):
            for part in (child.guard, *child.body):
                if part is not None:
                    yield from _expressions(part, name, inside=inside)


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the operators that apply to an expression, each with the expression it makes of it."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        ops = [_COMPARISONS[type(node.ops[0])](), *node.ops[1:]]
        yield "comparison", ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield "and-or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        yield "drop-operand", node.values[0]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        yield "arithmetic", ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
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
