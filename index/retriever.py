"""The library for the LangChain ecosystem: embeddings and a retriever over the same index. Nothing here is needed to answer."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.embedding import Embedder
from index.library import Library
from index.records import Hit
from index.search import Query, search


class ReportEmbeddings(Embeddings):
    """An `Embedder` as LangChain knows them."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        return self._embedder.encode_passages(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._embedder.encode_question(text).tolist()


class ReportRetriever(BaseRetriever):
    """Passages of a library for a question, best first, as LangChain documents.

    `metadata` has report (id), name, title, period, section (number), path, footnote, start,
    end and score; `page_content` is the passage word for word.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    limit: int = Field(8, ge=1, le=1_000)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        vector = self.library.embedder.encode_question(query)
        hits = search(self.library.snapshot(), Query.from_text(query, vector), limit=self.limit)
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    report, passage, section = hit.report, hit.passage, hit.section
    return Document(page_content=hit.text, metadata={
        "report": report.id, "name": report.name, "title": report.title, "period": report.period,
        "section": section.number, "path": list(section.path), "footnote": passage.footnote,
        "start": passage.start, "end": passage.end, "score": hit.score,
    })
