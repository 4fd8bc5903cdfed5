"""A Structure in; Findings out: tasks with agencies and deadlines, targets, citations."""

from pipeline.tasks.find import find

__all__ = ["find"]
