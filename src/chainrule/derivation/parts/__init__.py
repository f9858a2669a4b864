"""The parts of a derivation, one file each."""
