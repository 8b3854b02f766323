"""The library of reports: reads, stores and finds. Knows nothing of questions answered (`assistant/`)."""
