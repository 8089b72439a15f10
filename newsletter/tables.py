"""Imports every module that declares tables, so that the metadata is whole."""

from sqlmodel import SQLModel

metadata = SQLModel.metadata
