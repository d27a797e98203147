"""What a version of a report keeps: everything that its files are made from, as plain JSON."""

from __future__ import annotations

from typing import Any

from tasks.models import Report


def content_of(report: Report) -> dict[str, Any]:
    """Return the report as it stands now. Under "sections" its texts, in the order of the outline.

    A section keeps its "position" for as long as the report lives: by it versions are compared.
    """
    return {
        "sections": [
            {
                "position": section.position,
                "kind": section.kind,
                "title": section.title,
                "text": section.text,
            }
            for section in report.sections.all()
        ]
    }
