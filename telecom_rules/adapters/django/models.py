"""The tables: the rows that all stores share, and beside them the rows of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models

from telecom_rules.adapters.django.language import lazy_say
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

LONGEST_ID = 200
LONGEST_NAME = 200
LONGEST_DIGEST = 80


class StoredCase(models.Model):
    """A case, and the row of the host that it stands beside.

    The key of the row is in the column of its kind, so that the database compares like with like.
    Content types are those of the default database, wherever the case is: so does Django in
    queries over a `GenericRelation`.
    A case that another one called stands beside no row; `caller` says who waits for it.
    """

    id: models.CharField[str, str] = models.CharField(primary_key=True, max_length=LONGEST_ID)
    content_type: models.ForeignKey[Any, Any] = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    row_number: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    row_uuid: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    row_text: models.CharField[str | None, str | None] = models.CharField(null=True, max_length=255)
    workflow: models.CharField[str, str] = models.CharField(max_length=LONGEST_NAME)
    digest: models.CharField[str, str] = models.CharField(max_length=LONGEST_DIGEST, db_index=True)
    state: models.CharField[str, str] = models.CharField(max_length=1000)
    final: models.BooleanField[bool, bool] = models.BooleanField()
    sequence: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    next_due: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True, db_index=True
    )
    head: models.CharField[str, str] = models.CharField(max_length=LONGEST_DIGEST)
    caller: models.ForeignKey[Any, Any] = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="called"
    )
    snapshot: models.TextField[str, str] = models.TextField()
    problem: models.TextField[str, str] = models.TextField(blank=True, default="")

    class Meta:
        app_label = "telecom_rules"
        verbose_name = lazy_say(Wording("个案", "case"))
        verbose_name_plural = lazy_say(Wording("个案", "cases"))
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["content_type", key], name=f"telecom_rules_one_case_{key}"
            )
            for key in ("row_number", "row_uuid", "row_text")
        ]

    def __str__(self) -> str:
        return self.id


class JournalEntry(models.Model):
    """An entry of the journal of a case, without the values of a person; it is never changed."""

    case: models.ForeignKey[Any, Any] = models.ForeignKey(
        StoredCase, on_delete=models.PROTECT, related_name="journal"
    )
    sequence: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    kind: models.CharField[str, str] = models.CharField(max_length=20)
    event: models.CharField[str | None, str | None] = models.CharField(
        max_length=LONGEST_NAME, null=True
    )
    entry: models.TextField[str, str] = models.TextField()
    commitment: models.CharField[str, str] = models.CharField(max_length=LONGEST_DIGEST)
    seal: models.CharField[str, str] = models.CharField(max_length=LONGEST_DIGEST)

    class Meta:
        app_label = "telecom_rules"
        verbose_name = lazy_say(Wording("日志条目", "journal entry"))
        verbose_name_plural = lazy_say(Wording("日志", "journal entries"))
        ordering: ClassVar[list[str]] = ["case", "sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "sequence"], name="telecom_rules_one_entry")
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.event or self.kind}"


class EntryValues(models.Model):
    """The values of a person in a journal entry, apart so that they can be erased."""

    entry: models.OneToOneField[Any, Any] = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, primary_key=True, related_name="values"
    )
    salt: models.CharField[str, str] = models.CharField(max_length=LONGEST_DIGEST, blank=True)
    held: models.TextField[str, str] = models.TextField(blank=True)

    class Meta:
        app_label = "telecom_rules"

    def __str__(self) -> str:
        return str(self.entry)


class StoredEffect(models.Model):
    """An effect; it is pending from the commit on until its receivers have done it."""

    key: models.CharField[str, str] = models.CharField(primary_key=True, max_length=250)
    case: models.ForeignKey[Any, Any] = models.ForeignKey(
        StoredCase, on_delete=models.PROTECT, related_name="effects"
    )
    sequence: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    number: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    effect: models.CharField[str, str] = models.CharField(max_length=LONGEST_NAME)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    payload: models.TextField[str, str] = models.TextField()
    done_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True, db_index=True
    )

    class Meta:
        app_label = "telecom_rules"
        verbose_name = lazy_say(Wording("待办事项", "effect"))
        verbose_name_plural = lazy_say(Wording("待办事项", "effects"))

    def __str__(self) -> str:
        return f"{self.key}: {self.effect}"


class StoredRefusal(models.Model):
    """An event that was refused, or would have been.

    It may lie in another database than its case, so that no constraint binds the two.
    """

    case: models.ForeignKey[Any, Any] = models.ForeignKey(
        StoredCase, on_delete=models.PROTECT, db_constraint=False, related_name="refusals"
    )
    sequence: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
    event: models.CharField[str, str] = models.CharField(max_length=LONGEST_NAME)
    actor: models.CharField[str | None, str | None] = models.CharField(
        max_length=LONGEST_NAME, null=True
    )
    entry: models.TextField[str, str] = models.TextField()
    level: models.CharField[str, str] = models.CharField(max_length=10)

    class Meta:
        app_label = "telecom_rules"
        verbose_name = lazy_say(Wording("拒绝记录", "refusal"))
        verbose_name_plural = lazy_say(Wording("拒绝记录", "refusals"))
        ordering: ClassVar[list[str]] = ["case", "sequence", "at", "id"]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.event}"
