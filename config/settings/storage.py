"""Static files travel with the code; uploads lie under `var/` and are served only after a check."""

from config.settings.environment import UPLOAD_LIMIT_MB, VAR_DIR

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR_DIR / "media"

# A form field may carry a pasted plan; a file is bounded by its own limit in the form.
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_MB * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
