"""Since 0014 films that wait for boxes are handed out by an index of their own; this one serves lists and counts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("annotations", "0017_end_unreadable_readings")]
    operations = [
        migrations.RenameIndex(model_name="study", old_name="study_to_label", new_name="study_by_labelling"),
    ]
