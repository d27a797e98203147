"""The two kinds of flow node that viewflow's open edition lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from tasks.models import Person, Unit


class SplitEachActivation(nodes.split.SplitActivation):
    @Activation.status.super()
    def activate(self) -> None:
        self.seeds = list(self.flow_task.seeds(self))

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        tokens = Token.split_token_source(self.task.token, self.task.pk)
        ((branch, *_rest),) = self.flow_task._activate_next
        for seed in self.seeds:
            yield branch._create(prev_activation=self, token=next(tokens), seed=seed)


class SplitEach(nodes.Split):
    """A parallel branch for each seed, joined by the stock `Join`.

    `seeds` takes the activation and returns the objects to branch over; none is no error.
    """

    activation_class = SplitEachActivation

    def __init__(self, seeds: Callable[[Activation], Iterable[models.Model]]) -> None:
        super().__init__()
        self.seeds = seeds

    @property
    def _branches(self) -> list[tuple[Any, ...]]:
        # Four parts mark the branch as multi-instance in the BPMN export.
        return [(node, cond, None, self.seeds) for node, cond, _ in self._activate_next]


def open_branch(split: SplitEach, process: Any, seed: models.Model) -> None:
    """Begin one more branch of a split that has run already. Call it under the flow's lock."""
    task = process.task_set.get(flow_task=split)
    activation = split.activation_class(task)
    ((branch, *_rest),) = split._activate_next
    tokens = Token.split_token_source(task.token, task.pk)
    used = {str(other.token) for other in process.task_set.filter(flow_task=branch)}
    token = next(token for token in tokens if token.token not in used)
    branch._create(prev_activation=activation, token=token, seed=seed).activate()


def end_branch(join: nodes.Join, process: Any, seed: models.Model) -> None:
    """End whatever waits for `seed`; if the join waited for nothing else, the flow goes on.

    Call it under the flow's lock.
    """
    open_tasks = process.task_set.filter(status__in=(STATUS.NEW, STATUS.ASSIGNED))
    about = {
        "seed_content_type": ContentType.objects.get_for_model(seed),
        "seed_object_id": seed.pk,
    }
    for task in open_tasks.filter(**about):
        task.flow_task.activation_class(task).cancel()
    waiting = process.task_set.filter(flow_task=join, status=STATUS.STARTED).first()
    if waiting is not None:
        activation = join.activation_class(waiting)
        if activation.complete.can_proceed():
            activation.complete()
            activation.activate_next()


class UnitStep(nodes.View):
    """A step that waits for somebody of one unit.

    The stock node asks about the process and then only about the owner. This one stores the unit
    as the object of the permission, and asks guardian about it each time.
    """

    def __init__(
        self, right: str | Callable[[Activation], str], unit: Callable[[Activation], Unit]
    ) -> None:
        super().__init__(view=None)
        self.right = right
        self.unit = unit

    def calc_owner_permission(self, activation: Activation) -> str:
        right = self.right(activation) if callable(self.right) else self.right
        return f"tasks.{right}"

    def calc_owner_permission_obj(self, activation: Activation) -> Unit:
        return self.unit(activation)

    def can_assign(self, user: Person, task: Any) -> bool:
        return task.owner_id is None and self._holds_right(user, task)

    def can_execute(self, user: Person, task: Any) -> bool:
        return task.owner_id == user.pk and self._holds_right(user, task)

    def _holds_right(self, user: Person, task: Any) -> bool:
        return bool(user.has_perm(task.owner_permission, task.owner_permission_obj))
