"""Models of hosts: statuses as texts, as rows that users add to, and beside other kinds of keys."""

from __future__ import annotations

import uuid

from django.db import models


class Order(models.Model):
    """A host whose statuses are texts."""

    code = models.CharField(max_length=20, primary_key=True)
    state = models.CharField(
        max_length=20,
        default="new",
        choices=[("new", "New"), ("work", "At work"), ("done", "Done")],
    )
    text = models.TextField(default="", max_length=100)
    made_at = models.DateTimeField(auto_now_add=True)


class Phase(models.Model):
    """A status that users add to."""

    slug = models.SlugField(unique=True)


class Matter(models.Model):
    """A host whose statuses are rows of another table, with a key that is no number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT)
    text = models.TextField(default="")


class UrgentMatter(Matter):
    """A child in multi-table inheritance."""

    reason = models.TextField(default="")


class OrderProxy(Order):
    """A proxy, as an admin site has them."""

    class Meta:
        proxy = True
