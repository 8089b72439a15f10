"""Readers: found, looked at, acted for; the suppression list, import and export."""
