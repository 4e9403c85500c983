"""The tables, as they were first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("event", models.CharField(max_length=200, null=True)),
                ("entry", models.TextField()),
                ("commitment", models.CharField(max_length=80)),
                ("seal", models.CharField(max_length=80)),
            ],
            options={
                "verbose_name": "journal entry",
                "verbose_name_plural": "journal entries",
                "ordering": ["case", "sequence"],
            },
        ),
        migrations.CreateModel(
            name="EntryValues",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="values",
                        serialize=False,
                        to="telecom_rules.journalentry",
                    ),
                ),
                ("salt", models.CharField(blank=True, max_length=80)),
                ("held", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="StoredCase",
            fields=[
                ("id", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("row_number", models.BigIntegerField(null=True)),
                ("row_uuid", models.UUIDField(null=True)),
                ("row_text", models.CharField(max_length=255, null=True)),
                ("workflow", models.CharField(max_length=200)),
                ("digest", models.CharField(db_index=True, max_length=80)),
                ("state", models.CharField(max_length=1000)),
                ("final", models.BooleanField()),
                ("sequence", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("next_due", models.DateTimeField(db_index=True, null=True)),
                ("head", models.CharField(max_length=80)),
                ("snapshot", models.TextField()),
                ("problem", models.TextField(blank=True, default="")),
                (
                    "caller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="called",
                        to="telecom_rules.storedcase",
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
            },
        ),
        migrations.AddField(
            model_name="journalentry",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="journal",
                to="telecom_rules.storedcase",
            ),
        ),
        migrations.CreateModel(
            name="StoredEffect",
            fields=[
                ("key", models.CharField(max_length=250, primary_key=True, serialize=False)),
                ("sequence", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("effect", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("payload", models.TextField()),
                ("done_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="telecom_rules.storedcase",
                    ),
                ),
            ],
            options={
                "verbose_name": "effect",
                "verbose_name_plural": "effects",
            },
        ),
        migrations.CreateModel(
            name="StoredRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("at", models.DateTimeField(db_index=True)),
                ("event", models.CharField(max_length=200)),
                ("actor", models.CharField(max_length=200, null=True)),
                ("entry", models.TextField()),
                ("level", models.CharField(max_length=10)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="telecom_rules.storedcase",
                    ),
                ),
            ],
            options={
                "verbose_name": "refusal",
                "verbose_name_plural": "refusals",
                "ordering": ["case", "sequence", "at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="storedcase",
            constraint=models.UniqueConstraint(
                fields=("content_type", "row_number"), name="telecom_rules_one_case_row_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedcase",
            constraint=models.UniqueConstraint(
                fields=("content_type", "row_uuid"), name="telecom_rules_one_case_row_uuid"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedcase",
            constraint=models.UniqueConstraint(
                fields=("content_type", "row_text"), name="telecom_rules_one_case_row_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                fields=("case", "sequence"), name="telecom_rules_one_entry"
            ),
        ),
    ]
