"""Pages are read: text in two layouts, HTML and JSON, whole or cut, to values or refusals."""
