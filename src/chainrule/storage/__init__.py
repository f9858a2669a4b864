"""How files are written and read: whole or not at all, and nothing in them executed."""

from chainrule.storage.atomic import check_writable, refuse_to_replace, write_atomically
from chainrule.storage.random_states import random_from_record, random_to_record
from chainrule.storage.tensor_files import TensorFormat, entry_of
from chainrule.storage.values import ValueReader, ValueWriter

__all__ = [
    "TensorFormat",
    "ValueReader",
    "ValueWriter",
    "check_writable",
    "entry_of",
    "random_from_record",
    "random_to_record",
    "refuse_to_replace",
    "write_atomically",
]
