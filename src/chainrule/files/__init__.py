"""Model files, and writing files so that nothing is lost."""

from chainrule.files.formats import FORMAT_VERSION
from chainrule.files.model_files import load_model, save_model
from chainrule.files.saving import load, save
from chainrule.storage import check_writable, refuse_to_replace, write_atomically

__all__ = [
    "FORMAT_VERSION",
    "check_writable",
    "load",
    "load_model",
    "refuse_to_replace",
    "save",
    "save_model",
    "write_atomically",
]
