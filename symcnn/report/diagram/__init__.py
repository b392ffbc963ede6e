"""Pictures of a network: its blocks, and shapes on the arrows between them.

* boxes: from a profile to boxes and arrows, repeats folded;
* layout: where the boxes of a chart stand, row by row;
* svg, mermaid: what is written;
* diagram: the document.
"""

from .diagram import Diagram as Diagram
from .diagram import drawn as drawn
