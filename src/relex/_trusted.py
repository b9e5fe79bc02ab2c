"""Making frozen values without checks, for values that the library itself has just computed.

A frozen attrs class pays one `object.__setattr__` call for each field and runs its validators each time.
Both are right for what comes from outside and wasted on what a command has derived from checked parts.
`trusted(cls)` gives a factory that takes the fields by position, in the order of the class, and skips both:
it fills a mutable twin of the same memory layout and then turns it into the frozen class in one step.

The twin has the same slots and plain attribute stores, so the class must be `attrs.frozen(weakref_slot=False)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Drafts", "changing", "compiled", "filling", "replacing", "trusted"]

T = TypeVar("T")


def trusted(cls: type[T]) -> Callable[..., T]:
    """The unchecked factory of a frozen attrs class; arguments by position, one for each field, none left out."""
    names, stores = _stores(cls)
    source = f"def made({', '.join(names)}):\n    __self = __new(__twin)\n{stores}    return __self\n"
    made: Callable[..., T] = _made(source, cls)
    return made


def filling(cls: type[T]) -> Callable[..., None]:
    """The unchecked second half of a hand-made `__init__`: `fill(self, ...)` stores the fields, given by position."""
    names, stores = _stores(cls)
    source = f"def made({', '.join(['__self', *names])}):\n    __turn(__self, __twin)\n{stores}"
    made: Callable[..., None] = _made(source, cls)
    return made


def replacing(cls: type[T]) -> Callable[..., T]:
    """The unchecked `attrs.evolve` of a frozen attrs class: `replace(value, field=..., ...)` gives a new value."""
    names, stores = _stores(cls)
    takes = ", ".join(f"{name}=__same" for name in names)
    keeps = "".join(f"    if {name} is __same: {name} = __of.{name}\n" for name in names)
    source = f"def made(__of, *, {takes}):\n{keeps}    __self = __new(__twin)\n{stores}    return __self\n"
    made: Callable[..., T] = _made(source, cls)
    return made


def changing(cls: type[T], *names: str) -> Callable[..., T]:
    """The same for some fields only, which is twice as fast: `change(value, first, second, ...)`, as named."""
    fields, _ = _stores(cls)
    stores = "".join(f"    __self.{name} = {name if name in names else f'__of.{name}'}\n" for name in fields)
    source = (
        f"def made(__of, {', '.join(names)}):\n"
        f"    __self = __new(__twin)\n{stores}    __self.__class__ = __cls\n    return __self\n"
    )
    made: Callable[..., T] = _made(source, cls)
    return made


class Drafts(Generic[T]):
    """Values of a frozen attrs class while they are being made: as drafts, their fields can be set like any attribute.

    A fold of many events changes one draft, where one that makes a frozen value for each event copies all its fields.

    Attributes:
        new: Gives a draft whose fields are not there yet.
        of: Gives a draft with the fields of a value, which stays as it is.
    """

    __slots__ = ("_cls", "_turn", "_twin", "new", "of")

    def __init__(self, cls: type[T]) -> None:
        self._cls, self._twin = cls, _twin_of(cls)
        self._turn = vars(object)["__class__"].__set__
        self.new: Callable[[], Any] = compiled(
            "made", "def made():\n    return __new(__twin)\n", {"__new": object.__new__, "__twin": self._twin}
        )
        stores = "".join(f"    __self.{field.name} = __of.{field.name}\n" for field in attrs.fields(cls))  # type: ignore[arg-type]
        source = f"def made(__of):\n    __self = __new(__twin)\n{stores}    return __self\n"
        self.of: Callable[[T], Any] = compiled("made", source, {"__new": object.__new__, "__twin": self._twin})

    def begun(self, value: T) -> Any:
        """The same object as a draft; only for a hand-made `__init__`, where nobody else has seen it yet."""
        self._turn(value, self._twin)
        return value

    def done(self, draft: Any) -> T:
        """The same object as a frozen value."""
        draft.__class__ = self._cls
        found: T = draft
        return found


def _stores(cls: type) -> tuple[list[str], str]:
    names = [field.name for field in attrs.fields(cls)]
    return names, "".join(f"    __self.{name} = {name}\n" for name in names) + "    __self.__class__ = __cls\n"


def _made(source: str, cls: type) -> Callable[..., Any]:
    turn = vars(object)["__class__"].__set__
    parts = {"new": object.__new__, "turn": turn, "same": object(), "twin": _twin_of(cls), "cls": cls}
    return compiled("made", source, {f"__{name}": part for name, part in parts.items()})  # no field begins with __


def _twin_of(cls: type) -> type:
    return type(
        cls.__name__,
        cls.__bases__,
        {
            "__slots__": cls.__dict__["__slots__"],
            "__setattr__": object.__setattr__,
            "__delattr__": object.__delattr__,
        },
    )


def compiled(name: str, source: str, scope: dict[str, Any]) -> Callable[..., Any]:
    """The function of this name that the source defines.

    The source must be made of the fields of a class of ours, as attrs makes its own `__init__`; never of data.
    """
    exec(source, scope)  # noqa: S102 - see above
    made: Callable[..., Any] = scope[name]
    return made
