
import annotations.states
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0009_openings_written_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('label', 'label'), ('review', 'review'), ('read', 'read')], max_length=32)),
                ('assigned_at', models.DateTimeField(auto_now_add=True)),
                ('released_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CommentMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resolved', models.BooleanField()),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='boxset',
            name='is_second',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='person',
            name='last_seen_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='must_change_password',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='protocol',
            name='label_twice_share',
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name='radiograph',
            name='label_twice',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='study',
            name='labelling',
            field=models.CharField(choices=[('none', 'none'), ('draft', 'draft'), ('submitted', 'submitted'), ('returned', 'returned'), ('accepted', 'accepted')], default=annotations.states.Labelling['NONE'], max_length=32),
        ),
        migrations.AddField(
            model_name='study',
            name='priority',
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name='study',
            name='reading',
            field=models.CharField(choices=[('none', 'none'), ('open', 'open'), ('agreed', 'agreed'), ('adjudicating', 'adjudicating'), ('settled', 'settled'), ('approved', 'approved')], default=annotations.states.Reading['NONE'], max_length=32),
        ),
        migrations.AddIndex(
            model_name='radiograph',
            index=models.Index(condition=models.Q(('label_twice', True)), fields=['study'], name='radiograph_to_label_twice'),
        ),
        migrations.AddIndex(
            model_name='study',
            index=models.Index(fields=['priority', 'received_at', 'id'], name='study_by_priority'),
        ),
        migrations.AddIndex(
            model_name='study',
            index=models.Index(fields=['labelling', 'state', 'priority', 'received_at', 'id'], name='study_to_label'),
        ),
        migrations.AddIndex(
            model_name='study',
            index=models.Index(fields=['reading', 'state', 'priority', 'received_at', 'id'], name='study_to_read'),
        ),
        migrations.AddConstraint(
            model_name='protocol',
            constraint=models.CheckConstraint(condition=models.Q(('label_twice_share__gte', 0), ('label_twice_share__lte', 1)), name='protocol_label_twice_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('labelling__in', ['none', 'draft', 'submitted', 'returned', 'accepted'])), name='study_labelling_known'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('reading__in', ['none', 'open', 'agreed', 'adjudicating', 'settled', 'approved'])), name='study_reading_known'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('priority__in', [1, 2, 3])), name='study_priority_known'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='assigned_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignment',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignment',
            name='radiograph',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='annotations.radiograph'),
        ),
        migrations.AddField(
            model_name='commentmark',
            name='box_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.boxset'),
        ),
        migrations.AddField(
            model_name='commentmark',
            name='comment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='annotations.reviewcomment'),
        ),
        migrations.AddField(
            model_name='commentmark',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('released_at__isnull', True)), fields=['person', 'kind'], name='assignment_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('released_at__isnull', True)), fields=['radiograph', 'kind'], name='assignment_of_a_film'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['label', 'review', 'read'])), name='assignment_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True), models.Q(('kind', 'read'), _negated=True)), fields=('radiograph', 'kind'), name='assignment_one_labeller_and_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('radiograph', 'kind', 'person'), name='assignment_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('released_at__gte', models.F('assigned_at')), _connector='OR'), name='assignment_released_after_it_began'),
        ),
    ]
