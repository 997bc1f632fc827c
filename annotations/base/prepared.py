"""Questions that are asked all day: built and written as SQL once per process, then only their values change.

Django builds a query and writes its SQL anew each time it is asked. In the three requests that finish a film this was
more than half of the web server's processor time (docs/benchmarks.md, "The web under load"). A function from values to
a queryset becomes, with :func:`prepared`, one from values to rows::

    @prepared
    def box_sets_of(author: UUID) -> QuerySet[BoxSet]:
        return BoxSet.objects.filter(author=author).select_related("radiograph")

    rows = box_sets_of(person.pk)

UUIDs, moments, numbers, plain strings, objects that can stand in (:mod:`annotations.base.prepared_values`), and tuples
of them without repetition are values. Enumerations, flags and None belong to the shape, as does how many a tuple has,
and each shape is prepared by itself. Anything else is not kept.

The function must follow from its arguments alone, and may not ask the database. Where it looks at a clock or computes
with a value, the question is not kept but built each time, as Django does. With the setting ``COMPARE_PREPARED``, which
the tests set, whatever is asked is built anew as well and compared with what is kept.
"""

import copy
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

from annotations.base.prepared_values import NoShape, is_a_moment, keys_of, probe_for, shape_of, value_at

Row = TypeVar("Row")

MOST_VALUES = 64
"""A question with more is not kept: long lists are seldom twice of one length."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A question as SQL. ``places``: where each value goes, and in what form the database takes it."""

    sql: str
    parameters: tuple[Any, ...]
    queryset: QuerySet
    compiler: SQLCompiler
    places: tuple[tuple[int, int, Callable[[Any], Any]], ...] = ()

    def filled(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The parameters with these values in their places."""
        parameters = list(self.parameters)
        for place, number, form in self.places:
            parameters[place] = form(values[number])
        return tuple(parameters)


_NOTHING = object()
"""Kept for a shape whose answer is empty without asking."""
_Kept = _Written | object | None


class _Question:
    """What select and update have in common: one kept text for each shape."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self.__doc__ = build.__doc__
        self._kept: dict[Hashable, _Kept] = {}

    def _written(self, values: tuple[Any, ...]) -> _Kept:
        """The kept text with its places; None where the question cannot be kept."""
        try:
            shape = shape_of(values)
        except NoShape:
            return None
        if shape not in self._kept:
            self._kept[shape] = self._keep(values) if len(keys_of(values)) <= MOST_VALUES else None
        kept = self._kept[shape]
        if kept is not None and getattr(settings, "COMPARE_PREPARED", False):
            self._compare(kept, values)
        return kept

    def _keep(self, values: tuple[Any, ...]) -> _Kept:
        probes = probe_for(values), probe_for(values)
        first, second = self._write(probes[0]), self._write(probes[1])
        if first is None or second is None:
            return _NOTHING if first is second else None
        if first.sql != second.sql or len(first.parameters) != len(second.parameters):
            return None
        first.compiler.connection = None  # type: ignore[assignment]  # one thread's, which may end before the process does
        places = []
        for place, (one, other) in enumerate(zip(first.parameters, second.parameters, strict=True)):
            found = value_at(one, other, *probes, using=first.queryset.db)
            if found is not None:
                places.append((place, *found))
            elif type(one) is not type(other) or one != other or is_a_moment(one):
                return None  # computed from a value, or read from a clock
        return _Written(first.sql, first.parameters, first.queryset, first.compiler, tuple(places))

    def _compare(self, kept: _Kept, values: tuple[Any, ...]) -> None:
        fresh = self._write(values)
        if isinstance(kept, _Written):
            same = fresh is not None and (kept.sql, kept.filled(keys_of(values))) == (fresh.sql, fresh.parameters)
        else:
            same = fresh is None
        assert same, f"{self.build.__qualname__} does not follow from its arguments alone: it must not be prepared"

    def _write(self, values: tuple[Any, ...]) -> _Written | None:
        """Built and written with these values; None where the answer is empty without asking."""
        with _asking_nothing():
            built = self.build(*values)
            queryset = self._queryset_of(built)
            compiler = self._compiler_of(built, queryset)
            try:
                sql, parameters = compiler.as_sql()
            except EmptyResultSet:
                return None
        return _Written(sql, tuple(parameters), queryset, compiler)

    def _queryset_of(self, built: Any) -> QuerySet:
        raise NotImplementedError

    def _compiler_of(self, built: Any, queryset: QuerySet) -> SQLCompiler:
        raise NotImplementedError


class PreparedRows(_Question, Generic[Row]):
    """A function from values to the rows of a queryset; made by :func:`prepared`."""

    def __call__(self, *values: Any) -> list[Row]:
        written = self._written(values)
        if written is _NOTHING:
            return []
        if not isinstance(written, _Written):
            return list(self.build(*values))
        template: Any = written.queryset
        connection = connections[template.db]
        holds = template.query.select_for_update and connection.features.has_select_for_update
        if holds and connection.get_autocommit():
            raise transaction.TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        parameters = written.filled(keys_of(values))
        compiler: Any = copy.copy(written.compiler)  # threads share the one that is kept
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (written.sql, parameters)
        asked: Any = type(template)(template.model, query=_AsWritten(template.query, compiler), using=template.db)
        asked._iterable_class, asked._fields = template._iterable_class, template._fields
        asked._known_related_objects = template._known_related_objects
        asked._prefetch_related_lookups = template._prefetch_related_lookups
        return list(asked)

    def first(self, *values: Any) -> Row | None:
        """The first of the rows, or None."""
        return next(iter(self(*values)), None)

    def _queryset_of(self, built: Any) -> QuerySet:
        queryset: QuerySet = built
        return queryset

    def _compiler_of(self, built: Any, queryset: QuerySet) -> SQLCompiler:
        compiler: SQLCompiler = queryset.query.get_compiler(using=queryset.db)
        return compiler


class PreparedUpdate(_Question):
    """A function from values to how many rows were changed; made by :func:`prepared_update`."""

    def __call__(self, *values: Any) -> int:
        written = self._written(values)
        if written is _NOTHING:
            return 0
        if not isinstance(written, _Written):
            queryset, changes = self.build(*values)
            return int(queryset.update(**changes))
        using = written.queryset.db
        with transaction.mark_for_rollback_on_error(using=using), connections[using].cursor() as cursor:
            cursor.execute(written.sql, written.filled(keys_of(values)))
            return int(cursor.rowcount)

    def _queryset_of(self, built: Any) -> QuerySet:
        queryset: Any = built[0]
        queryset._for_write = True
        changed: QuerySet = queryset
        return changed

    def _compiler_of(self, built: Any, queryset: QuerySet) -> SQLCompiler:
        query: Any = queryset.query.chain(UpdateQuery)
        query.add_update_values(built[1])
        query.annotations = {}
        compiler: SQLCompiler = query.get_compiler(using=queryset.db)
        return compiler


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> PreparedRows[Row]:
    """Make a function from values to a queryset one from values to its rows."""
    return PreparedRows(build)


def prepared_update(build: Callable[..., tuple[QuerySet, Mapping[str, Any]]]) -> PreparedUpdate:
    """Make a function from values to a queryset and its new values one that updates; it returns the count of rows."""
    return PreparedUpdate(build)


class _AsWritten:
    """In the place of a query: its compiler has the SQL already."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        """The one that writes nothing anew."""
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


@contextmanager
def _asking_nothing() -> Iterator[None]:
    """Whoever asks the database while a question is built would have its answer kept in the text."""

    def refuse(*_: Any) -> None:
        raise AssertionError("A prepared question must not ask the database while it is built.")

    inside = [each.execute_wrapper(refuse) for each in connections.all(initialized_only=True)]
    for wrapper in inside:
        wrapper.__enter__()
    try:
        yield
    finally:
        for wrapper in reversed(inside):
            wrapper.__exit__(None, None, None)
