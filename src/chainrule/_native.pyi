"""The compiled part of chainrule: the types of what native/bindings.cpp defines."""

def build_info() -> dict[str, str]:
    """How this module was compiled: compiler, version, standard, architecture."""
