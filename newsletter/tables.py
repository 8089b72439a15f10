"""Imports every module that declares tables, so that the metadata is whole."""
