"""What an agency may decide about Đôn Đốc itself."""

from config.settings import environment

DONDOC_BASE_URL = environment.BASE_URL.rstrip("/")
# "Before 10/12": due on the 10th by default; strictly read, on the 9th.
DONDOC_STRICT_BEFORE = environment.STRICT_BEFORE
# How long a unit has to acknowledge an assignment, in working days.
DONDOC_ACKNOWLEDGE_WORKING_DAYS = environment.ACKNOWLEDGE_WORKING_DAYS
# How long the focal unit has to answer an obstacle, and the supervising leader to decide on an
# extension, in working days.
DONDOC_ANSWER_WORKING_DAYS = environment.ANSWER_WORKING_DAYS
DONDOC_DECIDE_WORKING_DAYS = environment.DECIDE_WORKING_DAYS
# How long the unit a proposal is addressed to has to answer it, in working days.
DONDOC_PROPOSAL_WORKING_DAYS = environment.PROPOSAL_WORKING_DAYS
# How often one date may be extended; 0 sets no limit. The third time is flagged in any case.
# A recurring report is asked for this many calendar days before it is due.
DONDOC_REPORT_OPENS_DAYS = environment.REPORT_OPENS_DAYS
DONDOC_EXTENSION_LIMIT = environment.EXTENSION_LIMIT
DONDOC_UPLOAD_LIMIT = environment.UPLOAD_LIMIT_MB * 1024 * 1024
# What reading one document may take: seconds, and bytes of address space.
DONDOC_READING_SECONDS = environment.READING_SECONDS
DONDOC_READING_MEMORY = environment.READING_MEMORY_MB * 1024 * 1024

# After how many minutes without a sign of life the clock or the worker counts as silent, and
# after how many a mail that still waits to be sent.
DONDOC_SILENCE_MINUTES = environment.SILENCE_MINUTES
DONDOC_MAIL_SILENCE_MINUTES = environment.MAIL_SILENCE_MINUTES
# How often the records are checked, and how late anything may be before the check says so.
DONDOC_AUDIT_MINUTES = environment.AUDIT_MINUTES
DONDOC_AUDIT_GRACE_MINUTES = environment.AUDIT_GRACE_MINUTES
# Message bridges: whether they may be called without TLS, and inside private networks.
DONDOC_BRIDGE_HTTP = environment.BRIDGE_HTTP
DONDOC_BRIDGE_PRIVATE = environment.BRIDGE_PRIVATE
