"""django-helpdesk as its authors ship it, with the rules for complaints embedded."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parents[1]
DATA = Path(os.environ.get("HELPDESK_DATA", HERE / "data"))  # made by `make helpdesk`

SECRET_KEY = "only for this example"  # noqa: S105 - a real site has a secret one
DEBUG = os.environ.get("HELPDESK_DEBUG", "1") == "1"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
ROOT_URLCONF = "desk.urls"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/tickets/"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
STATIC_URL = "/static/"
MEDIA_ROOT = DATA / "media"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SITE_ID = 1

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "rest_framework",
    "desk",  # before helpdesk, so that its template of the board is found
    "helpdesk",
    "telecom_rules.adapters.django",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "telecom_rules.adapters.django.middleware.RulesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.static",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "helpdesk.sqlite3",
        "ATOMIC_REQUESTS": os.environ.get("HELPDESK_ATOMIC", "1") == "1",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }
}
HELPDESK_TEAMS_MODE_ENABLED = False
