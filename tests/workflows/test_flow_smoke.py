import datetime as dt

import pytest

from tasks.models import *
from tests.factories import *
from workflows.actions import assignment, work, reports
from viewflow.workflow.models import Task, Process

pytestmark = pytest.mark.django_db
AT = local_instant(dt.date(2023, 3, 16), 9)


def test_whole():
    a, b, c, focal = make_unit(), make_unit(), make_unit(), make_unit()
    plan = make_plan(leads=[a, b], coordinating=[c], focal=focal)
    A, B, F = make_actor(a), make_actor(b), make_actor(focal)
    pa, pb = lead_part(plan, a), lead_part(plan, b)
    assignment.acknowledge(participation=pa, actor=A, at=AT)
    assignment.decline(participation=pb, actor=B, at=AT, reason="x")
    d = make_unit()
    D = make_actor(d)
    pd = assignment.reassign(participation=pb, unit=d, actor=F, at=AT, words="y")
    assignment.acknowledge(participation=pd, actor=D, at=AT)
    for p, who in ((pa, A), (pd, D)):
        work.claim_completion(participation=p, actor=who, at=AT, words="done")
    work.return_completion(participation=pa, actor=F, at=AT, reason="no")
    work.claim_completion(participation=pa, actor=A, at=AT, words="done")
    work.accept_completion(participation=pa, actor=F, at=AT)
    assert PlanItem.objects.get().state == "in_progress"
    work.accept_completion(participation=pd, actor=F, at=AT)
    assert PlanItem.objects.get().state == "completed"
    p = Process.objects.filter(flow_class__contains="PlanItem") if False else None
    for t in Task.objects.order_by("pk"):
        print(t.flow_task.name, t.status, t.token, t.seed)
    from workflows.flows import PlanItemFlow
    from viewflow.workflow import chart

    grid = chart.calc_layout_data(PlanItemFlow)
    proc = Process.objects.get(artifact_object_id=pa.item_id, flow_class=PlanItemFlow)
    assert proc.status == "DONE"
    chart.calc_cell_status(PlanItemFlow, grid, proc.pk)
    svg = chart.grid_to_svg(grid)
    open("/tmp/chart.svg", "w").write(svg)
    open("/tmp/chart.bpmn", "w").write(chart.grid_to_bpmn(grid))
