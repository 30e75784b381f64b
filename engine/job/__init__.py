"""Jobs: what is due, one at a time, each in its own transaction."""

from engine.job.claim import claim, fail, release
from engine.job.lease import drop_lease, take_lease
from engine.job.put import put
from engine.job.run import Runner, finish, run

__all__ = ["Runner", "claim", "drop_lease", "fail", "finish", "put", "release", "run", "take_lease"]
