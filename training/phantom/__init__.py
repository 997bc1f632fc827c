"""A synthetic left-hand radiograph drawn from a bone age, a sex and a seed, with exact boxes.

It serves the demonstration cohort and the tests. It is no evidence of accuracy: every file it writes says SYNTHETIC.
"""

from training.phantom.patient import PhantomPatient, phantom_patient
from training.phantom.phantom import Centre, Phantom, render_phantom
from training.phantom.wrap import phantom_dicom

__all__ = ["Centre", "Phantom", "PhantomPatient", "phantom_dicom", "phantom_patient", "render_phantom"]
