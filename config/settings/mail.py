"""Mail leaves through SMTP; without a server it is kept in the outbox, where it can be read."""

from urllib.parse import unquote, urlsplit

from config.settings.environment import MAIL_FROM, SMTP_URL

DEFAULT_FROM_EMAIL = MAIL_FROM
SERVER_EMAIL = MAIL_FROM
EMAIL_TIMEOUT = 20

if SMTP_URL:
    _parts = urlsplit(SMTP_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _parts.hostname or "localhost"
    EMAIL_PORT = _parts.port or (465 if _parts.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_parts.username or "")
    EMAIL_HOST_PASSWORD = unquote(_parts.password or "")
    EMAIL_USE_SSL = _parts.scheme == "smtps"
    EMAIL_USE_TLS = _parts.scheme == "smtp+tls"
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
