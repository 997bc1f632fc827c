"""Boxes in the files of other programs: Pascal VOC, YOLO, COCO and our CSV, read and written without a database.

One module a format; each says how its numbers become ours (:mod:`inference.anatomy.boxes`) and what it cannot hold.
Reading never guesses: what is wrong with a box is a finding about that box, and the file's other boxes are taken.
"""
