"""CPU time and memory of a server and its workers, from /proc (Linux)."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workers:
    """The processes that one process has started."""

    master: int

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        return [int(pid) for pid in children] or [self.master]

    def cpu_seconds(self) -> float:
        """All their threads together, to the nanosecond: `stat` would count in steps of ten milliseconds."""
        return sum(cpu_nanoseconds(pid) for pid in self.pids()) / 1e9

    def memory_mib(self) -> dict[str, int]:
        """Of the largest: what is resident, and its share (Pss), in which libraries are divided among who has them."""
        return {
            name: round(max(_kib(pid, label) for pid in self.pids()) / 1024)
            for name, label in (("resident", "Rss"), ("share", "Pss"))
        }


def cpu_nanoseconds(pid: int) -> int:
    """Of all threads of a process; the kernel counts those that have just run at its next tick."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


def _kib(pid: int, label: str) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.split(f"{label}:")[1].split()[0])
