"""The pool of threads as threadpoolctl sees it, so that limits on all pools hold for ours too."""

import ctypes
from typing import Any, final

from threadpoolctl import LibController

from chainrule.engine.threads import thread_count

__all__ = ["NativePool"]


@final
class NativePool(LibController):  # type: ignore[misc] # threadpoolctl has no types
    """The native engine's pool, for `threadpoolctl.threadpool_limits` and `threadpool_info`."""

    user_api = "chainrule"
    internal_api = "chainrule"
    filename_prefixes = ("_native",)
    check_symbols = ("chainrule_get_thread_limit", "chainrule_set_thread_limit")

    def get_num_threads(self) -> int:
        """Give the limit, or the number of threads that are used where there is none."""
        return int(self._function("chainrule_get_thread_limit")()) or thread_count()

    def set_num_threads(self, num_threads: int) -> None:
        """Set the limit; one that is no less than the number used anyway is lifted."""
        limit = int(num_threads) if num_threads < thread_count() else 0
        self._function("chainrule_set_thread_limit")(ctypes.c_int(limit))

    def get_version(self) -> str | None:
        """Give no version: it is the package's."""
        return None

    def _function(self, name: str) -> Any:
        return getattr(self.dynlib, name)
