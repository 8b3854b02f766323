"""Plain LangChain on the same reports and questions, for comparison. The only file that imports
LangChain's text splitters and in-memory store."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_text_splitters import RecursiveCharacterTextSplitter

from eval.measure import peak_memory, time_questions
from eval.questions import read_questions
from index.embedding import Embedder, open_embedder
from index.readers import read_file
from index.retriever import ReportEmbeddings

CHUNK_SIZE = 1000
CHUNK_OVERLAP = 200
NEIGHBOURS = 4


def fill_store(files: Sequence[str], *, embedder: Embedder) -> InMemoryVectorStore:
    """Split the files and put the chunks into a new in-memory store."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP)
    store = InMemoryVectorStore(ReportEmbeddings(embedder))
    store.add_documents(splitter.split_documents([
        Document(page_content=read_file(Path(each)).text, metadata={"source": each})
        for each in files
    ]))
    return store


def measure_questions(questions: str, *files: str) -> dict[str, object]:
    """Search for each question; return milliseconds of each and the peak memory."""
    store = fill_store(files, embedder=open_embedder())
    return time_questions(
        read_questions(Path(questions)),
        lambda each: store.similarity_search(each.question, k=NEIGHBOURS),
    )


def measure_adding(*files: str) -> dict[str, object]:
    """Split, embed and store files; return seconds and the peak memory."""
    return _time_adding(files, embedder=open_embedder())


def measure_bulk(warm_up: str, *files: str) -> dict[str, object]:
    """Store a first file so that the engine is loaded, then time the others."""
    embedder = open_embedder()
    fill_store([warm_up], embedder=embedder)
    return _time_adding(files, embedder=embedder)


def _time_adding(files: Sequence[str], *, embedder: Embedder) -> dict[str, object]:
    begun = time.perf_counter()
    fill_store(files, embedder=embedder)
    return {"seconds": time.perf_counter() - begun, **peak_memory()}


TASKS: dict[str, Callable[..., dict[str, object]]] = {
    "questions": measure_questions,
    "adding": measure_adding,
    "bulk": measure_bulk,
}


if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*sys.argv[2:])))
