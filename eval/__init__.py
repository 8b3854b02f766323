"""Measures the assistant: question sets, answer files, scoring, retrieval and speed."""
