"""The addresses: those of the helpdesk, of the admin site, and of the forms of events."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("rules/", include("telecom_rules.adapters.django.urls")),
    path("", include("helpdesk.urls", namespace="helpdesk")),
]
