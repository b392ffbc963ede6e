"""Reports: summaries of networks as tables, and worked steps, in six formats.

They know no kind of layer: whatever they say comes from profiles.

* formulas: ``plain``, ``latex`` and ``mathml`` print expressions for people;
* tables: one ``Table``, of columns, rows, a total and notes;
* diagram: a network's blocks as a picture and as Mermaid text; loaded when needed;
* worked: formulas in teaching form, and the steps from there to the result; loaded when needed.
"""

from .document import FORMATS as FORMATS
from .document import Document as Document
from .formulas import latex as latex
from .formulas import mathml as mathml
from .formulas import plain as plain
from .summary import summarise as summarise
from .tables import Column as Column
from .tables import Note as Note
from .tables import Table as Table
from .tables import Tables as Tables
