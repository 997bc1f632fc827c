"""The pictures of the labelling manual, drawn on synthetic hands: `python -m training labelling-manual --out FOLDER`.

Films and boxes are the phantom's own, so the pictures show what :mod:`training.phantom.region_boxes` holds and nothing
that was moved by hand. They carry no words but SYNTHETIC, ages and region ids: one set serves both languages.
"""
