"""The small changes that mutmut knows, made in the running shop: a mutant is a new body of one of its functions.

mutmut itself writes all changes of a file into that file and starts anew for each. That takes a start of Django and a
database a mutant, and it leaves out what has a decorator. Here a changed function gets its code while the shop runs, so
that whoever imported it before has it too; nothing is written.
"""

import ast
import difflib
import importlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import IgnoredCode, Mutation, MutationVisitor, OuterFunctionProvider, deep_replace
from mutmut.mutation.mutators import mutation_operators

INSIDE = ("__func__", "fget", "func", "__wrapped__")  # where methods, properties, tasks and wrappers keep a function


@dataclass(frozen=True)
class Place:
    """A function as source and running shop both know it."""

    path: str
    name: str
    line: int


@dataclass(frozen=True, eq=False)
class Mutant:
    place: Place
    lines: tuple[int, int]  # first and last, of what is changed
    body: tuple[int, int]  # of the function
    whole: cst.Module
    change: Mutation

    @cached_property
    def source(self) -> str:
        changed = deep_replace(self.whole, self.change.original_node, self.change.mutated_node)
        assert isinstance(changed, cst.Module)
        return changed.code

    @property
    def diff(self) -> str:
        before, after = self.whole.code.splitlines(), self.source.splitlines()
        lines = list(difflib.unified_diff(before, after, self.place.path, self.place.name, lineterm="", n=1))
        return "\n".join(lines[:1] + lines[2:])

    def make(self) -> None:
        """Give the running function its changed code. There is no way back: do it in a process that ends."""
        function = functions(module_of(self.place.path))[self.place]
        tree, original = ast.parse(self.source), ast.parse(self.whole.code)
        changed, before = _written(tree, self.place), _written(original, self.place)
        if function.__code__.co_freevars:  # a change that takes `super()` out must leave the cell where it was
            changed.body.append(ast.Expr(ast.Name("__class__", ast.Load())))
            ast.fix_missing_locations(tree)
        code = compile(tree, function.__code__.co_filename, "exec", dont_inherit=True)
        function.__code__ = next(c for c in _codes(code) if _is(c, self.place))
        if ast.dump(changed.args) != ast.dump(before.args):
            _set_defaults(function, changed.args)


class AllFunctions(MutationVisitor):
    """mutmut leaves out what has a decorator, for it can't copy it."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, cst.FunctionDef) and super()._skip_node_and_children(node)


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Every mutant of the file's functions and methods, in the order of the source."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = AllFunctions(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    outer = wrapper.resolve(OuterFunctionProvider)
    made = []
    names = {function: name for name, function in _functions_in(wrapper.module)}
    for change in visitor.mutations:
        function = outer.get(change.original_node)
        if isinstance(function, cst.FunctionDef) and function in names:
            first = function.decorators[0] if function.decorators else function
            at = positions[change.original_node]
            place = Place(path, names[function], positions[first].start.line)
            body = positions[first].start.line, positions[function].end.line
            made.append(Mutant(place, (at.start.line, at.end.line), body, wrapper.module, change))
    return made


def _functions_in(module: cst.Module) -> Iterator[tuple[str, cst.FunctionDef]]:
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            yield statement.name.value, statement
        elif isinstance(statement, cst.ClassDef):
            methods = (each for each in statement.body.body if isinstance(each, cst.FunctionDef))
            yield from ((f"{statement.name.value}.{method.name.value}", method) for method in methods)


def module_of(path: str) -> ModuleType:
    return importlib.import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))


def functions(module: ModuleType) -> dict[Place, FunctionType]:
    """The functions that the module's source wrote, taken out of what decorators made of them."""
    path = str(Path(str(module.__file__)).relative_to(Path.cwd()))
    found = {}
    for thing in list(vars(module).values()):
        things = vars(thing).values() if isinstance(thing, type) and thing.__module__ == module.__name__ else [thing]
        for function in (function for each in things for function in _bare(each)):
            code = function.__code__
            if code.co_filename == module.__file__:
                found[Place(path, code.co_qualname, code.co_firstlineno)] = function
    return found


def _bare(thing: Any) -> Iterator[FunctionType]:
    if isinstance(thing, type | ModuleType):
        return
    if isinstance(thing, FunctionType):
        yield thing
    for name in INSIDE:
        with suppress(Exception):  # a lazy thing that would ask the database for its attributes has no function in it
            yield from _bare(getattr(thing, name))


def _written(tree: ast.Module, place: Place) -> ast.FunctionDef:
    """The function's place in the syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == place.name.rpartition(".")[2]:
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if first == place.line:
                return node
    raise LookupError(place)


def _set_defaults(function: FunctionType, arguments: ast.arguments) -> None:
    def value(default: ast.expr) -> Any:
        return eval(compile(ast.Expression(default), "<default>", "eval"), function.__globals__)

    function.__defaults__ = tuple(map(value, arguments.defaults)) or None
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    function.__kwdefaults__ = {name.arg: value(default) for name, default in keywords if default} or None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _is(code: CodeType, place: Place) -> bool:
    return (code.co_qualname, code.co_firstlineno) == (place.name, place.line)
