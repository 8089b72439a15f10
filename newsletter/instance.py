"""Which installation a database belongs to: a restored or copied one sends nothing by itself."""

from datetime import datetime

from sqlalchemy import Column, Integer
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class Instance(SQLModel, table=True):
    """The one row that names the installation.

    ``generation`` grows with every issue that begins to leave; a database that is behind the
    generation its host remembers was restored from a backup.
    """

    __tablename__ = "instances"

    id: int = Field(default=1, sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str
    generation: int = 0
    adopted_at: datetime = Field(sa_type=UtcDateTime)
