"""Whose a database is: a restored or copied one sends nothing until a person has said so.

``rules`` decides, ``memory`` is what a host knows, ``store`` what the database does, and ``fence``
stands between them.
"""
