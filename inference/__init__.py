"""The floor: anatomy, imaging, standards, statistics, the detector and the age head. Knows no web."""
