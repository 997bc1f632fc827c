"""Rows that are inserted and never changed."""

from django.db import migrations

from annotations.migrations._written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("annotations", "0008_openings_and_corrections")]
    operations = [written_once(["annotations_opening"])]
