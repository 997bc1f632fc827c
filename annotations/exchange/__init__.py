"""Boxes and tables in and out: VOC, YOLO, COCO, CSV, labelImg's folders, cohort tables as CSV and Parquet.

What a file means stands in :mod:`inference.box_formats`; here it meets films, people and rights. Writing goes through
the services like any labeller's work: an imported box set is its author's draft, or handed in, never accepted.
"""
