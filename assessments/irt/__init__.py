"""Item response models by matrices: everything that needs NumPy, reached only through the functions that call it.

The web process imports none of this at start: `assessments.calibration` loads it when a calibration is asked for.
"""
