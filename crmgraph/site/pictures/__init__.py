"""Pictures of the plan, drawn on the server as SVG: who does what, when, in which part; and networks of any kind."""

from crmgraph.site.pictures.network import Edge, Node, draw_network, folded
from crmgraph.site.pictures.shapes import Drawing

__all__ = ["Drawing", "Edge", "Node", "draw_network", "folded"]
