"""Fills an empty database: a real district, or the fictitious one of the demo."""

from supervision.seed.demo import DemoPerson, demo_people, seed_demo
from supervision.seed.district import BODIES, UnitEntry, create_district, is_empty

__all__ = [
    "BODIES",
    "DemoPerson",
    "UnitEntry",
    "create_district",
    "demo_people",
    "is_empty",
    "seed_demo",
]
