"""The assistant as a LangChain Runnable: `invoke`, `batch`, `stream`, callbacks and tracing work on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answers import Answer

if TYPE_CHECKING:
    from assistant.assistant import Assistant


def make_runnable(assistant: Assistant) -> Runnable[str | Mapping[str, Any], Answer]:
    """Return a Runnable that takes a question, or a mapping of question, history and reports.

    Its output is the `Answer` record; `answer.text | StrOutputParser` style chains can be built
    with `runnable | (lambda answer: answer.text)`.
    """

    def ask(asked: str | Mapping[str, Any]) -> Answer:
        if isinstance(asked, str):
            return assistant.ask(asked)
        return assistant.ask(asked["question"], history=asked.get("history") or (), reports=asked.get("reports"))

    return RunnableLambda(ask, name="hoi_bao_cao")
