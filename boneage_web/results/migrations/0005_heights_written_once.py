"""Heights are inserted and never changed."""

from django.db import migrations

from annotations.migrations._written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("results", "0004_heights")]
    operations = [written_once(["results_heightmeasurement"])]
