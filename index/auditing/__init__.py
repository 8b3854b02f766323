"""Recomputes what a report says of its own figures: sums, shares, changes, and figures said twice."""

from index.auditing.audit import audit_report, audit_reports, registered_conflicts
from index.auditing.records import Check

__all__ = ["Check", "audit_report", "audit_reports", "registered_conflicts"]
