"""Measures the register, the audit and the check of drafts against what people marked by hand and errors planted by program."""
