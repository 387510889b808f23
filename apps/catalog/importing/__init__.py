"""Product files of other shop systems, read into this catalogue.

reading (bytes → numbered rows) → a format (rows → drafts) → writing (drafts → catalogue) → pictures → report.
The command and, later, the admin wizard both call `pipeline.import_file`.
"""
