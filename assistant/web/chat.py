"""The chat screen in Gradio: one box to ask in, the answers, under each its sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from assistant import messages
from assistant.web.conversation import Conversation, ask_question
from assistant.web.rendering import escape_text, report_label
from index.errors import UserError

if TYPE_CHECKING:
    from assistant import Assistant

ALL_REPORTS = ""

_LAUNCH = {
    "server_name": "127.0.0.1",
    "share": False,
    "prevent_thread_lock": True,
    "quiet": True,
    "css_paths": Path(__file__).with_name("page.css"),
    # Fonts by name only: Gradio's own theme carries web fonts.
    "theme": gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
    # Or the browser offers to translate the page from English.
    "js": "() => { document.documentElement.lang = 'vi'; }",
    "footer_links": [],
    "run_history": False,
    "enable_monitoring": False,
    "ssr_mode": False,
    "mcp_server": False,
    "pwa": False,
    # The page takes no files, but Gradio's upload address is there: let it refuse the first byte.
    "max_file_size": 1,
}

# Gradio can only scroll to the end, which is the last source; the answer stands at the question.
_SHOW_NEWEST_QUESTION = """
() => setTimeout(() => {
    const questions = document.querySelectorAll("#chat .user-row");
    if (questions.length) questions[questions.length - 1].scrollIntoView({block: "start"});
}, 100)
"""


def start_page(assistant: Assistant, *, port: int) -> gr.Blocks:
    """Serve the chat, on this machine only, and return it: `.local_url`, `.close()`.

    Raises UserError where the port is taken.
    """
    page = build_page(assistant)
    try:
        page.launch(**_LAUNCH, server_port=port)
    except OSError as error:
        raise UserError(messages.port_taken(port)) from error
    return page


def build_page(assistant: Assistant) -> gr.Blocks:
    """Return the chat screen over one assistant, which all visitors share and none changes."""

    def open_page() -> gr.Dropdown:
        return gr.Dropdown(choices=_report_choices(assistant), value=ALL_REPORTS)

    def send(question: str, report: str, conversation: Conversation) -> tuple[str, list[dict], Conversation]:
        conversation = ask_question(assistant, conversation, question or "", report=report or None)
        return "", conversation.shown(), conversation

    def start_again() -> tuple[list[dict], Conversation]:
        return [], Conversation()

    with gr.Blocks(title=messages.PAGE_TITLE, analytics_enabled=False) as page:
        conversation = gr.State(Conversation())
        with gr.Row(elem_id="top", equal_height=True):
            gr.HTML(_render_head(), elem_id="head")
            report = gr.Dropdown(
                choices=_report_choices(assistant), value=ALL_REPORTS, label=messages.SCOPE_LABEL,
                elem_id="scope", filterable=False, scale=1,
            )
            again = gr.Button(messages.START_AGAIN, size="md", scale=0, min_width=130, elem_id="again")
        chat = gr.Chatbot(
            elem_id="chat", show_label=False, label=messages.CHAT_LABEL, placeholder=_render_welcome(),
            height="72vh", autoscroll=False, layout="bubble", buttons=[], latex_delimiters=[], allow_tags=False,
        )
        with gr.Row(elem_id="ask", equal_height=True):
            question = gr.Textbox(
                elem_id="question", label=messages.QUESTION_LABEL, placeholder=messages.QUESTION_PLACEHOLDER,
                show_label=False, container=False, autofocus=True, lines=1, max_lines=5, scale=8,
            )
            button = gr.Button(messages.SEND, variant="primary", scale=0, min_width=90, elem_id="send")

        gr.on(
            [question.submit, button.click], send,
            inputs=[question, report, conversation], outputs=[question, chat, conversation],
            show_progress="minimal", show_progress_on=chat, api_visibility="private",
        ).then(None, js=_SHOW_NEWEST_QUESTION, api_visibility="private")
        again.click(start_again, outputs=[chat, conversation], api_visibility="private")
        page.load(open_page, outputs=report, show_progress="hidden", api_visibility="private")
    return page


def _report_choices(assistant: Assistant) -> list[tuple[str, str]]:
    reports = [(report_label(facts), facts.id) for facts in assistant.reports()]
    return [(messages.all_reports(len(reports)), ALL_REPORTS), *reports]


def _render_head() -> str:
    return f"<h1>{escape_text(messages.PAGE_TITLE)}</h1><p>{escape_text(messages.PAGE_SUBTITLE)}</p>"


def _render_welcome() -> str:
    return f'<div class="welcome">{escape_text(messages.WELCOME)}</div>'
