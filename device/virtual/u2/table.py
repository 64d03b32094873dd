"""The table of RPC methods: each family declares its functions with a decorator, the dispatcher joins the families."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from device.virtual.u2.automation import Automation
from device.virtual.u2.errors import InvalidParams, MethodNotFound

_Function = TypeVar("_Function", bound=Callable[..., Any])


class MethodTable:
    """Functions by the name clients call. Each takes the `Automation`, then the call's parameters as they arrived."""

    def __init__(self, families: Iterable[MethodTable] = ()) -> None:
        self._functions: dict[str, tuple[Callable[..., Any], inspect.Signature]] = {}
        for family in families:
            if both := self._functions.keys() & family._functions.keys():
                raise ValueError(f"declared twice: {', '.join(sorted(both))}")
            self._functions |= family._functions

    @property
    def names(self) -> list[str]:
        return sorted(self._functions)

    def method(self, name: str) -> Callable[[_Function], _Function]:
        """Declares the decorated function as the method `name`; its signature says how many parameters there may be."""

        def declare(function: _Function) -> _Function:
            self._functions[name] = function, inspect.signature(function)
            return function

        return declare

    async def call(self, name: str, automation: Automation, params: Sequence[Any]) -> Any:
        """The method's result, awaited where it takes time.

        Raises:
            MethodNotFound: no method has this name.
            InvalidParams: too few or too many parameters, or of the wrong types.
            RpcError: what the method itself answers.
        """
        if name not in self._functions:
            raise MethodNotFound(name)
        function, signature = self._functions[name]
        try:
            bound = signature.bind(automation, *params)
        except TypeError as error:
            raise InvalidParams(f"{name}: {error}") from error
        result = function(*bound.args)
        return await result if inspect.isawaitable(result) else result
