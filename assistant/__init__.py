"""Hỏi Báo Cáo: ask Vietnamese administrative reports, get the exact figure and where it stands."""

from assistant.answers import Answer, Citation
from assistant.assistant import Assistant

__all__ = ["Answer", "Assistant", "Citation"]
