"""Tables: columns, rows, a total, notes below; written in six formats."""

from .content import Column as Column
from .content import Kind as Kind
from .content import Note as Note
from .content import Row as Row
from .several import Tables as Tables
from .table import Table as Table
