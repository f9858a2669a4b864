"""How files are written and read: whole or not at all, and nothing in them executed."""

from chainrule.storage.atomic import check_writable, refuse_to_replace, write_atomically
from chainrule.storage.tensor_files import TensorFormat

__all__ = ["TensorFormat", "check_writable", "refuse_to_replace", "write_atomically"]
