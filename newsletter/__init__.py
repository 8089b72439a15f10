"""The newsletter: a comparison's way from a page to an inbox.

Read the folders in this order: content, selection, issues, rendering, delivery; ``weekly.py``
tells the whole story in a few lines.
"""
