"""Releases with what the gate said, and the films of the gate."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from annotations.migrations._written_once import written_once


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('findings', models.JSONField(default=list)),
                ('verdict', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, default='', max_length=2000)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='registry.modelversion')),
                ('replaced', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.modelversion')),
            ],
            options={
                'ordering': ['-at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('findings', []), models.Q(('reason', ''), _negated=True), _connector='OR'), name='release_overruled_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Yardstick',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('split', models.CharField(max_length=32)),
                ('reason', models.CharField(max_length=2000)),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.snapshot')),
            ],
            options={
                'ordering': ['-set_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('split', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='yardstick_says_what_and_why')],
            },
        ),
        written_once(['registry_release', 'registry_yardstick']),
    ]
