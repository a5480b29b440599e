//! One file for each form in which a report is shown; they see the report only.
