"""A lab that is only this folder: the proof that a new one needs nothing in gui/."""
