"""Rows that are inserted and never changed."""

from django.db import migrations

from annotations.migrations._written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("results", "0002_signed_results")]
    operations = [written_once(["results_signedresult", "results_filmexamination", "results_referencechoice"])]
