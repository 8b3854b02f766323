"""Trains the reranker (`assistant/reranker.py`) on invented reports."""
