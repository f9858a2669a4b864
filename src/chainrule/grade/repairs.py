"""stub"""
from dataclasses import dataclass
from typing import Any
@dataclass
class Repairs:
    judge: Any
    chain: Any
    def of(self, *a: Any) -> list[Any]:
        return []
