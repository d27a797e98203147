"""Addresses of the pages where people work. Every one checks its object for the acting unit."""

from django.urls import path

from workflows.views import (
    acts,
    corrections,
    draft_review,
    drafts,
    files,
    home,
    items,
    plans,
    reports,
    shell,
    supervise,
    uploads,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("acting-unit/", shell.acting_unit, name="acting_unit"),
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("documents/<int:pk>/", plans.document, name="document"),
    path("documents/<int:pk>/file/", files.document_file, name="document_file"),
    path("evidence/<int:pk>/", files.evidence, name="evidence"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/chart/", items.item_chart, name="item_chart"),
    path("items/<int:pk>/chart.bpmn", items.item_bpmn, name="item_bpmn"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/edit/", reports.report_edit, name="report_edit"),
    path("supervise/", supervise.supervise, name="supervise"),
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/new/", uploads.draft_upload, name="draft_upload"),
    path("drafts/<int:pk>/progress/", uploads.draft_progress, name="draft_progress"),
    path("drafts/<int:pk>/retry/", uploads.draft_retry, name="draft_retry"),
    path("drafts/<int:pk>/file/", files.draft_file, name="draft_file"),
    path("drafts/<int:pk>/preview/", drafts.draft_preview, name="draft_preview"),
    path("drafts/<int:pk>/issue/", drafts.draft_issue, name="draft_issue"),
    path("drafts/<int:pk>/discard/", drafts.draft_discard, name="draft_discard"),
    *draft_review.urlpatterns,
    *corrections.urlpatterns,
    *acts.urlpatterns,
]
