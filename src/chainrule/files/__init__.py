"""Model files, and writing files so that nothing is lost."""

from chainrule.files.model_files import FORMAT_VERSION, load, save
from chainrule.storage import check_writable, refuse_to_replace, write_atomically

__all__ = [
    "FORMAT_VERSION",
    "check_writable",
    "load",
    "refuse_to_replace",
    "save",
    "write_atomically",
]
