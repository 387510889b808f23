"""Everything that may be done to discounts. Other apps call these and nothing else."""

from apps.pricing.services.redeeming import redeem, release, retake
from apps.pricing.services.running import activate, end, save_discount

__all__ = ["activate", "end", "redeem", "release", "retake", "save_discount"]
