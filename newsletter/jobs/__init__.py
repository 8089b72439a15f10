"""Jobs for many workers on PostgreSQL: they only carry word that batches are free.

The batch table stays the truth. A job that is lost is found missing by the sweep, and one too many
finds nothing to do, so no fault of the engine can lose a letter or send one twice.
"""
