"""Making frozen values without checks, for values that the library itself has just computed.

A frozen attrs class pays one `object.__setattr__` call for each field and runs its validators each time.
Both are right for what comes from outside and wasted on what a command has derived from checked parts.
`trusted(cls)` gives a factory that takes the fields by position, in the order of the class, and skips both:
it fills a mutable twin of the same memory layout and then turns it into the frozen class in one step.

The twin has the same slots and plain attribute stores, so the class must be `attrs.frozen(weakref_slot=False)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["changing", "compiled", "filling", "replacing", "trusted"]

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


def _stores(cls: type) -> tuple[list[str], str]:
    names = [field.name for field in attrs.fields(cls)]
    return names, "".join(f"    __self.{name} = {name}\n" for name in names) + "    __self.__class__ = __cls\n"


def _made(source: str, cls: type) -> Callable[..., Any]:
    twin = type(
        cls.__name__,
        cls.__bases__,
        {
            "__slots__": cls.__dict__["__slots__"],
            "__setattr__": object.__setattr__,
            "__delattr__": object.__delattr__,
        },
    )
    turn = vars(object)["__class__"].__set__
    parts = {"new": object.__new__, "turn": turn, "same": object(), "twin": twin, "cls": cls}
    return compiled("made", source, {f"__{name}": part for name, part in parts.items()})  # no field begins with __


def compiled(name: str, source: str, scope: dict[str, Any]) -> Callable[..., Any]:
    """The function of this name that the source defines.

    The source must be made of the fields of a class of ours, as attrs makes its own `__init__`; never of data.
    """
    exec(source, scope)  # noqa: S102 - see above
    made: Callable[..., Any] = scope[name]
    return made
