"""An issue becomes subject, HTML and text, once for all subscribers; personal marks come last."""
