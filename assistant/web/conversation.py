"""One visitor's chat: immutable, so that nothing of one visitor can reach another. No screen here."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import messages
from assistant.web.rendering import render_answer, render_notice, render_question
from index.errors import UserError

if TYPE_CHECKING:
    from assistant import Assistant

MAX_HISTORY = 10
MAX_SHOWN_TURNS = 50

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer as HTML. `answered` is False where a sentence stands for an answer."""

    question: str
    question_html: str
    answer_html: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one visitor asked so far, oldest first, the newest MAX_SHOWN_TURNS turns of it."""

    turns: tuple[Turn, ...] = ()

    @property
    def history(self) -> list[str]:
        """Return the newest answered questions, oldest first, at most MAX_HISTORY."""
        return [turn.question for turn in self.turns if turn.answered][-MAX_HISTORY:]

    def shown(self) -> list[dict[str, str]]:
        """Return the chat as the messages (role, content) that the screen shows."""
        return [
            message
            for turn in self.turns
            for message in (
                {"role": "user", "content": turn.question_html},
                {"role": "assistant", "content": turn.answer_html},
            )
        ]


def ask_question(
    assistant: Assistant, conversation: Conversation, question: str, *, report: str | None = None
) -> Conversation:
    """Return the conversation with one more turn; `report` (an id) limits the question to it.

    The border of the page: whatever fails becomes a sentence in the chat, and the log has the rest.
    """
    try:
        answer = assistant.ask(question, history=conversation.history, reports=[report] if report else None)
        html, answered = render_answer(answer), True
    except UserError as error:
        html, answered = render_notice(str(error)), False
    except Exception:
        logger.exception("a question on the page failed")
        html, answered = render_notice(messages.QUESTION_FAILED), False
    turn = Turn(question, render_question(question), html, answered)
    return replace(conversation, turns=(*conversation.turns, turn)[-MAX_SHOWN_TURNS:])
