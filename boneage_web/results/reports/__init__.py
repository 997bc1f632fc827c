"""What leaves the page: text, PDF, CSV, FHIR, DICOM; all made of the facts (`boneage_web/results/facts.py`)."""
