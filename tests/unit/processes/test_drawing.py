"""The drawings can be read: everything is drawn, nothing lies on anything else, lines stay off the boxes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import pytest
from lxml import etree

from tests.unit.processes.bundles import BUNDLES, PROCESSES

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
Line = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box, by: float = 1) -> bool:
        return (
            min(self.x + self.width, other.x + other.width) - max(self.x, other.x) > by
            and min(self.y + self.height, other.y + other.height) - max(self.y, other.y) > by
        )

    def within(self, other: Box) -> bool:
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.x + self.width <= other.x + other.width
            and self.y + self.height <= other.y + other.height
        )

    def shrunk(self, by: float) -> Box:
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def crossed_by(self, line: Line) -> bool:
        (x1, y1), (x2, y2) = line
        return self.overlaps(Box(min(x1, x2), min(y1, y2), abs(x1 - x2) or 3, abs(y1 - y2) or 3), by=2)


class Drawing:
    """Boxes of nodes, labels and lanes, and the lines between them."""

    def __init__(self, content: bytes) -> None:
        root = etree.fromstring(content)
        self.tags = {element.get("id"): etree.QName(element).localname for element in root.iter("{*}*")}
        self.sources = {
            flow.get("id"): (flow.get("sourceRef"), flow.get("targetRef"))
            for flow in root.iterfind(".//bpmn:sequenceFlow", NAMES)
        }
        self.members = {
            member.text: lane.get("id")
            for lane in root.iterfind(".//bpmn:lane", NAMES)
            for member in lane.iterfind("bpmn:flowNodeRef", NAMES)
        }
        self.boxes = {
            shape.get("bpmnElement"): _box(shape.find("dc:Bounds", NAMES))
            for shape in root.iterfind(".//bpmndi:BPMNShape", NAMES)
        }
        self.labels = {
            label.getparent().get("bpmnElement"): _box(label.find("dc:Bounds", NAMES))
            for label in root.iterfind(".//bpmndi:BPMNLabel", NAMES)
        }
        self.lines = {
            edge.get("bpmnElement"): [
                (float(point.get("x")), float(point.get("y")))
                for point in edge.iterfind("di:waypoint", NAMES)
            ]
            for edge in root.iterfind(".//bpmndi:BPMNEdge", NAMES)
        }

    def nodes(self) -> dict[str, Box]:
        """Flow nodes but sub-processes, which enclose others, and events on their border. The corners of
        a gateway's box are empty."""
        outside = {"participant", "lane", "subProcess", "boundaryEvent"}
        return {
            id_: box.shrunk(12) if self.tags[id_].endswith("Gateway") else box
            for id_, box in self.boxes.items()
            if self.tags[id_] not in outside
        }


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


FILES = sorted(path for key in BUNDLES for path in (PROCESSES / key).glob("*.bpmn"))


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES])
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return Drawing(request.param.read_bytes())


def test_every_node_and_flow_is_drawn_once(drawing: Drawing) -> None:
    drawn = {**drawing.boxes, **drawing.lines}
    kinds = ("Task", "Event", "Gateway", "subProcess", "callActivity", "sequenceFlow", "participant")
    for id_, tag in drawing.tags.items():
        if id_ and tag.endswith(kinds) and tag not in ("process", "multiInstance"):
            assert id_ in drawn, f"{tag} {id_} is not drawn"


def test_every_node_lies_in_the_lane_it_belongs_to(drawing: Drawing) -> None:
    for id_, lane in drawing.members.items():
        assert drawing.boxes[id_].within(drawing.boxes[lane]), f"{id_} is outside {lane}"


def test_no_two_nodes_or_labels_lie_on_each_other(drawing: Drawing) -> None:
    things = {**drawing.nodes(), **{f"{id_} (label)": box for id_, box in drawing.labels.items()}}
    for (left, box), (right, other) in combinations(things.items(), 2):
        assert not box.overlaps(other), f"{left} lies on {right}"


def test_no_line_runs_through_a_box_or_a_label(drawing: Drawing) -> None:
    labels = {f"{id_} (label)": box for id_, box in drawing.labels.items()}
    for flow, points in drawing.lines.items():
        ends = drawing.sources[flow]
        for line in pairwise(points):
            for id_, box in {**drawing.nodes(), **labels}.items():
                assert id_ in ends or not box.crossed_by(line), f"{flow} runs through {id_}"


def test_lines_are_level_or_upright(drawing: Drawing) -> None:
    for flow, points in drawing.lines.items():
        for (x1, y1), (x2, y2) in pairwise(points):
            assert min(abs(x1 - x2), abs(y1 - y2)) <= 1, f"{flow} is slanted"
