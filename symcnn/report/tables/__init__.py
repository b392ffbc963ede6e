"""Tables: columns, rows, a total, notes below; written in six formats."""

from .table import Column as Column
from .table import Kind as Kind
from .table import Note as Note
from .table import Row as Row
from .table import Table as Table
